import { z } from "zod";
import {
  ConnectionError,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
  RefusedError,
} from "../errors.ts";

/** What was called: decides whether a lost answer leaves a question open. */
export interface Call {
  method: "GET" | "POST";
  /** As on the request line, for messages: holds kind and id, never a value. */
  path: string;
}

const MAX_WAIT_MS = 300_000;
/** A program that allows 20 requests a minute (and says 406 beyond) has room again after three seconds. */
const DEFAULT_WAIT_MS = 3_000;

/** Error codes that only occur before a request leaves: nobody listens, no such host, or no trust established. */
const NEVER_ARRIVED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ERR_TLS_.*|CERT_.*|UNABLE_TO_.*|.*SELF_SIGNED_CERT.*)$/;

const refusal = z.object({ refused: z.string().regex(/^[a-z_]{1,64}$/) });

/**
 * An answer other than 200, as one of our errors.
 *
 * @param retryAfter the `Retry-After` header, seconds or an HTTP date
 * @param body parsed answer, undefined when it was not JSON
 */
export function fromAnswer(
  call: Call,
  answer: { status: number; retryAfter: string | undefined; body: unknown },
  nowMs: number,
): Error {
  const { status } = answer;
  const message = `partner program answered ${status} to ${call.method} ${call.path}`;
  switch (status) {
    case 406: // some programs throttle with it
    case 429:
      return new ParkedError("program", new Date(nowMs + waitMs(answer.retryAfter, nowMs)), message);
    case 401:
      return new ConnectionError("program", "UNAUTHORIZED", message);
    case 403:
      return new ConnectionError("program", "FORBIDDEN", message);
    case 404:
    case 410:
      return new NotFoundError(message);
    case 409: {
      const refused = refusal.safeParse(answer.body);
      if (refused.success) return new RefusedError(refused.data.refused, `${message}: ${refused.data.refused}`);
      return lostAnswer(call, `${message} without a code`);
    }
  }
  if (status >= 300 && status < 400) {
    // Followed, it would take a signed request to a place nobody configured.
    return new ConnectionError("program", "UNREACHABLE", `${message}: its address has moved`);
  }
  if (status >= 400 && status < 500 && status !== 408) return new RecordError("REFUSED_BY_PROGRAM", message);
  return lostAnswer(call, message);
}

/**
 * A request that got no answer, as one of our errors. A request that never arrived pauses the connection; that it had
 * no effect is kept as the NoEffectError in `cause`.
 */
export function fromFailure(call: Call, error: unknown): Error {
  const { code, connecting } = describe(error);
  const message = `partner program: ${call.method} ${call.path} failed${code ? ` (${code})` : ""}`;
  if (NEVER_ARRIVED.test(code) || connecting) {
    const cause = new NoEffectError(`${message}: it never arrived`, { cause: error });
    return new ConnectionError("program", "UNREACHABLE", message, { cause });
  }
  return lostAnswer(call, message, { cause: error });
}

/** No answer, or one that cannot be read: a command may have been carried out, a read has simply failed. */
export function lostAnswer(call: Call, message: string, options?: ErrorOptions): Error {
  return call.method === "POST" ? new OutcomeUnknownError(message, options) : new NoEffectError(message, options);
}

function waitMs(retryAfter: string | undefined, nowMs: number): number {
  const value = retryAfter?.trim() ?? "";
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(wait) && wait > 0 ? Math.min(wait, MAX_WAIT_MS) : DEFAULT_WAIT_MS;
}

const systemError = z.object({
  code: z.string().optional(),
  syscall: z.string().optional(),
  cause: z.unknown().optional(),
  errors: z.array(z.object({ syscall: z.string().optional() })).optional(),
});

/**
 * axios wraps the system's error: the code is copied to the wrapper, the system call only stands in its cause, or in
 * the errors there when several addresses were tried. A route can also be lost (EHOSTUNREACH, ENETUNREACH) after the
 * request has left, so that code alone says nothing about whether it arrived.
 */
function describe(error: unknown): { code: string; connecting: boolean } {
  const outer = systemError.safeParse(error).data;
  const inner = systemError.safeParse(outer?.cause).data;
  const tries = inner?.errors ?? outer?.errors ?? [{ syscall: outer?.syscall ?? inner?.syscall }];
  return {
    code: outer?.code ?? inner?.code ?? "",
    connecting: tries.length > 0 && tries.every(({ syscall }) => syscall === "connect"),
  };
}
