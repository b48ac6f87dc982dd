import { describe, expect, test } from "@jest/globals";
import { encodeProgram, programValues } from "../../src/sync/codec.ts";
import type { Aggregate, FieldPlan, FieldType, Value } from "../../src/sync/model.ts";
import {
  amount,
  closeDate,
  custom,
  email,
  field,
  owner,
  phone,
  products,
  STATUS_OPTIONS,
  status,
} from "./field-plans.ts";

describe("a program snapshot", () => {
  const registration: Aggregate = {
    kind: "deal_registration",
    id: "reg_1",
    version: 3,
    data: {
      title: "Deal",
      amount: { value: 5.4, currency: "EUR" },
      expected_close_date: "2025-05-01",
      description: "",
      partner_id: "prt_1",
      owner_user_id: "usr_9",
      products: ["logs", "apm"],
      review: { status: "in_review" },
      sales: { status: "won", stage_key: "closing", closed_at: "2025-03-04T10:15:30.5Z" },
      protection: { expires_at: "2025-06-30T22:00:00Z" },
      submitted_at: "2025-01-02T03:04:05Z",
    },
  };
  const links = { link: (kind: string, id: string) => (kind === "partner" && id === "prt_1" ? 42 : undefined) };
  const read = (plan: FieldPlan, data = registration.data) =>
    programValues([plan], { ...registration, data }, links)[plan.field];
  const plain = (name: string, type: FieldType, more: Partial<FieldPlan> = {}) =>
    field(name, type, custom("k", "varchar"), more);

  test.each<[string, FieldPlan, Value | undefined]>([
    ["title", plain("registration.title", "text"), "Deal"],
    ["empty text", plain("registration.description", "text"), null],
    ["what the snapshot leaves out", plain("registration.number", "text"), undefined],
    ["amount", amount, { amount: "5.4", currency: "EUR" }],
    ["close date", closeDate, "2025-05-01"],
    [
      "day of a protection that ends late in the evening",
      plain("registration.protection_expires_on", "date"),
      "2025-06-30",
    ],
    ["day of submission", plain("registration.submitted_at", "date"), "2025-01-02"],
    ["display status", plain("registration.review_display", "option"), "pending"],
    [
      "display status the plan does not pair",
      plain("registration.review_display", "option", { options: STATUS_OPTIONS }),
      { unmapped: "pending" },
    ],
    ["a second place of a value", plain("registration.title#9f3ca71e", "text"), "Deal"],
    [
      "an amount in a number field of its currency",
      field("registration.amount", "money", custom("k", "double"), { constant: "EUR" }),
      { amount: "5.4", currency: "EUR" },
    ],
    [
      "an amount in a number field of another currency",
      field("registration.amount", "money", custom("k", "double"), { constant: "USD" }),
      { unmapped: "EUR" },
    ],
    ["an outcome", plain("sales.status", "outcome"), "won"],
    ["products, sorted", products, ["apm", "logs"]],
    ["partner", plain("registration.partner_id", "partner"), 42],
    ["a rep without a link", plain("registration.owner_user_id", "partner_user"), undefined],
    ["sales outcome", plain("sales.status", "outcome"), "won"],
    ["stage", plain("registration.sales.stage_key", "stage"), "closing"],
    ["closing time", plain("sales.closed_at", "instant"), "2025-03-04T10:15:30Z"],
    ["own id", plain("allbound_id", "text"), "reg_1"],
    ["the registration a customer came from", plain("allbound_deal_id", "text"), "reg_1"],
    ["constant", plain("registration.source", "text", { constant: "partner" }), "partner"],
  ])("%s", (_name, plan, expected) => {
    expect(read(plan)).toEqual(expected);
  });

  test.each([
    ["submitted", "pending"],
    ["action_required", "more_info"],
    ["approved", "approved"],
    ["rejected", "declined"],
    ["withdrawn", "cancelled"],
    ["cancelled", "cancelled"],
    ["expired", "expired"],
    ["draft", undefined],
    ["parked", { unmapped: "parked" }],
  ])("a review that is %s shows as %p", (status, shown) => {
    const display = plain("registration.review_display", "option");
    expect(read(display, { review: { status } })).toEqual(shown);
  });

  test("an empty parent is empty below, a missing one unknown", () => {
    const protection = plain("registration.protection_expires_on", "date");
    expect(read(protection, { protection: null })).toBeNull();
    expect(read(protection, { protection: {} })).toBeUndefined();
    expect(read(protection, {})).toBeUndefined();
  });

  test("partner and contact fields lie under their own names", () => {
    const partner: Aggregate = {
      kind: "partner",
      id: "prt_1",
      version: 1,
      data: { status: "pending", manager_email: "A@x.test" },
    };
    expect(programValues([status, owner], partner, links)).toEqual({
      "partner.status": { unmapped: "pending" },
      "partner.manager_email": "a@x.test",
    });
    const contact: Aggregate = { kind: "contact", id: "usr_1", version: 1, data: { email: "b@x.test", phone: null } };
    expect(programValues([email, phone], contact, links)).toEqual({
      "contact.email": "b@x.test",
      "contact.phone": null,
    });
  });
});

test("a command carries money as value and currency, a list's first entry, and nothing unmapped", () => {
  expect(encodeProgram(amount, { amount: "5.40", currency: "EUR" })).toEqual({ value: 5.4, currency: "EUR" });
  expect(encodeProgram(email, ["a@x.test", "b@x.test"])).toBe("a@x.test");
  expect(encodeProgram(products, ["apm", "logs"])).toEqual(["apm", "logs"]);
  expect(encodeProgram(status, { unmapped: 999 })).toBeUndefined();
  expect(encodeProgram(status, null)).toBeNull();
});
