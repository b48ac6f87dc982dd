import { BlockedError, RecordError } from "../errors.ts";
import type { MatchRule } from "../sync/matching/verdict.ts";
import { type Aggregate, type MappingPlan, OWN_ROLE } from "../sync/model.ts";
import { type Choice, chooseRecord, decisionOn, type Search } from "./choose-record.ts";
import { createRecord } from "./create-record.ts";
import { lookAtDeals } from "./duplicates.ts";
import { identitiesOf, partnerCompany, prospectOf, record, text } from "./identity.ts";
import { type LinkTo, linkTo } from "./link-to.ts";
import { lookForOrganization, lookForPerson } from "./match.ts";
import { isUntied, ownLink, type Round, type RoundLink } from "./round.ts";
import type { Steps } from "./steps.ts";

/**
 * True when this lane's aggregate should have a record in Pipedrive and has none: an active partner user, a
 * registration that has come as far as the tenant's `create_on`, or a partner where the tenant wants that.
 */
export function wantsRecord(round: Round): boolean {
  if (!round.program || round.claim.object || ownLink(round) || round.tenant.plan.paused) return false;
  if (round.dropped || isUntied(round, OWN_ROLE[round.program.kind])) return false;
  return isDueARecord(round.program, round.tenant.plan);
}

/** Whether the rules of a mapping want an aggregate in Pipedrive, as it is now. */
export function isDueARecord({ kind, data }: Pick<Aggregate, "kind" | "data">, { rules }: MappingPlan): boolean {
  if (kind === "contact") return data.status === "active";
  if (kind === "partner") return wantsOrganization(data, rules);
  const status = record(data.review).status;
  const wanted =
    rules.createOn === "approved" ? ["approved"] : ["submitted", "in_review", "action_required", "approved"];
  return typeof status === "string" && wanted.includes(status);
}

/** Partners come from Pipedrive, unless the mapping says that the program may bring some. One put away comes no more. */
function wantsOrganization(data: Aggregate["data"], { partnersCreateInCrm }: MappingPlan["rules"]): boolean {
  if (!partnersCreateInCrm) return false;
  return data.status !== "inactive" && typeof data.archived_at !== "string";
}

/** Matches or creates the record, one create a round: what it depends on comes first. */
export async function establish(round: Round, steps: Steps): Promise<void> {
  if (round.program?.kind === "contact") await establishPartnerUser(round, steps);
  else if (round.program?.kind === "partner") await establishPartner(round, steps);
  else await establishDeal(round, steps);
  if (!round.dropped) round.again.add("outbound");
}

async function establishDeal(round: Round, steps: Steps): Promise<void> {
  const registration = round.program?.id ?? "";
  const customers = await steps.links.customersOf(round.claim.tenantId, registration);
  if (!customers.customer_org) {
    const choice = await establishCustomer(round, steps, "customer_org");
    if (choice.to === "drop") dropped(round, choice);
    return;
  }
  if (!customers.customer_person && prospectOf(round).contact.name) {
    const choice = await establishCustomer(round, steps, "customer_person", customers.customer_org);
    if (choice.to !== "drop") return; // one that a person left out leaves a Deal without a contact
  }
  await lookAtDeals(round, steps, customers.customer_org);
  await createRecord(round, steps, { role: "deal", customers });
}

/** A person said that it stays out of Pipedrive: nothing is wanted here any more. */
function dropped(round: Round, { decided }: Choice): void {
  round.dropped = true;
  round.did.push(`stays out of Pipedrive: ${decided?.decidedBy ?? "somebody"} decided so`);
}

/** A partner's record is one of a kind: one exact hit is it, and a mere hint is for a person. */
const CAREFUL: MatchRule = { exact: "link", hints: "review" };

/** The Organization with the partner's website or name, else a new one. One that is another partner's is not taken. */
async function establishPartner(round: Round, steps: Steps): Promise<void> {
  const company = partnerCompany(round);
  const [country = null] = company.countries;
  const choice = await chooseRecord(round, steps, {
    role: "partner",
    rule: CAREFUL,
    sought: { name: company.name, website: company.website, country },
    look: () => lookForOrganization(round, steps, "partner", company),
  });
  if (choice.to === "drop") return dropped(round, choice);
  if (choice.to === "create") await createRecord(round, steps, { role: "partner", customers: {} });
  else await linkTo(round, steps, { ...asChosen(choice), role: "partner", bases: statusUnsaid(round) });
}

