import { getDomain } from "tldts";
import type { Role } from "../sync/model.ts";
import type { Round } from "./round.ts";

/** The end customer as a registration names it. Two registrations may name one customer differently: both are evidence. */
export interface Prospect {
  account: { name: string | null; website: string | null; domain: string | null; country: string | null };
  contact: { name: string | null; email: string | null; phone: string | null };
}

/** Domains that say nothing about the company behind an address. */
const FREE_MAIL = new Set([
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "hotmail.com",
  "yahoo.com",
  "icloud.com",
  "gmx.de",
  "web.de",
]);

export function prospectOf({ program }: Pick<Round, "program">): Prospect {
  const prospect = record(record(program?.data).prospect);
  const account = record(prospect.account);
  const contact = record(prospect.contact);
  const person = [text(contact.first_name), text(contact.last_name)].filter(Boolean).join(" ");
  return {
    account: {
      name: text(account.name) ?? text(account.legal_name),
      website: text(account.domain),
      domain: companyDomain(text(account.domain)),
      country: text(account.country),
    },
    contact: { name: person || null, email: text(contact.email)?.toLowerCase() ?? null, phone: text(contact.phone) },
  };
}

/** The company that a partner is, as an Organization is looked for by it. */
export function partnerAccount({ program }: Pick<Round, "program">): { name: string | null; domain: string | null } {
  const data = record(program?.data);
  return { name: text(data.name), domain: companyDomain(text(data.website)) };
}

/** `https://www.Acme.co.uk/x` → `acme.co.uk`; null for what is no company's domain. */
export function companyDomain(website: string | null): string | null {
  const domain = website ? getDomain(website.toLowerCase()) : null;
  return domain && !FREE_MAIL.has(domain) ? domain : null;
}

/** Two names are one customer when they differ in case, width and outer or repeated blanks only. */
export function plainName(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/**
 * What a customer's record is reserved under: keyed hashes, so that the reservation tells nobody who the customer is.
 * Empty when nothing identifies it, or when the tenant wants a record for every registration.
 */
export function identitiesOf(round: Round, role: Role): Buffer[] {
  if (round.tenant.plan.rules.matchCustomer === "none") return [];
  const { account, contact } = prospectOf(round);
  const identities: string[] = [];
  if (role === "customer_org" && account.domain) identities.push(`domain ${account.domain}`);
  if (role === "customer_org" && account.name)
    identities.push(`name ${plainName(account.name)} ${account.country?.toLowerCase() ?? ""}`);
  if (role === "customer_person" && contact.email) identities.push(`email ${contact.email}`);
  return identities.map((identity) => Buffer.from(round.tenant.key.identityHash(`${role} ${identity}`), "base64url"));
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}
