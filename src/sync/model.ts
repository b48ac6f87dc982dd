/**
 * The words of the domain as types. No HTTP, Redis or database here.
 *
 * Values of both sides are brought into one *common form* at the edges (`codec.ts`), so that everything in between
 * compares like with like:
 *
 * | FieldType | common form |
 * | --- | --- |
 * | text, email, phone | string as that side answered it |
 * | option, stage | the program's option / stage key, or `{ unmapped }` for a Pipedrive id the mapping does not know |
 * | options | program option keys, sorted |
 * | money | `{ amount, currency }`, amount a plain decimal string |
 * | date | `YYYY-MM-DD` |
 * | instant | RFC 3339 UTC |
 * | staff | the user's e-mail, lower case |
 * | partner, partner_user | the id of the linked Organization / Person in Pipedrive |
 * | outcome | "open", "won" or "lost" |
 *
 * `null` is empty; an absent key is *unknown* (no right to see it, not in this payload) and is never treated as empty.
 */

/** A tenant's id, the same in documents, URLs, job names and file names. */
export const TENANT_ID = /^[a-z0-9-]{2,40}$/;

export const CRM_OBJECTS = ["organization", "person", "deal"] as const;
export type CrmObject = (typeof CRM_OBJECTS)[number];

export const PROGRAM_KINDS = ["partner", "contact", "deal_registration"] as const;
export type ProgramKind = (typeof PROGRAM_KINDS)[number];

/** What a Pipedrive record is to the program. One Organization may be a partner and several registrations' customer. */
export const ROLES = ["partner", "partner_user", "deal", "customer_org", "customer_person"] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_OBJECT = {
  partner: "organization",
  customer_org: "organization",
  partner_user: "person",
  customer_person: "person",
  deal: "deal",
} as const satisfies Record<Role, CrmObject>;

export const ROLE_KIND = {
  partner: "partner",
  partner_user: "contact",
  deal: "deal_registration",
  customer_org: "deal_registration",
  customer_person: "deal_registration",
} as const satisfies Record<Role, ProgramKind>;

/** The role in which an aggregate of a kind has a record of its own. */
export const OWN_ROLE = {
  partner: "partner",
  contact: "partner_user",
  deal_registration: "deal",
} as const satisfies Record<ProgramKind, Role>;

/** `inbound` writes to the partner program, `outbound` writes to Pipedrive. */
export const DIRECTIONS = ["inbound", "outbound"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface Money {
  amount: string;
  currency: string;
}
export interface Unmapped {
  unmapped: number | string;
}
export type Value = string | number | string[] | Money | Unmapped | null;
/** Field id → value in common form; absent = unknown. */
export type Values = Record<string, Value>;

export const FIELD_TYPES = [
  "text",
  "email",
  "phone",
  "option",
  "options",
  "money",
  "date",
  "instant",
  "staff",
  "partner",
  "partner_user",
  "stage",
  "outcome",
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export type FieldDirection = "crm_to_program" | "program_to_crm" | "both";
/** `restore_once`: written on create, put back once when a person empties it, then a finding. Only Deal.Allbound ID. */
export type WriteRule = "always" | "if_empty" | "on_create" | "restore_once";
export type ConflictRule = "crm" | "program" | "newest" | "manual";

/** Where a value lives in Pipedrive: a custom field by its key, or a standard field by name. */
export type CrmPlace = { custom: string; crmType: string } | { system: string };

/** The program's field behind a plan's id: a second place for one value is told apart by what follows the `#`. */
export function programField(id: string): string {
  return id.split("#", 1)[0] ?? id;
}

/** One mapped field of one role, resolved against the live account: all that decide, codec and reconcile need of it. */
export interface FieldPlan {
  /**
   * Stable id within its role: a program path (`partner.name`) or `allbound_id`, `allbound_deal_id`. A second place of
   * one program value has the beginning of its key, or its standard name, behind a `#`.
   */
  field: string;
  /** As people see it in Pipedrive. */
  label: string;
  type: FieldType;
  crm: CrmPlace;
  direction: FieldDirection;
  write: WriteRule;
  onConflict: ConflictRule;
  /** option / options: pairing of the program's key with the account's option id. */
  options?: { program: string; id: number; label: string }[];
  /** A fixed program value written instead of the aggregate's; of money in a number field, its currency. */
  constant?: string;
  /** A finding when the source has no value. */
  required?: boolean;
  /** Ids of options that the account had beside the paired ones when the mapping was loaded. */
  unpaired?: number[];
  /**
   * Stands still for the whole tenant: it is read, and neither decided nor written. `right`: because the connection's
   * user may not write it any more. Never part of a stored plan.
   */
  paused?: true | "right";
}

/** The resolved mapping of one tenant: what the worker reads. Made by `src/sync/mapping`, stored in the lock. */
export interface MappingPlan {
  tenantId: string;
  revision: number;
  idFormat: "prefixed" | "opaque";
  startAt: string;
  paused: boolean;
  /** The program can only post: nothing is ever sent to it, and every field goes to Pipedrive. */
  postsOnly?: true | undefined;
  roles: Record<Role, FieldPlan[]>;
  /** Program stage ↔ Pipedrive stage; several Pipedrive stages may stand for one program stage. */
  stages: {
    entry: { pipelineId: number; stageId: number };
    onApproved: { pipelineId: number; stageId: number } | null;
    map: { program: string; pipelineId: number; stageId: number }[];
    unmapped: "ignore" | "finding";
  };
  rules: {
    createOn: "approved" | "submitted";
    matchCustomer: "link_exact" | "review" | "none";
    /** Default "with_country": what an Organization's name is worth where its domain says nothing. */
    matchName?: "with_country" | "alone" | "never" | undefined;
    /** A partner that the program has and Pipedrive has not is looked for there, and created. */
    partnersCreateInCrm?: true | undefined;
    onRejected: "note" | "keep" | "lose";
    rejectedLostReason: string | null;
    onExpired: "none" | "note";
    ownerFrom: "partner.manager_email" | "none";
    fallbackOwnerId: number;
    defaultCurrency: string;
    programOwnsOutcome: boolean;
  };
  /** Pipedrive users by id, for owner ↔ e-mail. */
  users: { id: number; email: string; active: boolean }[];
  /** Key of the Organization's website field when the mapping has one: domain matching needs it. */
  websiteKey: CrmPlace | null;
}

/** Per field, the value each side *answered* with when both last agreed. */
export interface BasePair {
  crm: Value;
  program: Value;
  /** The field stood still when the record was made: what only a creation writes is still to be written. */
  owed?: true;
}

/** A program aggregate as its last snapshot said: the wire object, untouched, with its version. */
export interface Aggregate {
  kind: ProgramKind;
  id: string;
  version: number;
  data: Record<string, unknown>;
}
