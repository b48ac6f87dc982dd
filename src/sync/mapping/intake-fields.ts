import type { ProgramKind } from "../model.ts";

/** How a posted text becomes a value of the neutral model. `word` is one of a closed list. */
export type IntakeType = "text" | "email" | "word" | "amount" | "currency" | "date" | "instant" | "list";

export interface IntakeField {
  type: IntakeType;
  /** The neutral model's own words, where it has a closed list of them. */
  values?: readonly string[];
  /** Where it lies in the snapshot, when not under its own name. */
  at?: readonly string[];
  /** The program path of the mapping that shows it in Pipedrive, if one can. */
  shows?: string;
}

const text: IntakeField = { type: "text" };
const word = (...values: string[]): IntakeField => ({ type: "word", values });

const REVIEW = [
  ...["draft", "submitted", "in_review", "action_required", "approved"],
  ...["rejected", "withdrawn", "cancelled", "expired"],
];

/** What a posted workflow may tell of each kind, under the names that the neutral model gives it. */
export const INTAKE_FIELDS = {
  partner: {
    name: text,
    website: text,
    tier: text,
    type: text,
    region: text,
    country: text,
    status: word("active", "inactive", "pending"),
    manager_email: { type: "email" },
    enrolled_at: { type: "date" },
  },
  contact: {
    partner_id: text,
    email: { type: "email" },
    first_name: text,
    last_name: text,
    phone: text,
    job_title: text,
    role: word("owner", "executive", "manager", "sales"),
    status: word("pending", "active", "inactive", "disabled"),
  },
  deal_registration: {
    partner_id: text,
    owner_user_id: text,
    title: text,
    number: text,
    description: text,
    source: text,
    amount: { type: "amount", at: ["amount", "value"] },
    currency: { type: "currency", at: ["amount", "currency"] },
    expected_close_date: { type: "date" },
    products: { type: "list" },
    submitted_at: { type: "date" },
    approved_at: { type: "date" },
    "review.status": { ...word(...REVIEW), shows: "registration.review_display" },
    "protection.expires_at": { type: "date", shows: "registration.protection_expires_on" },
    "sales.status": word("open", "won", "lost"),
    "sales.lost_reason": text,
    "account.name": { type: "text", at: ["prospect", "account", "name"] },
    "account.domain": { type: "text", at: ["prospect", "account", "domain"] },
    "account.country": { type: "text", at: ["prospect", "account", "country"] },
    "contact.first_name": { type: "text", at: ["prospect", "contact", "first_name"] },
    "contact.last_name": { type: "text", at: ["prospect", "contact", "last_name"] },
    "contact.email": { type: "email", at: ["prospect", "contact", "email"] },
    "contact.phone": { type: "text", at: ["prospect", "contact", "phone"] },
  },
} as const satisfies Record<ProgramKind, Record<string, IntakeField>>;

const PREFIX = { partner: "partner", contact: "contact", deal_registration: "registration" } as const satisfies Record<
  ProgramKind,
  string
>;

/** What is known of a field of a kind; undefined for a name that is not on the list. */
export function intakeField(kind: ProgramKind, name: string): IntakeField | undefined {
  const fields: Record<string, IntakeField> = INTAKE_FIELDS[kind];
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** The program path under which a mapping line names the same value: `registration.amount`. */
export function pathShowing(kind: ProgramKind, name: string): string {
  return intakeField(kind, name)?.shows ?? `${PREFIX[kind]}.${name}`;
}

/** Where a field lies in the snapshot. */
export function placeInSnapshot(name: string, field: IntakeField): readonly string[] {
  return field.at ?? name.split(".");
}
