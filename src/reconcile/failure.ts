import type { Logger } from "pino";
import { type ConnectionProblem, type NextStep, NoEffectError, nextStep, OutcomeUnknownError } from "../errors.ts";
import type { Claim } from "../store/lane-rows.ts";
import type { DriftReports } from "./report-drift.ts";
import { type Round, raise, subjectOf } from "./round.ts";
import type { Ending } from "./settle.ts";
import { LeaseShortError } from "./steps.ts";

/** A record that fails this often stops with a finding: soon when the failure is ours, after about an hour when the
 * other side keeps answering with errors, which may be its outage. */
const MOST_ATTEMPTS = { ours: 10, theirs: 60 };
const LONGEST_BACKOFF_MS = 60_000;
/** How long an unreachable side is left alone before it is tried again. */
const OUTAGE_PARK_MS = 15_000;
/** No lane of a paused connection is handed out; this outlasts what a process remembers of it. */
const PAUSED_MS = 1_000;

/** What a failure can do to a whole connection. */
export interface PauseOrPark {
  /** Not when it was resumed after `since`. @returns whether it is paused by this */
  pause(connectionId: string, cause: string, how: { since: Date; finding: string }): Promise<boolean>;
  park(connectionId: string, until: Date, cause: string): Promise<unknown>;
}

/** The run that failed. */
interface Failed {
  claim: Claim;
  /** Null when it could not even be opened: no mapping, or a side is not connected. */
  round: Round | null;
  deps: { connections: PauseOrPark; drift: Pick<DriftReports, "want" | "lastAt">; log: Logger };
}

type PausingStep = Extract<NextStep, { step: "pause connection" }>;

/**
 * What an error means for the lane, and for its connection. Only a record's own failures use attempts: a budget, an
 * outage, another record or somebody else's speed are nothing the record can help.
 */
export async function endingOf(error: unknown, { claim, round, deps }: Failed): Promise<Ending> {
  const ending: Ending = {
    retryAt: {},
    blocked: null,
    stopped: false,
    attempts: claim.attempts,
    cause: causeOf(error),
    note: null,
  };
  const retry = (at: Date): Ending => ({ ...ending, retryAt: { [claim.direction]: at } });
  // One that got nothing done would get no further under the next lease: it counts, like any slowness of theirs.
  if (error instanceof LeaseShortError && round && (round.did.length > 0 || cameFurther(round)))
    return { ...retry(new Date()), cause: null, note: "goes on under the next lease" };
  const next = nextStep(error);
  switch (next.step) {
    case "park":
      if (round) await deps.connections.park(round.tenant.connections[next.side], next.until, causeOf(error));
      return { ...retry(next.until), cause: null, note: `parked until ${next.until.toISOString()}: ${causeOf(error)}` };
    case "hold": // no lane of the direction is handed out until a person lets it go on
      return { ...retry(new Date()), cause: null, note: causeOf(error) };
    case "block":
      return { ...ending, blocked: next.on, cause: null, note: causeOf(error) };
    case "pause connection":
      return retry(await pauseOrPark(error, next, { claim, round, deps }));
    case "stop":
      if (round) raise(round, { code: next.code, severity: "error", message: causeOf(error) });
      return { ...ending, stopped: true };
    default:
      return retryLater(error, claim, round, ending, deps.log);
  }
}

/** @returns when the lane is tried again: an outage's connection is only parked, any other waits for a person */
async function pauseOrPark(error: unknown, step: PausingStep, { claim, round, deps }: Failed): Promise<Date> {
  const afterOutage = new Date(Date.now() + OUTAGE_PARK_MS);
  const soon = new Date(Date.now() + PAUSED_MS); // no lane of a paused connection is handed out until it is resumed
  if (!round) return step.problem === "MAPPING_BROKEN" ? afterOutage : soon;
  const connectionId = round.tenant.connections[step.side];
  if (step.problem === "UNREACHABLE") {
    await deps.connections.park(connectionId, afterOutage, causeOf(error));
    return afterOutage;
  }
  if (step.problem === "MAPPING_BROKEN" && !(await wasLookedAt(claim, deps))) return new Date(Date.now() + LOOK_MS);
  // What this run met may have been mended while it was under way.
  const how = { since: claim.claimedAt, finding: pausedFinding(round, step, error) };
  if (await deps.connections.pause(connectionId, causeOf(error), how)) {
    deps.log.error({ err: error, tenant: claim.tenantId, connection: connectionId }, "a connection is paused");
  }
  return soon;
}

/** A comparison with the account is worth this much of its time; a worker knows its outcome this much later. */
const LOOK_MS = 2_000;
const LOOK_HOLDS_MS = 60_000;

/**
 * The account does not know a field of the mapping: only that field has to stand still, once somebody has looked which
 * one it is. Where that was done and the account still refuses, the mapping as a whole does not fit.
 */
async function wasLookedAt({ tenantId, claimedAt }: Claim, { drift }: Failed["deps"]): Promise<boolean> {
  const lookedAt = (await drift.lastAt(tenantId))?.getTime() ?? 0;
  const ageMs = claimedAt.getTime() - lookedAt;
  if (ageMs >= LOOK_HOLDS_MS) await drift.want(tenantId);
  return ageMs > LOOK_MS && ageMs < LOOK_HOLDS_MS;
}

/** What a person does about each problem; the connection is theirs to resume. */
const MEND: Record<Exclude<ConnectionProblem, "UNREACHABLE">, string> = {
  UNAUTHORIZED: "connect it again with credentials that work",
  FORBIDDEN: "give its user the rights it lacks, then resume the connection",
  ABUSE_BLOCKED: "find out what else calls that much, then resume the connection",
  COMPANY_NOT_OPEN: "have the account opened, then resume the connection",
  MAPPING_BROKEN: "load a mapping that fits the account",
};

function pausedFinding({ tenant }: Round, { side, problem }: PausingStep, error: unknown): string {
  const system = side === "pipedrive" ? "Pipedrive" : "the partner program";
  const mend = problem === "UNREACHABLE" ? "" : ` To mend it, ${MEND[problem]}.`;
  return `${tenant.tenantId}: nothing is sent to ${system} any more, and nothing is lost: ${causeOf(error)}.${mend}`;
}

function retryLater(error: unknown, claim: Claim, round: Round | null, ending: Ending, log: Logger): Ending {
  const isOurs = ![NoEffectError, OutcomeUnknownError, LeaseShortError].some((theirs) => error instanceof theirs);
  if (isOurs) log.error({ err: error, lane: claim.laneId, tenant: claim.tenantId }, "a lane failed unexpectedly");
  const attempts = (cameFurther(round) ? 0 : claim.attempts) + 1;
  if (attempts >= (isOurs ? MOST_ATTEMPTS.ours : MOST_ATTEMPTS.theirs) && round) {
    raise(round, {
      code: "KEEPS_FAILING",
      severity: "error",
      message: `${claim.tenantId}: ${subjectOf(round)} failed ${attempts} times and has stopped: ${causeOf(error)}. Mend the cause, then run sync for it again.`,
    });
    return { ...ending, attempts, stopped: true };
  }
  const backoffMs = round?.again.has(claim.direction) ? 0 : Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** attempts);
  return { ...ending, attempts, retryAt: { [claim.direction]: new Date(Date.now() + backoffMs) } };
}

/** A run that got another write done has come further: it fails at something new. */
function cameFurther(round: Round | null): boolean {
  return round?.closed.some(({ state }) => state === "done") ?? false;
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
