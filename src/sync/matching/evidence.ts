import { companyDomain } from "./company-domain.ts";
import { countryOf } from "./country.ts";

/** What a company's name is worth where its domain says nothing: the same country has to be known too, or not. */
export const NAME_RULES = ["with_country", "alone", "never"] as const;
export type NameRule = (typeof NAME_RULES)[number];

/** Why a record may be the one looked for. `exact`: no guess, one such record may be linked by itself. */
export interface Evidence {
  by: "id" | "domain" | "related_domain" | "name_and_country" | "name" | "email" | "email_elsewhere";
  exact: boolean;
}

/** A company, as a registration or the program names it, or as a record of Pipedrive does. */
export interface Company {
  name: string | null;
  website: string | null;
  /** Any of them, in words or as a code. */
  countries: string[];
}

/** Two names are one when they differ in case, width and outer or repeated blanks only. */
export function plainName(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/**
 * What speaks for two descriptions being of one company. The same host does; a host of the same registered domain is a
 * hint only, for subsidiaries have those. A name does as far as the rule says, unless the domains contradict it.
 *
 * @returns null when nothing speaks for it
 */
export function companyEvidence(sought: Company, record: Company, rule: NameRule): Evidence | null {
  const [ours, theirs] = [companyDomain(sought.website), companyDomain(record.website)];
  if (ours && theirs && ours.host === theirs.host) return { by: "domain", exact: true };
  if (ours && theirs && ours.registered === theirs.registered) return { by: "related_domain", exact: false };
  if (rule === "never" || !sought.name || !record.name) return null;
  if (plainName(sought.name) !== plainName(record.name)) return null;
  if (ours && theirs) return { by: "name", exact: false };
  if (rule === "alone") return { by: "name", exact: true };
  const countries = new Set(sought.countries.map(countryOf));
  const same = record.countries.some((country) => countries.has(countryOf(country)));
  return same ? { by: "name_and_country", exact: true } : { by: "name", exact: false };
}
