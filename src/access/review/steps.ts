import { InputError } from "../../errors.ts";
import { toAccounts } from "../accounts.ts";
import type { AccountRow, Run } from "../run.ts";
import type { Snapshot } from "../snapshot.ts";
import { toIso } from "../time-zone.ts";
import { checkPerson, isOneOfTheirs, type Person } from "./person.ts";
import { CHOICES, type Choice, type Decision, type FollowUp, inForce, type Review, undecided } from "./review.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const LONGEST_COMMENT = 2_000;

/**
 * Begins a review of a run's active accounts, on that run's snapshot for good.
 *
 * @throws InputError when the run could not read the users, or the person has no usable address
 */
export function startReview(given: { reviewId: string; run: Run; by: Person; at: Date }): Review {
  const { reviewId, run, by, at } = given;
  if (run.snapshot.notAssessed.some(({ part }) => part === "users")) {
    const hint = "let the connection read users (scope users:read), then assess again";
    throw new InputError(
      "REVIEW_NOT_ASSESSED",
      "the run could not read the users: there is nothing to decide on",
      "run",
      hint,
    );
  }
  return {
    format: "access-review/1",
    reviewId,
    runId: run.runId,
    snapshot: { sha256: run.snapshot.sha256, takenAt: run.snapshot.takenAt },
    staleInputs: run.findings.filter((one) => one.blocksCompletion && one.state === "open").map(({ detail }) => detail),
    completeBy: toIso(Date.parse(run.snapshot.takenAt) + run.reviewDays * DAY_MS),
    state: "open",
    started: { by: checkPerson(by), at: at.toISOString() },
    completed: null,
    items: run.accounts.filter(({ active }) => active).map(toItem),
    decisions: [],
    followUps: [],
  };
}

/**
 * Decides on accounts, all or none of them. A later decision on the same account takes the earlier one's place; both are
 * kept.
 *
 * @throws InputError REVIEW_OWN_ACCOUNT for an account of the reviewer; REVIEW_COMMENT_MISSING for keeping several at
 *   once, or changing, without saying why or what; REVIEW_COMPLETED; REVIEW_ACCOUNT_UNKNOWN
 */
export function decide(
  review: Review,
  given: { userIds: readonly number[]; choice: Choice; reviewer: Person; at: Date; comment?: string | null },
): Review {
  refuseCompleted(review);
  const reviewer = checkPerson(given.reviewer);
  const userIds = [...new Set(given.userIds)];
  const { choice } = given;
  if (!CHOICES.includes(choice)) {
    throw new InputError(
      "REVIEW_CHOICE_UNKNOWN",
      "there is no such decision",
      "choice",
      `decide ${CHOICES.join(", ")}`,
    );
  }
  const comment = checkComment(given.comment, choice, userIds.length);
  checkAccounts(review, userIds, reviewer);
  const at = given.at.toISOString();
  const decisions = userIds.map((userId): Decision => ({ userId, choice, reviewer, at, comment }));
  return { ...review, decisions: [...review.decisions, ...decisions] };
}

/**
 * Ends a review. What is to be removed or changed stays open until a later snapshot shows it.
 *
 * @throws InputError REVIEW_INPUT_STALE, REVIEW_UNDECIDED, REVIEW_COMPLETED
 */
export function completeReview(review: Review, given: { by: Person; at: Date }): Review {
  refuseCompleted(review);
  const by = checkPerson(given.by);
  refuseStale(review, given.at);
  const left = undecided(review);
  if (left.length > 0) {
    const some = left.slice(0, 10).map(({ userId }) => userId);
    const more = left.length > some.length ? ` and ${left.length - some.length} more` : "";
    const message = `nobody has decided on ${left.length} accounts: ${some.join(", ")}${more}`;
    throw new InputError("REVIEW_UNDECIDED", message, "decisions", "decide on each of them first");
  }
  const followUps = [...inForce(review).values()].flatMap(({ userId, choice }): FollowUp[] => {
    return choice === "keep" ? [] : [{ userId, choice, closed: null }];
  });
  return { ...review, state: "completed", completed: { by, at: given.at.toISOString() }, followUps };
}

