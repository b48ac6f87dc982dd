import { describe, expect, test } from "@jest/globals";
import { crmValues } from "../../src/sync/codec.ts";
import type { FieldPlan, Value } from "../../src/sync/model.ts";
import {
  amount,
  closeDate,
  ctx,
  custom,
  email,
  field,
  owner,
  products,
  stage,
  status,
  system,
  website,
} from "./field-plans.ts";

describe("a REST record", () => {
  const read = (plan: FieldPlan, record: Record<string, unknown>) => crmValues([plan], record, ctx)[plan.field];
  const inCustom = (plan: FieldPlan, value: unknown) =>
    read(plan, { custom_fields: { ["custom" in plan.crm ? plan.crm.custom : ""]: value } });

  test.each<[string, FieldPlan, unknown, Value | undefined]>([
    ["option id becomes the program's key", status, 101, "active"],
    ["option id as text", status, "102", "inactive"],
    ["unknown option is unmapped", status, 999, { unmapped: 999 }],
    ["empty option", status, null, null],
    ["set becomes sorted keys", products, [2, 1], ["apm", "logs"]],
    ["set with one unknown option cannot be expressed", products, [2, 9], { unmapped: "2,9" }],
    ["empty set", products, [], null],
    ["text stays as it was answered", website, " x.test ", " x.test "],
    ["empty text", website, "", null],
    ["number field as text", website, 1e21, "1000000000000000000000"],
    ["address", website, { value: "1 Main St" }, "1 Main St"],
    ["an object nobody knows", website, { a: 1 }, undefined],
    [
      "monetary",
      field("m", "money", custom("k", "monetary")),
      { value: 5.4, currency: "USD" },
      { amount: "5.4", currency: "USD" },
    ],
    ["monetary without value", field("m", "money", custom("k", "monetary")), { value: null, currency: "USD" }, null],
    ["number field as money", field("m", "money", custom("k", "double")), 5, { amount: "5", currency: "EUR" }],
    ["user field", field("u", "staff", custom("k", "user")), 7, "ana@example.test"],
    [
      "number field as money of its own currency",
      field("m", "money", custom("k", "double"), { constant: "CHF" }),
      5,
      { amount: "5", currency: "CHF" },
    ],
    ["phone field", field("p", "phone", custom("k", "phone")), "+49 30 1", "+49 30 1"],
    ["autocomplete field", field("t", "text", custom("k", "varchar_auto")), "Berlin", "Berlin"],
    ["person field", field("p", "partner_user", custom("k", "people")), 9, 9],
    ["unknown user", field("u", "staff", custom("k", "user")), 70, { unmapped: 70 }],
    ["organization field", field("o", "partner", custom("k", "org")), 42, 42],
    ["date field", field("d", "date", custom("k", "date")), "2025-03-04", "2025-03-04"],
    ["date field with something else", field("d", "date", custom("k", "date")), "soon", undefined],
  ])("%s", (_name, plan, wire, expected) => {
    expect(inCustom(plan, wire)).toEqual(expected);
  });

  test.each<[string, FieldPlan, Record<string, unknown>, Value | undefined]>([
    ["deal value with its currency", amount, { value: 5.4, currency: "USD" }, { amount: "5.4", currency: "USD" }],
    ["deal value of zero", amount, { value: 0, currency: "USD" }, { amount: "0", currency: "USD" }],
    ["no deal value", amount, { value: null, currency: "USD" }, null],
    ["deal value without its currency", amount, { value: 5 }, undefined],
    ["stage", stage, { stage_id: 12 }, "working"],
    ["stage outside the mapping", stage, { stage_id: 77 }, { unmapped: 77 }],
    ["owner", owner, { owner_id: 7 }, "ana@example.test"],
    ["outcome", field("sales.status", "outcome", system("status")), { status: "won" }, "won"],
    [
      "a deleted deal has no outcome",
      field("sales.status", "outcome", system("status")),
      { status: "deleted" },
      undefined,
    ],
    [
      "lost reason that came as an object",
      field("r", "text", system("lost_reason")),
      { lost_reason: { id: 1, label: "Price" } },
      "Price",
    ],
    [
      "closing time",
      field("c", "instant", system("close_time")),
      { close_time: "2025-03-04 10:15:30" },
      "2025-03-04T10:15:30Z",
    ],
    [
      "e-mails",
      email,
      { emails: [{ value: "b@x.test" }, { value: "a@x.test", primary: true }] },
      ["b@x.test", "a@x.test"],
    ],
    ["no e-mails", email, { emails: [] }, null],
    ["only blank e-mails", email, { emails: [{ value: "" }] }, null],
    ["close date an open deal leaves out", closeDate, { status: "open" }, null],
    ["close date a won deal leaves out", closeDate, { status: "won" }, undefined],
    ["close date that is there", closeDate, { status: "open", expected_close_date: "2025-05-01" }, "2025-05-01"],
  ])("%s", (_name, plan, record, expected) => {
    expect(read(plan, record)).toEqual(expected);
  });

  test("an absent key is unknown, never empty", () => {
    expect(crmValues([status, website, stage, amount], { custom_fields: { "k-web": null } }, ctx)).toEqual({
      "partner.website": null,
    });
    expect(crmValues([status], {}, ctx)).toEqual({});
  });
});
