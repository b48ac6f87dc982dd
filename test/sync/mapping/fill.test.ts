import { describe, expect, test } from "@jest/globals";
import { accountShape } from "../../../src/sync/mapping/account-shape.ts";
import { fillKeysByLabel } from "../../../src/sync/mapping/fill.ts";
import { resolveMapping } from "../../../src/sync/mapping/resolve.ts";
import { brief, EXAMPLES, example, keysOf, someKey, soundAccount } from "./examples.ts";

describe("filling keys by label", () => {
  test.each(EXAMPLES)("carries %s over to an account with other keys", (name) => {
    const document = example(name);
    const other = soundAccount(document, (key) => someKey(`twin ${key}`));
    const { document: filled, findings } = fillKeysByLabel(document, other);
    expect(findings).toEqual([]);
    expect(keysOf(filled)).toEqual(keysOf(document).map((key) => someKey(`twin ${key}`)));
    expect(filled.pipedrive).toEqual(document.pipedrive);
    expect(filled.verify).toEqual(document.verify);
    expect(resolveMapping(filled, other, { environment: "rehearsal" }).plan).toBeDefined();
    expect(keysOf(document)).toEqual(keysOf(example(name))); // the original stays as it was
  });

  test("chooses the field of the right type among those of one label", () => {
    const document = example("harbourline");
    const account = soundAccount(document);
    account.fields.deal.unshift({ ...account.fields.deal.at(-1)!, field_code: someKey("wrong"), field_type: "double" });
    expect(fillKeysByLabel(document, account)).toEqual({ document, findings: [] });
  });

  test("says what it could not find", () => {
    const document = example("harbourline");
    const account = soundAccount(document);
    account.fields.person = [];
    account.fields.deal.at(-1)!.field_type = "double";
    account.fields.organization.push({ ...account.fields.organization.at(-1)!, field_code: someKey("second") });
    const { findings } = fillKeysByLabel(document, account);
    expect(brief(findings)).toEqual([
      "LABEL_AMBIGUOUS $.objects.organization.extra[1].label",
      "KEY_UNKNOWN $.objects.person.fields.allbound_id.key",
      "KEY_UNKNOWN $.objects.person.fields.allbound_deal_id.key",
      "TYPE_MISMATCH $.objects.deal.fields.allbound_id.type",
    ]);
    expect(findings.every(({ severity }) => severity === "error")).toBe(true);
  });
});

describe("the account a document describes", () => {
  test("has its fields, pipelines and users", () => {
    const shape = accountShape(example("kestrel-obs"));
    expect(shape.companyDomain).toBe("kestrel-sandbox");
    expect(shape.fields.organization[2]).toEqual({
      label: "Allbound Status",
      type: "Single option",
      options: ["Active", "Inactive", "Pending"],
    });
    expect(shape.fields.deal.map(({ label }) => label)).toContain("Registered products");
    expect(shape.pipelines).toEqual([
      { name: "Partner sourced", stages: ["Pending registration", "Qualified", "Proof of concept", "Legal"] },
      { name: "Enterprise", stages: ["Procurement", "Technical win"] },
    ]);
    expect(shape.users.map(({ email, purpose }) => [email, purpose])).toEqual([
      ["svc-partner@kestrel.example", "service"],
      ["partner-desk@kestrel.example", "fallback owner"],
      ["partner-manager@kestrel.example", "manager"],
    ]);
  });

  test("has one user where service user and fallback owner are the same", () => {
    const document = example("harbourline");
    document.rules.owner.fallback_email = document.pipedrive.service_user_email;
    expect(accountShape(document).users.map(({ purpose }) => purpose)).toEqual(["service", "manager"]);
  });
});
