import { describe, expect, test } from "@jest/globals";
import { createSteps } from "../../src/reconcile/steps.ts";
import type { Claim } from "../../src/store/lane-rows.ts";

const TIMINGS = { leaseMs: 30_000, callTimeoutMs: 10_000, callMarginMs: 5_000, graceMs: 60_000 };
const HOUR_MS = 3_600_000;

describe("whether a write may still take effect", () => {
  test.each([-HOUR_MS, 0, HOUR_MS])("is asked of the database's clock, %i ms from this machine's", (offMs) => {
    const claimedAt = new Date(Date.now() + offMs);
    const steps = createSteps({} as never, { claimedAt } as Claim, TIMINGS, performance.now());
    const deadline = (agoMs: number) => ({ deadline: new Date(claimedAt.getTime() - agoMs) });
    expect(steps.mayStillCommit(deadline(50_000))).toBe(true);
    expect(steps.mayStillCommit(deadline(61_000))).toBe(false);
  });
});
