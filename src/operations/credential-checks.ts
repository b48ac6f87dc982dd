import {
  ConnectionError,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
} from "../errors.ts";
import { withPatience } from "../pipedrive/patience.ts";

/** One thing a token was tried for. */
export interface Check {
  /** "token", "admin", "read deal", "create person" … */
  about: string;
  /** `warning`: it works without. `not proven`: it was not seen, whatever the reason. */
  state: "ok" | "warning" | "failed" | "not proven";
  detail: string;
}

export function notProven(about: string, detail: string): Check {
  return { about, state: "not proven", detail };
}

/**
 * Makes a call to see whether it is allowed. Refused by Pipedrive, it failed; without an answer nothing is proven.
 *
 * @throws only what is a defect of ours
 */
export async function attempt<T>(about: string, call: () => Promise<T>): Promise<{ value: T } | { check: Check }> {
  try {
    return { value: await withPatience(call) };
  } catch (error) {
    const refused =
      error instanceof RecordError ||
      error instanceof NotFoundError ||
      (error instanceof ConnectionError && error.problem === "FORBIDDEN");
    if (refused) return { check: { about, state: "failed", detail: error.message } };
    const unclear =
      error instanceof ConnectionError ||
      error instanceof ParkedError ||
      error instanceof NoEffectError ||
      error instanceof OutcomeUnknownError;
    if (unclear) return { check: notProven(about, error.message) };
    throw error;
  }
}
