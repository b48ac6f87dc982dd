import type { CrmObject } from "./model.ts";

/** What a Pipedrive account is made of, as far as a mapping refers to it, read at one moment. */
export interface AccountSnapshot {
  /** `acme` of `https://acme.pipedrive.com`. */
  companyDomain: string;
  fields: Record<CrmObject, AccountField[]>;
  pipelines: { id: number; name: string; is_deleted: boolean }[];
  stages: { id: number; name: string; pipeline_id: number; is_deleted: boolean }[];
  users: AccountUser[];
  /** Whose API token the connection uses. */
  me: AccountUser & {
    company_id: number;
    company_domain: string;
    company_name: string;
    /** ISO 4217; what Pipedrive proposes to this user, usually the company's. */
    default_currency?: string | null | undefined;
  };
}

/** A field's definition; `options` is null unless its type has options. */
export interface AccountField {
  field_code: string;
  field_name: string;
  field_type: string;
  is_custom_field: boolean;
  /** `add_time` where Pipedrive tells it: of fields themselves it tells none. */
  options: { id: number | string; label: string; add_time?: string | null | undefined }[] | null;
  /** Whether people have to fill the field in, everywhere or at some stages or outcomes; absent when it was not asked. */
  required_fields?: RequiredFields | null;
}

/** `enabled` with nothing else is everywhere. Statuses are by pipeline id: `{ "3": ["won"] }`. */
export interface RequiredFields {
  enabled: boolean;
  stage_ids?: number[] | null;
  statuses?: Record<string, string[]> | null;
}

export interface AccountUser {
  id: number;
  name: string;
  email: string;
  active_flag: boolean;
  is_deleted?: boolean;
  access?: { app: string; admin: boolean }[];
}
