import { answer } from "./answer.ts";
import { BUILTIN_FIELDS } from "./builtin-fields.ts";
import type { Company } from "./company.ts";
import type { Field, ObjectName, RecordData } from "./model.ts";

/**
 * A record for people and checkers: as REST answers it, and `labels` from field names to readable values, so that
 * nobody needs keys or option ids. Options by label, users by e-mail, records, stages and pipelines by name. A custom
 * field wins over a built-in one of the same name.
 */
export function readable(company: Company, object: ObjectName, data: RecordData): Record<string, unknown> {
  const labels: Record<string, unknown> = {};
  for (const [code, name] of BUILTIN_FIELDS[object]) labels[name] = builtinValue(company, code, data[code]);
  for (const field of company.fields[object].values()) {
    labels[field.field_name] = customValue(company, field, data.custom_fields[field.field_code] ?? null);
  }
  return { ...answer(company, object, data), object, labels };
}

function builtinValue(company: Company, code: string, value: unknown): unknown {
  if (typeof value !== "number") return value ?? null;
  if (code === "owner_id" || code === "creator_user_id") return company.users.get(value)?.email ?? value;
  if (code === "org_id") return company.tables.organization.get(value)?.data.name ?? value;
  if (code === "person_id") return company.tables.person.get(value)?.data.name ?? value;
  if (code === "stage_id") return company.stages.get(value)?.name ?? value;
  if (code === "pipeline_id") return company.pipelines.get(value)?.name ?? value;
  return value;
}

function customValue(company: Company, field: Field, value: unknown): unknown {
  const label = (id: unknown) => field.options?.find((option) => option.id === id)?.label ?? id;
  if (value === null) return null;
  if (field.field_type === "enum") return label(value);
  if (field.field_type === "set") return (value as unknown[]).map(label);
  const system: Record<string, string> = { user: "owner_id", org: "org_id", people: "person_id" };
  const code = system[field.field_type];
  return code ? builtinValue(company, code, value) : value;
}
