import { describe, expect, test } from "@jest/globals";
import { type CrmWrite, crmValues, encodeCrm } from "../../src/sync/codec.ts";
import type { FieldPlan, Value } from "../../src/sync/model.ts";
import {
  amount,
  closeDate,
  ctx,
  custom,
  email,
  field,
  owner,
  phone,
  products,
  stage,
  status,
  website,
} from "./field-plans.ts";

describe("a body for Pipedrive", () => {
  const body = (writes: CrmWrite[], present?: Record<string, unknown> | null) => encodeCrm(writes, { ...ctx, present });

  test.each<[string, FieldPlan, Value, unknown]>([
    ["option by id", status, "inactive", { custom_fields: { "k-status": 102 } }],
    ["set by ids", products, ["apm", "logs"], { custom_fields: { "k-set": [1, 2] } }],
    ["null for an empty set, which Pipedrive refuses", products, [], { custom_fields: { "k-set": null } }],
    ["null clears", website, null, { custom_fields: { "k-web": null } }],
    [
      "monetary",
      field("m", "money", custom("k", "monetary")),
      { amount: "5.40", currency: "EUR" },
      { custom_fields: { k: { value: 5.4, currency: "EUR" } } },
    ],
    [
      "money in a number field",
      field("m", "money", custom("k", "double")),
      { amount: "5", currency: "EUR" },
      { custom_fields: { k: 5 } },
    ],
    ["text in a number field", field("n", "text", custom("k", "double")), "12", { custom_fields: { k: 12 } }],
    ["deal value and currency together", amount, { amount: "5.4", currency: "USD" }, { value: 5.4, currency: "USD" }],
    ["no deal value", amount, null, { value: null }],
    ["close date", closeDate, "2025-05-01", { expected_close_date: "2025-05-01" }],
    ["owner by id", owner, "ana@example.test", { owner_id: 7 }],
    ["organization field", field("o", "partner", custom("k", "org")), 42, { custom_fields: { k: 42 } }],
    ["person field", field("p", "partner_user", custom("k", "people")), 9, { custom_fields: { k: 9 } }],
    ["phone field", field("p", "phone", custom("k", "phone")), "+49 30 1", { custom_fields: { k: "+49 30 1" } }],
    [
      "autocomplete field",
      field("t", "text", custom("k", "varchar_auto")),
      "Berlin",
      { custom_fields: { k: "Berlin" } },
    ],
    ["user field by id", field("u", "staff", custom("k", "user")), "ana@example.test", { custom_fields: { k: 7 } }],
    ["date field", field("d", "date", custom("k", "date")), "2025-03-04", { custom_fields: { k: "2025-03-04" } }],
    ["outcome", field("sales.status", "outcome", { system: "status" }), "lost", { status: "lost" }],
    ["nothing for an owner who left", owner, "gone@example.test", {}],
    ["nothing for an option without a pair", status, "pending", {}],
    ["nothing for an unmapped value", website, { unmapped: 999 }, {}],
  ])("%s", (_name, plan, value, expected) => {
    expect(body([{ plan, value }])).toEqual(expected);
  });

  test("a deal stays in its pipeline where that has a fitting stage", () => {
    expect(body([{ plan: stage, value: "working" }], { pipeline_id: 2 })).toEqual({ stage_id: 22 });
    expect(body([{ plan: stage, value: "working" }], { pipeline_id: 3 })).toEqual({ stage_id: 11 });
    expect(body([{ plan: stage, value: "closing" }], { pipeline_id: 1 })).toEqual({ stage_id: 21 });
  });

  test("an e-mail is added at the end of the list that is there", () => {
    const present = { emails: [{ value: "a@x.test", primary: true, label: "home" }] };
    expect(body([{ plan: email, value: "b@x.test" }], present)).toEqual({
      emails: [...present.emails, { value: "b@x.test", primary: false, label: "work" }],
    });
  });

  test("an e-mail or phone that is there already is not added again", () => {
    const present = { emails: [{ value: "B@x.test" }], phones: [{ value: "+49 30 1" }] };
    expect(
      body(
        [
          { plan: email, value: "b@x.test" },
          { plan: phone, value: "49301" },
        ],
        present,
      ),
    ).toEqual({});
  });

  test("nothing is removed from a list", () => {
    expect(body([{ plan: email, value: null }], { emails: [{ value: "a@x.test" }] })).toEqual({});
  });

  test("a list nobody has read is left alone, a new record gets its first entry", () => {
    expect(body([{ plan: email, value: "a@x.test" }])).toEqual({});
    expect(body([{ plan: email, value: "a@x.test" }], {})).toEqual({});
    expect(body([{ plan: email, value: "a@x.test" }], null)).toEqual({
      emails: [{ value: "a@x.test", primary: true, label: "work" }],
    });
  });

  test("what was written reads back as the same value", () => {
    const writes: CrmWrite[] = [
      { plan: status, value: "active" },
      { plan: products, value: ["apm"] },
      { plan: amount, value: { amount: "5.4", currency: "EUR" } },
      { plan: owner, value: "ana@example.test" },
      { plan: stage, value: "closing" },
    ];
    const record = body(writes, null);
    const values = crmValues(
      writes.map((write) => write.plan),
      record,
      ctx,
    );
    expect(values).toEqual(Object.fromEntries(writes.map(({ plan, value }) => [plan.field, value])));
  });
});
