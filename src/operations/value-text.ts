import { isUnmapped } from "../sync/canonical.ts";
import type { FieldPlan, Value } from "../sync/model.ts";

/** A value as people say it: option labels, amounts with their currency, records by name of their kind. */
export function valueText(field: Pick<FieldPlan, "type" | "options">, value: Value): string {
  if (value === null || value === "") return "(empty)";
  if (isUnmapped(value)) return `(not mapped: ${value.unmapped})`;
  if (Array.isArray(value)) return value.map((one) => labelOf(field, one)).join(", ");
  if (typeof value === "object") return "amount" in value ? `${value.amount} ${value.currency}` : JSON.stringify(value);
  if (field.type === "partner") return `organization ${value}`;
  if (field.type === "partner_user") return `person ${value}`;
  return labelOf(field, String(value));
}

function labelOf({ options }: Pick<FieldPlan, "options">, key: string): string {
  return options?.find(({ program }) => program === key)?.label ?? key;
}
