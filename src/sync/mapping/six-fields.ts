import type { AccountField } from "../account.ts";
import type { CrmObject } from "../model.ts";
import { maskKey, shown } from "./finding.ts";
import { FITTING_TYPES } from "./paths.ts";
import { fold, OBJECT_NAMES, SIX_FIELDS, type SixField, STATUS_LABELS, TYPE_WORDS, toTypeWord } from "./words.ts";

/** Custom fields by object, as listed just now. */
export type AccountFields = Record<CrmObject, AccountField[]>;

/** How one of the six stands in an account. */
export interface FieldState {
  object: CrmObject;
  /** Its fixed name in the document, e.g. `allbound_id`. */
  name: SixField["name"];
  label: string;
  /** In the words of Pipedrive's settings page. */
  type: SixField["type"];
  /** `blocked`: a person has to decide first; nothing of it is touched. */
  state: "ready" | "missing" | "options missing" | "blocked";
  /** The field's key where there is one to be used. */
  key: string | null;
  /** Labels of the options to be added; of a missing field all of them. */
  options: string[];
  /** What keeps it from being used, or what is odd about it although it works. */
  notes: string[];
}

/** What an account has of the six fields: each of them, in the order of the document. */
export function sixFieldStates(fields: AccountFields): FieldState[] {
  return SIX_FIELDS.map((six) => fieldState(six, fields[six.object]));
}

/**
 * How one of the six stands, among the fields of its object. Labels count as the same whatever their case: another
 * field beside it would be one too many for people.
 */
export function fieldState(six: SixField, fields: readonly AccountField[]): FieldState {
  const { object, name, label, type } = six;
  const wanted: string[] = name === "allbound_status" ? Object.values(STATUS_LABELS) : [];
  const about = { object, name, label, type };
  const labelled = fields.filter((field) => field.is_custom_field && fold(field.field_name) === fold(label));
  if (labelled.length === 0) return { ...about, state: "missing", key: null, options: wanted, notes: [] };
  const [field, ...more] = labelled.filter(({ field_type }) => fits(six, field_type));
  const blocked = (note: string): FieldState => ({ ...about, state: "blocked", key: null, options: [], notes: [note] });
  if (!field) return blocked(wrongType(six, labelled));
  if (more.length > 0) return blocked(severalOf(six, [field, ...more]));
  const twice = wanted.filter((option) => matches(field, option).length > 1);
  if (twice.length > 0) return blocked(`It has the option ${quoted(twice)} more than once: rename or delete one.`);
  const options = wanted.filter((option) => matches(field, option).length === 0);
  const state = options.length > 0 ? "options missing" : "ready";
  return { ...about, state, key: field.field_code, options, notes: oddities(six, field, labelled) };
}

/** Text is what an id is made with; whoever has one in another type of text need not start anew. */
function fits({ name, type }: SixField, fieldType: string): boolean {
  const types = name === "allbound_status" ? [type] : FITTING_TYPES.id;
  return types.some((word) => TYPE_WORDS[word] === fieldType);
}

function matches({ options }: AccountField, label: string) {
  return (options ?? []).filter((option) => fold(option.label) === fold(label));
}

function wrongType({ type }: SixField, labelled: readonly AccountField[]): string {
  const types = labelled.map(({ field_type }) => toTypeWord(field_type)).join(" and ");
  return `A field of this label is of type ${types}, not ${type}: rename or delete it, Pipedrive cannot change a type.`;
}

function severalOf({ object, label }: SixField, several: readonly AccountField[]): string {
  const keys = several.map(({ field_code }) => maskKey(field_code)).join(", ");
  return `${OBJECT_NAMES[object]} has "${label}" ${several.length} times (${keys}): rename or delete all but one.`;
}

function oddities({ label, type, name }: SixField, field: AccountField, labelled: readonly AccountField[]): string[] {
  const notes: string[] = [];
  if (field.field_name !== label) notes.push(`Spelt "${shown(field.field_name)}" in the account: taken for the same.`);
  const word = toTypeWord(field.field_type);
  if (word !== type) notes.push(`Of type ${word} instead of ${type}: works, but is harder to audit.`);
  if (labelled.length > 1) notes.push("Another field of this label has another type: rename or delete that one.");
  if (field.required_fields?.enabled) notes.push("People have to fill it in: make it optional, the sync does it.");
  if (name !== "allbound_status") return notes;
  const known = Object.values(STATUS_LABELS).map(fold);
  const extra = (field.options ?? []).map((option) => option.label).filter((one) => !known.includes(fold(one)));
  if (extra.length > 0)
    notes.push(`Also has the options ${quoted(extra)}: a record with such a choice is left as it is.`);
  return notes;
}

function quoted(labels: readonly string[]): string {
  return labels
    .slice(0, 10)
    .map((one) => `"${shown(one)}"`)
    .join(", ");
}
