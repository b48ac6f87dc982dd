import type { FastifyError, FastifySchemaValidationError } from "fastify";
import {
  ConnectionError,
  InputError,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
  RefusedError,
} from "../errors.ts";
import { toFailure } from "../failure.ts";
import { isDatabaseAway } from "../store/prisma-errors.ts";

/** A request that is refused for a reason other than what was posted. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  readonly code: string;
  readonly hint?: string;
  constructor(status: number, code: string, message: string, hint?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

/** The one shape in which errors leave the server. */
export interface ErrorEnvelope {
  error: Omit<Described, "status"> & { correlationId: string };
}

interface Described {
  status: number;
  code: string;
  message: string;
  where?: string;
  hint?: string;
  findings?: unknown[];
}

/** What a caller may know of an error. Nothing of an unexpected one but where to look for it. */
export function describeError(error: unknown): Described {
  if (error instanceof HttpError) return { status: error.status, ...worded(error) };
  // The database last: a remote system that refuses the connection has the same cause.
  return byInput(error) ?? byRemote(error) ?? byDatabase(error) ?? byFastify(error) ?? UNEXPECTED;
}

function byDatabase(error: unknown): Described | null {
  if (!isDatabaseAway(error)) return null;
  return { status: 503, code: "DATABASE_AWAY", message: "the database cannot be reached", hint: "try again later" };
}

const UNEXPECTED: Described = {
  status: 500,
  code: "INTERNAL",
  message: "something went wrong here",
  hint: "the server's log tells more under this correlation id",
};

/** Somebody asked for what there is not, or what cannot be now. */
function byInput(error: unknown): Described | null {
  if (!(error instanceof InputError)) return null;
  const { stack: _, ...failure } = toFailure(error);
  return { status: failure.findings ? 422 : statusOf(error.code), ...failure };
}

const CONFLICTS = new Set([
  ...[
    "CONNECTION_INCOMPLETE",
    "CONNECTION_OVERTAKEN",
    "CONNECTION_RETIRED",
    "FOUR_EYES",
    "INTAKE_MISMATCH",
    "LAST_ADMIN",
    "LOCK_MISMATCH",
    "NOT_CONNECTED",
  ],
  ...[
    "OPERATOR_DISABLED",
    "OPERATOR_EXISTS",
    "OTHER_TENANT",
    "PAUSED_BY_DOCUMENT",
    "PLAN_OUTDATED",
    "PROPOSAL_CHANGED",
  ],
  ...["REVISION_NOT_NEWER", "SECRET_UNCHANGED", "TENANT_EXISTS"],
  ...["REVIEW_CHANGED", "REVIEW_COMPLETED", "REVIEW_EXISTS", "REVIEW_INPUT_STALE", "REVIEW_UNDECIDED"],
  ...["REMEDIATION_BY_HAND", "REMOVAL_ACCOUNT_CHANGED", "REMOVAL_ACCOUNT_GONE", "REMOVAL_NOT_DECIDED"],
  ...["REMOVAL_OF_TOKEN_OWNER", "REMOVAL_OTHER_COMPANY", "REMOVAL_OVERRULED", "REMOVAL_SEEN_DONE", "REVIEW_OPEN"],
  ...["ALREADY_LINKED", "NOT_LINKED", "RECORD_BUSY"],
  ...["EVIDENCE_MISMATCH", "NO_ACCESS_SNAPSHOT", "SNAPSHOT_CHANGED", "ACCESS_INPUT_OUTDATED"],
]);
const ABSENT = new Set(["NO_ACCESS_POLICY", "NO_ACCESS_ROSTER", "NO_MAPPING", "NO_PROPOSAL"]);

function statusOf(code: string): number {
  if (code.startsWith("UNKNOWN_") || ABSENT.has(code)) return 404;
  return CONFLICTS.has(code) ? 409 : 400;
}

/** One of the two systems was asked on somebody's behalf, and did not do its part. */
function byRemote(error: unknown): Described | null {
  if (error instanceof ParkedError) return { status: 503, ...toFailure(error) };
  if (error instanceof RecordError || error instanceof RefusedError) {
    return { status: 502, code: error.code, message: error.message };
  }
  if (error instanceof NotFoundError) return { status: 502, code: "NOT_FOUND_THERE", message: error.message };
  const isTheirs =
    error instanceof ConnectionError || error instanceof NoEffectError || error instanceof OutcomeUnknownError;
  return isTheirs ? { status: 502, ...toFailure(error) } : null;
}

export function toEnvelope(described: Described, correlationId: string): ErrorEnvelope {
  const { status: _, ...shown } = described;
  return { error: { ...shown, correlationId } };
}

function worded({ code, message, where, hint }: { code: string; message: string; where?: string; hint?: string }) {
  return { code, message, ...(where && { where }), ...(hint && { hint }) };
}

function byFastify(error: unknown): Described | null {
  if (!(error instanceof Error)) return null;
  const { code, statusCode: status, validation, validationContext } = error as Partial<FastifyError>;
  if (validation) return invalid(validation, validationContext);
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    const hint = "send one event per request; a record this large has to be synced by hand: partnersync sync";
    return { status: 413, code: "BODY_TOO_LARGE", message: "the body is larger than this address takes", hint };
  }
  if (!status || status < 400 || status >= 500) return null;
  return { status, code: code?.replace(/^FST_(ERR_)?/, "") ?? "REFUSED", message: error.message };
}

const SCHEMA_HINT = "see /api/docs for what it takes";

/** What does not have the form that a route asks for. Says which member, never what it held. */
function invalid(issues: FastifySchemaValidationError[], context = "request"): Described {
  const place = (path: string) =>
    [context === "querystring" ? "query" : context, ...path.split("/").filter(Boolean)].join(".");
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  const message = `${place(first?.instancePath ?? "")}: ${first?.message ?? "not understood"}${more}`;
  return { status: 400, code: "BAD_REQUEST", message, where: place(first?.instancePath ?? ""), hint: SCHEMA_HINT };
}
