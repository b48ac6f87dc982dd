import type { Company } from "./company.ts";
import { CREATABLE_TYPES, OPTION_TYPES } from "./field-types.ts";
import type { Field, ObjectName, RequiredFields } from "./model.ts";
import { invalid, notAllowed } from "./problem.ts";

const LAYOUT_KEYS = ["ui_visibility", "important_fields", "required_fields"];

/** Keys of a change; only fields of deals have a description. */
function changeKeys(object: ObjectName): string[] {
  return ["field_name", ...LAYOUT_KEYS, ...(object === "deal" ? ["description"] : [])];
}

/** Reads the body of a new field. @throws Problem 400 */
export function readNewField(company: Company, object: ObjectName, body: unknown) {
  const given = readObject(body, [...changeKeys(object), "field_type", "options"]);
  checkLayout(given);
  const { field_type: type, options } = given;
  if (typeof type !== "string" || !CREATABLE_TYPES.includes(type)) {
    throw invalid("field_type", `Must be one of ${CREATABLE_TYPES.join(", ")}`);
  }
  const name = readName(company, object, given.field_name);
  const description = readDescription(given) ?? null;
  const required = readRequired(company, object, given.required_fields);
  if (options !== undefined && !Array.isArray(options)) throw invalid("options", "Expected array");
  const field = { object, name, type, description, ...(required && { required_fields: required }) };
  if (!OPTION_TYPES.has(type)) return field;
  if (!options?.length) throw invalid("options", "Required for enum and set fields");
  return { ...field, options: readLabels(options, "options") };
}

/** Reads the body of a change: at least one key; code, type and options are not among them. @throws Problem 400 */
export function readFieldChange(company: Company, field: Field, body: unknown): Partial<Field> {
  const given = readObject(body, changeKeys(field.object));
  if (Object.keys(given).length === 0) throw invalid("body", "Expected at least one key");
  checkLayout(given);
  const description = readDescription(given);
  const changes: Partial<Field> = description === undefined ? {} : { description };
  if (given.field_name !== undefined) changes.field_name = readName(company, field.object, given.field_name, field);
  const required = readRequired(company, field.object, given.required_fields);
  if (required) changes.required_fields = required;
  return changes;
}

/** @param self the field that may keep its name */
function readName(company: Company, object: ObjectName, name: unknown, self?: Field): string {
  const read = readText(name, "field_name");
  const twice = [...company.fields[object].values()].some((field) => field.field_name === read && field !== self);
  if (twice && !company.info.switches.duplicateFieldNames) throw invalid("field_name", "Already exists");
  return read;
}

function readDescription({ description }: Record<string, unknown>): string | null | undefined {
  if (description === undefined || description === null || typeof description === "string") return description;
  throw invalid("description", "Expected string or null");
}

/** Labels of options, in their order. @throws Problem 400 */
export function readLabels(options: unknown[], where: string): string[] {
  return options.map((option, index) => readText(partOf(option, "label"), `${where}[${index}].label`));
}

/** The options of a body that holds nothing else. @throws Problem 400 */
export function readOptions(body: unknown): unknown[] {
  if (!Array.isArray(body) || body.length === 0) throw invalid("body", "Expected a list with at least one option");
  return body;
}

/** All or nothing: one id that does not exist refuses the whole call. @throws Problem 400 */
export function readOptionIds(field: Field, body: unknown): number[] {
  return readOptions(body).map((option, index) => {
    const id = partOf(option, "id");
    if (field.options?.some((known) => known.id === id)) return id as number;
    throw invalid(`body[${index}].id`, `Option ${id} does not exist`);
  });
}

/** Where people have to fill a field in; it binds nobody who writes through the API. */
function readRequired(company: Company, object: ObjectName, given: unknown): RequiredFields | undefined {
  if (!isObject(given)) return undefined; // any other kind was refused with the layout
  const { enabled = false, stage_ids: stages, statuses } = given;
  if (typeof enabled !== "boolean") throw invalid("required_fields.enabled", "Expected boolean");
  if (object !== "deal") return { enabled };
  const wrongStage = stages !== undefined && !(Array.isArray(stages) && stages.every((id) => company.stages.has(id)));
  if (wrongStage) throw invalid("required_fields.stage_ids", "Expected ids of stages");
  const wrongStatus = statuses !== undefined && !(isObject(statuses) && Object.values(statuses).every(isOutcomes));
  if (wrongStatus) throw invalid("required_fields.statuses", "Expected lists of won and lost by pipeline");
  return {
    enabled,
    stage_ids: (stages ?? []) as number[],
    statuses: (statuses ?? {}) as Record<string, string[]>,
  };
}

function isOutcomes(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => one === "won" || one === "lost");
}

/** Checks the kinds of what says how the field is shown and required in the app. */
function checkLayout(given: Record<string, unknown>): void {
  const wrong = LAYOUT_KEYS.find((key) => given[key] !== undefined && !isObject(given[key]));
  if (wrong) throw invalid(wrong, "Expected object");
}

function readText(text: unknown, where: string): string {
  if (typeof text === "string" && text.trim() && text.length <= 255) return text.trim();
  throw invalid(where, "Expected a text of 1 to 255 characters");
}

function readObject(body: unknown, known: string[]): Record<string, unknown> {
  if (!isObject(body)) throw invalid("body", "Expected object");
  const unknown = Object.keys(body).find((key) => !known.includes(key));
  if (unknown !== undefined) throw notAllowed(unknown);
  return body;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function partOf(option: unknown, key: string): unknown {
  return isObject(option) ? option[key] : undefined;
}
