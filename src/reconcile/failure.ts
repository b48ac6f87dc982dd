import type { Logger } from "pino";
import { NoEffectError, nextStep, OutcomeUnknownError } from "../errors.ts";
import type { Claim } from "../store/lane-rows.ts";
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
  pause(connectionId: string, cause: string): Promise<unknown>;
  park(connectionId: string, until: Date, cause: string): Promise<unknown>;
}

/**
 * What an error means for the lane, and for its connection. Only a record's own failures use attempts: a budget, an
 * outage, another record or somebody else's speed are nothing the record can help.
 */
export async function endingOf(
  error: unknown,
  { claim, round, deps }: { claim: Claim; round: Round | null; deps: { connections: PauseOrPark; log: Logger } },
): Promise<Ending> {
  const ending: Ending = {
    retryAt: {},
    blocked: null,
    stopped: false,
    attempts: claim.attempts,
    cause: causeOf(error),
    note: null,
  };
  const retry = (at: Date): Ending => ({ ...ending, retryAt: { [claim.direction]: at } });
  if (error instanceof LeaseShortError)
    return { ...retry(new Date()), cause: null, note: "goes on under the next lease" };
  const next = nextStep(error);
  switch (next.step) {
    case "park":
      if (round) await deps.connections.park(round.tenant.connections[next.side], next.until, causeOf(error));
      return { ...retry(next.until), cause: null, note: `parked until ${next.until.toISOString()}: ${causeOf(error)}` };
    case "block":
      return { ...ending, blocked: next.on, cause: null, note: causeOf(error) };
    case "pause connection": {
      const until = new Date(Date.now() + OUTAGE_PARK_MS);
      const connectionId = round?.tenant.connections[next.side];
      if (!connectionId) return retry(until); // there is no connection, or no mapping: nothing to pause
      if (next.problem === "UNREACHABLE") {
        await deps.connections.park(connectionId, until, causeOf(error));
        return retry(until);
      }
      await deps.connections.pause(connectionId, causeOf(error));
      return retry(new Date(Date.now() + PAUSED_MS)); // due at once when it is resumed
    }
    case "stop":
      if (round) raise(round, { code: next.code, severity: "error", message: causeOf(error) });
      return { ...ending, stopped: true };
    default:
      return retryLater(error, claim, round, ending, deps.log);
  }
}

function retryLater(error: unknown, claim: Claim, round: Round | null, ending: Ending, log: Logger): Ending {
  const isOurs = !(error instanceof NoEffectError || error instanceof OutcomeUnknownError);
  if (isOurs) log.error({ err: error, lane: claim.laneId, tenant: claim.tenantId }, "a lane failed unexpectedly");
  // A run that got another write done has come further: it fails at something new.
  const cameFurther = round?.closed.some(({ state }) => state === "done") ?? false;
  const attempts = (cameFurther ? 0 : claim.attempts) + 1;
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

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
