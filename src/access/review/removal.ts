import { InputError } from "../../errors.ts";
import type { PolicyDocument } from "../policy/document.ts";
import { checkPerson, isOneOfTheirs, type Person } from "./person.ts";
import { type Decision, inForce, type Review, type ReviewItem } from "./review.ts";

export interface RemovalWish {
  userId: number;
  /** Who asks for it. */
  by: Person;
  /** Has to be said with each one. */
  confirm: boolean;
}

/**
 * Whether an account may be deactivated from here on the strength of a review.
 *
 * @param policy in force now; null when the tenant has none
 * @returns the account as it was decided on
 * @throws InputError REMOVAL_NOT_CONFIRMED, REMEDIATION_BY_HAND, REVIEW_OPEN, REVIEW_ACCOUNT_UNKNOWN, REVIEW_OWN_ACCOUNT,
 *   REMOVAL_NOT_DECIDED, REMOVAL_SEEN_DONE
 */
export function checkRemoval(review: Review, policy: PolicyDocument | null, wish: RemovalWish): ReviewItem {
  const { userId, confirm } = wish;
  if (!confirm) {
    const hint = `say so with "confirm": true; on the command line with --yes`;
    throw refusal("REMOVAL_NOT_CONFIRMED", `account ${userId} would be deactivated in Pipedrive`, "confirm", hint);
  }
  if (policy?.remediation !== "on_request") {
    const hint = `deactivate it in Pipedrive, or put a policy in force that has "remediation": "on_request"`;
    throw refusal("REMEDIATION_BY_HAND", "the policy has removals carried out by hand", "policy.remediation", hint);
  }
  if (review.state !== "completed") {
    throw refusal("REVIEW_OPEN", `review ${review.reviewId} is not completed`, "review", "complete it first");
  }
  const item = review.items.find((one) => one.userId === userId);
  if (!item) {
    const hint = "name an account that was active in its snapshot";
    throw refusal("REVIEW_ACCOUNT_UNKNOWN", `the review has no account ${userId}`, "userId", hint);
  }
  refuseOwn(item.userId, item.holders, wish.by);
  refuseUndecided(review, userId);
  return item;
}

/**
 * What may have come about since the account was decided on: it was handed to somebody else, to the person who asks, or
 * it is the one that the connection works with.
 *
 * @param now as Pipedrive tells it: the account's address, and the user of the connection's token
 * @throws InputError REMOVAL_OF_TOKEN_OWNER, REVIEW_OWN_ACCOUNT, REMOVAL_ACCOUNT_CHANGED
 */
export function checkRemovalNow(item: ReviewItem, by: Person, now: { email: string; tokenUserId: number }): void {
  const { userId } = item;
  if (userId === now.tokenUserId) {
    const hint = "connect with another user's token first; then assess, review and remove this one";
    const message = `account ${userId} is the one that the connection works with: it would end with it`;
    throw refusal("REMOVAL_OF_TOKEN_OWNER", message, "userId", hint);
  }
  refuseOwn(userId, [now.email], by);
  if (now.email === item.email) return;
  const message = `account ${userId} has another address than when it was decided on`;
  throw refusal("REMOVAL_ACCOUNT_CHANGED", message, "userId", "assess again, and decide on it in a new review");
}

/**
 * The word of a later review counts: somebody may have come back meanwhile.
 *
 * @param other a review of the same tenant
 * @throws InputError REMOVAL_OVERRULED
 */
export function refuseOverruled(review: Review, userId: number, other: Review): void {
  const { at } = inForce(review).get(userId) as Decision;
  const later = other.state === "completed" ? inForce(other).get(userId) : undefined;
  if (!later || later.choice === "remove" || later.at <= at) return;
  const message = `account ${userId} was decided on again in review ${other.reviewId}: ${later.choice}`;
  throw refusal("REMOVAL_OVERRULED", message, "userId", "go by the later review");
}

function refuseOwn(userId: number, addresses: readonly string[], by: Person): void {
  if (!isOneOfTheirs(addresses, checkPerson(by))) return;
  const message = `account ${userId} is the own one of who asks for it`;
  throw refusal("REVIEW_OWN_ACCOUNT", message, "userId", "let somebody else ask for it");
}

function refuseUndecided(review: Review, userId: number): void {
  const choice = inForce(review).get(userId)?.choice;
  if (choice !== "remove") {
    const hint = "only what a completed review wants removed is removed: decide so in a new one";
    throw refusal("REMOVAL_NOT_DECIDED", `the decision on account ${userId} is ${choice}`, "userId", hint);
  }
  if (review.followUps.find((one) => one.userId === userId)?.closed === null) return;
  const hint = "whoever was activated again since is decided on in a new review";
  throw refusal("REMOVAL_SEEN_DONE", `a later snapshot has shown account ${userId} removed`, "userId", hint);
}

function refusal(code: string, message: string, where: string, hint: string): InputError {
  return new InputError(code, message, where, hint);
}
