import type { FastifyBaseLogger } from "fastify";
import type { Audit, AuditedAct, AuditOutcome } from "../store/audit.ts";
import { describeError } from "./http-error.ts";

/** What something that was done leaves in the audit trail. Neither secrets nor records' values. */
export interface Change {
  target: string;
  before?: unknown;
  after?: unknown;
}

/**
 * Does what changes something: written down before it begins and when it has ended.
 *
 * Where it is done and only its end cannot be written down, it is answered as what it is, done: told that it failed, people
 * would do it twice. The trail then holds its begin alone, and the log says why.
 *
 * @param work tells what it changed, once it knows
 * @throws what `work` throws; nothing is done where the begin cannot be written down
 */
export async function onRecord<T>(
  audit: Pick<Audit, "begin" | "end">,
  log: Pick<FastifyBaseLogger, "error">,
  act: AuditedAct,
  work: (changed: (what: Change) => void) => Promise<T>,
): Promise<T> {
  const begunId = await audit.begin(act);
  let change: Change | undefined;
  const end = (outcome: AuditOutcome) =>
    audit
      .end(begunId, { ...act, target: change?.target ?? act.target }, outcome)
      .catch((err: unknown) => log.error({ err, begunId, phase: outcome.phase }, "its end is not on record"));
  try {
    const answer = await work((what) => {
      change = what;
    });
    await end({ phase: "done", before: change?.before, after: change?.after });
    return answer;
  } catch (error) {
    await end({ phase: "failed", code: describeError(error).code });
    throw error;
  }
}
