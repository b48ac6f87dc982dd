import type { AccountRow } from "../run.ts";
import type { Person } from "./person.ts";

export const CHOICES = ["keep", "remove", "change"] as const;
export type Choice = (typeof CHOICES)[number];

/** An account to be decided on, as it was in the frozen snapshot. */
export interface ReviewItem {
  userId: number;
  name: string;
  email: string;
  /** All addresses of whose account it is or might be: these may not decide on it. */
  holders: string[];
  access: string[];
  codes: AccountRow["codes"];
}

export interface Decision {
  userId: number;
  choice: Choice;
  reviewer: Person;
  /** ISO. */
  at: string;
  comment: string | null;
}

/** What a decision to remove or change waits for: that a later snapshot shows it done. */
export interface FollowUp {
  userId: number;
  choice: "remove" | "change";
  closed: { at: string; snapshotSha256: string; seen: "inactive" | "absent" | "changed" } | null;
}

/** A review of one run. Plain values: every step returns a new one, to be stored in place of the old. */
export interface Review {
  format: "access-review/1";
  reviewId: string;
  runId: string;
  snapshot: { sha256: string; takenAt: string };
  /** What was stale when the run was made: such a review can be looked at, not completed. */
  staleInputs: string[];
  /** ISO: after this the snapshot is too old to be completed on. */
  completeBy: string;
  state: "open" | "completed";
  started: { by: Person; at: string };
  completed: { by: Person; at: string } | null;
  items: ReviewItem[];
  /** In the order they were made; the last one about an account is in force. */
  decisions: Decision[];
  followUps: FollowUp[];
}

/** The decision in force for each account that has one. */
export function inForce(review: Review): Map<number, Decision> {
  return new Map(review.decisions.map((decision) => [decision.userId, decision]));
}

/** Accounts nobody has decided on. */
export function undecided(review: Review): ReviewItem[] {
  const decided = inForce(review);
  return review.items.filter(({ userId }) => !decided.has(userId));
}
