import { describe, expect, test } from "@jest/globals";
import { webhookValues } from "../../src/sync/codec.ts";
import { amount, closeDate, ctx, status, website } from "./field-plans.ts";

describe("a webhook", () => {
  const plan = [website, status, amount];
  const known = {
    "partner.website": "x.test",
    "partner.status": "active",
    "registration.amount": { amount: "5", currency: "EUR" },
  };

  test("takes what data shows and keeps what neither side of the change names", () => {
    const data = { custom_fields: { "k-web": "y.test" } };
    expect(webhookValues(plan, data, { custom_fields: { "k-web": "x.test" } }, known, ctx)).toEqual({
      values: { ...known, "partner.website": "y.test" },
      needsRead: [],
      changed: ["partner.website"],
      knownComplete: true,
    });
  });

  test("a field that left data but is in previous has to be read", () => {
    const { values, needsRead, knownComplete } = webhookValues(
      plan,
      {},
      { custom_fields: { "k-web": "x.test" } },
      known,
      ctx,
    );
    expect(needsRead).toEqual(["partner.website"]);
    expect(values).not.toHaveProperty(["partner.website"]);
    expect(knownComplete).toBe(false);
  });

  test("a field that left data and is known to be empty needs no read", () => {
    const empty = { ...known, "partner.website": null };
    expect(webhookValues(plan, {}, { custom_fields: { "k-web": "x.test" } }, empty, ctx)).toMatchObject({
      values: empty,
      needsRead: [],
      knownComplete: true,
    });
  });

  test("empty fields of a known record force no read", () => {
    const half = { ...known, "partner.website": null, "partner.status": null };
    const result = webhookValues(plan, { title: "t", value: 6, currency: "EUR" }, { value: 5 }, half, ctx);
    expect(result).toEqual({
      values: { ...half, "registration.amount": { amount: "6", currency: "EUR" } },
      needsRead: [],
      changed: ["registration.amount"],
      knownComplete: true,
    });
  });

  test("at first contact what is not shown is unknown", () => {
    const result = webhookValues(plan, { value: 6, currency: "EUR" }, { value: 5 }, null, ctx);
    expect(result.values).toEqual({ "registration.amount": { amount: "6", currency: "EUR" } });
    expect(result.knownComplete).toBe(false);
  });

  test("at creation an absent custom field is empty", () => {
    const result = webhookValues(
      plan,
      { value: 6, currency: "EUR", custom_fields: { "k-status": 101 } },
      null,
      null,
      ctx,
    );
    expect(result).toEqual({
      values: {
        "partner.website": null,
        "partner.status": "active",
        "registration.amount": { amount: "6", currency: "EUR" },
      },
      needsRead: [],
      changed: [],
      knownComplete: true,
    });
  });

  test("an absent close date says nothing on a change, though REST leaves it out of open deals", () => {
    const known = { "registration.expected_close_date": "2025-05-01" };
    expect(webhookValues([closeDate], { status: "open" }, { title: "t" }, known, ctx).values).toEqual(known);
    expect(webhookValues([closeDate], { status: "open" }, null, null, ctx).values).toEqual({
      "registration.expected_close_date": null,
    });
  });

  test("a currency alone changes the amount", () => {
    const { changed } = webhookValues(plan, { value: 5, currency: "USD" }, { currency: "EUR" }, known, ctx);
    expect(changed).toEqual(["registration.amount"]);
  });

  test("a value that cannot be understood is unknown, whatever was known before", () => {
    const { values, knownComplete } = webhookValues(
      [amount],
      { value: "lots", currency: "EUR" },
      { value: 5 },
      known,
      ctx,
    );
    expect(values).toEqual({});
    expect(knownComplete).toBe(false);
  });
});
