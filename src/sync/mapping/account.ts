import type { CrmObject } from "../model.ts";

/** What a mapping is resolved against: one Pipedrive account as its listings answer it. */
export interface AccountSnapshot {
  /** The part of the account's address before `.pipedrive.com`. */
  companyDomain: string;
  /** All fields of an object, standard and custom. */
  fields: Record<CrmObject, readonly AccountField[]>;
  pipelines: readonly { id: number; name: string; is_deleted: boolean }[];
  stages: readonly { id: number; name: string; pipeline_id: number; is_deleted: boolean }[];
  users: readonly AccountUser[];
  /** The user whose token the connection holds. */
  me: AccountUser;
}

export interface AccountField {
  field_code: string;
  field_name: string;
  field_type: string;
  is_custom_field: boolean;
  options: readonly { id: number | string; label: string }[] | null;
}

export interface AccountUser {
  id: number;
  name: string;
  email: string;
  active_flag: boolean;
  is_deleted?: boolean;
  access?: readonly { app: string; admin: boolean }[];
}

/** How the connection to the account is marked; `rehearsal` is a connection to our own twin. */
export type ConnectionEnvironment = "production" | "sandbox" | "rehearsal";
