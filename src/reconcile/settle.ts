import type { Claim, Settlement } from "../store/lane-rows.ts";
import type { Direction } from "../sync/model.ts";
import { commandsFor } from "./commands.ts";
import { conflictsAfter } from "./conflicts.ts";
import type { Wanted } from "./decide-links.ts";
import { wantsEnrolment } from "./enrol.ts";
import { wantsRecord } from "./establish.ts";
import { isFlag, wantsFlag } from "./flag-conflicts.ts";
import { concernsUs } from "./fold.ts";
import { seenRows } from "./notice.ts";
import type { Round } from "./round.ts";
import { wantsLinkCommand } from "./tell-links.ts";
import { pendingUndos } from "./undo-orders.ts";

/** How a run ended, apart from what it wrote. */
export interface Ending {
  /** When a direction is tried again; absent = as what is wanted says. */
  retryAt: Partial<Record<Direction, Date>>;
  blocked: { kind: string; id: string } | null;
  stopped: boolean;
  attempts: number;
  /** Why the run failed; shown in Bull Board. */
  cause: string | null;
  /** What it waits for, when waiting is no failure. */
  note: string | null;
}

/**
 * What the store is to remember of a run: exactly the rows that were folded, what was seen, the bases that advanced,
 * and for which direction there is work left.
 */
export function settlementOf(round: Round, wanted: Wanted | null, ending: Ending): Settlement {
  const { claim, tenant } = round;
  const { key } = tenant;
  const base64 = (column: string, value: unknown) => key.sealJson(column, value).toString("base64");
  // Rows that asked for a read which did not succeed were not folded; nor is what they hinted at.
  const conflicts = [...conflictsAfter(round, wanted), ...round.conflictsKept]; // raises findings
  const folded = (round.readWanted && concernsUs(round)) || round.programReadWanted ? [] : round.folded;
  const keep = concernsUs(round) && !round.readWanted;
  return {
    lane: claim.laneId,
    epoch: claim.epoch,
    direction: claim.direction,
    rang: claim.rang,
    read: folded,
    // Null leaves what is stored: most runs see one side only.
    seen_crm: keep && round.crm !== round.before.crm ? base64("lane.seen_crm", round.crm) : null,
    seen_program: round.program !== round.before.program ? base64("lane.seen_program", round.program) : null,
    times: keep ? round.times : claim.times,
    due: dueAfter(round, wanted, ending, folded.length + round.deferred < round.rows.length),
    blocked: ending.blocked ?? round.waitsFor,
    stopped: ending.stopped || hasStopped(round),
    // Waiting for an unknown outcome is no success: a write that fails each time stops in the end.
    attempts: ending.attempts || (round.outboundWaitsUntil ? claim.attempts : 0),
    cause: ending.cause,
    links: round.links
      .filter((link) => link.changed)
      .map((link) => ({
        id: link.id,
        bases: base64("link.bases", link.bases),
        base_version: link.baseVersion,
        recent: link.recent.length > 0 ? base64("link.recent", link.recent) : null,
        restored: link.restored,
        paused_fields: link.pausedFields,
        state: link.state,
      })),
    intents: round.closed,
    history: [...seenRows(round, { crm: keep, program: true }), ...round.history],
    findings: round.findings,
    effects: folded.length > 0 ? round.effects : [],
    effects_done: round.effectsDone,
    conflicts,
    rewrites: round.rewrites,
  };
}

/** A run that could not even open its lane (no mapping, no connection): everything stays as it was. */
export function releaseOf(claim: Claim, ending: Ending): Settlement {
  const retryAt = (ending.retryAt[claim.direction] ?? new Date()).toISOString();
  const { inbound, outbound } = claim.due;
  return {
    lane: claim.laneId,
    epoch: claim.epoch,
    direction: claim.direction,
    rang: claim.rang,
    read: [],
    seen_crm: null,
    seen_program: null,
    times: claim.times,
    due: {
      ...{ inbound: inbound?.toISOString() ?? null, outbound: outbound?.toISOString() ?? null },
      [claim.direction]: retryAt,
    },
    blocked: null,
    stopped: false,
    attempts: ending.attempts,
    cause: ending.cause,
    links: [],
    intents: [],
    history: [],
    findings: [],
    effects: [],
    effects_done: [],
  };
}

/** True after a run that did nothing, waits for nothing and still wants its writes: rung again at once, it would spin. */
export function isSpinning(round: Round, wanted: Wanted): boolean {
  const wants = round.claim.direction === "inbound" ? wantsInbound(round, wanted) : wantsOutbound(round, wanted);
  const waits = round.outboundWaitsUntil !== null || round.again.size > 0;
  return wants && !waits && round.did.length === 0 && round.closed.length === 0 && round.effectsDone.length === 0;
}

/** Every settle, of either direction, says for both whether there is work left and when. */
function dueAfter(round: Round, wanted: Wanted | null, ending: Ending, rowsLeft: boolean): Settlement["due"] {
  const now = new Date();
  const wants: Record<Direction, boolean> = {
    inbound: round.again.has("inbound") || wantsInbound(round, wanted),
    outbound: round.again.has("outbound") || wantsOutbound(round, wanted),
  };
  const when = (direction: Direction): string | null => {
    const retryAt = ending.retryAt[direction];
    if (retryAt) return retryAt.toISOString();
    // Of one that has stopped they stay unread until something new comes, or somebody has it tried again.
    if (rowsLeft && direction === round.claim.direction && !ending.stopped) return now.toISOString();
    if (!wants[direction]) return null;
    // The other direction's backoff or wait stands, unless this run has something new for it.
    const standing = round.claim.due[direction];
    const isNews = round.rows.length > 0 || round.again.has(direction);
    if (direction !== round.claim.direction && standing && standing > now && !isNews) return standing.toISOString();
    // One direction stopping leaves the other its writes; that one does not start it again.
    if (direction === round.claim.direction ? ending.stopped : hasStopped(round)) return null;
    if (direction === "outbound") {
      if (ending.blocked) return null;
      if (round.outboundWaitsUntil) return round.outboundWaitsUntil.toISOString();
    }
    return now.toISOString();
  };
  return { inbound: when("inbound"), outbound: when("outbound") };
}

/** The lane stopped in an earlier run, and nothing new has come since. */
function hasStopped({ claim, rows }: Round): boolean {
  return claim.stopped && rows.length === 0;
}

function wantsInbound(round: Round, wanted: Wanted | null): boolean {
  const open = round.intents.some((intent) => intent.type === "command");
  if (standsStill(round)) return open && round.apart.mergedInto === null;
  return (
    open ||
    pendingUndos(round, "program").length > 0 ||
    wantsFlag(round) ||
    wantsEnrolment(round) ||
    wantsLinkCommand(round) ||
    (wanted !== null && commandsFor(wanted.inbound, round).length > 0)
  );
}

/** Something about the record has to be put right first, or it went into another one. */
export function standsStill({ held, apart, crm }: Round): boolean {
  return held !== null || apart.mergedInto !== null || crm?.mergedTo !== undefined;
}

function wantsOutbound(round: Round, wanted: Wanted | null): boolean {
  const open = round.intents.some((intent) => intent.type !== "command");
  if (standsStill(round)) return open && round.apart.mergedInto === null;
  const effects =
    round.effects.length > 0 ||
    round.openEffects.some((effect) => !isFlag(effect) && !round.effectsDone.some((done) => done.id === effect.id));
  const undo = pendingUndos(round, "crm").length > 0;
  return open || undo || effects || wantsRecord(round) || (wanted?.outbound.length ?? 0) > 0;
}
