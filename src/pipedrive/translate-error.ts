import {
  ConnectionError,
  type ConnectionProblem,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
} from "../errors.ts";
import { type Call, describe, isWrite, maskKeys } from "./call.ts";
import { type Headers, toRateRefusal } from "./rate-limit.ts";

/** An answer after its body was read. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed body; undefined when it was empty or no JSON. */
  body: unknown;
}

/**
 * What an answer means, in the words of `src/errors.ts`; null for a success.
 *
 * Understands the four envelopes – the gateway's (`errorCode`), v1's (`error_info`), v2's (`code`) and that of the
 * webhooks service (`errors`) – and the HTML pages of the network in front of them. An answer that says neither yes nor
 * no is `OutcomeUnknownError` for a write and `NoEffectError` for a read.
 */
export function translateAnswer(call: Call, answer: Answer, now: Date): Error | null {
  const envelope = toEnvelope(answer.body);
  const ok = answer.status >= 200 && answer.status < 300;
  if (ok && !envelope?.failed) return null;
  const failure: Failure = {
    call,
    envelope,
    status: ok ? statusInside(envelope) : answer.status,
    headers: answer.headers,
  };
  if (failure.status === 429) return parked(failure, now);
  return (MEANING[failure.status] ?? meaningOfClass)(failure);
}

/** An answer that could not be read: no JSON, too large, or not in the documented shape. */
export function translateUnreadable(call: Call, what: string, cause?: unknown): Error {
  return unclear(call, what, { cause });
}

interface Failure {
  call: Call;
  status: number;
  headers: Headers;
  envelope: Envelope | null;
}

const MEANING: Record<number, (failure: Failure) => Error> = {
  200: (failure) => unclear(failure.call, tell(failure, "was answered without success")), // and without a reason
  400: badRequest,
  401: (failure) => connection(failure, "UNAUTHORIZED", "the API token is not accepted"),
  402: (failure) =>
    connection(failure, "COMPANY_NOT_OPEN", "the company is not open: its trial is over or it is unpaid"),
  403: forbidden,
  404: missing,
  407: (failure) => connection(failure, "UNREACHABLE", "a proxy on the way asks for credentials"),
  408: (failure) => unclear(failure.call, tell(failure, "was given up on the way")),
  410: missing,
};

function meaningOfClass(failure: Failure): Error {
  if (failure.status >= 300 && failure.status < 400) {
    return connection(failure, "UNREACHABLE", "it is answered with a redirect; the base URL is not the company's own");
  }
  if (failure.status >= 400 && failure.status < 500) return refused(failure);
  return unclear(failure.call, tell(failure, "failed in Pipedrive"));
}

function parked(failure: Failure, now: Date): ParkedError {
  const { budget, until } = toRateRefusal(failure.headers, failure.envelope?.error ?? "", now);
  const what = budget === "daily" ? "the daily token budget is used up" : "the two-second allowance is used up";
  return new ParkedError("pipedrive", until, tell(failure, `must wait until ${until.toISOString()}: ${what}`));
}

