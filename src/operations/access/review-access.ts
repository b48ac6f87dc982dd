import type { Choice, Review } from "../../access/review/review.ts";
import { completeReview, decide, startReview } from "../../access/review/steps.ts";
import type { App } from "../../app.ts";
import { InputError } from "../../errors.ts";
import type { StoredReview } from "../../store/access-reviews.ts";
import type { Actor } from "../../store/actor.ts";
import { accessRun, newId } from "./assess-access.ts";
import { signedIn } from "./signed-in.ts";

/**
 * Begins the review of a run, on that run's snapshot for good.
 *
 * @param runId a run's id, or `latest`
 * @throws InputError NOBODY_SIGNED_IN, UNKNOWN_ACCESS_RUN, REVIEW_EXISTS, REVIEW_NOT_ASSESSED
 */
export async function beginReview(app: App, tenantId: string, runId: string, actor: Actor): Promise<Review> {
  const by = signedIn(actor);
  const { run } = await accessRun(app, tenantId, runId);
  const at = new Date();
  const review = startReview({ reviewId: newId(at), run, by, at });
  await app.access.reviews.add(tenantId, review);
  return review;
}

export interface DecisionWish {
  userIds: number[];
  choice: Choice;
  comment?: string | null | undefined;
}

/** Decides on accounts, all or none. @throws InputError NOBODY_SIGNED_IN, REVIEW_CHANGED, and what `decide` does */
export function decideOn(app: App, tenantId: string, id: string, wish: DecisionWish, actor: Actor): Promise<Review> {
  const reviewer = signedIn(actor);
  return step(app, tenantId, id, (review) => decide(review, { ...wish, reviewer, at: new Date() }));
}

/** @throws InputError NOBODY_SIGNED_IN, REVIEW_CHANGED, and what `completeReview` does */
export function endReview(app: App, tenantId: string, id: string, actor: Actor): Promise<Review> {
  const by = signedIn(actor);
  return step(app, tenantId, id, (review) => completeReview(review, { by, at: new Date() }));
}

/** @throws InputError UNKNOWN_TENANT, UNKNOWN_ACCESS_REVIEW */
export async function accessReview(app: App, tenantId: string, id: string): Promise<StoredReview> {
  await app.tenants.known(tenantId);
  const stored = await app.access.reviews.get(tenantId, id);
  if (stored) return stored;
  const hint = `see the runs and their reviews: partnersync access show --tenant ${tenantId}`;
  throw new InputError("UNKNOWN_ACCESS_REVIEW", `${tenantId} has no review ${id}`, "review", hint);
}

/** Several people decide at once: a step that came second is made again, of what the first one left. */
const TRIES = 5;

async function step(app: App, tenantId: string, id: string, make: (review: Review) => Review): Promise<Review> {
  for (let left = TRIES; left > 0; left--) {
    const { review, version } = await accessReview(app, tenantId, id);
    const next = make(review);
    if (await app.access.reviews.save(tenantId, next, version)) return next;
  }
  const hint = "read it again, and repeat what is missing";
  throw new InputError("REVIEW_CHANGED", "others kept changing this review meanwhile", "review", hint);
}
