import { normalEmail } from "../../access/email.ts";
import { checkRemoval, checkRemovalNow, refuseOverruled } from "../../access/review/removal.ts";
import type { Review } from "../../access/review/review.ts";
import type { App } from "../../app.ts";
import { InputError, NotFoundError, OutcomeUnknownError } from "../../errors.ts";
import { withPatience } from "../../pipedrive/patience.ts";
import type { AccessUser, Pipedrive } from "../../pipedrive/port.ts";
import type { Actor } from "../../store/actor.ts";
import { accessRun } from "./assess-access.ts";
import { workingPipedrive } from "./connected.ts";
import { policyRead } from "./inputs.ts";
import { accessReview } from "./review-access.ts";
import { signedIn } from "./signed-in.ts";

export interface Removal {
  userId: number;
  /** Whether it was active until now: if not, nothing was written. */
  wasActive: boolean;
}

const WHY = { purpose: "access review" };

/**
 * Deactivates a user in Pipedrive whom a completed review wants removed; 14 tokens. The review stays as it is: a later
 * snapshot closes what it waits for, as it does for what people do by hand.
 *
 * A write whose answer is lost is looked up. It is never made twice from here; asking again begins with a look.
 *
 * @throws InputError NOBODY_SIGNED_IN, UNKNOWN_ACCESS_REVIEW, NOT_CONNECTED, REMOVAL_OTHER_COMPANY, REMOVAL_ACCOUNT_GONE,
 *   and what `checkRemoval`, `checkRemovalNow` and `refuseOverruled` do; the errors of `Pipedrive`
 */
export async function removeUser(
  app: App,
  tenantId: string,
  reviewId: string,
  { userId, confirm }: { userId: number; confirm: boolean },
  actor: Actor,
): Promise<Removal> {
  const by = signedIn(actor);
  const { review } = await accessReview(app, tenantId, reviewId);
  const policy = (await policyRead(app, tenantId))?.policy.document ?? null;
  const item = checkRemoval(review, policy, { userId, by, confirm });
  await refuseOverruledBy(app, tenantId, review, userId);
  const pipedrive = await workingPipedrive(app, tenantId);
  const me = await withPatience(() => pipedrive.me(WHY));
  await refuseOtherCompany(app, tenantId, review, me);
  const user = await userNow(pipedrive, userId);
  checkRemovalNow(item, by, { email: normalEmail(user.email ?? ""), tokenUserId: me.id });
  const wasActive = isActive(user);
  if (wasActive) await deactivate(pipedrive, userId);
  await app.access.schedule.dueWithin(tenantId, app.config.timings.accessDebounceMs);
  return { userId, wasActive };
}

/** One by one: each may be of thousands of accounts. */
async function refuseOverruledBy(app: App, tenantId: string, review: Review, userId: number): Promise<void> {
  for (const id of await app.access.reviews.completed(tenantId)) {
    const other = id === review.reviewId ? null : await app.access.reviews.get(tenantId, id);
    if (other) refuseOverruled(review, userId, other.review);
  }
}

/** Ids of users mean others in another account. */
async function refuseOtherCompany(app: App, tenantId: string, review: Review, me: { company_id: number }) {
  const { run } = await accessRun(app, tenantId, review.runId);
  if (run.company.id === me.company_id) return;
  const message = `review ${review.reviewId} is of another Pipedrive account than ${tenantId} is connected to now`;
  throw new InputError("REMOVAL_OTHER_COMPANY", message, "review", "assess and review the one that is connected");
}

async function userNow(pipedrive: Pipedrive, userId: number): Promise<AccessUser> {
  try {
    return await withPatience(() => pipedrive.accessUser(userId, WHY));
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const hint = "take a snapshot: it shows the account gone, and closes what the review waits for";
    throw new InputError("REMOVAL_ACCOUNT_GONE", `Pipedrive has no user ${userId} any more`, "userId", hint);
  }
}

async function deactivate(pipedrive: Pipedrive, userId: number): Promise<void> {
  try {
    const after = await withPatience(() => pipedrive.deactivateUser(userId, WHY));
    if (!isActive(after)) return;
  } catch (error) {
    if (!(error instanceof OutcomeUnknownError)) throw error;
    const after = await withPatience(() => pipedrive.accessUser(userId, WHY)).catch(() => null);
    if (after && !isActive(after)) return;
    const seen = after ? "the user was still active right after it" : "the user could not be looked up";
    throw new OutcomeUnknownError(`${error.message}; ${seen}`, { cause: error });
  }
  throw new OutcomeUnknownError(`Pipedrive: deactivateUser ${userId} was answered with a user who is active`);
}

function isActive({ active_flag, is_deleted }: AccessUser): boolean {
  return Boolean(active_flag) && !is_deleted;
}
