import { expect, test } from "@jest/globals";
import { type CustomFields, tryRecord } from "../../../src/sync/mapping/canary.ts";
import { CRM_OBJECTS, type CrmObject } from "../../../src/sync/model.ts";
import { example, soundAccount } from "./examples.ts";

const document = example("kestrel-obs");
const account = soundAccount(document);
const keyOf = (object: CrmObject, label: string) =>
  account.fields[object].find(({ field_name }) => field_name === label)!.field_code;

/** A record with every custom field empty that keeps what is written, and all bodies it was sent. */
function record(object: CrmObject) {
  const custom = account.fields[object].filter(({ is_custom_field }) => is_custom_field);
  let fields: CustomFields = Object.fromEntries(custom.map(({ field_code }) => [field_code, null]));
  const sent: CustomFields[] = [];
  return {
    sent,
    read: async () => fields,
    async write(body: CustomFields) {
      sent.push(body);
      fields = { ...fields, ...body };
      return fields;
    },
  };
}

test.each(CRM_OBJECTS)("every field of %s is written once and emptied again", async (object) => {
  const one = record(object);
  expect(await tryRecord(document, account, object, one)).toEqual([]);
  expect(one.sent).toHaveLength(2);
  expect(Object.keys(one.sent[1]!)).toEqual(Object.keys(one.sent[0]!));
  expect(new Set(Object.values(one.sent[1]!))).toEqual(new Set([null]));
});

test("a canary fits the field's type, and is as long as an id may be", async () => {
  const one = record("deal");
  await tryRecord(document, account, "deal", one);
  const [body] = one.sent;
  const value = (label: string) => body![keyOf("deal", label)];
  expect(value("Allbound ID")).toHaveLength(64);
  expect(value("Registering partner")).toBe(document.verify?.organization_id);
  expect(value("Partner rep")).toBe(document.verify?.person_id);
  expect(value("Protected until")).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(value("Registered products")).toEqual([expect.any(Number)]);
  expect(value("Registration status")).toEqual(expect.any(Number));
});

test("a partner status is never chosen: the record would enter the program", async () => {
  const one = record("organization");
  await tryRecord(document, account, "organization", one);
  expect(one.sent.flatMap((body) => Object.keys(body))).not.toContain(keyOf("organization", "Allbound Status"));
});

test("a record that carries a status is not touched: any change may put it into the program", async () => {
  const one = record("organization");
  await one.write({ [keyOf("organization", "Allbound Status")]: 1 });
  const found = await tryRecord(document, account, "organization", one);
  expect(found).toEqual([expect.objectContaining({ code: "VERIFY_UNUSABLE" })]);
  expect(one.sent).toHaveLength(1);
});

test("a write that is refused as a whole is tried field by field, and what landed is put back", async () => {
  const one = record("deal");
  const locked = keyOf("deal", "Protected until");
  const bodies: string[][] = [];
  const found = await tryRecord(document, account, "deal", {
    read: one.read,
    async write(body) {
      bodies.push(Object.keys(body));
      return locked in body ? null : one.write(body);
    },
  });
  expect(found.map(({ code, label }) => [code, label])).toEqual([["CANNOT_WRITE_FIELD", "Protected until"]]);
  expect(bodies.at(-1)).toHaveLength(bodies[0]!.length - 1);
  expect(Object.values(await one.read()).every((value) => value === null)).toBe(true);
});

test("a write without an answer is taken back all the same", async () => {
  const one = record("deal");
  let lost = true;
  const attempt = tryRecord(document, account, "deal", {
    read: one.read,
    async write(body) {
      const answer = await one.write(body);
      if (!lost) return answer;
      lost = false;
      throw new Error("no answer");
    },
  });
  await expect(attempt).rejects.toThrow("no answer");
  expect(Object.values(await one.read()).every((value) => value === null)).toBe(true);
});
