import { expect, test } from "@jest/globals";
import { plainCustomFields } from "../../src/pipedrive/webhook-payload.ts";
import { fixture } from "./client-under-test.ts";

const plain = (value: unknown) => plainCustomFields({ key: value }).key;

test.each<[string, unknown, unknown]>([
  ["text", { type: "varchar", value: "prt_01" }, "prt_01"],
  ["a phone", { type: "phone", value: "+372 555" }, "+372 555"],
  ["a number", { type: "double", value: 0 }, 0],
  ["a date", { type: "date", value: "2023-06-27" }, "2023-06-27"],
  ["an option", { type: "enum", id: 17 }, 17],
  ["an option whose id is text", { type: "enum", id: "17" }, 17],
  ["options", { type: "set", values: [{ id: 13 }, { id: 14 }] }, [13, 14]],
  ["no options", { type: "set", values: [] }, null],
  ["a user", { type: "user", id: 1 }, 1],
  ["an organization", { type: "org", id: 1 }, 1],
  ["a person", { type: "people", id: 1 }, 1],
  ["money", { type: "monetary", value: 200, currency: "EUR" }, { value: 200, currency: "EUR" }],
  ["no money", { type: "monetary", value: null, currency: null }, null],
  [
    "dates",
    { type: "daterange", from: "2023-06-27", until: "2023-06-30" },
    { value: "2023-06-27", until: "2023-06-30" },
  ],
  ["no dates", { type: "daterange", from: null, until: null }, null],
  ["a time", { type: "time", value: "00:45:00", timezone_id: 310 }, { value: "00:45:00", timezone_id: 310 }],
  [
    "times",
    { type: "timerange", from: "00:45:00", until: "01:45:00", timezone_id: 310 },
    { value: "00:45:00", until: "01:45:00", timezone_id: 310 },
  ],
  ["an address", { type: "address", value: "Tallinn", route: "" }, { value: "Tallinn", route: null }],
  ["no address", { type: "address", value: "", route: "" }, null],
  ["text without a value", { type: "varchar", value: null }, null],
  ["a type from the future", { type: "colour", value: "red" }, "red"],
  ["a richer type from the future", { type: "colour", value: "red", alpha: 1 }, { value: "red", alpha: 1 }],
  ["null", null, null],
])("%s becomes what REST answers", (_, typed, expected) => {
  expect(plain(typed)).toEqual(expected);
});

test.each([["text"], [17], [[13, 14]], [{ value: 200, currency: "EUR" }], [false]])(
  "%j, plain already, stays",
  (value) => {
    expect(plain(value)).toEqual(value);
  },
);

test("an absent field stays absent", () => {
  expect(plainCustomFields({})).toEqual({});
});

test("a webhook and a REST answer of one record agree on every field that both show", () => {
  const { data } = fixture<{ data: { custom_fields: Record<string, unknown> } }>("webhook-organization-change");
  const rest = fixture<{ custom_fields: Record<string, unknown> }>("rest-organization").custom_fields;
  const hook = plainCustomFields(data.custom_fields);
  for (const key of ["1".repeat(40), "2".repeat(40)]) expect(hook[key]).toEqual(rest[key]);
});
