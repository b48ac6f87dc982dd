import { type Contact, notFound, PARTNER_STATUSES, type Partner, type PartnerStatus, refused } from "./model.ts";
import type { Program } from "./state.ts";
import type { Turn } from "./turn.ts";
import { type ContactFields, type PartnerFields, toDomain } from "./values.ts";

/** What partner companies and their users may do, whoever asks: rules, then one change each. */

export function partnerOf(program: Program, id: string): Partner {
  const partner = program.aggregates.partner.get(id);
  if (!partner) throw notFound(`partner ${id}`);
  return partner;
}

export function contactOf(program: Program, id: string): Contact {
  const contact = program.aggregates.contact.get(id);
  if (!contact) throw notFound(`contact ${id}`);
  return contact;
}

/** @throws Refusal `unknown_status` */
export function toPartnerStatus(status: string | null): PartnerStatus {
  const known = PARTNER_STATUSES.find((candidate) => candidate === status);
  if (!known) throw refused("unknown_status");
  return known;
}

/** The domains a website stands for. @throws Refusal `domain_taken` when another live partner has one of them */
export function domainsFor(program: Program, website: string | null, own: string | null): string[] {
  const domain = website === null ? null : toDomain(website);
  if (domain === null) return [];
  for (const partner of program.aggregates.partner.values()) {
    if (partner.partner_id === own || partner.archived_at !== null) continue;
    if (partner.domains.includes(domain)) throw refused("domain_taken");
  }
  return [domain];
}

export function createPartner(
  turn: Turn,
  given: { fields: PartnerFields & { name: string }; status: PartnerStatus; orgId: number | null },
): Partner {
  const { fields, status, orgId } = given;
  const website = fields.website ?? null;
  const domains = domainsFor(turn.program, website, null);
  return turn.create("partner", "partner.created", {
    partner_id: turn.newId("partner", orgId === null ? fields.name : `org ${orgId}`),
    version: 0,
    name: fields.name,
    website,
    domains,
    status,
    status_reason: null,
    type: fields.type ?? null,
    tier: fields.tier ?? null,
    region: fields.region ?? null,
    country: fields.country ?? null,
    manager_email: fields.manager_email ?? null,
    associated_partner_ids: [],
    enrolled_at: turn.at,
    archived_at: null,
    into: null,
    crm: { org_id: orgId },
    created_at: turn.at,
    updated_at: turn.at,
  });
}

export function editPartner(turn: Turn, partner: Partner, fields: PartnerFields): Partner {
  const domains =
    fields.website === undefined ? {} : { domains: domainsFor(turn.program, fields.website, partner.partner_id) };
  return turn.change("partner", "partner.updated", partner, { ...fields, ...domains });
}

/** Users of a partner that becomes inactive become inactive too, and come back with it. */
export function setPartnerStatus(turn: Turn, partner: Partner, status: PartnerStatus): Partner {
  const after = turn.change("partner", "partner.status_changed", partner, { status });
  for (const contact of turn.program.aggregates.contact.values()) {
    if (contact.partner_id !== partner.partner_id) continue;
    if (status === "inactive" && contact.status === "active") setContactStatus(turn, contact, "inactive");
    if (status === "active" && contact.status === "inactive") setContactStatus(turn, contact, "active");
  }
  return after;
}

/** The Organization that a partner is; null: none any more. @throws Refusal `already_linked` with the other id */
export function linkPartner(turn: Turn, partner: Partner, orgId: number | null): Partner {
  const { org_id: known } = partner.crm;
  if (orgId !== null && known !== null && known !== orgId) throw refused("already_linked", { org_id: known });
  for (const other of turn.program.aggregates.partner.values()) {
    if (orgId === null || other.crm.org_id !== orgId || other === partner || other.into !== null) continue;
    throw refused("already_linked", { partner_id: other.partner_id });
  }
  return turn.change("partner", "partner.updated", partner, { crm: { org_id: orgId } });
}

/** The Person that a user is; null: none any more. @throws Refusal `already_linked` with the other id */
export function linkContact(turn: Turn, contact: Contact, personId: number | null): Contact {
  const { person_id: known } = contact.crm;
  if (personId !== null && known !== null && known !== personId) throw refused("already_linked", { person_id: known });
  return turn.change("contact", "contact.updated", contact, { crm: { person_id: personId } });
}

export function archivePartner(turn: Turn, partner: Partner): Partner {
  return turn.change("partner", "partner.archived", partner, { archived_at: partner.archived_at ?? turn.at });
}

/** Two companies turn out to be one: users and registrations go over, then the first is gone. */
export function mergePartners(turn: Turn, partner: Partner, into: Partner): Partner {
  if (partner.partner_id === into.partner_id || into.archived_at !== null) throw refused("illegal_merge");
  const { contact, deal_registration } = turn.program.aggregates;
  for (const user of contact.values()) {
    if (user.partner_id === partner.partner_id) moveContact(turn, user, into);
  }
  for (const registration of deal_registration.values()) {
    if (registration.partner_id !== partner.partner_id) continue;
    const patch = { partner_id: into.partner_id };
    if (registration.version === 0) turn.keep("deal_registration", { ...registration, ...patch });
    else turn.change("deal_registration", "deal_registration.updated", registration, patch);
  }
  return turn.change("partner", "partner.merged", partner, { into: into.partner_id, archived_at: turn.at });
}

/** @throws Refusal `email_taken` when another user of the tenant has it */
export function checkEmail(program: Program, email: string, own: string | null): void {
  for (const contact of program.aggregates.contact.values()) {
    if (contact.email === email && contact.partner_user_id !== own) throw refused("email_taken");
  }
}

/** A user who is not active yet: unknown to everyone outside. */
export function newContact(
  turn: Turn,
  given: { partnerId: string; personId: number | null; fields: ContactFields & { email: string } },
): Contact {
  const { partnerId, personId, fields } = given;
  checkEmail(turn.program, fields.email, null);
  return {
    partner_user_id: turn.newId("contact", fields.email),
    version: 0,
    partner_id: partnerId,
    email: fields.email,
    first_name: fields.first_name ?? null,
    last_name: fields.last_name ?? null,
    phone: fields.phone ?? null,
    job_title: fields.job_title ?? null,
    role: fields.role ?? "sales",
    status: "pending",
    email_verified_at: null,
    crm: { person_id: personId },
    created_at: turn.at,
    updated_at: turn.at,
  };
}

/** The user has verified the address: now the outside hears of them. */
export function activateContact(turn: Turn, contact: Contact): Contact {
  return turn.create("contact", "contact.created", { ...contact, status: "active", email_verified_at: turn.at });
}

export function editContact(turn: Turn, contact: Contact, fields: ContactFields): Contact {
  if (fields.email !== undefined) checkEmail(turn.program, fields.email, contact.partner_user_id);
  if (contact.version === 0) return turn.keep("contact", { ...contact, ...fields });
  return turn.change("contact", "contact.updated", contact, fields);
}

export function setContactStatus(turn: Turn, contact: Contact, status: "active" | "inactive" | "disabled"): Contact {
  return turn.change("contact", "contact.status_changed", contact, { status });
}

export function moveContact(turn: Turn, contact: Contact, partner: Partner): Contact {
  const patch = { partner_id: partner.partner_id };
  if (contact.version === 0) return turn.keep("contact", { ...contact, ...patch });
  return turn.change("contact", "contact.moved", contact, patch);
}
