import type { CrmRecord } from "../pipedrive/port.ts";
import { wireAt } from "../sync/codec-crm.ts";
import type { CrmObject } from "../sync/model.ts";
import { companyDomain, plainName } from "./identity.ts";
import { readHits } from "./read-hits.ts";
import type { Round } from "./round.ts";
import type { Steps } from "./steps.ts";

/** So many are named to the person who decides between several; the rest need not be read. */
const ENOUGH = 4;

/** Records that are exactly the one looked for. None: create; one: link; several: a person decides. */
export type Match = { found: "none" } | { found: "one"; id: number } | { found: "several"; ids: number[] };

/** A company's Organization: by its domain where the mapping has a website field, else by its exact name. */
export async function matchOrganization(
  round: Round,
  steps: Steps,
  account: { name: string | null; domain: string | null },
): Promise<Match> {
  const { websiteKey } = round.tenant.plan;
  if (account.domain && websiteKey) {
    const { domain } = account;
    const byDomain = await exact(
      round,
      steps,
      "organization",
      { term: domain, field: "custom_fields" },
      (organization) => {
        const website = wireAt(websiteKey, organization);
        return typeof website === "string" && companyDomain(website) === domain;
      },
    );
    if (byDomain.found !== "none") return byDomain;
  }
  if (!account.name) return { found: "none" };
  const name = plainName(account.name);
  return exact(round, steps, "organization", { term: account.name, field: "name" }, (organization) => {
    return typeof organization.name === "string" && plainName(organization.name) === name;
  });
}

/** A Person with this e-mail; within one Organization when it is given. */
export function matchPerson(round: Round, steps: Steps, email: string, organizationId?: number): Promise<Match> {
  return exact(round, steps, "person", { term: email, field: "email" }, (person) => {
    const emails = Array.isArray(person.emails) ? person.emails : [];
    const has = emails.some((item) => typeof item?.value === "string" && item.value.trim().toLowerCase() === email);
    return has && (organizationId === undefined || person.org_id === organizationId);
  });
}

/** Searches, and reads every hit again: neither kind of exact search is a guarantee. */
async function exact(
  round: Round,
  steps: Steps,
  object: CrmObject,
  query: { term: string; field: "custom_fields" | "email" | "name" },
  isIt: (record: CrmRecord) => boolean,
): Promise<Match> {
  const call = { ...steps.call, purpose: "match" };
  const hits = await steps.remote(() => round.tenant.pipedrive.search(object, query, call));
  const ids: number[] = [];
  for await (const record of readHits(round, steps, { object, ids: hits, purpose: "match" })) {
    if (record.is_deleted || !isIt(record)) continue;
    ids.push(record.id);
    if (ids.length > ENOUGH) break;
  }
  const [only] = ids;
  if (only === undefined) return { found: "none" };
  return ids.length === 1 ? { found: "one", id: only } : { found: "several", ids };
}
