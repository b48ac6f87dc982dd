import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { InputError } from "../../errors.ts";
import { CRM_OBJECTS, type CrmObject } from "../model.ts";
import { isRecord } from "./draft.ts";
import { pathsOf, programPath } from "./paths.ts";
import { fromOptionsCell, toOptionsCell } from "./sheet-options.ts";
import { fold, OBJECT_NAMES, SIX_FIELDS } from "./words.ts";

/*
 * The field lines of a document as a sheet that people fill in: a row per field, and a row with N for what is not mapped.
 * Whether the values are right is for the check of the document to say; a sheet only has to be one.
 */

/** The columns in their order; what has no place in a document is for people alone. */
const COLUMNS = {
  map: "map",
  object: "object",
  program: "program field",
  meaning: "meaning",
  programType: "program type",
  label: "CRM field label",
  key: "CRM field key",
  type: "CRM type",
  options: "options (program = CRM)",
  direction: "direction",
  write: "write",
  on_conflict: "who wins",
  required: "required",
  constant: "constant",
  visible: "visible to partner",
  owner: "owner of the field",
  notes: "notes",
  tested: "tested on",
} as const;
type Column = keyof typeof COLUMNS;
type Cells = Partial<Record<Column, string>>;

const FOR_PEOPLE = ["visible", "owner", "tested"] as const satisfies Column[];
const NEEDED = ["map", "object", "program"] as const satisfies Column[];
/** Members that are texts, in the order of a document. */
const TEXTS = ["label", "type", "constant", "direction", "write", "on_conflict"] as const satisfies Column[];
/** Before the name of a standard field, in the column of the key. */
const SYSTEM = "system:";

type Entry = Record<string, unknown>;

/** The sheet of a document, as CSV with a heading. Nothing in it is a formula where it is opened. */
export function toSheet(document: unknown): string {
  const rows = CRM_OBJECTS.flatMap((object) => rowsOf(object, isRecord(document) ? document.objects : undefined));
  const cells = rows.map((row) => Object.keys(COLUMNS).map((name) => harmless(row[name as Column] ?? "")));
  return stringify([Object.values(COLUMNS), ...cells], { bom: true, quoted_match: /^\s|\s$|[\r\n]/ });
}

function rowsOf(object: CrmObject, objects: unknown): Cells[] {
  const part = isRecord(objects) && isRecord(objects[object]) ? objects[object] : {};
  const six = isRecord(part.fields) ? Object.entries(part.fields) : [];
  const extra = (Array.isArray(part.extra) ? part.extra : []).filter(isRecord);
  const mapped = [
    ...six.flatMap(([name, entry]) => (isRecord(entry) ? [rowOf(object, name, entry)] : [])),
    ...extra.map((entry) => rowOf(object, String(entry.program ?? ""), entry)),
  ];
  const names = mapped.map(({ program }) => program);
  const others = [...sixOf(object), ...pathsOf(object).filter((path) => path !== "partner.status")];
  return [...mapped, ...others.filter((name) => !names.includes(name)).map((name) => unmapped(object, name))];
}

function sixOf(object: CrmObject): string[] {
  return SIX_FIELDS.filter((six) => six.object === object).map(({ name }) => name);
}

function unmapped(object: CrmObject, program: string): Cells {
  return { map: "N", object: OBJECT_NAMES[object], program, ...explained(program) };
}

function rowOf(object: CrmObject, program: string, entry: Entry): Cells {
  const text = (name: string) => (typeof entry[name] === "string" ? entry[name] : "");
  const system = text("system");
  const options = isRecord(entry.options) ? (entry.options as Record<string, string>) : {};
  return {
    map: "Y",
    object: OBJECT_NAMES[object],
    program,
    ...explained(program),
    ...Object.fromEntries(TEXTS.map((name) => [name, text(name)])),
    key: system === "" ? text("key") : `${SYSTEM}${system}`,
    options: toOptionsCell(options),
    required: typeof entry.required === "boolean" ? (entry.required ? "Y" : "N") : "",
    notes: text("notes"),
  };
}

function explained(program: string): Cells {
  if (program === "allbound_status") return { meaning: "status of the partner in the program", programType: "option" };
  if (program === "allbound_id") return { meaning: "id of the record in the program", programType: "id" };
  if (program === "allbound_deal_id") return { meaning: "id of the registration it came with", programType: "id" };
  const spec = programPath(program);
  if (!spec) return {};
  const [what = "", ...rest] = program.split(".");
  const values = spec.values ? ` (${spec.values.join(", ")})` : "";
  return { meaning: `${rest.join(" ").replaceAll("_", " ")} of the ${what}${values}`, programType: spec.type };
}

/** The field lines of a document, as its `objects`, and what the sheet says besides that has no place there. */
export interface SheetObjects {
  objects: Record<CrmObject, { fields: Record<string, Entry>; extra: Entry[] }>;
  notes: string[];
}

