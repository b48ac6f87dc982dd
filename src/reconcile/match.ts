import type { CrmRecord } from "../pipedrive/port.ts";
import { PRICES } from "../pipedrive/prices.ts";
import { crmValues } from "../sync/codec.ts";
import { wireAt } from "../sync/codec-crm.ts";
import { companyDomain } from "../sync/matching/company-domain.ts";
import { type Company, companyEvidence, type Evidence } from "../sync/matching/evidence.ts";
import type { Candidate } from "../sync/matching/verdict.ts";
import { type CrmObject, ROLE_OBJECT, type Role } from "../sync/model.ts";
import { text } from "./identity.ts";
import { readHits } from "./read-hits.ts";
import type { Round } from "./round.ts";
import type { Steps } from "./steps.ts";

/** So many of each kind are named to the person who decides between several; the rest need not be read. */
const ENOUGH = 5;

/** Records that may be the one looked for, exact ones first, and what looking cost in tokens. */
export interface Looked {
  candidates: Candidate[];
  tokens: number;
}

/**
 * Organizations that may be this company: by its domain in the mapping's website field, then by its name. Pipedrive's
 * own website field can be read, but not searched.
 */
export async function lookForOrganization(
  round: Round,
  steps: Steps,
  role: "partner" | "customer_org",
  sought: Company,
): Promise<Looked> {
  const { websiteKey, rules } = round.tenant.plan;
  const nameRule = rules.matchName ?? "with_country";
  const look = startLook(round, steps, role, (record) => companyEvidence(sought, companyOf(round, record), nameRule));
  const { pipedrive } = round.tenant;
  const domain = companyDomain(sought.website);
  if (domain && websiteKey && "custom" in websiteKey) {
    // Websites are written in many ways; all of them hold the registered domain somewhere.
    const query = { term: domain.registered, key: websiteKey.custom };
    await look.through(PRICES.searchField, (call) => pipedrive.searchField("organization", query, call));
  }
  if (sought.name && nameRule !== "never" && !look.foundExact()) {
    const query = { term: sought.name, field: "name" } as const;
    await look.through(PRICES.search, (call) => pipedrive.search("organization", query, call));
  }
  return look.end();
}

/** Persons with this e-mail. Those of another Organization than the one given are hints only. */
export async function lookForPerson(
  round: Round,
  steps: Steps,
  role: "partner_user" | "customer_person",
  { email, organizationId }: { email: string; organizationId?: number | undefined },
): Promise<Looked> {
  const look = startLook(round, steps, role, (person) => {
    if (!emailsOf(person).includes(email)) return null;
    const isHere = organizationId === undefined || person.org_id === organizationId;
    return isHere ? { by: "email", exact: true } : { by: "email_elsewhere", exact: false };
  });
  const query = { term: email, field: "email" } as const;
  await look.through(PRICES.search, (call) => round.tenant.pipedrive.search("person", query, call));
  return look.end();
}

/** Searches, and reads every hit again: no kind of search is a guarantee. */
function startLook(round: Round, steps: Steps, role: Role, judge: (record: CrmRecord) => Evidence | null) {
  const object: CrmObject = ROLE_OBJECT[role];
  const candidates: Candidate[] = [];
  const passed = new Set<number>();
  let tokens = 0;
  const exact = () => candidates.filter((candidate) => candidate.exact);
  const spent = (more: number) => {
    tokens += more;
  };

  return {
    foundExact: () => exact().length > 0,

    async through(price: number, search: (call: Steps["call"]) => Promise<number[]>): Promise<void> {
      const hits = await steps.remote(() => search({ ...steps.call, purpose: "match" }));
      spent(price);
      const ids = hits.filter((id) => !passed.has(id));
      for await (const record of readHits(round, steps, { object, ids, purpose: "match", spent })) {
        passed.add(record.id);
        if (record.is_deleted) continue;
        const evidence = carriesOwnId(round, role, record) ? ({ by: "id", exact: true } as const) : judge(record);
        const hints = candidates.length - exact().length;
        if (!evidence || (!evidence.exact && hints >= ENOUGH)) continue;
        candidates.push({ ...candidateOf(round, object, record), ...evidence });
        if (exact().length >= ENOUGH) break;
      }
    },

    async end(): Promise<Looked> {
      const isOwn = role === "partner" || role === "partner_user" || role === "deal";
      const ids = candidates.map(({ id }) => id);
      const others =
        isOwn && ids.length > 0
          ? await steps.links.standFor(round.claim.tenantId, role, ids)
          : new Map<number, string>();
      const told = candidates.map((one) => ({ ...one, takenBy: others.get(one.id) ?? null }));
      return { candidates: told.sort((a, b) => Number(b.exact) - Number(a.exact)), tokens };
    },
  };
}

function candidateOf(round: Round, object: CrmObject, record: CrmRecord): Omit<Candidate, keyof Evidence> {
  const { name, website } = companyOf(round, record);
  const [email = null] = emailsOf(record);
  return { object, id: record.id, name, website: object === "organization" ? website : null, email, takenBy: null };
}

/** Where it was created by the sync, or by somebody before it: the program's id says what it is. */
function carriesOwnId(round: Round, role: Role, record: CrmRecord): boolean {
  const field = role === "customer_org" || role === "customer_person" ? "allbound_deal_id" : "allbound_id";
  const place = round.tenant.plan.roles[role].find((plan) => plan.field === field)?.crm;
  return place !== undefined && wireAt(place, record) === round.program?.id;
}

function companyOf({ tenant }: Round, record: CrmRecord): Company {
  const { plan } = tenant;
  const website = plan.websiteKey ? wireAt(plan.websiteKey, record) : record.website;
  const mapped = plan.roles.partner.filter(({ field }) => field.startsWith("partner.country"));
  const address = record.address as { country?: unknown } | null | undefined;
  const countries = [address?.country, ...Object.values(crmValues(mapped, record, plan))];
  return {
    name: text(record.name),
    website: text(website),
    countries: countries.map(text).filter((country) => country !== null),
  };
}

function emailsOf(person: CrmRecord): string[] {
  const emails = Array.isArray(person.emails) ? person.emails : [];
  return emails.flatMap((item) => (typeof item?.value === "string" ? [item.value.trim().toLowerCase()] : []));
}
