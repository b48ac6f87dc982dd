/**
 * What the program twin remembers and says: the neutral model in its wire names. Written down here again, apart from
 * the sync's own types, so that the twin stays an independent check of them.
 */

export const KINDS = ["partner", "contact", "deal_registration"] as const;
export type Kind = (typeof KINDS)[number];

export const PARTNER_STATUSES = ["active", "inactive", "pending"] as const;
export type PartnerStatus = (typeof PARTNER_STATUSES)[number];

export const CONTACT_ROLES = ["owner", "executive", "manager", "sales"] as const;

interface Versioned {
  /** 0 while nothing about it has left the program (a draft, an unverified contact). */
  version: number;
  created_at: string;
  updated_at: string;
}

export interface Partner extends Versioned {
  partner_id: string;
  name: string;
  website: string | null;
  domains: string[];
  status: PartnerStatus;
  status_reason: string | null;
  type: string | null;
  tier: string | null;
  region: string | null;
  country: string | null;
  manager_email: string | null;
  associated_partner_ids: string[];
  enrolled_at: string;
  archived_at: string | null;
  /** The partner it was merged into. */
  into: string | null;
  crm: { org_id: number | null };
}

export interface Contact extends Versioned {
  partner_user_id: string;
  partner_id: string;
  email: string;
  first_name: string | null;
  last_name: string | null;
  phone: string | null;
  job_title: string | null;
  role: (typeof CONTACT_ROLES)[number];
  /** `inactive` follows the partner, `disabled` is an administrator's act. */
  status: "pending" | "active" | "inactive" | "disabled";
  email_verified_at: string | null;
  crm: { person_id: number | null };
}

export interface Money {
  value: number;
  currency: string;
}

export interface Prospect {
  account: {
    name: string;
    legal_name: string | null;
    domain: string | null;
    country: string | null;
    address: string | null;
    industry: string | null;
  };
  contact: {
    first_name: string | null;
    last_name: string | null;
    email: string | null;
    phone: string | null;
    job_title: string | null;
  };
}

export type ReviewStatus =
  | "draft"
  | "submitted"
  | "in_review"
  | "action_required"
  | "approved"
  | "rejected"
  | "withdrawn"
  | "cancelled"
  | "expired";

export const CONFLICT_STATES = ["none", "suspected", "confirmed", "overridden"] as const;
export type ConflictState = (typeof CONFLICT_STATES)[number];

export interface Registration extends Versioned {
  registration_id: string;
  number: string;
  partner_id: string;
  submitted_by: string;
  owner_user_id: string;
  title: string;
  description: string | null;
  source: string;
  prospect: Prospect;
  products: string[];
  amount: Money | null;
  expected_close_date: string | null;
  /** `phase` tells what ended: the review itself, or the protection that an approval gave. */
  review: {
    status: ReviewStatus;
    reason: string | null;
    decided_at: string | null;
    phase: "review" | "protection" | null;
  };
  sales: {
    status: "none" | "open" | "won" | "lost";
    stage_key: string | null;
    closed_at: string | null;
    lost_reason: string | null;
  };
  protection: { starts_at: string | null; expires_at: string | null; extensions: { at: string; until: string }[] };
  conflict: { state: ConflictState; candidates: string[] };
  crm: { deal_id: number | null; org_id: number | null; person_id: number | null };
  submitted_at: string | null;
}

export interface Aggregates {
  partner: Partner;
  contact: Contact;
  deal_registration: Registration;
}
export type Aggregate = Aggregates[Kind];

export interface Actor {
  kind: string;
  id: string;
  label: string;
}

export interface ProgramEvent {
  event_id: string;
  type: string;
  schema_version: 1;
  tenant_id: string;
  occurred_at: string;
  aggregate: { kind: Kind | "sync"; id: string; version: number };
  actor: Actor;
  origin: "program" | "crm";
  correlation_id: string;
  causation_id: string | null;
  changed: { path: string; from: unknown; to: unknown }[];
  data: unknown;
}

/** What the control API decides about a tenant. */
export interface Settings {
  secrets: string[];
  /** Where events are pushed to; null for a tenant that only pulls. */
  events_url: string | null;
  idFormat: "prefixed" | "opaque";
  /** Requests a minute before 406 is answered; null for none. */
  rateLimit: number | null;
}

/** One command as it was received and answered. */
export interface CommandRecord {
  at: string;
  command: string;
  idempotency_key: string;
  outcome: "changed" | "unchanged" | "refused" | "repeated";
  /** Digest of what the key stands for. */
  digest: string;
  status: number;
  /** The answer as JSON text. */
  answer: string;
}

export interface Finding {
  finding_id: string;
  at: string;
  code: string;
  severity: string;
  ref: string;
  detail: string;
}

/** A request that cannot be carried out: answered as it is. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: number;
  readonly body: Record<string, unknown>;
  constructor(status: number, body: Record<string, unknown>) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

/** One of the program's documented refusals: 409 `{ refused }`. */
export function refused(code: string, more: Record<string, unknown> = {}): Refusal {
  return new Refusal(409, { refused: code, ...more });
}

export function notFound(what: string): Refusal {
  return new Refusal(404, { error: "not_found", message: `there is no ${what}` });
}

export function invalid(message: string): Refusal {
  return new Refusal(400, { error: "invalid", message });
}
