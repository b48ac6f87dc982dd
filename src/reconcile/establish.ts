import { BlockedError, RecordError } from "../errors.ts";
import { OWN_ROLE, type Role } from "../sync/model.ts";
import { createRecord } from "./create-record.ts";
import { identitiesOf, partnerAccount, prospectOf, record, text } from "./identity.ts";
import { linkTo } from "./link-to.ts";
import { type Match, matchOrganization, matchPerson } from "./match.ts";
import { isUntied, ownLink, type Round } from "./round.ts";
import type { Steps } from "./steps.ts";

/**
 * True when this lane's aggregate should have a record in Pipedrive and has none: an active partner user, a
 * registration that has come as far as the tenant's `create_on`, or a partner where the tenant wants that.
 */
export function wantsRecord(round: Round): boolean {
  if (!round.program || round.claim.object || ownLink(round) || round.tenant.plan.paused) return false;
  const { data, kind } = round.program;
  if (isUntied(round, OWN_ROLE[kind])) return false;
  if (kind === "contact") return data.status === "active";
  if (kind === "partner") return wantsOrganization(round);
  const status = record(data.review).status;
  const wanted =
    round.tenant.plan.rules.createOn === "approved"
      ? ["approved"]
      : ["submitted", "in_review", "action_required", "approved"];
  return typeof status === "string" && wanted.includes(status);
}

/** Partners come from Pipedrive, unless the mapping says that the program may bring some. One put away comes no more. */
function wantsOrganization({ tenant, program }: Round): boolean {
  if (!tenant.plan.rules.partnersCreateInCrm) return false;
  return program?.data.status !== "inactive" && typeof program?.data.archived_at !== "string";
}

/** Matches or creates the record, one create a round: what it depends on comes first. */
export async function establish(round: Round, steps: Steps): Promise<void> {
  if (round.program?.kind === "contact") return establishPartnerUser(round, steps);
  if (round.program?.kind === "partner") return establishPartner(round, steps);
  const registration = round.program?.id ?? "";
  const customers = await steps.links.customersOf(round.claim.tenantId, registration);
  if (!customers.customer_org) await establishCustomer(round, steps, "customer_org");
  else if (!customers.customer_person && prospectOf(round).contact.name) {
    await establishCustomer(round, steps, "customer_person", customers.customer_org);
  } else await createRecord(round, steps, { role: "deal", customers });
  round.again.add("outbound");
}

/** The Organization with the partner's website or exact name, else a new one. One that is another partner's is not taken. */
async function establishPartner(round: Round, steps: Steps): Promise<void> {
  const match = await matchOrganization(round, steps, partnerAccount(round));
  if (match.found === "several") throw severalMatches(round, "organization", match, "that fit the partner");
  if (match.found === "none") return createRecord(round, steps, { role: "partner", customers: {} });
  await linkTo(round, steps, { role: "partner", crmId: match.id, programId: round.program?.id, createdBy: "match" });
  round.again.add("outbound");
}

/** A Person of the partner's Organization with this e-mail, else a new one. The same person elsewhere is for a human to judge. */
async function establishPartnerUser(round: Round, steps: Steps): Promise<void> {
  const { tenantId } = round.claim;
  const data = record(round.program?.data);
  const partnerId = text(data.partner_id) ?? "";
  const email = text(data.email)?.toLowerCase();
  const organizationId = await steps.links.crmIdOf(tenantId, "partner", partnerId);
  if (organizationId === undefined) throw new BlockedError({ kind: "partner", id: partnerId });
  if (!email)
    throw new RecordError("EMAIL_MISSING", `${tenantId}: contact ${round.program?.id} has no e-mail to match by`);
  const match = await matchPerson(round, steps, email, organizationId);
  if (match.found === "several")
    throw severalMatches(round, "person", match, `with the same e-mail in organization ${organizationId}`);
  if (match.found === "one") {
    return linkTo(round, steps, {
      role: "partner_user",
      crmId: match.id,
      programId: round.program?.id,
      createdBy: "match",
    });
  }
  await createRecord(round, steps, { role: "partner_user", customers: { partner: organizationId } });
}

/** The end customer: reserved first, so that two registrations of one new customer end with one record. */
async function establishCustomer(
  round: Round,
  steps: Steps,
  role: "customer_org" | "customer_person",
  organizationId?: number,
): Promise<void> {
  const { rules } = round.tenant.plan;
  const identities = identitiesOf(round, role);
  const programId = round.program?.id;
  if (identities.length > 0) {
    const reserved = await steps.writes.reserve(round.claim, role, identities);
    if (!reserved.ours && "crmId" in reserved) {
      return linkTo(round, steps, { role, crmId: reserved.crmId, programId, createdBy: "match", identities });
    }
    if (!reserved.ours) throw new BlockedError({ kind: "reservation", id: reserved.heldAs });
  }
  const match = rules.matchCustomer === "none" ? ({ found: "none" } as const) : await matchCustomer(round, steps, role);
  if (match.found === "several")
    throw severalMatches(round, role === "customer_org" ? "organization" : "person", match, "that fit the customer");
  if (match.found === "one" && rules.matchCustomer === "review") {
    throw severalMatches(
      round,
      role === "customer_org" ? "organization" : "person",
      { ...match, ids: [match.id] },
      "that fits the customer",
    );
  }
  if (match.found === "one")
    return linkTo(round, steps, { role, crmId: match.id, programId, createdBy: "match", identities });
  await createRecord(round, steps, { role, customers: { customer_org: organizationId }, identities });
}

function matchCustomer(round: Round, steps: Steps, role: Role): Promise<Match> {
  if (role === "customer_org") return matchOrganization(round, steps, prospectOf(round).account);
  const { email } = prospectOf(round).contact;
  return email ? matchPerson(round, steps, email) : Promise.resolve({ found: "none" });
}

function severalMatches(round: Round, object: string, match: { ids?: number[] }, what: string): RecordError {
  const ids = (match.ids ?? []).join(", ");
  return new RecordError(
    "MATCH_REVIEW",
    `${round.claim.tenantId}: ${round.program?.kind} ${round.program?.id} waits for a person: ${object} ${ids} ${what}. Merge or correct them in Pipedrive, then run sync again.`,
  );
}
