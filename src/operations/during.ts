import {
  ConnectionError,
  InputError,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
} from "../errors.ts";

/**
 * Says of a remote call that failed while a person waits what it was for, and where, in place of the client's word for
 * it. What the failure means stays; what would be a record's failure is somebody's input here.
 *
 * @param what goes before the host, e.g. "looking up the token's user at"
 */
export async function during<T>(what: string, baseUrl: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw reworded(error, `${what} ${new URL(baseUrl).host}`);
  }
}

function reworded(error: unknown, what: string): unknown {
  if (!(error instanceof Error)) return error;
  const named = error.message.replace(OPERATION, `Pipedrive: ${what} `);
  const message = named === error.message ? `${what}: ${named.replace(/^partner program:? /, "")}` : named;
  const options = { cause: error };
  if (error instanceof ConnectionError) return new ConnectionError(error.side, error.problem, message, options);
  if (error instanceof ParkedError) return new ParkedError(error.side, error.until, message, options);
  if (error instanceof NoEffectError) return new NoEffectError(message, options);
  if (error instanceof OutcomeUnknownError) return new OutcomeUnknownError(message, options);
  if (error instanceof RecordError) return toInput(error.code, message, error);
  if (error instanceof NotFoundError) return toInput("NOT_FOUND_THERE", message, error);
  return error;
}

/** How the Pipedrive client names the calls that connecting makes. */
const OPERATION = /^Pipedrive: (?:me|createWebhook) /;

function toInput(code: string, message: string, cause: Error): InputError {
  const hint = "see that the address is right, and that PUBLIC_URL can be reached from there";
  return Object.assign(new InputError(code, message, undefined, hint), { cause });
}
