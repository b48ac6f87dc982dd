import { isMoney, isUnmapped, toInstant } from "./canonical.ts";
import { plainDecimal } from "./canonical-money.ts";
import { isWire, valuesOf, type Wire } from "./codec-crm.ts";
import { type Aggregate, type FieldPlan, type ProgramKind, programField, type Value, type Values } from "./model.ts";

export interface ProgramContext {
  /** The Pipedrive id linked to a program id; undefined while there is none. */
  link(kind: ProgramKind, id: string): number | undefined;
}

/** Where a field lies in the snapshot when it is not simply under its own name. */
const PATHS: Record<string, string[]> = {
  "registration.protection_expires_on": ["protection.expires_at"],
  "registration.review_display": ["review.status"],
  "registration.approved_at": ["approved_at", "review.approved_at"],
};

/** What a Deal shows of a review. A draft is absent: it never travels. */
const REVIEW_DISPLAY: Record<string, string> = {
  submitted: "pending",
  in_review: "pending",
  action_required: "more_info",
  approved: "approved",
  rejected: "declined",
  withdrawn: "cancelled",
  cancelled: "cancelled",
  expired: "expired",
};

/**
 * A program snapshot → common form.
 *
 * @returns a value per field the snapshot tells; what it leaves out, a draft's review and ids that are not linked yet
 *          stay absent (unknown); an option the plan does not pair is `{ unmapped }`
 */
export function programValues(plan: FieldPlan[], aggregate: Aggregate, ctx: ProgramContext): Values {
  return valuesOf(plan, (field) => {
    if (field.constant !== undefined && field.type !== "money") return paired(field, field.constant);
    // The role's own id, or the registration a customer came from: either way the id of what we are reading.
    if (field.field === "allbound_id" || field.field === "allbound_deal_id") return aggregate.id;
    const name = programField(field.field);
    if (name === "partner.status" && isArchived(field, aggregate.data)) return paired(field, "inactive");
    const wire = wireOf(name, aggregate.data);
    if (wire === undefined) return undefined;
    if (name === "registration.review_display") return paired(field, toReviewDisplay(wire));
    if (wire === null || wire === "") return null;
    return inItsCurrency(field, paired(field, fromProgram(field, wire, ctx)));
  });
}

/**
 * A value → its form in a command's payload: money as `{ value, currency }` with a number, of a list of e-mails or
 * phones the first, all else as it is.
 *
 * @returns undefined for what never travels (an unmapped value)
 */
export function encodeProgram(field: FieldPlan, value: Value): unknown {
  if (isUnmapped(value)) return undefined;
  if (Array.isArray(value) && field.type !== "options") return value[0] ?? null; // the program keeps one e-mail, one phone
  if (isMoney(value)) {
    return { value: Number(value.amount), currency: value.currency };
  }
  return value;
}

/** A partner that the program has put away is over in Pipedrive too, where the program has a say about that. */
function isArchived({ direction }: FieldPlan, { archived_at }: Wire): boolean {
  return direction !== "crm_to_program" && typeof archived_at === "string";
}

function wireOf(field: string, data: Wire): unknown {
  const paths = PATHS[field] ?? [field.replace(/^(partner|contact|registration)\./, "")];
  return paths.map((path) => at(data, path.split("."))).find((wire) => wire !== undefined);
}

/** Follows a path; an empty parent (`protection: null`) makes everything below it empty, a missing one unknown. */
function at(data: unknown, path: string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || data === null) return data;
  return isWire(data) ? at(data[key], rest) : undefined;
}

function fromProgram(field: FieldPlan, wire: unknown, ctx: ProgramContext): Value | undefined {
  switch (field.type) {
    case "money":
      return fromMoney(wire);
    case "partner":
      return ctx.link("partner", String(wire));
    case "partner_user":
      return ctx.link("contact", String(wire));
    case "options":
      return fromOptions(wire);
    case "date":
      return typeof wire === "string" ? (toInstant(wire)?.slice(0, 10) ?? undefined) : undefined;
    case "instant":
      return typeof wire === "string" ? (toInstant(wire) ?? undefined) : undefined;
    case "staff":
      return typeof wire === "string" ? wire.toLowerCase() : undefined;
    case "outcome":
      // Without a sale yet there is nothing to tell a Deal; what a Deal tells is told all the same.
      return wire === "none" && field.direction === "program_to_crm" ? undefined : String(wire);
    default:
      return typeof wire === "string" ? wire : (plainDecimal(wire) ?? undefined);
  }
}

function fromMoney(wire: unknown): Value | undefined {
  if (!isWire(wire)) return undefined;
  if (wire.value === null) return null;
  const amount = plainDecimal(wire.value);
  return amount !== null && typeof wire.currency === "string" ? { amount, currency: wire.currency } : undefined;
}

function fromOptions(wire: unknown): Value | undefined {
  if (!Array.isArray(wire)) return undefined;
  const keys = wire.filter((key) => typeof key === "string");
  return keys.length ? [...new Set(keys)].sort() : null;
}

function toReviewDisplay(status: unknown): Value | undefined {
  if (typeof status !== "string") return status === null ? null : undefined;
  return status === "draft" ? undefined : (REVIEW_DISPLAY[status] ?? { unmapped: status });
}

/** A number field keeps amounts of one currency: another one would be read as that. */
function inItsCurrency({ type, constant }: FieldPlan, value: Value | undefined): Value | undefined {
  if (type !== "money" || constant === undefined) return value;
  const currency = isMoney(value) ? value.currency.trim().toUpperCase() : constant;
  return currency === constant ? value : { unmapped: currency };
}

/** Marks what the plan's pairing of options cannot express. */
function paired(field: FieldPlan, value: Value | undefined): Value | undefined {
  if (value === undefined || value === null || !field.options || isUnmapped(value)) return value;
  const keys = Array.isArray(value) ? value : [String(value)];
  const known = keys.every((key) => field.options?.some((option) => option.program === key));
  return known ? value : { unmapped: keys.join(",") };
}
