import { isAdditive } from "./agreement.ts";
import { toInstant } from "./canonical.ts";
import { plainDecimal } from "./canonical-money.ts";
import type { CrmPlace, FieldPlan, MappingPlan, Value, Values } from "./model.ts";

/** What reading and writing Pipedrive values needs besides the field plans. A `MappingPlan` fits as it is. */
export type CodecContext = Pick<MappingPlan, "users" | "stages"> & {
  /** For amounts in number fields, which have no currency of their own. */
  rules?: Pick<MappingPlan["rules"], "defaultCurrency">;
};

export type Wire = Record<string, unknown>;

export function isWire(value: unknown): value is Wire {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A record as REST v2 answers it → common form.
 *
 * @param record the record; custom field values plain, as REST and `PATCH` have them
 * @returns a value per field that can be seen; a key absent from the record stays absent (unknown), null is empty
 */
export function crmValues(plan: FieldPlan[], record: Wire, ctx: CodecContext): Values {
  return valuesOf(plan, (field) => {
    const absent = wireAt(field.crm, record) === undefined;
    return absent ? omittedWhenEmpty(field, record) : readCrm(field, record, ctx);
  });
}

/** Collects what `read` knows; undefined stays absent. */
export function valuesOf(plan: FieldPlan[], read: (field: FieldPlan) => Value | undefined): Values {
  const known = plan.map((field) => [field.field, read(field)] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Values;
}

/** One field of a record; undefined = unknown: not there, or nothing its type can stand for. */
export function readCrm(plan: FieldPlan, record: Wire, ctx: CodecContext): Value | undefined {
  const wire = wireAt(plan.crm, record);
  if (wire === undefined) return undefined;
  if (wire === null || wire === "" || (Array.isArray(wire) && wire.length === 0)) return null;
  if (hasOptionIds(plan)) return fromOptions(plan, wire);
  if (isAdditive(plan)) return fromList(wire);
  switch (plan.type) {
    case "money":
      return fromMoney(plan, wire, record, ctx);
    case "staff":
      return fromUser(wire, ctx);
    case "stage":
      return ctx.stages.map.find((stage) => stage.stageId === Number(wire))?.program ?? { unmapped: Number(wire) };
    case "outcome":
      return wire === "open" || wire === "won" || wire === "lost" ? wire : undefined; // "deleted" is no outcome
    case "partner":
    case "partner_user":
      return toId(wire);
    case "instant":
      return typeof wire === "string" ? (toInstant(wire) ?? undefined) : undefined;
    case "date":
      return typeof wire === "string" ? (toInstant(wire)?.slice(0, 10) ?? undefined) : undefined;
    default:
      return toText(wire);
  }
}

/** The wire value of a place; undefined when the record does not have its key. */
export function wireAt(place: CrmPlace, record: Wire): unknown {
  if ("system" in place) return record[place.system];
  return isWire(record.custom_fields) ? record.custom_fields[place.custom] : undefined;
}

/** True when the field's values travel as option ids: drop-downs, multiple options, and standard fields like them. */
export function hasOptionIds(plan: FieldPlan): boolean {
  return plan.options !== undefined && ("system" in plan.crm || /^(enum|set)$/.test(plan.crm.crmType));
}

/** Standard fields that only some accounts have: whether this one does, its records show. A write without them is refused. */
export const OPTIONAL_FIELDS: readonly string[] = ["job_title", "birthday", "website", "linkedin"];

export function isOptional({ crm }: FieldPlan): boolean {
  return "system" in crm && OPTIONAL_FIELDS.includes(crm.system);
}

/** Open deals leave these out while they are empty, unlike every other key, whose absence says nothing. */
const OMITTED_WHEN_EMPTY = ["expected_close_date", "won_time", "lost_time"];

/** What the absence of a standard key from a whole record says: empty for those of an open deal, else nothing. */
export function omittedWhenEmpty(plan: FieldPlan, record: Wire): null | undefined {
  const omitted = "system" in plan.crm && OMITTED_WHEN_EMPTY.includes(plan.crm.system);
  return omitted && record.status === "open" ? null : undefined;
}

function fromOptions(plan: FieldPlan, wire: unknown): Value {
  const ids = (Array.isArray(wire) ? wire : [wire]).map((id) => toId(id) ?? String(id));
  const keys = ids.map((id) => plan.options?.find((option) => option.id === id)?.program);
  if (plan.type !== "options") return keys[0] ?? { unmapped: ids[0] ?? "" };
  // A set with one option the program does not know cannot be expressed at all: half of it would be another set.
  return keys.every((key) => key !== undefined) ? [...new Set(keys)].sort() : { unmapped: ids.sort().join(",") };
}

/** `emails` / `phones` of a Person: what people see, in their order. */
function fromList(wire: unknown): Value | undefined {
  if (!Array.isArray(wire)) return undefined;
  const values = wire
    .map((item) => (isWire(item) ? item.value : item))
    .filter((v) => typeof v === "string" && v !== "");
  return values.length ? (values as string[]) : null;
}

function fromMoney(plan: FieldPlan, wire: unknown, record: Wire, ctx: CodecContext): Value | undefined {
  const own = isWire(wire);
  const value = own ? wire.value : wire;
  if (value === null || value === undefined) return own ? null : undefined;
  const beside = "system" in plan.crm ? record.currency : (plan.constant ?? ctx.rules?.defaultCurrency);
  const currency = own ? wire.currency : beside;
  const amount = plainDecimal(value);
  return amount !== null && typeof currency === "string" && currency ? { amount, currency } : undefined;
}

function fromUser(wire: unknown, ctx: CodecContext): Value | undefined {
  const id = toId(wire);
  if (id === undefined) return undefined;
  return ctx.users.find((user) => user.id === id)?.email.toLowerCase() ?? { unmapped: id };
}

function toId(wire: unknown): number | undefined {
  const id = typeof wire === "string" && /^\d{1,15}$/.test(wire) ? Number(wire) : wire;
  return typeof id === "number" && Number.isSafeInteger(id) ? id : undefined;
}

/** Text, numbers of number fields, and the two shapes that carry their text inside (addresses, some lost reasons). */
function toText(wire: unknown): string | undefined {
  if (typeof wire === "string") return wire;
  if (typeof wire === "number") return plainDecimal(wire) ?? undefined;
  const inside = isWire(wire) ? [wire.value, wire.label, wire.name] : [];
  return inside.find((part) => typeof part === "string") as string | undefined;
}
