/**
 * Custom fields of a webhook → the values REST answers for the same fields, so that both compare like with like.
 *
 * | webhook | REST |
 * | --- | --- |
 * | `{ type: "varchar", value }`, `double`, `date` … | the value |
 * | `{ type: "enum", id }`, `user`, `org`, `people` | the id |
 * | `{ type: "set", values: [{ id }] }` | `[id]`, null when none |
 * | `{ type: "daterange", from, until }`, `timerange` | `{ value, until, … }` |
 * | `{ type: "monetary", value, currency }`, `time`, `address` | the same without `type`; empty parts of an address null |
 *
 * Null stays null, and what is plain already stays as it is. An absent field stays absent: that is not "empty".
 */
export function plainCustomFields(customFields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(customFields).map(([key, value]) => [key, toPlain(value)]));
}

function toPlain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !("type" in value)) return value ?? null;
  const { type, ...parts } = value as Record<string, unknown>;
  switch (type) {
    case "enum":
    case "user":
    case "org":
    case "people":
      return toId(parts.id ?? parts.value);
    case "set":
      return toIds(parts.values);
    case "daterange":
    case "timerange":
      return toRange(parts);
    case "address":
      return emptyToNull(parts);
    case "monetary":
    case "time":
      return isEmpty(parts.value) ? null : parts;
    default:
      return toSimple(parts);
  }
}

/** Text, number, date – and whatever type comes next: its value when that is all it has. */
function toSimple(parts: Record<string, unknown>): unknown {
  const beyondValue = Object.keys(parts).some((name) => name !== "value");
  return beyondValue ? parts : (parts.value ?? null);
}

/** Ids travel as numbers in REST. */
function toId(id: unknown): unknown {
  return typeof id === "string" && /^\d{1,15}$/.test(id) ? Number(id) : (id ?? null);
}

function toIds(values: unknown): unknown {
  if (!Array.isArray(values) || values.length === 0) return null;
  return values.map((item) => toId(typeof item === "object" && item !== null ? (item as { id?: unknown }).id : item));
}

/** A range starts at `from` in a webhook and at `value` in REST. */
function toRange({ from, ...rest }: Record<string, unknown>): unknown {
  const value = from ?? rest.value ?? null;
  return isEmpty(value) && isEmpty(rest.until) ? null : { ...rest, value };
}

function emptyToNull(parts: Record<string, unknown>): unknown {
  const filled = Object.entries(parts).map(([name, part]) => [name, part === "" ? null : part] as const);
  return filled.every(([, part]) => isEmpty(part)) ? null : Object.fromEntries(filled);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}