/**
 * Reads a sheet. Columns are known by their headings, in any order; commas, semicolons or tabs part the cells.
 *
 * @throws InputError SHEET_INVALID with row and column; cells are not repeated
 */
export function fromSheet(text: string): SheetObjects {
  const [heading = [], ...rows] = readRows(text);
  const columns = columnsOf(heading);
  const objects: SheetObjects["objects"] = {
    organization: { fields: {}, extra: [] },
    person: { fields: {}, extra: [] },
    deal: { fields: {}, extra: [] },
  };
  const lost = new Set<string>();
  for (const [index, cells] of rows.entries()) {
    const row = index + 2; // the heading is the first
    if (cells.every((cell) => cell.trim() === "")) continue;
    if (cells.length > heading.length) throw invalid(row, null, "it has more cells than the heading has columns");
    const cell = (name: Column) => cells[columns.get(name) ?? cells.length] ?? "";
    for (const name of FOR_PEOPLE) if (cell(name).trim() !== "") lost.add(COLUMNS[name]);
    if (yesOrNo(row, "map", cell) === true) addEntry(objects, row, cell);
  }
  const notes = [...lost].map((name) => `the column "${name}" has no place in a document and was left out`);
  const known = new Set(columns.values());
  const foreign = heading.filter((name, index) => !known.has(index) && name.trim() !== "").length;
  if (foreign > 0) notes.push(`${foreign} columns with other headings were left out`);
  return { objects, notes };
}

type CellOf = (name: Column) => string;

function addEntry(objects: SheetObjects["objects"], row: number, cell: CellOf): void {
  const object = CRM_OBJECTS.find((one) => [one, `${one}s`].includes(fold(cell("object"))));
  if (!object) throw invalid(row, "object", "it is none of Organization, Person and Deal");
  const program = harmful(cell("program")).trim();
  if (program === "") throw invalid(row, "program", "it is empty in a row that is mapped");
  const entry = entryOf(row, cell);
  const { fields, extra } = objects[object];
  if (!SIX_FIELDS.some(({ name }) => name === program)) extra.push({ program, ...entry });
  else if (Object.hasOwn(fields, program)) throw invalid(row, "program", "an earlier row is of the same field");
  else fields[program] = entry;
}

function entryOf(row: number, cell: CellOf): Entry {
  const entry: Entry = {};
  const put = (name: string, value: string) => {
    if (value !== "") entry[name] = value;
  };
  const key = harmful(cell("key"));
  if (key.startsWith(SYSTEM)) put("system", key.slice(SYSTEM.length));
  else put("key", key);
  for (const name of TEXTS) put(name, harmful(cell(name)));
  const options = fromOptionsCell(harmful(cell("options")));
  if (typeof options === "number") throw invalid(row, "options", `pair ${options} is not of the form program = CRM`);
  if (Object.keys(options).length > 0) entry.options = options;
  const required = yesOrNo(row, "required", cell);
  if (required !== undefined) entry.required = required;
  put("notes", harmful(cell("notes")));
  return entry;
}

function yesOrNo(row: number, name: Column, cell: CellOf): boolean | undefined {
  const word = fold(cell(name));
  if (["y", "yes", "true"].includes(word)) return true;
  if (["n", "no", "false"].includes(word)) return false;
  if (word === "") return undefined;
  throw invalid(row, name, "it is neither Y nor N");
}

function columnsOf(heading: readonly string[]): Map<Column, number> {
  const columns = new Map<Column, number>();
  for (const [name, title] of Object.entries(COLUMNS) as [Column, string][]) {
    const index = heading.findIndex((one) => fold(one) === fold(title));
    if (index >= 0) columns.set(name, index);
  }
  for (const name of NEEDED) if (!columns.has(name)) throw invalid(1, name, "there is no column of this heading");
  return columns;
}

const LARGEST_CHARACTERS = 1_000_000;

function readRows(text: string): string[][] {
  if (text.length > LARGEST_CHARACTERS)
    throw invalid(1, null, `the sheet is longer than ${LARGEST_CHARACTERS} characters`);
  const [first = ""] = text.split(/\r?\n/, 1);
  const count = (sign: string) => first.split(sign).length;
  const delimiter = [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
  try {
    return parse(text, { bom: true, delimiter, relax_column_count: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const at = typeof error.lines === "number" ? error.lines : 1;
    throw invalid(at, null, "its quotes do not match; a quote inside a cell is written twice");
  }
}

function invalid(row: number, column: Column | null, why: string): InputError {
  const where = column === null ? `row ${row}` : `row ${row}, column "${COLUMNS[column]}"`;
  const hint = "mend the sheet; `partnersync mapping convert FILE.json` shows what one looks like";
  return new InputError("SHEET_INVALID", `the sheet cannot be read: ${why}`, where, hint);
}

/** What a spreadsheet would take for a formula begins with one of these; an apostrophe keeps it a text. */
const FORMULA = /^('*)[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function harmless(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

function harmful(cell: string): string {
  return FORMULA.test(cell) && cell.startsWith("'") ? cell.slice(1) : cell;
}
