import { expect, test } from "@jest/globals";
import { diffMappings } from "../../../src/sync/mapping/diff.ts";
import { fc, runs } from "../../support/seeded.ts";
import { type Bendable, exampleText, someKey } from "./examples.ts";

function after(bend: (document: Bendable) => void) {
  const [before, document]: Bendable[] = [
    JSON.parse(exampleText("harbourline")),
    JSON.parse(exampleText("harbourline")),
  ];
  bend(document);
  const changes = diffMappings(before, document);
  return changes.map(({ about, member, change, before: was, after: is }) => [change, about, member, was, is]);
}

test("tells fields, options, stages and rules by what they are, not by where they stand", () => {
  const changes = after((d) => {
    d.revision = 2;
    d.objects.organization.fields.allbound_status.options.pending = "In review";
    d.objects.deal.extra.reverse();
    d.objects.deal.extra.push({ program: "registration.title", system: "title", direction: "program_to_crm" });
    d.objects.organization.extra.pop();
    d.stages.map[2].program = "working";
    d.stages.entry.stage = "Demo held";
    d.rules.owner.fallback_email = "else@harbourline.example";
    delete d.verify.deal_id;
  });
  expect(changes).toEqual([
    ["changed", "document", "revision", "1", "2"],
    ["changed", "rules", "owner.fallback_email", "channel-desk@harbourline.example", "else@harbourline.example"],
    ["removed", "verify", "deal_id", "1530", null],
    ["changed", "Organization allbound_status", "options.pending", "Pending", "In review"],
    [
      "added",
      "Deal registration.title",
      null,
      null,
      "program registration.title, system title, direction program_to_crm",
    ],
    ["changed", "stages", "entry.stage", "Registered", "Demo held"],
    ["changed", "stage Channel / Quote sent", "program", "proposal", "working"],
    ["removed", "Organization partner.website", null, expect.stringContaining("key 8eda…1c06, label Website"), null],
  ]);
});

test("shows no key in full, and nothing that could be a secret", () => {
  const key = someKey("another");
  const changes = after((d) => {
    d.objects.deal.fields.allbound_id.key = key;
    d.pipedrive.api_token = key;
  });
  expect(changes).toEqual([
    ["added", "pipedrive", "api_token", null, "(hidden)"],
    ["changed", "Deal allbound_id", "key", "188c…f1df", `${key.slice(0, 4)}…${key.slice(-4)}`],
  ]);
});

test("any two documents can be told apart, and none from itself", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(diffMappings(a, a)).toEqual([]);
      expect(diffMappings({ objects: a, stages: b }, { objects: b, stages: a })).toBeInstanceOf(Array);
    }),
    runs(50),
  );
});
