import { z } from "zod";
import type { ProgramKind } from "../sync/model.ts";

/**
 * The three aggregates of the neutral model as they travel. Wire names are snake_case; what the sync does not use is
 * kept untouched, and every member but id and version may be absent or null: a program may not have it.
 */

const text = z.string().nullish();
const id = z.string().min(1).max(64);
const version = z.int().positive();
const crmId = z.int().positive().nullish();

export const money = z.looseObject({ value: z.number(), currency: z.string().length(3) });

export const partnerSnapshot = z.looseObject({
  partner_id: id,
  version,
  name: text,
  website: text,
  domains: z.array(z.string()).nullish(),
  status: text,
  type: text,
  tier: text,
  region: text,
  country: text,
  manager_email: text,
  enrolled_at: text,
  updated_at: text,
  archived_at: text,
  crm: z.looseObject({ org_id: crmId }).nullish(),
});

export const contactSnapshot = z.looseObject({
  partner_user_id: id,
  version,
  partner_id: text,
  email: text,
  first_name: text,
  last_name: text,
  phone: text,
  job_title: text,
  role: text,
  status: text,
  email_verified_at: text,
  updated_at: text,
  crm: z.looseObject({ person_id: crmId }).nullish(),
});

const prospect = z.looseObject({
  account: z.looseObject({ name: text, legal_name: text, domain: text, country: text }).nullish(),
  contact: z.looseObject({ first_name: text, last_name: text, email: text, phone: text, job_title: text }).nullish(),
});

export const dealRegistrationSnapshot = z.looseObject({
  registration_id: id,
  version,
  number: text,
  partner_id: text,
  submitted_by: text,
  owner_user_id: text,
  title: text,
  description: text,
  source: text,
  prospect: prospect.nullish(),
  products: z.array(z.string()).nullish(),
  amount: money.nullish(),
  expected_close_date: text,
  review: z.looseObject({ status: z.string(), reason: text, decided_at: text }).nullish(),
  sales: z.looseObject({ status: z.string(), stage_key: text, closed_at: text, lost_reason: text }).nullish(),
  protection: z.looseObject({ starts_at: text, expires_at: text }).nullish(),
  crm: z.looseObject({ deal_id: crmId, org_id: crmId, person_id: crmId }).nullish(),
  submitted_at: text,
  updated_at: text,
});

export type PartnerSnapshot = z.infer<typeof partnerSnapshot>;
export type ContactSnapshot = z.infer<typeof contactSnapshot>;
export type DealRegistrationSnapshot = z.infer<typeof dealRegistrationSnapshot>;

export const SNAPSHOTS = {
  partner: partnerSnapshot,
  contact: contactSnapshot,
  deal_registration: dealRegistrationSnapshot,
} as const satisfies Record<ProgramKind, z.ZodType>;

/** The member that holds an aggregate's id. */
export const ID_MEMBER = {
  partner: "partner_id",
  contact: "partner_user_id",
  deal_registration: "registration_id",
} as const satisfies Record<ProgramKind, string>;
