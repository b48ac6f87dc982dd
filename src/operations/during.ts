import {
  ConnectionError,
  InputError,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
} from "../errors.ts";

/** What a remote call is for, while a person waits for it. */
export interface Doing {
  /** Goes before the host, e.g. "looking up the token's user at". */
  what: string;
  baseUrl: string;
  /** What to do when the call is refused as it is. */
  hint: string;
}

/**
 * Says of a remote call that failed what it was for, and where, in place of the client's word for it. What the failure
 * means stays; what would be a record's failure is somebody's input here.
 */
export async function during<T>({ what, baseUrl, hint }: Doing, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw reworded(error, `${what} ${new URL(baseUrl).host}`, hint);
  }
}

function reworded(error: unknown, what: string, hint: string): unknown {
  if (!(error instanceof Error)) return error;
  const named = error.message.replace(OPERATION, `Pipedrive: ${what} `);
  const message = named === error.message ? `${what}: ${named.replace(/^partner program:? /, "")}` : named;
  const options = { cause: error };
  if (error instanceof ConnectionError) return new ConnectionError(error.side, error.problem, message, options);
  if (error instanceof ParkedError) return new ParkedError(error.side, error.until, message, options);
  if (error instanceof NoEffectError) return new NoEffectError(message, options);
  if (error instanceof OutcomeUnknownError) return new OutcomeUnknownError(message, options);
  if (error instanceof RecordError) return toInput(error.code, message, hint, error);
  if (error instanceof NotFoundError) return toInput("NOT_FOUND_THERE", message, hint, error);
  return error;
}

/** How the Pipedrive client names the calls that connecting makes. */
const OPERATION = /^Pipedrive: (?:me|createWebhook) /;

function toInput(code: string, message: string, hint: string, cause: Error): InputError {
  return Object.assign(new InputError(code, message, undefined, hint), { cause });
}
