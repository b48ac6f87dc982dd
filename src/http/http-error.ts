import { InputError } from "../errors.ts";
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
  error: { code: string; message: string; where?: string; hint?: string; correlationId: string };
}

interface Described {
  status: number;
  code: string;
  message: string;
  where?: string;
  hint?: string;
}

/** What a caller may know of an error. Nothing of an unexpected one but where to look for it. */
export function describeError(error: unknown): Described {
  if (error instanceof InputError) return { status: 400, ...worded(error) };
  if (error instanceof HttpError) return { status: error.status, ...worded(error) };
  if (isDatabaseAway(error)) {
    return { status: 503, code: "DATABASE_AWAY", message: "the database cannot be reached", hint: "try again later" };
  }
  return (
    byFastify(error) ?? {
      status: 500,
      code: "INTERNAL",
      message: "something went wrong here",
      hint: "the server's log tells more under this correlation id",
    }
  );
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
  const { code, statusCode: status } = error as { code?: string; statusCode?: number };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    const hint = "send one event per request; a record this large has to be synced by hand: partnersync sync";
    return { status: 413, code: "BODY_TOO_LARGE", message: "the body is larger than 1 MiB", hint };
  }
  if (!status || status < 400 || status >= 500) return null;
  return { status, code: code?.replace(/^FST_(ERR_)?/, "") ?? "REFUSED", message: error.message };
}
