import { ClaimLostError, NoEffectError, NotFoundError } from "../errors.ts";
import type { HistoryRow } from "../store/lane-rows.ts";
import type { CrmObject, Role } from "../sync/model.ts";
import { toHistoryRow } from "./history-row.ts";
import { readHits } from "./read-hits.ts";
import { activeLinks, ownLink, type Round, type RoundLink, raise, subjectOf } from "./round.ts";
import type { ReadRequest } from "./rows.ts";
import type { Steps } from "./steps.ts";
import { planOfField } from "./tenant.ts";

/** In which role a record stands for an aggregate of its own. */
export const OWN_ROLES = {
  organization: "partner",
  person: "partner_user",
  deal: "deal",
} as const satisfies Record<CrmObject, Role>;

const TRIES = 5;
const PAUSE_MS = 100;

/**
 * A record that went into another one has nothing of its own any more. Whoever learns of it first, from the deletion or
 * from the survivor's change, the survivor's lane carries it out: two lanes that each held their own and waited for the
 * other would wait for ever.
 *
 * @returns true when this run is over: what is left is the survivor's
 */
export async function carryMerges(round: Round, steps: Steps): Promise<boolean> {
  if (round.apart.mergedInto !== null) {
    round.did.push(`merged into ${round.apart.mergedInto}`);
    return readNoMore(round);
  }
  const mergedTo = round.crm?.deleted ? round.crm.mergedTo : undefined;
  if (mergedTo !== undefined && round.links.length > 0) {
    await handOver(round, steps, mergedTo);
    return readNoMore(round);
  }
  let merged = false;
  for (const loserId of round.mergedFrom) merged = (await takeOver(round, steps, loserId)) || merged;
  return merged;
}

/** Nothing that came for it, late or asked for, can tell anything any more. */
function readNoMore(round: Round): true {
  round.readWanted = null;
  round.programReadWanted = false;
  return true;
}

/** Tells the survivor's lane, once per pair. */
export async function handOver(round: Round, steps: Steps, survivorId: number): Promise<void> {
  const { tenantId, object, crmId } = round.claim;
  if (!object || crmId === null) return;
  const request: ReadRequest = { asked: "a merge", mergedFrom: crmId };
  await steps.lanes.accept({
    ...{ tenantId, connectionId: round.tenant.connections.pipedrive, source: "pipedrive" },
    deliveryKey: `merge ${object} ${crmId} into ${survivorId}`,
    payload: round.tenant.key.sealJson("inbox.payload", request),
    ...{ object, crmId: survivorId, kind: null, programId: null },
  });
  round.did.push(`went into ${object} ${survivorId}`);
}

/**
 * The links of a record that went into this one come here, in the store at once. A survivor that stands for another
 * aggregate keeps that one, and a person has to say what is right.
 *
 * @returns whether links came: the next run sees them
 * @throws NoEffectError while somebody works on the other record
 */
export async function takeOver(round: Round, steps: Steps, loserId: number): Promise<boolean> {
  const { tenantId, object, crmId } = round.claim;
  if (!object) return false;
  const { folded } = round;
  round.folded = []; // until it is done: nothing else remembers it
  const merge = () =>
    steps.relinks.merge(round.claim, loserId, mergedRow(round, OWN_ROLES[object], { crmId, loserId }));
  let outcome = await merge();
  for (let tries = 1; outcome === "taken" && tries < TRIES; tries++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    outcome = await merge();
  }
  if (outcome === "lost") throw new ClaimLostError(`${tenantId}: the claim on this lane is lost`);
  if (outcome === "taken") throw new NoEffectError(`${tenantId}: ${object} ${loserId} is being worked on`);
  round.folded = folded;
  if (round.apart.twins.some(({ otherId }) => otherId === loserId)) {
    // One of two records with one id is gone: nobody has to say any more which of them is meant.
    await steps.relinks.release(tenantId, { object, crmId: loserId });
    round.apart.twins = round.apart.twins.filter(({ otherId }) => otherId !== loserId);
  }
  if (outcome === "occupied") {
    const message = `${tenantId}: ${object} ${loserId} was merged into ${object} ${crmId} in Pipedrive, and each stands for something else in the partner program. Nothing was changed. Merge those two there as well, or unlink the wrong one and link the right one.`;
    raise(round, { code: "MERGE_REVIEW", severity: "error", message });
  }
  if (outcome !== "merged") return false;
  round.did.push(`took over what ${object} ${loserId} stood for`);
  round.again.add("inbound").add("outbound");
  return true;
}

