import { parse } from "tldts";
import { FREE_MAIL } from "./free-mail.ts";

/** Where a company is on the web. */
export interface CompanyDomain {
  /** The whole host, without `www.`: what has to be equal for one company. */
  host: string;
  /** What somebody registered, by the public suffix list: shared by a company's subdomains, which may be subsidiaries. */
  registered: string;
}

/**
 * `https://www.Acme.co.uk/x` → `{ host: "acme.co.uk", registered: "acme.co.uk" }`; `emea.acme.example` →
 * `{ host: "emea.acme.example", registered: "acme.example" }`.
 *
 * @returns null for what is no company's domain: no domain at all, an IP address, or one where everybody has a mailbox
 */
export function companyDomain(website: string | null): CompanyDomain | null {
  if (!website) return null;
  // Private suffixes too: two shops on one shop host are two companies.
  const { hostname, domain, isIp } = parse(website.trim().toLowerCase(), { allowPrivateDomains: true });
  if (!hostname || !domain || isIp || FREE_MAIL.has(domain)) return null;
  return { host: hostname.replace(/^www\d?\./, ""), registered: domain };
}
