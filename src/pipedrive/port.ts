import type { RequiredFields } from "../sync/account.ts";
import type { CrmObject } from "../sync/model.ts";

/**
 * What the sync needs of one Pipedrive account. `client.ts` implements it on axios.
 *
 * Every method throws the errors of `src/errors.ts` only: ParkedError (burst or daily 429, own two-second window),
 * ConnectionError (401, 402, abuse or scope 403, wrong host or certificate), RecordError (refused for good: 400, 403 on
 * a record, 422),
 * NotFoundError (404, 410), OutcomeUnknownError (a write without an answer, or answered 5xx), NoEffectError (a call
 * known not to have arrived, or a failed read).
 */
export interface Pipedrive {
  /** `GET /api/v2/{objects}/{id}`, 1 token. A soft-deleted record may be answered with `is_deleted: true`. */
  get(object: CrmObject, id: number, options?: CallOptions): Promise<CrmRecord>;
  /** `POST`, 5 tokens; answers the full record. */
  create(object: CrmObject, body: Record<string, unknown>, options?: CallOptions): Promise<CrmRecord>;
  /** `PATCH` of only these keys, 5 tokens; custom fields inside `custom_fields`; answers the full record. */
  patch(object: CrmObject, id: number, body: Record<string, unknown>, options?: CallOptions): Promise<CrmRecord>;
  /** `GET /api/v2/{objects}?ids=` up to 100, 10 tokens; missing ids are left out. */
  getMany(object: CrmObject, ids: number[], options?: CallOptions): Promise<CrmRecord[]>;
  /** `GET /api/v2/{objects}?updated_since=&sort_by=update_time`, one page of up to 500, 10 tokens. */
  listUpdated(
    object: CrmObject,
    updatedSince: Date,
    page?: { cursor?: string; limit?: number },
    options?: CallOptions,
  ): Promise<{ records: CrmRecord[]; cursor: string | null }>;
  /** `GET /api/v2/{objects}/search`, 20 tokens. Ids of hits only: the caller re-verifies each. `exact_match` is case-insensitive. */
  search(
    object: CrmObject,
    query: { term: string; field: "custom_fields" | "email" | "name" | "title"; organizationId?: number },
    options?: CallOptions,
  ): Promise<number[]>;
  /**
   * `GET /api/v2/itemSearch/field`, 20 tokens a page: records whose field holds the term anywhere, whatever its case.
   * Ids of hits only: the caller looks at each.
   */
  searchField(object: CrmObject, query: { term: string; key: string }, options?: CallOptions): Promise<number[]>;
  /** `GET /api/v2/deals?org_id=&status=open,won`, 10 tokens: at most 100, those changed last. */
  dealsOf(organizationId: number, options?: CallOptions): Promise<CrmRecord[]>;
  /** `POST /api/v1/notes`, 10 tokens. */
  addNote(note: { dealId: number; content: string }, options?: CallOptions): Promise<{ id: number }>;
  /** `GET /api/v1/notes?deal_id=`, 20 tokens. */
  listNotes(dealId: number, options?: CallOptions): Promise<{ id: number; content: string }[]>;
  /** `GET /api/v2/{object}Fields/{key}`, 1 token. @throws NotFoundError when the field is gone */
  field(object: CrmObject, key: string, options?: CallOptions): Promise<FieldDefinition>;
  /** All fields of an object, every page, 10 tokens a page; with where people have to fill them in. */
  fields(object: CrmObject, options?: CallOptions): Promise<FieldDefinition[]>;
  /** `POST /api/v2/{object}Fields`, 5 tokens; Pipedrive chooses the key. @throws RecordError PLAN_LIMIT_REACHED */
  createField(object: CrmObject, field: NewField, options?: CallOptions): Promise<FieldDefinition>;
  /** `POST /api/v2/{object}Fields/{key}/options`, 5 tokens; the options that are there stay. @returns the new ones */
  addOptions(
    object: CrmObject,
    key: string,
    labels: string[],
    options?: CallOptions,
  ): Promise<{ id: number | string; label: string }[]>;
  /** All pipelines / stages, 5 tokens a page. */
  pipelines(options?: CallOptions): Promise<{ id: number; name: string; is_deleted: boolean }[]>;
  stages(options?: CallOptions): Promise<{ id: number; name: string; pipeline_id: number; is_deleted: boolean }[]>;
  /** `GET /api/v1/users`, 20 tokens; `GET /api/v1/users/me`, 2 tokens. */
  users(options?: CallOptions): Promise<PipedriveUser[]>;
  me(options?: CallOptions): Promise<
    PipedriveUser & {
      company_id: number;
      company_domain: string;
      company_name: string;
      default_currency?: string | null | undefined;
    }
  >;
  /** Who may do what, for access reviews. Users with every member as answered: `GET /api/v1/users`, 20 tokens. */
  accessUsers(options?: CallOptions): Promise<AccessUser[]>;
  /** `GET /api/v1/users/{id}`, 2 tokens; deactivated ones too. */
  accessUser(id: number, options?: CallOptions): Promise<AccessUser>;
  /** `PUT /api/v1/users/{id}` of `active_flag: false`, 10 tokens: nothing else can be changed of a user. */
  deactivateUser(id: number, options?: CallOptions): Promise<AccessUser>;
  /** `GET /api/v1/permissionSets`, 20 tokens; one's rights by name, 2 tokens. */
  permissionSets(options?: CallOptions): Promise<{ id: string; name: string; app: string; type: string | null }[]>;
  permissionSet(id: string, options?: CallOptions): Promise<string[]>;
  /** Ids of users, a page from `start` on: 20 tokens. @throws NotFoundError also when nobody has the set */
  permissionSetAssignments(id: string, start: number, options?: CallOptions): Promise<AccessPage<number>>;
  /** A page of roles, 20 tokens; ids of a role's users, 10 tokens a page. */
  roles(
    start: number,
    options?: CallOptions,
  ): Promise<AccessPage<{ id: number; name: string; parent_role_id: number | null }>>;
  roleAssignments(id: number, start: number, options?: CallOptions): Promise<AccessPage<number>>;
  /** `GET /api/v1/users/{id}/permissions`, 10 tokens: names of what the user may do. */
  userPermissions(id: number, options?: CallOptions): Promise<string[]>;
  /** Webhook subscriptions, version 2.0 payloads (v1 endpoints: 10 / 10 / 6 tokens). */
  createWebhook(webhook: NewWebhook, options?: CallOptions): Promise<{ id: number }>;
  listWebhooks(
    options?: CallOptions,
  ): Promise<
    { id: number; subscription_url: string; event_object: string; event_action: string; is_active: boolean }[]
  >;
  deleteWebhook(id: number, options?: CallOptions): Promise<void>;
}

