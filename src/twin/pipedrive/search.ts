import type { Company } from "./company.ts";
import { readPage, toCursor } from "./cursor.ts";
import { SEARCHABLE_TYPES } from "./field-types.ts";
import type { ObjectName, RecordData } from "./model.ts";
import type { ContactItem } from "./normalise.ts";
import { invalid } from "./problem.ts";
import type { Query } from "./query.ts";
import { searchItem } from "./search-item.ts";

/** Values of `fields` per object. */
export const SEARCH_FIELDS: Record<ObjectName, readonly string[]> = {
  person: ["custom_fields", "email", "notes", "phone", "name"],
  organization: ["address", "custom_fields", "notes", "name"],
  deal: ["custom_fields", "notes", "title"],
};

/** Values of `include_fields` in searches. */
const INCLUDED: Record<ObjectName, readonly string[]> = {
  person: ["person.picture"],
  organization: [],
  deal: ["deal.cc_email"],
};

/** Texts of a record under which it is found, by search field. */
export type Texts = Record<string, string[]>;

/** `/{objects}/search`. Contains the term, or equals it with `exact_match`; case never matters. @throws Problem 400 */
export function searchRecords(company: Company, object: ObjectName, query: Query, now: number) {
  const exact = query.boolean("exact_match");
  const term = readTerm(query, exact).toLowerCase();
  const fields = query.list("fields", { allowed: SEARCH_FIELDS[object] }) ?? SEARCH_FIELDS[object];
  query.list("include_fields", { allowed: INCLUDED[object] }); // the twin has neither pictures nor mail addresses of deals
  const keeps = filtersOf(query);
  const matches = (text: string) => (exact ? text.toLowerCase() === term : text.toLowerCase().includes(term));
  const notes = notesBy(company, object);
  const hits: { id: number; item: unknown }[] = [];
  for (const row of company.tables[object].all()) {
    const { data } = row;
    if (data.is_deleted || !keeps(data) || now - row.touchedAt < company.info.switches.searchDelayMs) continue;
    const texts = textsOf(company, object, data, notes.get(data.id) ?? []);
    if (!fields.some((field) => texts[field]?.some(matches))) continue;
    const matched = { ...texts, custom_fields: texts.custom_fields?.filter(matches) ?? [] };
    hits.push({ id: data.id, item: searchItem(company, object, data, matched) });
  }
  const { page, next_cursor } = pageOfHits(hits, company, query);
  const items = page.map(({ item }) => ({ result_score: exact ? 1 : 0.5, item }));
  return { success: true, data: { items }, additional_data: { next_cursor } };
}

/** `/itemSearch/field`: values of one field; `match=exact` (the default) is case-sensitive. @throws Problem 400 */
export function searchField(company: Company, query: Query, now: number) {
  const match = query.oneOf("match", ["exact", "beginning", "middle"], "exact");
  const term = readTerm(query, match === "exact");
  const kinds = ["deal", "lead", "person", "organization", "product", "project"];
  const object = query.oneOf("entity_type", kinds, "") as ObjectName;
  const code = query.text("field");
  if (!code) throw invalid("field", "Required");
  const test = (text: string) => {
    if (match === "exact") return text === term;
    const place = text.toLowerCase().indexOf(term.toLowerCase());
    return match === "beginning" ? place === 0 : place >= 0;
  };
  const hits: { id: number; name: unknown }[] = [];
  for (const row of company.tables[object]?.all() ?? []) {
    if (row.data.is_deleted || now - row.touchedAt < company.info.switches.searchDelayMs) continue;
    if (!textsOfField(company, object, row.data, code).some(test)) continue;
    hits.push({ id: row.data.id, name: row.data.name ?? row.data.title });
  }
  const { page, next_cursor } = pageOfHits(hits, company, query);
  return { success: true, data: page, additional_data: { next_cursor } };
}

function readTerm(query: Query, exact: boolean): string {
  const term = query.text("term")?.trim() ?? "";
  const least = exact ? 1 : 2;
  if (term.length < least) throw invalid("term", `Must be at least ${least} characters`);
  return term;
}

function filtersOf(query: Query): (data: RecordData) => boolean {
  const organization = query.integer("organization_id");
  const person = query.integer("person_id");
  const status = query.list("status", { allowed: ["open", "won", "lost"] });
  return (data) =>
    (organization === undefined || data.org_id === organization) &&
    (person === undefined || data.person_id === person) &&
    (!status || status.includes(data.status as string));
}

function pageOfHits<T extends { id: number }>(hits: T[], company: Company, query: Query) {
  const { limit, after } = readPage(company, query, 100);
  const rest = hits.filter((hit) => hit.id > (after?.id ?? 0)).sort((a, b) => a.id - b.id);
  const page = rest.slice(0, limit);
  const last = page[page.length - 1];
  const more = last !== undefined && rest.length > page.length;
  const next_cursor = more ? toCursor({ field: "id", fieldValue: last.id, sortDirection: "asc", id: last.id }) : null;
  return { page, next_cursor };
}

/** Contents of notes by the record they are attached to. */
function notesBy(company: Company, object: ObjectName): Map<number, string[]> {
  const key = ({ person: "person_id", organization: "org_id", deal: "deal_id" } as const)[object];
  const found = new Map<number, string[]>();
  for (const note of company.notes.values()) {
    const id = note[key];
    if (id !== null) found.set(id, [...(found.get(id) ?? []), note.content]);
  }
  return found;
}

function textsOf(company: Company, object: ObjectName, data: RecordData, notes: string[]): Texts {
  const custom: string[] = [];
  for (const code of company.fields[object].keys()) custom.push(...textsOfField(company, object, data, code));
  const texts: Texts = { custom_fields: custom, notes };
  if (object === "deal") texts.title = [String(data.title)];
  else texts.name = [String(data.name)];
  if (object === "person") {
    texts.email = (data.emails as ContactItem[]).map((item) => item.value);
    texts.phone = (data.phones as ContactItem[]).flatMap(({ value }) => [value, value.replace(/[^\d+]/g, "")]);
  }
  if (object === "organization" && data.address) texts.address = [String((data.address as { value: string }).value)];
  return texts;
}

/** The texts of one field; none for custom fields whose type is not searchable. */
function textsOfField(company: Company, object: ObjectName, data: RecordData, code: string): string[] {
  const field = company.fields[object].get(code);
  if (field && !SEARCHABLE_TYPES.has(field.field_type)) return [];
  const value = field ? data.custom_fields[code] : Object.hasOwn(data, code) ? data[code] : null;
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map((item) => String((item as ContactItem).value ?? item));
  if (typeof value === "object") return [String((value as { value: unknown }).value)];
  return [String(value)];
}
