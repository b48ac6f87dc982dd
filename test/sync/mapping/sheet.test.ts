import { expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import { fromSheet, toSheet } from "../../../src/sync/mapping/sheet.ts";
import { fc, runs } from "../../support/seeded.ts";
import { EXAMPLES, exampleText } from "./examples.ts";

const rowsOf = (sheet: string) => sheet.trimEnd().split("\n");

test.each(EXAMPLES)("%s comes back from its sheet as it was", (name) => {
  const document = JSON.parse(exampleText(name));
  expect(fromSheet(toSheet(document))).toEqual({ objects: document.objects, notes: [] });
});

const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.constantFrom("=1+1", "'=1", "''@x", " - ", "a;b=c\\", "x\r\ny", '"', "\t", "\uff1dx", "system:", "\\ "),
);
/** A program field is known by its name: outer spaces are none of it. */
const entry = fc.record(
  {
    key: text.filter((one) => !one.startsWith("system:")),
    label: text,
    type: text,
    options: fc.dictionary(
      text.filter((one) => one !== "__proto__"),
      text,
      { minKeys: 1 },
    ),
    constant: text,
    direction: text,
    write: text,
    on_conflict: text,
    required: fc.boolean(),
    notes: text,
  },
  { requiredKeys: [] },
);
const extra = fc
  .tuple(
    text.map((one) => one.trim()).filter((one) => one !== "" && !one.startsWith("allbound_")),
    entry,
  )
  .map(([program, rest]) => ({ program, ...rest }));
const part = (names: string[]) =>
  fc.record({
    fields: fc.record(Object.fromEntries(names.map((name) => [name, entry]))),
    extra: fc.array(extra, { maxLength: 4 }),
  });

test("whatever the cells hold comes back, and no cell is a formula", () => {
  const objects = fc.record({
    organization: part(["allbound_id", "allbound_deal_id", "allbound_status"]),
    person: part(["allbound_id", "allbound_deal_id"]),
    deal: part(["allbound_id"]),
  });
  fc.assert(
    fc.property(objects, (given) => {
      const sheet = toSheet({ objects: given });
      expect(fromSheet(sheet).objects).toEqual(given);
      const cells = (parse(sheet, { bom: true }) as unknown as string[][]).flat();
      for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\n\uff1d]/);
    }),
    runs(40),
  );
});

test("a sheet lists what is not mapped too, with its meaning, and leaves it out again", () => {
  const sheet = toSheet(JSON.parse(exampleText("harbourline")));
  expect(sheet).toContain("N,Organization,partner.tier,tier of the partner,option,");
  expect(rowsOf(sheet)[0]).toMatch(/^\ufeffmap,object,program field,meaning,/);
});

test("a spreadsheet's own form is read: semicolons, other order, other case, columns of one's own", () => {
  const sheet = [
    "Object;MAP;Program field;CRM field key;CRM field label;CRM type;Owner of the field;Cost centre",
    "deal;y;allbound_id;188cbb42b2ac42bc664a26a5b1068e0107fdf1df;Allbound ID;Text;Ada;17",
    "Deals;Y;registration.amount;system:value;;;;",
    ";;;;;;;",
    "Person;n;contact.email;;;;;",
  ].join("\r\n");
  const { objects, notes } = fromSheet(sheet);
  const key = "188cbb42b2ac42bc664a26a5b1068e0107fdf1df";
  expect(objects.deal).toEqual({
    fields: { allbound_id: { key, label: "Allbound ID", type: "Text" } },
    extra: [{ program: "registration.amount", system: "value" }],
  });
  expect(notes).toEqual([
    'the column "owner of the field" has no place in a document and was left out',
    "1 columns with other headings were left out",
  ]);
});

test.each([
  ["no heading", "a,b\n1,2", 'row 1, column "map"'],
  ["an unknown object", "map,object,program field\nY,Lead,x", 'row 2, column "object"'],
  ["neither yes nor no", "map,object,program field\n\nperhaps,Deal,x", 'row 3, column "map"'],
  [
    "a field twice",
    "map,object,program field\nY,Deal,allbound_id\nY,Deal,allbound_id",
    'row 3, column "program field"',
  ],
  ["a cell too many", "map,object,program field\nY,Deal,x,y", "row 2"],
  ["half a pair", "map,object,program field,options (program = CRM)\nY,Deal,x,a = b; c", 'row 2, column "options'],
  ["an open quote", 'map,object,program field\nY,"Deal,x', "row 2"],
])("a sheet with %s is refused with its place", (_, sheet, where) => {
  expect(() => fromSheet(sheet)).toThrow(
    expect.objectContaining({ code: "SHEET_INVALID", where: expect.stringContaining(where) }),
  );
});