/** Kept by the transaction that moves the links: a later run finds nothing left to tell of. */
function mergedRow(round: Round, role: Role, content: Record<string, unknown>): HistoryRow {
  return toHistoryRow(round, { role, field: "link", rule: "merge" }, { event: "merged", intentId: null, content });
}

/**
 * A read found the record gone, and no webhook said why: if a living one carries its id now, it went into that one.
 * 20 tokens, for a deletion that nobody told of.
 *
 * @returns true when this run is over
 */
export async function lookForSurvivor(round: Round, steps: Steps): Promise<boolean> {
  const { object, crmId } = round.claim;
  const [link] = activeLinks(round);
  if (!object || crmId === null || !round.crm?.deleted || round.deletionTold || !link) return false;
  const key = idKeyOf(round, ownLink(round) ?? link);
  if (key === null) return false;
  const { programId } = ownLink(round) ?? link;
  const call = { ...steps.call, purpose: "lookup" };
  const hits = await steps.remote(() =>
    round.tenant.pipedrive.search(object, { term: programId, field: "custom_fields" }, call),
  );
  const ids = hits.filter((id) => id !== crmId);
  const survivors: number[] = [];
  for await (const record of readHits(round, steps, { object, ids, purpose: "lookup" })) {
    if (!record.is_deleted && record.custom_fields[key] === programId) survivors.push(record.id);
  }
  const [survivor] = survivors;
  if (survivor === undefined || survivors.length > 1) return false;
  round.crm = { ...round.crm, mergedTo: survivor };
  await handOver(round, steps, survivor);
  return true;
}

function idKeyOf(round: Round, link: RoundLink): string | null {
  const field = link.role === "customer_org" || link.role === "customer_person" ? "allbound_deal_id" : "allbound_id";
  const { crm } = planOfField(round.tenant.plan, link.role, field);
  return "custom" in crm ? crm.custom : null;
}

/**
 * The lane's partner went into another one in the program: the old id means that one, and its Organization goes with it
 * unless the other has one, too.
 *
 * @returns true when this run is over
 */
export async function followPartner(round: Round, steps: Steps): Promise<boolean> {
  const { program, claim } = round;
  const into = program?.data.into;
  if (program?.kind !== "partner" || claim.programId !== program.id || typeof into !== "string" || into === "")
    return false;
  const row = mergedRow(round, "partner", { crmId: claim.crmId, programId: into, former: program.id });
  const outcome = await steps.relinks.followPartner(claim, program.id, into, row);
  if (outcome === "lost") throw new ClaimLostError(`${claim.tenantId}: the claim on this lane is lost`);
  if (outcome === "taken") throw new NoEffectError(`${claim.tenantId}: partner ${into} is being worked on`);
  if (outcome === "both") {
    const message = `${claim.tenantId}: ${subjectOf(round)}: partner ${program.id} was merged into ${into} in the partner program. Merge the two Organizations in Pipedrive as well, so that its people and Deals are found in one place.`;
    raise(round, { code: "PARTNER_MERGED", message });
  }
  if (outcome !== "moved") return false;
  const request: ReadRequest = { asked: "a merge" };
  await steps.lanes.accept({
    ...{ tenantId: claim.tenantId, connectionId: round.tenant.connections.program, source: "program" },
    deliveryKey: `merge partner ${program.id} into ${into} ${program.version}`,
    payload: round.tenant.key.sealJson("inbox.payload", request),
    ...{ object: null, crmId: null, kind: "partner", programId: into },
  });
  // The old partner's lane has what was seen of it; this lane is the other one's from now on.
  round.program = round.before.program;
  round.times = { ...round.times, program: {} };
  round.effects = [];
  round.did.push(`stands for partner ${into} now`);
  return true;
}

/** @returns whether Pipedrive has the record, and not deleted */
export async function isAlive(round: Round, steps: Steps, crmId: number) {
  const { object } = round.claim;
  if (!object) return null;
  const call = { ...steps.call, purpose: "lookup" };
  const record = await steps
    .remote(() => round.tenant.pipedrive.get(object, crmId, call))
    .catch((error) => {
      if (error instanceof NotFoundError) return null;
      throw error;
    });
  return record && record.is_deleted !== true ? record : null;
}
