import { types } from "node:util";
import { ConnectionError, NoEffectError, OutcomeUnknownError } from "../errors.ts";
import { type Call, describe, isWrite } from "./call.ts";

/** Why we ended a call ourselves, if we did. */
export type OwnStop = "timeout" | "aborted" | null;

/**
 * What it means that a request got no (whole) answer.
 *
 * - `NoEffectError`: it was a read; it may be made again, with backoff.
 * - `OutcomeUnknownError`: a write that may have arrived.
 * - `ConnectionError`: no connection was made, so nothing was sent: that is no record's fault.
 */
export function translateTransport(call: Call, error: unknown, stop: OwnStop): Error {
  const cause = toPlainCause(error);
  const name = `Pipedrive: ${describe(call)}`;
  if (CERTIFICATE.test(cause.code ?? "")) {
    const message = `${name} is impossible: the server's certificate is not trusted (${cause.code})`;
    return new ConnectionError("pipedrive", "UNREACHABLE", message, { cause });
  }
  if (neverConnected(error)) {
    const message = `${name} did not reach the server (${cause.code})`;
    return new ConnectionError("pipedrive", "UNREACHABLE", message, { cause });
  }
  const message = `${name} ${stop === null ? `got no whole answer (${cause.code ?? cause.name})` : STOPPED[stop]}`;
  if (isWrite(call)) return new OutcomeUnknownError(`${message}; its outcome is unknown`, { cause });
  return new NoEffectError(message, { cause });
}

/** True only when the failing system call belongs to making the connection, so that no byte can have been sent. */
export function neverConnected(error: unknown): boolean {
  const root = rootOf(error);
  if (root?.errors) return root.errors.length > 0 && root.errors.every(neverConnected); // one per address tried
  return root?.syscall === "connect" || root?.syscall === "getaddrinfo";
}

const STOPPED = { timeout: "got no answer in time", aborted: "was aborted" };

const CERTIFICATE = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY))/;

interface SystemError extends Error {
  code?: string;
  syscall?: string;
  errors?: unknown[];
}

/** axios wraps what Node threw. Not `instanceof`: Node's own errors may come from another realm, as they do under jest. */
function rootOf(error: unknown): SystemError | null {
  if (!types.isNativeError(error)) return null;
  return types.isNativeError(error.cause) ? error.cause : error;
}

/** An error as far as it may be logged: what axios hangs on its errors (headers, body, sockets) stays behind. */
function toPlainCause(error: unknown): SystemError {
  const root = rootOf(error);
  if (root === null) return new Error("something that is no error was thrown");
  const outer = error as SystemError;
  const plain: SystemError = new Error(outer.message);
  plain.name = root.name;
  const code = outer.code ?? root.code;
  if (code !== undefined) plain.code = String(code);
  if (root.syscall !== undefined) plain.syscall = root.syscall;
  return plain;
}
