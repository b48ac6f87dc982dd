import type { Switches } from "./switches.ts";

/** What one imitated Pipedrive account is made of. Names of fields are those of the wire. */

export const OBJECTS = ["organization", "person", "deal"] as const;
export type ObjectName = (typeof OBJECTS)[number];
export type Plan = "lite" | "growth" | "premium" | "ultimate";

/** A record as v2 answers it, except that `custom_fields` holds set ones only. Never changed in place. */
export interface RecordData {
  id: number;
  add_time: string;
  update_time: string;
  is_deleted: boolean;
  custom_fields: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Row {
  data: RecordData;
  /** Counts the changes; makes event ids that are the same after a restart. */
  revision: number;
  /** ms on the twin's clock: finer than `update_time`. */
  touchedAt: number;
  /** `first_won_time` is answered only when asked for. */
  firstWonTime: string | null;
}

export interface User {
  id: number;
  name: string;
  email: string;
  admin: boolean;
  active_flag: boolean;
  api_token: string;
  /** An OAuth access token that never expires; used as `Authorization: Bearer`. */
  access_token: string;
  created: string;
  modified: string;
  /** Counts the edits, as a row's does. */
  revision: number;
  /** Null: never. Absent, as in what was kept by earlier versions: when last modified. */
  last_login?: string | null;
  /** Whether the invitation was accepted; absent: yes. */
  activated?: boolean;
  is_deleted?: boolean;
  role_id?: number;
  /** Ids; absent: the usual ones of an administrator, or of anybody else. */
  permission_sets?: string[];
}

export const APPS = ["sales", "projects", "campaigns", "global", "account_settings", "partnership", "nova"] as const;
export type App = (typeof APPS)[number];

/** What its users may do in an app. */
export interface PermissionSet {
  id: string;
  name: string;
  description: string;
  app: App;
  type: "admin" | "manager" | "regular" | "custom";
  contents: string[];
}

/** A place in the tree that decides who sees whose records. */
export interface Role {
  id: number;
  parent_role_id: number | null;
  name: string;
}

/** What may be done with the records of an object. */
export const RECORD_ACTS = ["read", "create", "edit", "delete"] as const;
export type RecordAct = (typeof RECORD_ACTS)[number];

/** What the API may be made to refuse: of access, and of records. */
export const DENIABLE = [
  ...(["users", "user_permissions", "permission_sets", "roles"] as const),
  ...OBJECTS.flatMap((object) => RECORD_ACTS.map((act) => `${object}.${act}` as const)),
] as const;
export type Deniable = (typeof DENIABLE)[number];
/** For want of an OAuth scope, or of a right of the token's user. */
export type Denial = "scope" | "right";

export interface FieldOption {
  id: number;
  label: string;
  add_time: string;
  update_time: string;
}

/** A custom field of an object. */
export interface Field {
  object: ObjectName;
  field_code: string;
  field_name: string;
  field_type: string;
  description: string | null;
  options: FieldOption[] | null;
  /** Where people have to fill it in; absent: nowhere. */
  required_fields?: RequiredFields;
  /** What keeps users who are no administrators from it; absent: nothing. */
  restricted?: FieldRestriction;
}

/** `hidden`: as if it were not there; `locked`: shown, but what is written to it does not stay. */
export const FIELD_RESTRICTIONS = ["hidden", "locked"] as const;
export type FieldRestriction = (typeof FIELD_RESTRICTIONS)[number];

/** Stages and statuses (by pipeline) are of deals only. */
export interface RequiredFields {
  enabled: boolean;
  stage_ids?: number[];
  statuses?: Record<string, string[]>;
}

export interface Pipeline {
  id: number;
  name: string;
  order_nr: number;
  is_deleted: boolean;
  is_deal_probability_enabled: boolean;
  add_time: string;
  update_time: string;
}

export interface Stage {
  id: number;
  order_nr: number;
  name: string;
  is_deleted: boolean;
  deal_probability: number;
  pipeline_id: number;
  is_deal_rot_enabled: boolean;
  days_to_rotten: number | null;
  add_time: string;
  update_time: string;
}

export interface Note {
  id: number;
  content: string;
  user_id: number;
  deal_id: number | null;
  person_id: number | null;
  org_id: number | null;
  lead_id: string | null;
  add_time: string;
  update_time: string;
  last_update_user_id: number | null;
}

export interface Webhook {
  id: number;
  user_id: number;
  event_action: string;
  event_object: string;
  subscription_url: string;
  name: string;
  http_auth_user: string | null;
  http_auth_password: string | null;
  add_time: string;
  remove_time: string | null;
  remove_reason: string | null;
  last_delivery_time: string | null;
  last_http_status: number | null;
  /** Failed first attempts since the last ban. */
  failures: number;
  /** ms on the twin's clock. */
  bannedUntil: number;
  /** When the present run of failures began, ms; null while deliveries succeed. */
  failingSince: number | null;
}

export interface Limits {
  /** The company's tokens a day; null: 30,000 times plan times active users. */
  dailyTokens: number | null;
  /** Requests per two seconds and token; null: by plan and kind of token. */
  burstPer2s: number | null;
  /** No limits at all; prices are still counted. */
  off: boolean;
  /** Refused requests within ten seconds after which API tokens meet the HTML 403 for a minute; 0: never. */
  abuseAfter: number;
}

export interface CompanyInfo {
  id: number;
  domain: string;
  name: string;
  plan: Plan;
  currency: string;
  limits: Limits;
  switches: Switches;
  /** What is refused to every token. */
  denied?: Partial<Record<Deniable, Denial>>;
}