/**
 * Looks in a snapshot for what a completed review wanted done. A removal is closed by an account that is inactive or not
 * there any more, a change by other access than was reviewed. Only a snapshot taken after the decision counts, and only
 * if it could read the users.
 */
export function observeLater(review: Review, later: Snapshot): Review {
  const { content, sha256 } = later;
  if (review.state !== "completed" || !content.users.assessed || later.sha256 === review.snapshot.sha256) return review;
  const accounts = new Map(toAccounts(content).map((account) => [account.userId, account]));
  const decisions = inForce(review);
  const items = new Map(review.items.map((item) => [item.userId, item]));
  const followUps = review.followUps.map((followUp): FollowUp => {
    if (followUp.closed !== null || content.takenAt <= decisions.get(followUp.userId)!.at) return followUp;
    const account = accounts.get(followUp.userId);
    const seen = !account
      ? "absent"
      : !account.active
        ? "inactive"
        : followUp.choice === "change" &&
            account.accessGap === null &&
            differs(account.access, items.get(followUp.userId)!.access)
          ? "changed"
          : null;
    return seen === null ? followUp : { ...followUp, closed: { at: content.takenAt, snapshotSha256: sha256, seen } };
  });
  return { ...review, followUps };
}

/** Whoever might be meant is barred as well: that an account is one's own need not be proven to be kept from it. */
function toItem({ userId, name, email, staff, suggested, access, codes }: AccountRow): Review["items"][number] {
  const addresses = [email, ...(staff?.emails ?? []), ...suggested.flatMap(({ emails }) => emails)];
  const holders = [...new Set(addresses)].filter((address) => address !== "");
  return { userId, name, email, holders, access: [...access], codes: [...codes] };
}

function refuseCompleted(review: Review): void {
  if (review.state === "open") return;
  throw new InputError("REVIEW_COMPLETED", "this review is completed", "review", "start another one on a new run");
}

function refuseStale(review: Review, at: Date): void {
  const stale = [...review.staleInputs];
  if (at.getTime() > Date.parse(review.completeBy))
    stale.push(`the snapshot could be reviewed until ${review.completeBy}`);
  if (stale.length === 0) return;
  const hint = "import a fresh roster, take a new snapshot, assess, and start a review of that run";
  throw new InputError("REVIEW_INPUT_STALE", `this review cannot be completed: ${stale.join("; ")}`, "run", hint);
}

function checkAccounts(review: Review, userIds: number[], reviewer: Person): void {
  const items = new Map(review.items.map((item) => [item.userId, item]));
  const foreign = userIds.find((userId) => !items.has(userId));
  if (foreign !== undefined || userIds.length === 0) {
    const message = foreign === undefined ? "no account is named" : `the review has no account ${foreign}`;
    throw new InputError("REVIEW_ACCOUNT_UNKNOWN", message, "userIds", "name accounts that are active in its snapshot");
  }
  const own = userIds.find((userId) => isOneOfTheirs(items.get(userId)!.holders, reviewer));
  if (own === undefined) return;
  const hint = "leave it out, and let somebody else decide on it";
  throw new InputError("REVIEW_OWN_ACCOUNT", `account ${own} is the reviewer's own`, "userIds", hint);
}

function checkComment(given: string | null | undefined, choice: Choice, accounts: number): string | null {
  const comment = given?.trim() || null;
  if (comment !== null && comment.length > LONGEST_COMMENT) {
    throw new InputError(
      "REVIEW_COMMENT_TOO_LONG",
      `the comment has more than ${LONGEST_COMMENT} characters`,
      "comment",
      "shorten it",
    );
  }
  if (comment !== null) return comment;
  const say = (message: string, hint: string) => new InputError("REVIEW_COMMENT_MISSING", message, "comment", hint);
  if (choice === "change")
    throw say("a change is decided without saying which", "say in a comment what is to be changed");
  if (choice === "keep" && accounts > 1) {
    throw say(
      "several accounts are kept at once without a reason",
      "say in a comment why, or decide on them one by one",
    );
  }
  return null;
}

function differs(a: readonly string[], b: readonly string[]): boolean {
  return a.length !== b.length || a.some((one, index) => one !== b[index]);
}
