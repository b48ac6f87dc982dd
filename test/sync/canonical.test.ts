import { describe, expect, test } from "@jest/globals";
import { canonical, isEmpty, sameValue } from "../../src/sync/canonical.ts";
import { plainDecimal } from "../../src/sync/canonical-money.ts";
import { FIELD_TYPES, type FieldType, type Value } from "../../src/sync/model.ts";

const eur = (amount: unknown, currency = "EUR") => ({ amount, currency }) as Value;

describe("the same value in two spellings", () => {
  test.each<[FieldType, Value, Value]>([
    ["text", "  Harbourline \n", "Harbourline"],
    ["text", "Cafe\u0301", "Caf\u00e9"],
    ["text", "one\r\ntwo", "one\ntwo"],
    ["text", "   ", null],
    ["text", "", null],
    ["email", "Ana.Lim@Example.COM ", "ana.lim@example.com"],
    ["email", ["b@x.test", "A@x.test"], ["a@x.test", "B@X.test"]],
    ["email", ["a@x.test"], "a@x.test"],
    ["phone", "+49 30 1", "+49301"],
    ["phone", "+49 (30) 1", "49301"],
    ["phone", "\uff0b\uff14\uff19 30 1", "+49301"],
    ["phone", [], null],
    ["money", eur("5.40"), eur("5.4")],
    ["money", eur(5.4), eur("5.4")],
    ["money", eur("5", "eur"), eur("5.00")],
    ["money", eur("1.005"), eur("1.01")],
    ["money", eur("-1.005"), eur("-1.01")],
    ["money", eur("0.004"), eur("0")],
    ["money", eur("5.4", "JPY"), eur("5", "JPY")],
    ["money", eur("1.0005", "KWD"), eur("1.001", "KWD")],
    ["money", eur("999.999"), eur("1000")],
    ["money", eur(null), null],
    ["options", ["logs", "apm", "logs"], ["apm", "logs"]],
    ["options", [], null],
    ["date", "2025-03-04", "2025-03-04T23:30:00Z"],
    ["date", "2025-03-05", "2025-03-04T23:30:00-02:00"],
    ["instant", "2025-03-04T10:15:30.123Z", "2025-03-04T12:15:30+02:00"],
    ["instant", "2025-03-04 10:15:30", "2025-03-04T10:15:30Z"],
    ["staff", "Desk@Example.test", "desk@example.test"],
    ["partner", 42, "42" as Value],
    ["outcome", "Won", "won"],
    ["option", { unmapped: 17 }, { unmapped: "17" }],
  ])("%s: %j is %j", (type, a, b) => {
    expect(canonical(type, a)).toEqual(canonical(type, b));
    expect(sameValue(type, a, b)).toBe(true);
  });
});

describe("two values that differ", () => {
  test.each<[FieldType, Value, Value]>([
    ["text", "Harbourline", "harbourline"],
    ["text", "a b", "ab"],
    ["phone", "+49 30 1", "0049 30 1"],
    ["phone", "n/a", null],
    ["money", eur("5.4"), eur("5.4", "USD")],
    ["money", eur("5.41"), eur("5.4")],
    ["money", eur("0"), null],
    ["options", ["apm"], ["apm", "logs"]],
    ["instant", "2025-03-04T10:15:30Z", "2025-03-04T10:15:31Z"],
    ["option", { unmapped: 17 }, { unmapped: 18 }],
    ["option", { unmapped: "active" }, "active"],
    ["option", "active", "Active"],
  ])("%s: %j is not %j", (type, a, b) => {
    expect(sameValue(type, a, b)).toBe(false);
  });
});

test("a canonical form is its own canonical form", () => {
  for (const type of FIELD_TYPES) {
    for (const value of ["  A b ", "+49 30", "2025-03-04T01:02:03.9Z", eur("5.405"), ["b", "a"], 7, null]) {
      const once = canonical(type, value);
      expect(canonical(type, once)).toEqual(once);
    }
  }
});

test("odd values never throw", () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const odd = [
    undefined,
    Number.NaN,
    10n,
    true,
    Symbol("s"),
    () => 1,
    circular,
    { amount: {} },
    { amount: circular },
    { unmapped: null },
    Object.create(null),
    [null, circular, []],
    "2025-99-99T00:00:00Z",
    "9".repeat(400),
    new Date(Number.NaN),
  ];
  for (const type of FIELD_TYPES) {
    for (const a of odd) {
      expect(() => canonical(type, a as Value)).not.toThrow();
      expect(sameValue(type, a as Value, a as Value)).toBe(true);
    }
  }
});

test("empty is what both sides would call empty", () => {
  expect(isEmpty("text", " ")).toBe(true);
  expect(isEmpty("money", eur("0"))).toBe(false);
  expect(isEmpty("option", { unmapped: 17 })).toBe(false);
});

describe("plain decimals", () => {
  test.each([
    [1e21, "1000000000000000000000"],
    [1e-7, "0.0000001"],
    ["1.50e3", "1500"],
    ["-0", "0"],
    ["007.10", "7.1"],
    [".5", "0.5"],
    ["5.", "5"],
    ["12345e-2", "123.45"],
    ["", null],
    [".", null],
    ["5,40", null],
    ["1e9999", null],
    [Number.POSITIVE_INFINITY, null],
    [null, null],
  ])("%p is %p", (input, expected) => {
    expect(plainDecimal(input)).toBe(expected);
  });
});
