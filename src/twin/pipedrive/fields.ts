import { wholeSeconds } from "../clock.ts";
import { BUILTIN_FIELDS } from "./builtin-fields.ts";
import type { Company } from "./company.ts";
import { OPTION_TYPES, subfieldsOf } from "./field-types.ts";
import { type Field, type FieldOption, OBJECTS, type ObjectName, type Plan, type RequiredFields } from "./model.ts";
import { forbidden } from "./problem.ts";

export const FIELD_LIMIT: Record<Plan, number> = { lite: 30, growth: 100, premium: 300, ultimate: 500 };

/** A field definition as v2 answers it. */
export function fieldAnswer(field: Field): Record<string, unknown> {
  return {
    field_name: field.field_name,
    field_code: field.field_code,
    ...(field.description === null ? {} : { description: field.description }),
    field_type: field.field_type,
    options: field.options?.map(({ id, label }) => ({ id, label })) ?? null,
    subfields: subfieldsOf(field.field_code, field.field_name, field.field_type),
    is_custom_field: true,
    is_optional_response_field: false,
  };
}

/** All field definitions of an object: those every account has, then the custom ones. */
export function allFields(company: Company, object: ObjectName): Record<string, unknown>[] {
  const builtin = BUILTIN_FIELDS[object].map(([code, name, type]) => ({
    field_name: name,
    field_code: code,
    field_type: type,
    options: code === "visible_to" ? VISIBILITY : code === "status" ? STATUSES : null,
    subfields: subfieldsOf(code, name, type),
    is_custom_field: false,
    is_optional_response_field: false,
  }));
  return [...builtin, ...[...company.fields[object].values()].map(fieldAnswer)];
}

const VISIBILITY = [
  { id: 1, label: "Owner" },
  { id: 3, label: "All users" },
];
const STATUSES = ["open", "won", "lost", "deleted"].map((id) => ({ id, label: id }));

interface NewField {
  object: ObjectName;
  name: string;
  type: string;
  description?: string | null;
  options?: string[];
  required_fields?: RequiredFields;
}

/** Makes a custom field with a key and option ids of this account's own. @throws Problem 403 when the plan has no room */
export function addField(company: Company, given: NewField, now: number, limited = true): Field {
  const count = OBJECTS.reduce((sum, object) => sum + company.fields[object].size, 0);
  if (limited && count >= FIELD_LIMIT[company.info.plan]) {
    throw forbidden("Couldn't add the field. Custom fields limit reached.", "feature_capping_custom_fields_limit");
  }
  const { object, name, type } = given;
  const taken = (code: string) => company.retired.has(code) || OBJECTS.some((one) => company.fields[one].has(code));
  const code = company.identity.fieldCode(object, name, taken);
  const empty: Field = {
    object,
    field_code: code,
    field_name: name,
    field_type: type,
    description: given.description ?? null,
    options: OPTION_TYPES.has(type) ? [] : null,
    ...(given.required_fields && { required_fields: given.required_fields }),
  };
  return company.together(() => {
    company.remember({ field: empty });
    return given.options?.length ? addOptions(company, empty, given.options, now).field : empty;
  });
}

/** Adds options by label. @returns the field and only the new options */
export function addOptions(company: Company, field: Field, labels: string[], now: number) {
  const taken = new Set<string | number>(company.retired);
  for (const object of OBJECTS) {
    for (const other of company.fields[object].values()) for (const option of other.options ?? []) taken.add(option.id);
  }
  const time = wholeSeconds(now);
  const added: FieldOption[] = labels.map((label) => {
    const id = company.identity.optionId(field.field_code, label, (drawn) => taken.has(drawn));
    taken.add(id);
    return { id, label, add_time: time, update_time: time };
  });
  const next: Field = { ...field, options: [...(field.options ?? []), ...added] };
  company.remember({ field: next });
  return { field: next, added };
}

/** Takes a field away with all its values; one made again is another one. No webhook tells of it. */
export function removeField(company: Company, field: Field): void {
  company.together(() => {
    company.remember({ retired: [field.field_code, ...(field.options ?? []).map((option) => option.id)] });
    company.remember({ fieldGone: { object: field.object, code: field.field_code } });
    dropValues(company, field, () => null);
  });
}

/** Takes options away, also out of the records that hold them. No webhook tells of it. */
export function removeOptions(company: Company, field: Field, ids: number[]): FieldOption[] {
  const gone = (field.options ?? []).filter((option) => ids.includes(option.id));
  const left = (field.options ?? []).filter((option) => !ids.includes(option.id));
  company.together(() => {
    company.remember({ retired: ids });
    company.remember({ field: { ...field, options: left } });
    dropValues(company, field, (value) => {
      if (!Array.isArray(value)) return ids.includes(value as number) ? null : value;
      const kept = value.filter((id) => !ids.includes(id));
      return kept.length > 0 ? kept : null;
    });
  });
  return gone;
}

function dropValues(company: Company, field: Field, keep: (value: unknown) => unknown): void {
  const code = field.field_code;
  for (const row of [...company.tables[field.object].all()]) {
    const value = row.data.custom_fields[code];
    if (value === undefined) continue;
    const kept = keep(value);
    if (kept === value) continue;
    const custom_fields = { ...row.data.custom_fields, [code]: kept };
    if (kept === null) delete custom_fields[code];
    company.remember({ object: field.object, row: { ...row, data: { ...row.data, custom_fields } } });
  }
}
