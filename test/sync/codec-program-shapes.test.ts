import { describe, expect, test } from "@jest/globals";
import { programValues } from "../../src/sync/codec.ts";
import type { Aggregate, FieldPlan, FieldType, Value } from "../../src/sync/model.ts";
import { custom, field, products, status } from "./field-plans.ts";

const links = { link: (kind: string, id: string) => (kind === "contact" && id === "usr_9" ? 7 : undefined) };
const plain = (name: string, type: FieldType, more: Partial<FieldPlan> = {}) =>
  field(name, type, custom("k", "varchar"), more);
function read(plan: FieldPlan, data: Record<string, unknown>, kind: Aggregate["kind"] = "deal_registration") {
  return programValues([plan], { kind, id: "reg_1", version: 1, data }, links)[plan.field];
}

describe("a partner that the program has put away", () => {
  const archived = { status: "active", archived_at: "2025-03-04T10:00:00Z" };
  const oneWay = { ...status, direction: "crm_to_program" as const };

  test.each<[string, FieldPlan, Record<string, unknown>, Value]>([
    ["is inactive", status, archived, "inactive"],
    ["is what it was where only Pipedrive says so", oneWay, archived, "active"],
    ["is not, while nothing says when", status, { ...archived, archived_at: null }, "active"],
  ])("%s", (_, plan, data, value) => {
    expect(read(plan, data, "partner")).toBe(value);
  });

  test("keeps its other values", () => {
    expect(read(plain("partner.name", "text"), { ...archived, name: "Nord" }, "partner")).toBe("Nord");
  });
});

describe("what does not fit its type is unknown", () => {
  test.each<[string, FieldPlan, Record<string, unknown>]>([
    ["a date that is a number", plain("registration.day", "date"), { day: 20250304 }],
    ["a date that is none", plain("registration.day", "date"), { day: "soon" }],
    ["an instant that is a number", plain("registration.at", "instant"), { at: 5 }],
    ["an instant that is none", plain("registration.at", "instant"), { at: "soon" }],
    ["a user that is a number", plain("partner.manager_email", "staff"), { manager_email: 5 }],
    ["money that is a number", plain("registration.amount", "money"), { amount: 5 }],
    ["money without a currency", plain("registration.amount", "money"), { amount: { value: 5 } }],
    ["money of no amount", plain("registration.amount", "money"), { amount: { value: "x", currency: "EUR" } }],
    ["money that does not tell its amount", plain("registration.amount", "money"), { amount: { currency: "EUR" } }],
    ["options that are a text", products, { products: "logs" }],
    ["a text that is a list", plain("registration.text", "text"), { text: ["a"] }],
    ["a review that is a number", plain("registration.review_display", "option"), { review: { status: 5 } }],
  ])("%s", (_, plan, data) => {
    expect(read(plan, data)).toBeUndefined();
  });
});

describe("a value", () => {
  test.each<[string, FieldPlan, Record<string, unknown>, Value | undefined]>([
    ["the linked contact", plain("registration.owner_user_id", "partner_user"), { owner_user_id: "usr_9" }, 7],
    [
      "a contact that is not linked",
      plain("registration.owner_user_id", "partner_user"),
      { owner_user_id: "x" },
      undefined,
    ],
    ["a number where text is kept", plain("registration.text", "text"), { text: 5.5 }, "5.5"],
    ["no review yet", plain("registration.review_display", "option"), { review: { status: null } }, null],
    ["emptied money", plain("registration.amount", "money"), { amount: { value: null, currency: "EUR" } }, null],
    ["no options", products, { products: [] }, null],
    ["options, each once and in order", products, { products: ["logs", 5, "apm", "logs"] }, ["apm", "logs"]],
    ["options that are not all paired", products, { products: ["apm", "xyz"] }, { unmapped: "apm,xyz" }],
    ["an empty option", status, { status: null }, null],
    [
      "a paired name that begins like a kind",
      plain("registration.a.registration.b", "text"),
      { a: { registration: { b: "x" } } },
      "x",
    ],
    [
      "when it was approved, in the older place",
      plain("registration.approved_at", "instant"),
      { review: { approved_at: "2025-03-04T10:00:00Z" } },
      "2025-03-04T10:00:00Z",
    ],
  ])("%s", (_, plan, data, value) => {
    expect(read(plan, data)).toEqual(value);
  });

  test.each<[FieldPlan["direction"], string, Value | undefined]>([
    ["program_to_crm", "none", undefined],
    ["both", "none", "none"],
    ["crm_to_program", "none", "none"],
    ["program_to_crm", "won", "won"],
  ])("an outcome that travels %s: %s is %p", (direction, wire, value) => {
    expect(read(plain("sales.status", "outcome", { direction }), { sales: { status: wire } })).toBe(value);
  });

  test("of money in a number field keeps to that field's currency", () => {
    const euros = plain("registration.amount", "money", { constant: "EUR" });
    expect(read(euros, { amount: { value: 5, currency: " eur " } })).toEqual({ amount: "5", currency: " eur " });
    expect(read(euros, { amount: { value: 5, currency: "USD" } })).toEqual({ unmapped: "USD" });
    expect(read(euros, { amount: null })).toBeNull();
  });
});
