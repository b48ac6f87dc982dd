import { companyDomain } from "../sync/matching/company-domain.ts";
import { countryOf } from "../sync/matching/country.ts";
import { type Company, plainName } from "../sync/matching/evidence.ts";
import type { Role } from "../sync/model.ts";
import type { Round } from "./round.ts";

/** The end customer as a registration names it. Two registrations may name one customer differently: both are evidence. */
export interface Prospect {
  account: { name: string | null; website: string | null; country: string | null };
  contact: { name: string | null; email: string | null; phone: string | null };
}

export function prospectOf({ program }: Pick<Round, "program">): Prospect {
  const prospect = record(record(program?.data).prospect);
  const account = record(prospect.account);
  const contact = record(prospect.contact);
  const person = [text(contact.first_name), text(contact.last_name)].filter(Boolean).join(" ");
  return {
    account: {
      name: text(account.name) ?? text(account.legal_name),
      website: text(account.domain),
      country: text(account.country),
    },
    contact: { name: person || null, email: text(contact.email)?.toLowerCase() ?? null, phone: text(contact.phone) },
  };
}

/** The company that a partner is, as an Organization is looked for by it. */
export function partnerCompany({ program }: Pick<Round, "program">): Company {
  const data = record(program?.data);
  return { name: text(data.name), website: text(data.website), countries: [text(data.country) ?? []].flat() };
}

/**
 * What a customer's record is reserved under: keyed hashes, so that the reservation tells nobody who the customer is.
 * Empty when nothing identifies it, or when the tenant wants a record for every registration.
 */
export function identitiesOf(round: Round, role: Role): Buffer[] {
  if (round.tenant.plan.rules.matchCustomer === "none") return [];
  const { account, contact } = prospectOf(round);
  const identities: string[] = [];
  const domain = companyDomain(account.website);
  if (role === "customer_org" && domain) identities.push(`domain ${domain.host}`);
  // What may not link to a record by its name may not wait for one by it either.
  const country = countryOf(account.country)?.toLowerCase() ?? "";
  const { matchName = "with_country" } = round.tenant.plan.rules;
  const namesIt = matchName === "alone" || (matchName === "with_country" && country !== "");
  if (role === "customer_org" && account.name && namesIt) identities.push(`name ${plainName(account.name)} ${country}`);
  if (role === "customer_person" && contact.email) identities.push(`email ${contact.email}`);
  return hashed(
    round,
    identities.map((identity) => `${role} ${identity}`),
  );
}

/** Keyed hashes: equal for equal words of this tenant, and telling nobody what the words are. */
export function hashed({ tenant }: Pick<Round, "tenant">, words: string[]): Buffer[] {
  return words.map((word) => Buffer.from(tenant.key.identityHash(word), "base64url"));
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