/** The key comes first in v2 (`Parameter '<key>' is not allowed …`) and last where a validator lists unknown keys. */
const UNKNOWN_FIELD =
  /\b([0-9a-f]{40})\b['"]? is (?:not allowed|unknown)|\b(?:unknown|unrecogni[sz]ed) \w+:? ['"]?([0-9a-f]{40})\b/i;

/** 400. A custom field that the account does not know (any more) is a fault of the mapping, not of the record. */
function badRequest(failure: Failure): Error {
  const found = UNKNOWN_FIELD.exec(failure.envelope?.error ?? "");
  if (found === null) return refused(failure);
  const key = maskKeys(found[1] ?? found[2] ?? "");
  const message = tell(failure, `names a custom field that the account does not have: ${key}`);
  return new ConnectionError("pipedrive", "MAPPING_BROKEN", message);
}

/** 403 has five senders: the network's ban, plan limits, a missing scope, a missing right on all or on one record. */
function forbidden(failure: Failure): Error {
  const { call, envelope } = failure;
  if (envelope === null) {
    return connection(failure, "ABUSE_BLOCKED", "the network in front of Pipedrive blocks us; stop calling");
  }
  if (envelope.code?.startsWith("feature_capping")) {
    return new RecordError("PLAN_LIMIT_REACHED", tell(failure, "exceeds a limit of the account's plan"));
  }
  const ofOneRecord = call.object !== undefined && (isWrite(call) || call.operation === "get");
  if (envelope.errorCode === 403 || /\bscope\b/i.test(envelope.error) || !ofOneRecord) {
    return connection(failure, "FORBIDDEN", "the API token lacks a scope or permission");
  }
  return new RecordError("FORBIDDEN_BY_PIPEDRIVE", tell(failure, "is not permitted to the connection's user"));
}

/** 404 and 410. Only an envelope can say that a record is gone: a stray page must not look like a deletion. */
function missing(failure: Failure): Error {
  const { call, envelope } = failure;
  if (!envelope?.failed) return unclear(call, tell(failure, "was answered by something that is not Pipedrive's API"));
  if (call.id !== undefined) return new NotFoundError(tell(failure, "does not exist"));
  if (isWrite(call)) return refused(failure); // what it refers to is missing
  return connection(failure, "UNREACHABLE", "Pipedrive has no such endpoint under this base URL");
}

function refused(failure: Failure): RecordError {
  return new RecordError("REFUSED_BY_PIPEDRIVE", tell(failure, "was refused"));
}

function connection(failure: Failure, problem: ConnectionProblem, what: string): ConnectionError {
  return new ConnectionError("pipedrive", problem, tell(failure, `is impossible: ${what}`));
}

function unclear(call: Call, message: string, options?: ErrorOptions): Error {
  if (isWrite(call)) return new OutcomeUnknownError(`${message}; its outcome is unknown`, options);
  return new NoEffectError(message, options);
}

/** Who, what happened, and what a support request needs; of Pipedrive's own words only code and place. */
function tell({ call, status, headers, envelope }: Failure, what: string): string {
  const details = [`HTTP ${status}`];
  if (envelope?.code) details.push(envelope.code);
  if (envelope?.places.length) details.push(`at ${envelope.places.join(", ")}`);
  const correlationId = headers["x-correlation-id"];
  if (correlationId && /^[\w-]{8,64}$/.test(correlationId)) details.push(`correlation id ${correlationId}`);
  return `Pipedrive: ${describe(call)} ${what} (${details.join(", ")})`;
}

interface Envelope {
  failed: boolean;
  /** Pipedrive's words: for decisions only, they may quote values. */
  error: string;
  code: string | null;
  errorCode: number | null;
  /** Which members of the request are meant. */
  places: string[];
}

function toEnvelope(body: unknown): Envelope | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const { success, error, message, code, errorCode, errors } = body as Record<string, unknown>;
  const text = [error, message].find((word) => typeof word === "string") as string | undefined;
  return {
    failed: success === false,
    error: text ?? "",
    code: typeof code === "string" && /^\w{1,64}$/.test(code) ? code : null,
    errorCode: typeof errorCode === "number" ? errorCode : null,
    places: toPlaces(text ?? "", errors),
  };
}

/** v2 words a place as `Validation failed: <path>: …`, the webhooks service as keys of `errors`. */
function toPlaces(text: string, errors: unknown): string[] {
  const path = /^Validation failed: ([\w.[\]-]{1,200}):/.exec(text)?.[1];
  const keys = typeof errors === "object" && errors !== null ? Object.keys(errors) : [];
  return [...(path ? [path] : []), ...keys.filter((key) => /^\w{1,40}$/.test(key)).slice(0, 10)].map(maskKeys);
}

/** `success: false` under status 200: the envelope knows better; one without any reason stays 200. */
function statusInside(envelope: Envelope | null): number {
  if (envelope?.errorCode && envelope.errorCode >= 400 && envelope.errorCode < 600) return envelope.errorCode;
  if (envelope?.code === "ERR_NOT_FOUND") return 404;
  if (envelope?.code?.startsWith("feature_capping")) return 403;
  return envelope?.code || envelope?.places.length ? 400 : 200;
}
