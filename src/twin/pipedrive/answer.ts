import type { Company } from "./company.ts";
import { INCLUDE_FIELDS, includedValue } from "./include-fields.ts";
import type { Field, ObjectName, RecordData } from "./model.ts";
import type { Query } from "./query.ts";

/** How records are shown, as the query asks for it. */
export interface Shape {
  includeFields: string[];
  /** Codes of the custom fields to show; all when undefined. */
  customFields?: string[];
  optionLabels: boolean;
  labels: boolean;
}

export const FULL: Shape = { includeFields: [], optionLabels: false, labels: false };

/** @throws Problem 400 for unknown fields or more than 15 custom ones */
export function readShape(object: ObjectName, query: Query): Shape {
  return {
    includeFields: query.list("include_fields", { allowed: INCLUDE_FIELDS[object] }) ?? [],
    customFields: query.list("custom_fields", { max: 15 }),
    optionLabels: query.boolean("include_option_labels"),
    labels: query.boolean("include_labels"),
  };
}

/** A record as v2 answers it: every system key, and every custom field of the account, null when unset. */
export function answer(company: Company, object: ObjectName, data: RecordData, shape: Shape = FULL) {
  const shown: Record<string, unknown> = { ...data, custom_fields: customFields(company, object, data, shape) };
  const { contactSync, openDealsOmitTimes } = company.info.switches;
  if (object === "person" && !contactSync) for (const key of CONTACT_SYNC_KEYS) delete shown[key];
  if (object === "deal" && openDealsOmitTimes && data.status === "open") {
    for (const key of ["won_time", "lost_time", "expected_close_date"]) if (shown[key] === null) delete shown[key];
  }
  for (const name of shape.includeFields) shown[name] = includedValue(company, object, data, name);
  if (shape.labels) shown.labels = (data.label_ids as number[]).map((id) => ({ id, label: `Label ${id}` }));
  return shown;
}

const CONTACT_SYNC_KEYS = ["postal_address", "notes", "im", "birthday", "job_title"];

function customFields(company: Company, object: ObjectName, data: RecordData, shape: Shape): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [code, field] of company.fields[object]) {
    if (shape.customFields && !shape.customFields.includes(code)) continue;
    const value = data.custom_fields[code] ?? null;
    shown[code] = shape.optionLabels ? withLabels(field, value) : value;
  }
  return shown;
}

/** Option ids become `{ id, label }`; other values stay. */
function withLabels(field: Field, value: unknown): unknown {
  const labelled = (id: unknown) => ({ id, label: field.options?.find((option) => option.id === id)?.label ?? null });
  if (value === null) return null;
  if (field.field_type === "enum") return labelled(value);
  if (field.field_type === "set") return (value as unknown[]).map(labelled);
  return value;
}
