import type { ObjectName } from "./model.ts";

export type RuleType =
  | "name"
  | "text"
  | "integer"
  | "number"
  | "boolean"
  | "date"
  | "instant"
  | "currency"
  | "status"
  | "visible_to"
  | "ids"
  | "contacts"
  | "address"
  | "user"
  | "organization"
  | "person"
  | "pipeline"
  | "stage"
  | "marketing_status";

/** How one key of a body is read. */
export interface Rule {
  type: RuleType;
  nullable?: boolean;
  createOnly?: boolean;
  /** Exists with contact sync only. */
  contactSync?: boolean;
  maxLength?: number;
}

const COMMON: Record<string, Rule> = {
  owner_id: { type: "user" },
  visible_to: { type: "visible_to" },
  label_ids: { type: "ids" },
};

/**
 * Keys that v2 accepts in bodies. `null` is accepted where the official document says so and, since it is known to
 * understate this, where an answer may hold null.
 */
export const BODY_RULES: Record<ObjectName, Record<string, Rule>> = {
  person: {
    ...COMMON,
    name: { type: "name" },
    first_name: { type: "text", nullable: true },
    last_name: { type: "text", nullable: true },
    org_id: { type: "organization", nullable: true },
    add_time: { type: "instant", createOnly: true },
    emails: { type: "contacts" },
    phones: { type: "contacts" },
    marketing_status: { type: "marketing_status" },
    im: { type: "contacts", contactSync: true },
    notes: { type: "text", nullable: true, contactSync: true, maxLength: 10_000 },
    birthday: { type: "date", nullable: true, contactSync: true },
    job_title: { type: "text", nullable: true, contactSync: true },
    postal_address: { type: "address", nullable: true, contactSync: true },
  },
  organization: {
    ...COMMON,
    name: { type: "name" },
    add_time: { type: "instant", createOnly: true },
    address: { type: "address", nullable: true },
    website: { type: "text", nullable: true },
    linkedin: { type: "text", nullable: true },
    industry: { type: "integer", nullable: true },
    annual_revenue: { type: "integer", nullable: true },
    employee_count: { type: "integer", nullable: true },
  },
  deal: {
    ...COMMON,
    title: { type: "name" },
    person_id: { type: "person", nullable: true },
    org_id: { type: "organization", nullable: true },
    pipeline_id: { type: "pipeline" },
    stage_id: { type: "stage" },
    value: { type: "number", nullable: true },
    currency: { type: "currency" },
    status: { type: "status" },
    probability: { type: "number", nullable: true },
    lost_reason: { type: "text", nullable: true, maxLength: 150 },
    close_time: { type: "instant", nullable: true },
    won_time: { type: "instant", nullable: true },
    lost_time: { type: "instant", nullable: true },
    expected_close_date: { type: "date", nullable: true },
    is_archived: { type: "boolean" },
    archive_time: { type: "instant", nullable: true },
  },
};

/** Parts of the addresses of persons and organizations; those of custom fields also have `formatted_address`. */
export const SYSTEM_ADDRESS_PARTS = [
  "country",
  "admin_area_level_1",
  "admin_area_level_2",
  "locality",
  "sublocality",
  "route",
  "street_number",
  "subpremise",
  "postal_code",
] as const;
