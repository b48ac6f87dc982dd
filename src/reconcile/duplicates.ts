import type { CrmRecord } from "../pipedrive/port.ts";
import { PRICES } from "../pipedrive/prices.ts";
import type { DuplicateCheck } from "../store/duplicates.ts";
import { wireAt } from "../sync/codec-crm.ts";
import {
  candidateName,
  customerNames,
  isLive,
  placeOf,
  type RegistrationFacts,
  type Suspect,
  suspectRegistrations,
} from "../sync/matching/duplicates.ts";
import type { Aggregate } from "../sync/model.ts";
import { hashed, prospectOf, record, text } from "./identity.ts";
import { ownLink, type Round, raise, subjectOf } from "./round.ts";
import type { Steps } from "./steps.ts";

/**
 * Once per registration, as soon as it is live: are there others of the same end customer, of the same partner or of
 * another one? Asked of what we have seen, so it costs no tokens. Whatever is found is told and nothing waits for it.
 */
export async function compareRegistrations(round: Round, steps: Steps): Promise<void> {
  const { claim, program, tenant } = round;
  if (program?.kind !== "deal_registration" || claim.object || ownLink(round) || tenant.plan.paused) return;
  if (!isLiveNow(program) || (await steps.duplicates.made(claim.tenantId, program.id)).registrations) return;
  const names = customerNames(prospectOf(round).account);
  const identities = hashed(
    round,
    names.map((name) => `customer ${name}`),
  );
  const own = factsOf(program);
  const { key } = tenant;
  // Entered before looking: of two at once, at least one finds the other.
  await steps.duplicates.enter(claim.tenantId, program.id, { identities, facts: own, key });
  const others =
    identities.length > 0 ? await steps.duplicates.others(claim.tenantId, program.id, { identities, key }) : [];
  const suspects = suspectRegistrations(
    own,
    others.map(({ seenProgram, ...other }) => ({
      ...other,
      live: seenProgram === null || isLiveNow(key.unsealJson("lane.seen_program", seenProgram) as Aggregate),
    })),
  );
  await note(round, steps, { check: "registrations", suspects, tokens: 0 });
  if (suspects.length > 0) tellRegistrations(round, own, suspects);
}

/**
 * Once per registration, before its Deal is made, where its customer was in Pipedrive before it: does the direct team
 * have an open Deal there, or has it won one? 10 tokens. Such a Deal is told of, and never taken over.
 */
export async function lookAtDeals(round: Round, steps: Steps, organizationId: number): Promise<void> {
  const { claim, program, tenant } = round;
  if (!program || (await steps.duplicates.made(claim.tenantId, program.id)).deals) return;
  if ((await steps.links.customerCameBy(claim.tenantId, program.id)) === "create") return; // new, so it has none
  const call = { ...steps.call, purpose: "duplicates" };
  const deals = await steps.remote(() => tenant.pipedrive.dealsOf(organizationId, call));
  const place = tenant.plan.roles.deal.find(({ field }) => field === "allbound_id")?.crm;
  const isOurs = (deal: CrmRecord) => place !== undefined && Boolean(wireAt(place, deal));
  const suspects = deals
    .filter((deal) => deal.status === "won" || (deal.status === "open" && !isOurs(deal)))
    .map((deal) => ({
      reason: deal.status === "won" ? ("won_deal" as const) : ("open_deal" as const),
      dealId: deal.id,
      title: text(deal.title),
    }));
  round.did.push(`looked at the customer's Deals (${PRICES.dealsOf} tokens)`);
  await note(round, steps, { check: "deals", suspects, tokens: PRICES.dealsOf });
  if (suspects.length > 0) tellDeals(round, organizationId, suspects);
}

/** The look is made, and what it found is to be told to a program that takes commands: in one transaction. */
async function note(
  round: Round,
  steps: Steps,
  { check, suspects, tokens }: { check: DuplicateCheck; suspects: Suspect[]; tokens: number },
): Promise<void> {
  const { claim, program, tenant } = round;
  if (!program) return;
  const { key, plan } = tenant;
  const tells = suspects.length > 0 && !plan.postsOnly;
  const detail = { candidates: suspects.map(candidateName), suspects, tokens };
  const flag = tells ? key.sealJson("effect.detail", detail) : null;
  const id = await steps.duplicates.record(claim, program.id, { check, version: program.version, flag });
  if (id === null) return;
  round.openEffects.push({ id, effect: `flag_${check}`, programVersion: program.version, detail: flag });
}

function tellRegistrations(round: Round, own: RegistrationFacts, suspects: Suspect[]): void {
  const of = (reason: Suspect["reason"]) =>
    suspects.flatMap((one) => (one.reason === reason && "registrationId" in one ? [one.registrationId] : []));
  const parts = [
    ...(of("same_partner").length > 0 ? [`the same partner's ${of("same_partner").join(", ")}`] : []),
    ...(of("other_partner").length > 0 ? [`another partner's ${of("other_partner").join(", ")}`] : []),
  ];
  const message = `${round.claim.tenantId}: ${subjectOf(round)} seems to be about the same customer as ${parts.join(" and ")}; by the time of submission it is number ${placeOf(own, suspects)} of ${suspects.length + 1}. Both go on; decide in the partner program. Looking cost no tokens.`;
  raise(round, { code: "DUPLICATE_REGISTRATION", message, detail: { own, candidates: suspects } });
}

function tellDeals(round: Round, organizationId: number, suspects: Suspect[]): void {
  const of = (reason: Suspect["reason"]) =>
    suspects.flatMap((one) => (one.reason === reason && "dealId" in one ? [one.dealId] : []));
  const parts = [
    ...(of("open_deal").length > 0 ? [`an open Deal that no partner registered (${of("open_deal").join(", ")})`] : []),
    ...(of("won_deal").length > 0 ? [`a won Deal (${of("won_deal").join(", ")})`] : []),
  ];
  const message = `${round.claim.tenantId}: the customer of ${subjectOf(round)}, organization ${organizationId}, has ${parts.join(" and ")}. The registration goes on with a Deal of its own; decide in the partner program. Looking cost ${PRICES.dealsOf} tokens.`;
  raise(round, { code: "CUSTOMER_HAS_DEALS", message, detail: { organizationId, candidates: suspects } });
}

function isLiveNow({ data }: Aggregate): boolean {
  return isLive(record(data.review).status, record(data.sales).status);
}

function factsOf({ data }: Aggregate): RegistrationFacts {
  const products = Array.isArray(data.products) ? data.products.filter((one) => typeof one === "string") : [];
  return { partnerId: text(data.partner_id), products, submittedAt: text(data.submitted_at) };
}
