import { describe, expect, test } from "@jest/globals";
import { canonicalMoney, plainDecimal } from "../../src/sync/canonical-money.ts";

describe("a plain decimal", () => {
  test.each<[unknown, string | null]>([
    [1e21, "1000000000000000000000"],
    [1.5e-7, "0.00000015"],
    [" 5.40", "5.4"],
    ["-5.40 ", "-5.4"],
    ["+7", "7"],
    [-0, "0"],
    ["-0.00", "0"],
    [".5", "0.5"],
    ["12e2", "1200"],
    ["-12.5e-1", "-1.25"],
    [10n, "10"],
    ["", null],
    [".", null],
    ["12 EUR", null],
    [[5], null],
    [true, null],
    [null, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
  ])("%p is %p", (input, decimal) => {
    expect(plainDecimal(input)).toBe(decimal);
  });
});

describe("money", () => {
  test.each([
    ["1.005", "EUR", "1.01"],
    ["-1.005", "EUR", "-1.01"],
    ["-0.004", "EUR", "0"],
    ["0.006", "EUR", "0.01"],
    ["0.04", "EUR", "0.04"],
    ["99.995", "EUR", "100"],
    ["5.5", "JPY", "6"],
    ["1.2345", "KWD", "1.235"],
    ["1.23456", "CLF", "1.2346"],
    ["-12.3", "EUR", "-12.3"],
  ])("%s %s counts as %s", (amount, currency, rounded) => {
    expect(canonicalMoney({ amount, currency })).toEqual({ amount: rounded, currency });
  });

  test("has its currency in capitals, without spaces, and none as an empty one", () => {
    expect(canonicalMoney({ amount: 1, currency: " eur " })).toEqual({ amount: "1", currency: "EUR" });
    expect(canonicalMoney({ amount: 1, currency: 7 })).toEqual({ amount: "1", currency: "" });
  });

  test.each([null, undefined, "", "  ", {}])("without an amount (%p) is none", (amount) => {
    expect(canonicalMoney({ amount, currency: "EUR" })).toBeNull();
  });

  test("whose amount is no number stays as its trimmed text", () => {
    expect(canonicalMoney({ amount: " on request ", currency: "EUR" })).toEqual({
      amount: "on request",
      currency: "EUR",
    });
  });
});
