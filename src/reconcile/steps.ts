import type { CallOptions } from "../pipedrive/port.ts";
import type { Duplicates } from "../store/duplicates.ts";
import type { Claim } from "../store/lane-rows.ts";
import type { Lanes } from "../store/lanes.ts";
import type { Links } from "../store/links.ts";
import type { MatchReviews } from "../store/match-reviews.ts";
import type { Relinks } from "../store/relinks.ts";
import type { WriteLimitsStore } from "../store/write-limits.ts";
import type { Writes } from "../store/writes.ts";
import type { OpenIntent } from "./round.ts";

/** There is not enough lease left to start another call: settle what is done, and go on under the next claim. */
export class LeaseShortError extends Error {
  override name = "LeaseShortError";
}

export interface StepTimings {
  leaseMs: number;
  callTimeoutMs: number;
  callMarginMs: number;
  graceMs: number;
}

/** What the steps of one run share: the store's verbs and the claim's clock. */
export interface Steps {
  writes: Writes;
  links: Links;
  matchReviews: MatchReviews;
  duplicates: Duplicates;
  limits: Pick<WriteLimitsStore, "hold">;
  relinks: Relinks;
  lanes: Pick<Lanes, "accept">;
  call: CallOptions;
  timings: StepTimings;
  /** Makes a remote call if its timeout still fits into the lease. @throws LeaseShortError */
  remote<T>(call: () => Promise<T>): Promise<T>;
  /** A write without an answer may take effect until its deadline plus the grace time. */
  mayStillCommit(intent: Pick<OpenIntent, "deadline">): boolean;
  graceEnd(intent: Pick<OpenIntent, "deadline">): Date;
}

/**
 * @param claimedAtMs when the claim was asked for, on the monotonic clock: the lease cannot have begun earlier
 */
export function createSteps(
  store: Pick<Steps, "writes" | "links" | "relinks" | "lanes" | "matchReviews" | "duplicates" | "limits">,
  claim: Claim,
  timings: StepTimings,
  claimedAtMs: number,
): Steps {
  const sinceClaimMs = () => performance.now() - claimedAtMs;
  const left = () => timings.leaseMs - sinceClaimMs();
  const graceEnd = (intent: Pick<OpenIntent, "deadline">) => new Date(intent.deadline.getTime() + timings.graceMs);
  const { writes, links, relinks, lanes, matchReviews, duplicates, limits } = store;
  return {
    ...{ writes, links, relinks, lanes, matchReviews, duplicates, limits },
    timings,
    call: { signal: AbortSignal.timeout(Math.max(1, Math.floor(left()))) },
    remote(call) {
      if (left() < timings.callTimeoutMs + timings.callMarginMs) {
        throw new LeaseShortError(`${claim.tenantId}: the lease ends before another call could`);
      }
      return call();
    },
    // Deadlines are the database's: this machine's clock may be off by more than the grace.
    mayStillCommit: (intent) => claim.claimedAt.getTime() + sinceClaimMs() < graceEnd(intent).getTime(),
    graceEnd,
  };
}