/** An Organization that never had a status says nothing of one: it has not been emptied. */
function statusUnsaid({ program, tenant }: Round): RoundLink["bases"] {
  const field = "partner.status";
  const plan = tenant.plan.roles.partner.find((line) => line.field === field);
  const status = text(record(program?.data).status);
  return plan?.direction === "crm_to_program" && status ? { [field]: { crm: null, program: status } } : {};
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
  const choice = await chooseRecord(round, steps, {
    role: "partner_user",
    rule: CAREFUL,
    sought: { email, organization: String(organizationId) },
    look: () => lookForPerson(round, steps, "partner_user", { email, organizationId }),
  });
  if (choice.to === "drop") return dropped(round, choice);
  if (choice.to === "link") await linkTo(round, steps, { ...asChosen(choice), role: "partner_user" });
  else await createRecord(round, steps, { role: "partner_user", customers: { partner: organizationId } });
}

const NONE: Choice = { to: "create", crmId: 0, decided: null };

/** The end customer: reserved first, so that two registrations of one new customer end with one record. */
async function establishCustomer(
  round: Round,
  steps: Steps,
  role: "customer_org" | "customer_person",
  organizationId?: number,
): Promise<Choice> {
  const { matchCustomer } = round.tenant.plan.rules;
  const identities = identitiesOf(round, role);
  // A person's word comes before everything: who else waits for this customer does not hold it up.
  const decided = matchCustomer === "none" ? null : await decisionOn(round, steps, role);
  if (decided?.to === "drop") return decided;
  const reserved =
    identities.length > 0 ? await steps.writes.reserve(round.claim, role, identities) : ({ ours: true } as const);
  if (decided)
    return carryOn(round, steps, decided, { role, organizationId, identities: reserved.ours ? identities : [] });
  if (!reserved.ours) {
    if (!("crmId" in reserved)) throw new BlockedError({ kind: "reservation", id: reserved.heldAs });
    const same: Choice = { to: "link", crmId: reserved.crmId, decided: null };
    return carryOn(round, steps, same, { role, organizationId, identities });
  }
  const choice = matchCustomer === "none" ? NONE : await chooseRecord(round, steps, searchOf(round, steps, role));
  return carryOn(round, steps, choice, { role, organizationId, identities });
}

async function carryOn(
  round: Round,
  steps: Steps,
  choice: Choice,
  {
    role,
    organizationId,
    identities,
  }: { role: "customer_org" | "customer_person"; organizationId: number | undefined; identities: Buffer[] },
): Promise<Choice> {
  if (choice.to === "drop") return choice;
  if (choice.to === "link") await linkTo(round, steps, { ...asChosen(choice), role, identities });
  else await createRecord(round, steps, { role, customers: { customer_org: organizationId }, identities });
  return choice;
}

function searchOf(round: Round, steps: Steps, role: "customer_org" | "customer_person"): Search {
  const reviews = round.tenant.plan.rules.matchCustomer === "review";
  const rule: MatchRule = reviews ? { exact: "review", hints: "review" } : { exact: "link", hints: "create" };
  const { account, contact } = prospectOf(round);
  if (role === "customer_org") {
    const company = { ...account, countries: [account.country ?? []].flat() };
    const look = () => lookForOrganization(round, steps, role, company);
    return { role, rule, sought: { ...account }, look };
  }
  const { email } = contact;
  const look = async () => (email ? lookForPerson(round, steps, role, { email }) : { candidates: [], tokens: 0 });
  return { role, rule, sought: { email }, look };
}

function asChosen({ crmId, decided }: Choice): Pick<LinkTo, "crmId" | "createdBy" | "decision"> {
  if (!decided) return { crmId, createdBy: "match" };
  return { crmId, createdBy: "decision", decision: { match: decided.id, by: decided.decidedBy } };
}
