import { expect, test } from "@jest/globals";
import { diffDocuments } from "../../../src/sync/mapping/diff.ts";
import { fc, runs } from "../../support/seeded.ts";
import { type Bendable, exampleText, someKey } from "./examples.ts";

function after(bend: (document: Bendable) => void) {
  const [before, document]: Bendable[] = [
    JSON.parse(exampleText("harbourline")),
    JSON.parse(exampleText("harbourline")),
  ];
  bend(document);
  const changes = diffDocuments(before, document);
  return changes.map(({ part, name, member, from, to }) => [part, name, member, from, to]);
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
    ["field", 'Organization "Website"', null, "partner.website, crm_to_program", null],
    ["field", 'Organization "Allbound Status"', "options.pending", "Pending", "In review"],
    ["field", 'Deal "title"', null, null, "registration.title, program_to_crm"],
    ["stage", "stages.entry.stage", null, "Registered", "Demo held"],
    ["stage", "stage Channel / Quote sent", "program", "proposal", "working"],
    ["paper", "revision", null, "1", "2"],
    ["rule", "rules.owner.fallback_email", null, "channel-desk@harbourline.example", "else@harbourline.example"],
    ["paper", "verify.deal_id", null, "1530", null],
  ]);
});

test("shows no key in full, and nothing that could be a secret", () => {
  const key = someKey("another");
  const changes = after((d) => {
    d.objects.deal.fields.allbound_id.key = key;
    d.pipedrive.api_token = key;
  });
  expect(changes).toEqual([
    ["field", 'Deal "Allbound ID"', "key", "188c…f1df", `${key.slice(0, 4)}…${key.slice(-4)}`],
    ["setting", "pipedrive.api_token", null, null, "(hidden)"],
  ]);
});

test("says whose records a field and a stage are about, and of notes and the first document what they are", () => {
  const [before, document]: Bendable[] = [exampleText("harbourline"), exampleText("harbourline")].map((text) =>
    JSON.parse(text),
  );
  document.objects.organization.fields.allbound_deal_id.write = "always";
  document.objects.person.fields.allbound_id.notes = "as agreed";
  document.stages.map[0].program = "proposal";
  const told = diffDocuments(before, document).map(({ part, object, role, member }) => [part, object, role, member]);
  expect(told).toEqual([
    ["field", "organization", "customer_org", "write"],
    ["paper", "person", null, "notes"],
    ["stage", "deal", "deal", "program"],
  ]);
  expect(diffDocuments(null, document).every(({ from, to }) => from === null && to !== null)).toBe(true);
});

test("any two documents can be told apart, and none from itself", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(diffDocuments(a, a)).toEqual([]);
      expect(diffDocuments({ objects: a, stages: b }, { objects: b, stages: a })).toBeInstanceOf(Array);
    }),
    runs(50),
  );
});