export interface CallOptions {
  /** Aborts the call when the caller's lease is lost. */
  signal?: AbortSignal;
  /** Why tokens are spent, for the ledger: "live", "setup", "lookup" … Default "live". */
  purpose?: string;
}

/** A record as REST v2 answers it. Unset custom fields are null; an absent key means it cannot be seen. */
export interface CrmRecord {
  id: number;
  update_time: string;
  is_deleted?: boolean;
  custom_fields: Record<string, unknown>;
  [key: string]: unknown;
}

export interface FieldDefinition {
  field_code: string;
  field_name: string;
  field_type: string;
  is_custom_field: boolean;
  options: { id: number | string; label: string; add_time?: string | null | undefined }[] | null;
  /** Where people have to fill the field in; absent when it was not asked. */
  required_fields?: RequiredFields | null;
}

export interface NewField {
  name: string;
  /** The API's word, e.g. `varchar`. */
  type: string;
  /** Labels; of `enum` and `set` at least one. */
  options?: string[];
}

export interface PipedriveUser {
  id: number;
  name: string;
  email: string;
  active_flag: boolean;
  is_deleted?: boolean;
  access?: { app: string; admin: boolean }[];
}

/** A user as v1 answers it, as far as access reviews look at it. */
export interface AccessUser {
  id: number;
  name: string;
  email?: string | null;
  active_flag: boolean | 0 | 1;
  is_deleted?: boolean | 0 | 1 | null;
  last_login?: string | null;
  role_id?: number | null;
  access?: { app: string; admin?: boolean | 0 | 1 | null; permission_set_id?: string | null }[] | null;
  [member: string]: unknown;
}

/** A page of a v1 list. */
export interface AccessPage<T> {
  items: T[];
  /** Where the next page starts; null behind the last one. */
  next: number | null;
}

export interface NewWebhook {
  name: string;
  subscription_url: string;
  event_action: "create" | "change" | "delete" | "*";
  event_object: "organization" | "person" | "deal" | "user";
  http_auth_user: string;
  http_auth_password: string;
}
