import type { Checked, Checker } from "../checker.ts";
import type { People } from "../people.ts";

/** The two customers of the first run. */
export type Customer = "harbourline" | "kestrel-obs";

/** One step of the acceptance script. */
export interface Step {
  /** What it shows, for people. */
  name: string;
  tenant: Customer;
  /**
   * What people do. Looks its records up by name and does only what was not done in an earlier run.
   *
   * @throws CannotPlayError when an earlier step has not brought about what this one needs
   */
  play(people: People, look: Checker): Promise<void>;
  /** Both sides as they are now. Also well when a later step has taken the record further. */
  check(look: Checker): Promise<Checked>;
  /** How long it has to stay well, ms: for what must not happen. Default 0. */
  holdsMs?: number;
}

/** Something that an earlier step should have brought about is not there. */
export class CannotPlayError extends Error {
  override name = "CannotPlayError";
}

/** @throws CannotPlayError naming what is missing */
export function needed<T>(found: T | null | undefined, what: string): T {
  if (found === null || found === undefined) throw new CannotPlayError(`there is no ${what}`);
  return found;
}

/** Nothing to see yet. */
export function missing(what: string): Checked {
  return { pipedrive: {}, program: {}, wrong: [`there is no ${what}`] };
}
