/**
 * Every error the sync throws on purpose, named by what happens next. Adapters translate what they meet into one of
 * these at their edge (with `cause`); `nextStep` is the only place that knows what each means for a lane.
 *
 * Messages name tenant, object, id and field label; values, secrets and payloads stay out.
 */

/** The two systems a tenant is connected to. */
export const SIDES = ["pipedrive", "program"] as const;
export type Side = (typeof SIDES)[number];

/** No room in a budget or rate: wait until then. Uses no attempt. */
export class ParkedError extends Error {
  override name = "ParkedError";
  readonly side: Side;
  readonly until: Date;
  constructor(side: Side, until: Date, message: string, options?: ErrorOptions) {
    super(message, options);
    this.side = side;
    this.until = until;
  }
}

/** Another record has to be linked first, or a reservation's holder has to finish. Uses no attempt. */
export class BlockedError extends Error {
  override name = "BlockedError";
  /** What is waited for, e.g. `{ kind: "partner", id: "prt_…" }`. */
  readonly waitsFor: { kind: string; id: string };
  constructor(waitsFor: { kind: string; id: string }, message = `waits for ${waitsFor.kind} ${waitsFor.id}`) {
    super(message);
    this.waitsFor = waitsFor;
  }
}

export type ConnectionProblem =
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "ABUSE_BLOCKED"
  | "COMPANY_NOT_OPEN"
  | "UNREACHABLE"
  | "MAPPING_BROKEN";

/** Credential, mapping or outage: the whole connection pauses until a person (or the network) mends it. No attempt used. */
export class ConnectionError extends Error {
  override name = "ConnectionError";
  readonly side: Side;
  readonly problem: ConnectionProblem;
  constructor(side: Side, problem: ConnectionProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.side = side;
    this.problem = problem;
  }
}

/** This record cannot go on before a person mends it (refused for good). */
export class RecordError extends Error {
  override name = "RecordError";
  /** A finding code such as `REFUSED_BY_PIPEDRIVE`. */
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A write whose outcome nobody knows (timeout, lost answer, 5xx): it is looked up, never repeated. */
export class OutcomeUnknownError extends Error {
  override name = "OutcomeUnknownError";
}

/** A call known to have had no effect (refused connection, failed read): it may be made again. */
export class NoEffectError extends Error {
  override name = "NoEffectError";
}

/** The remote record does not exist (any more). An answer, not a failure of the search for it. */
export class NotFoundError extends Error {
  override name = "NotFoundError";
}

/** The partner program refused a command by a documented code, e.g. `version_conflict`. Known to have had no effect. */
export class RefusedError extends Error {
  override name = "RefusedError";
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The tenant's limits are reached: nothing is written in this direction until a person says so. Uses no attempt. */
export class HeldError extends Error {
  override name = "HeldError";
  constructor(tenantId: string, direction: "inbound" | "outbound") {
    const side = direction === "inbound" ? "the partner program" : "Pipedrive";
    super(`${tenantId}: writes to ${side} wait for a person, because they were too many: partnersync limits show`);
  }
}

/** Our lease is gone: somebody else owns the lane now, nothing more may be written. */
export class ClaimLostError extends Error {
  override name = "ClaimLostError";
}

/** Something a person typed or posted is wrong. Shown as it is: says what, where and what to do. */
export class InputError extends Error {
  override name = "InputError";
  readonly code: string;
  /** Where: a JSON path, an option, a header. */
  readonly where?: string;
  /** What to do about it. */
  readonly hint?: string;
  constructor(code: string, message: string, where?: string, hint?: string) {
    super(message);
    this.code = code;
    this.where = where;
    this.hint = hint;
  }
}

/** What an error means for the lane it happened in. */
export type NextStep =
  | { step: "park"; side: Side; until: Date }
  | { step: "hold" }
  | { step: "block"; on: { kind: string; id: string } }
  | { step: "pause connection"; side: Side; problem: ConnectionProblem }
  | { step: "stop"; code: string }
  | { step: "leave" }
  | { step: "retry" };

export function nextStep(error: unknown): NextStep {
  if (error instanceof ParkedError) return { step: "park", side: error.side, until: error.until };
  if (error instanceof HeldError) return { step: "hold" };
  if (error instanceof BlockedError) return { step: "block", on: error.waitsFor };
  if (error instanceof ConnectionError) return { step: "pause connection", side: error.side, problem: error.problem };
  if (error instanceof RecordError) return { step: "stop", code: error.code };
  if (error instanceof ClaimLostError) return { step: "leave" };
  return { step: "retry" };
}
