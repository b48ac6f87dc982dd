import { ADDRESS_PARTS } from "./field-types.ts";
import type { Field } from "./model.ts";

type Parts = Record<string, unknown>;

/** A custom value as webhooks carry it: an object that names its type. Ranges begin with `from` here. */
export function toWebhookValue(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const parts = value as Parts;
  switch (field.field_type) {
    case "varchar":
    case "varchar_auto":
    case "text":
    case "phone":
      return { type: "varchar", value };
    case "enum":
      return { type: "enum", id: value };
    case "set":
      return { type: "set", values: (value as number[]).map((id) => ({ id })) };
    case "user":
    case "org":
    case "people":
      return { type: field.field_type, id: value };
    case "monetary":
      return { type: "monetary", value: parts.value, currency: parts.currency };
    case "daterange":
      return { type: "daterange", from: parts.value, until: parts.until };
    case "time":
      return { type: "time", value: parts.value, timezone_id: parts.timezone_id };
    case "timerange":
      return { type: "timerange", from: parts.value, until: parts.until, timezone_id: parts.timezone_id };
    case "address": {
      const address: Parts = { type: "address", value: parts.value };
      for (const key of ADDRESS_PARTS) address[key] = parts[key] ?? "";
      return address;
    }
    default:
      return { type: field.field_type, value };
  }
}
