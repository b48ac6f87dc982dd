import type { CrmObject } from "../model.ts";
import type { Evidence } from "./evidence.ts";

/** A record of Pipedrive that may be the one looked for, as it was then. */
export interface Candidate extends Evidence {
  object: CrmObject;
  id: number;
  name: string | null;
  website: string | null;
  email: string | null;
  /** The aggregate that the record stands for already: it cannot stand for another one. */
  takenBy: string | null;
}

/** What the tenant leaves to us: exactly one exact hit, and hits that are only hints. */
export interface MatchRule {
  exact: "link" | "review";
  hints: "create" | "review";
}

export type Verdict =
  | { verdict: "link"; candidate: Candidate }
  | { verdict: "create" }
  | { verdict: "review"; because: "several" | "suspected" | "taken" };

/**
 * Exactly one exact hit is linked, several are for a person, none means another record. A record that carries our own id
 * outweighs all others. Nothing is ever merged, and a record that stands for something else is never taken away from it.
 */
export function judgeCandidates(candidates: Candidate[], rule: MatchRule): Verdict {
  const own = candidates.filter(({ by }) => by === "id");
  const exact = own.length > 0 ? own : candidates.filter(({ exact }) => exact);
  const [only] = exact;
  if (exact.length > 1) return { verdict: "review", because: "several" };
  if (only?.takenBy) return { verdict: "review", because: "taken" };
  if (only)
    return rule.exact === "link" ? { verdict: "link", candidate: only } : { verdict: "review", because: "suspected" };
  if (candidates.length > 0 && rule.hints === "review") return { verdict: "review", because: "suspected" };
  return { verdict: "create" };
}
