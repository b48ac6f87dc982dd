import type { Logger } from "pino";
import { NotFoundError, nextStep } from "../errors.ts";
import type { Duplicates } from "../store/duplicates.ts";
import type { Claim } from "../store/lane-rows.ts";
import type { Lanes } from "../store/lanes.ts";
import type { Links } from "../store/links.ts";
import type { MatchReviews } from "../store/match-reviews.ts";
import type { Relinks } from "../store/relinks.ts";
import type { WriteLimitsStore } from "../store/write-limits.ts";
import type { Writes } from "../store/writes.ts";
import type { Direction } from "../sync/model.ts";
import { checkCarriedIds } from "./carried-ids.ts";
import { carryEffects } from "./carry-effects.ts";
import { decideLinks, type Wanted } from "./decide-links.ts";
import { orphanIfDeleted, seeGone } from "./deletion.ts";
import { compareRegistrations } from "./duplicates.ts";
import { checkEmptiedOptions } from "./emptied-options.ts";
import { adopt, enrol, reportUnknownStatus, wantsEnrolment } from "./enrol.ts";
import { establish, wantsRecord } from "./establish.ts";
import { endingOf, type PauseOrPark } from "./failure.ts";
import { reportFindings, reportMissing, reportStrangeIds } from "./field-findings.ts";
import { flagConflicts } from "./flag-conflicts.ts";
import { concernsUs, foldRows, seeProgram, seeRecord } from "./fold.ts";
import { hintOpenCreate } from "./hint.ts";
import { waitForRight } from "./lost-rights.ts";
import { carryMerges, followPartner, lookForSurvivor } from "./merges.ts";
import { adoptCarried, clearOldIds, keepOrders } from "./old-ids.ts";
import { recoverInbound, recoverOutbound } from "./outcomes.ts";
import { type DriftReports, reportDrift } from "./report-drift.ts";
import { activeLinks, openRound, type Round, raise, subjectOf } from "./round.ts";
import { type Ending, isSpinning, releaseOf, settlementOf, standsStill } from "./settle.ts";
import { createSteps, type Steps, type StepTimings } from "./steps.ts";
import { tellLink, wantsLinkCommand } from "./tell-links.ts";
import type { TenantContexts } from "./tenant.ts";
import { undoInPipedrive, undoInProgram } from "./undo.ts";
import { writePipedrive } from "./write-pipedrive.ts";
import { writeProgram } from "./write-program.ts";

export interface ReconcileDeps {
  lanes: Lanes;
  writes: Writes;
  links: Links;
  matchReviews: MatchReviews;
  duplicates: Duplicates;
  limits: Pick<WriteLimitsStore, "hold">;
  relinks: Relinks;
  tenants: TenantContexts;
  connections: PauseOrPark;
  drift: DriftReports;
  timings: StepTimings;
  log: Logger;
}

/** What a run came to, for Bull Board. `failed` shows as a failed run with its cause. */
export interface Outcome {
  outcome: "settled" | "taken" | "gone" | "lost";
  did: string;
  failed: string | null;
  /** When each direction has work left, of this lane or one that it woke; null when it has none. */
  due: Record<Direction, Date | null>;
}

const NOT_DUE: Outcome["due"] = { inbound: null, outbound: null };

/**
 * Someone rang for this lane: afterwards this direction's side agrees with what was decided, or the lane says why not.
 * Safe to run twice, late, and beside itself: the claim lets one through, and only what differs is written.
 */
export async function reconcile(
  bell: { tenantId: string; laneId: number },
  direction: Direction,
  deps: ReconcileDeps,
): Promise<Outcome> {
  const askedAt = performance.now();
  const claim = await deps.lanes.claim(bell.laneId, direction);
  if (!claim || claim.tenantId !== bell.tenantId) {
    await deps.lanes.unring(bell.laneId, direction);
    return { outcome: "taken", did: "its holder will see our rows", failed: null, due: NOT_DUE };
  }
  const content = await deps.lanes.content(claim.laneId);
  if (!content) return { outcome: "gone", did: "joined another lane", failed: null, due: NOT_DUE };

  let round: Round | null = null;
  let wanted: Wanted | null = null;
  let ending: Ending = { retryAt: {}, blocked: null, stopped: false, attempts: 0, cause: null, note: null };
  try {
    const tenant = await deps.tenants(claim.tenantId, claim);
    round = openRound(claim, content, tenant);
    const steps = createSteps(deps, claim, deps.timings, askedAt);
    wanted = await run(round, steps);
  } catch (error) {
    if (nextStep(error).step === "leave") return lost("another worker took over");
    ending = await endingOf(error, { claim, round, deps });
    if (round && !ending.stopped) keepOrders(round);
    if (round) wanted = await wantedAfterFailure(round, deps, claim, askedAt);
  }
  if (round) await reportDrift(round, deps.drift);
  return settle(claim, round, wanted, ending, deps);
}

