import { expect, test } from "@jest/globals";
import { type Headers, toNumber, toRateRefusal } from "../../src/pipedrive/rate-limit.ts";

const TEN = new Date("2026-08-12T10:00:00Z");
const refusal = (headers: Headers, text = "", now = TEN) => {
  const { budget, until } = toRateRefusal(headers, text, now);
  return [budget, until.toISOString().slice(0, 19)];
};

test.each<[string, Headers, string, [string, string]]>([
  ["the text says daily", {}, "daily request budget exceeded", ["daily", "2026-08-13T00:00:00"]],
  ["nothing is left of the day", { "x-daily-ratelimit-token-remaining": "0" }, "", ["daily", "2026-08-13T00:00:00"]],
  ["something is left of the day", { "x-daily-ratelimit-token-remaining": "7" }, "", ["burst", "2026-08-12T10:00:02"]],
  [
    "nothing is left of the burst",
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" },
    "",
    ["burst", "2026-08-12T10:00:01"],
  ],
  ["retry-after is longer than any burst", { "retry-after": "3939" }, "", ["daily", "2026-08-12T11:05:39"]],
  ["retry-after is short", { "retry-after": "3" }, "Request over limit", ["burst", "2026-08-12T10:00:03"]],
  ["retry-after is a date", { "retry-after": "Wed, 12 Aug 2026 10:00:09 GMT" }, "", ["burst", "2026-08-12T10:00:09"]],
  ["retry-after is a year", { "retry-after": "31536000" }, "daily", ["daily", "2026-08-13T12:00:00"]],
  ["retry-after is no time", { "retry-after": "soon" }, "daily", ["daily", "2026-08-13T00:00:00"]],
  ["reset is an instant, not a span", { "x-ratelimit-reset": "1786528800" }, "", ["burst", "2026-08-12T10:01:00"]],
  ["nothing is said", {}, "", ["burst", "2026-08-12T10:00:02"]],
])("when %s", (_, headers, text, expected) => {
  expect(refusal(headers, text)).toEqual(expected);
});

test("a daily refusal seconds after midnight is tried again soon: our clock may be ahead of Pipedrive's", () => {
  expect(refusal({}, "daily", new Date("2026-08-12T00:00:03Z"))).toEqual(["daily", "2026-08-12T00:05:03"]);
});

test("a burst refusal is never answered at once", () => {
  const { until } = toRateRefusal({ "x-ratelimit-reset": "0" }, "", TEN);
  expect(until.getTime() - TEN.getTime()).toBe(500);
});

test.each(["", "-1", "NaN", "1e3", "0x10", " ", "12abc", "9".repeat(20)])("header value %j is no number", (header) => {
  expect(toNumber(header)).toBeUndefined();
});