/** Observe, decide, and carry out this direction's writes. */
async function run(round: Round, steps: Steps): Promise<Wanted> {
  const { direction } = round.claim;
  foldRows(round);
  if (await carryMerges(round, steps)) return NOTHING;
  await hintOpenCreate(round, steps);
  await readIfWanted(round, steps);
  await readProgramIfWanted(round, steps);
  if (await lookForSurvivor(round, steps)) return NOTHING;
  orphanIfDeleted(round);
  if ((await checkCarriedIds(round, steps)) || (await followPartner(round, steps))) return NOTHING;
  await checkEmptiedOptions(round, steps);
  reportUnknownStatus(round);
  await adopt(round, steps);

  if (direction === "inbound") {
    await recoverInbound(round, steps);
    if (round.held !== null) return NOTHING;
    await undoInProgram(round, steps);
    if (wantsEnrolment(round) && !(await adoptCarried(round, steps))) await enrol(round, steps);
    if (wantsLinkCommand(round)) await tellLink(round, steps);
    await flagConflicts(round, steps);
    await writeProgram(round, steps, await decideAndReport(round, steps));
  } else {
    await seeIfGone(round, () => recoverOutbound(round, steps));
    if (round.held !== null || isNewlyGone(round)) return NOTHING;
    if (!round.outboundWaitsUntil) {
      await seeIfGone(round, () => clearOldIds(round, steps));
      await seeIfGone(round, () => undoInPipedrive(round, steps));
      await compareRegistrations(round, steps);
      if (wantsRecord(round)) await establish(round, steps);
      await readIfWanted(round, steps);
      const decided = await decideAndReport(round, steps);
      await seeIfGone(round, () => writePipedrive(round, steps, decided));
      if (!isNewlyGone(round)) await seeIfGone(round, () => carryEffects(round, steps));
      if (isNewlyGone(round)) return NOTHING;
    }
  }
  const wanted = await decideAndReport(round, steps);
  waitForRight(round, wanted);
  reportMissing(round);
  reportStrangeIds(round);
  if (isSpinning(round, wanted))
    throw new Error(`${round.claim.tenantId}: ${subjectOf(round)} cannot be brought into step`);
  return wanted;
}

/** A run that is over, or may write nothing. */
const NOTHING: Wanted = { outbound: [], inbound: [], undecided: [], lacking: [], findings: [], sides: [] };

async function decideAndReport(round: Round, steps: Steps): Promise<Wanted> {
  const wanted = await decideLinks(round, steps);
  reportFindings(round, wanted);
  return wanted;
}

/** One read, when the rows alone cannot tell, or when a linked record was never seen. */
async function readIfWanted(round: Round, steps: Steps): Promise<void> {
  const { object, crmId } = round.claim;
  if (!object || crmId === null || !concernsUs(round)) return;
  const unseen = !round.crm && activeLinks(round).length > 0;
  if (!round.readWanted && !unseen) return;
  await seeIfGone(round, async () => {
    seeRecord(round, await steps.remote(() => round.tenant.pipedrive.get(object, crmId, steps.call)));
  });
}

/** Its events may be lost, or long folded when a person mended what was wrong with it. */
async function readProgramIfWanted(round: Round, steps: Steps): Promise<void> {
  const { kind, programId, tenantId } = round.claim;
  if (!round.programReadWanted || !kind || programId === null) return;
  try {
    const aggregate = await steps.remote(() => round.tenant.program.get(kind, programId));
    // A read may lag behind what an event told.
    if (aggregate.version >= (round.program?.version ?? 0)) seeProgram(round, aggregate, new Date().toISOString());
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const message = `${tenantId}: the partner program has no ${kind} ${programId}. See that the id is right.`;
    raise(round, { code: "UNKNOWN_IN_PROGRAM", message });
  }
  round.programReadWanted = false;
}

/** The webhook of a deletion may be lost: then the next call learns of it. */
async function seeIfGone(round: Round, call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    seeGone(round);
  }
}

/** Found to be gone in the middle of a run: the next one asks where it went. */
function isNewlyGone(round: Round): boolean {
  if (!round.crm?.deleted || activeLinks(round).length === 0) return false;
  round.again.add(round.claim.direction);
  return true;
}

/** What is still wanted after a failure decides which direction stays due; deciding makes no call. */
async function wantedAfterFailure(
  round: Round,
  deps: ReconcileDeps,
  claim: Claim,
  askedAt: number,
): Promise<Wanted | null> {
  if (round.readWanted) return null;
  if (standsStill(round)) return NOTHING;
  // What made the run fail may make this fail as well: that must not keep the failure from being counted.
  return decideLinks(round, createSteps(deps, claim, deps.timings, askedAt)).catch(() => null);
}

async function settle(
  claim: Claim,
  round: Round | null,
  wanted: Wanted | null,
  ending: Ending,
  deps: ReconcileDeps,
): Promise<Outcome> {
  const settled = await deps.lanes.settle(round ? settlementOf(round, wanted, ending) : releaseOf(claim, ending));
  if (!settled.settled) return lost("the lease ran out before settle");
  const did = [...(round?.did ?? []), ending.note ?? ""].filter(Boolean).join("; ");
  return {
    outcome: "settled",
    did: did || "nothing to do",
    failed: ending.cause,
    due: { inbound: settled.dueInbound, outbound: round?.wokeOutbound ? new Date() : settled.dueOutbound },
  };
}

/** Nothing more may be written: the lane is somebody else's, who sees the same rows and intents. */
function lost(why: string): Outcome {
  return { outcome: "lost", did: why, failed: null, due: NOT_DUE };
}
