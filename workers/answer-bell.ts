import type { App } from "../src/app.ts";
import { driftReports } from "../src/operations/look-for-drift.ts";
import type { Doorbell } from "../src/queues/doorbells.ts";
import { type Outcome, reconcile } from "../src/reconcile/reconcile.ts";
import { DIRECTIONS, type Direction } from "../src/sync/model.ts";

/**
 * Reconciles the bell's lane and rings for what became due by it.
 *
 * @returns what was done, for Bull Board
 * @throws Error with the cause when the run failed, so that it shows as failed; the lane's row knows when it is tried
 *   again, and ringing it from the dashboard is harmless
 */
export async function answerBell(bell: Doorbell, direction: Direction, app: App): Promise<string> {
  const outcome = await reconcile(bell, direction, {
    lanes: app.lanes,
    writes: app.writes,
    links: app.links,
    matchReviews: app.matchReviews,
    duplicates: app.duplicates,
    limits: app.writeLimits,
    relinks: app.relinks,
    connections: app.connections,
    drift: driftReports(app),
    tenants: app.contexts,
    timings: app.config.timings,
    log: app.log,
  }).catch((err) => {
    // Not a record's failure: the store or the code. The lane is left to its lease, and the sweep rings again.
    app.log.error({ err, tenant: bell.tenantId, lane: bell.laneId }, "a run broke off");
    throw err;
  });
  ringNext(bell.tenantId, direction, outcome, app);
  if (outcome.failed) throw new Error(outcome.failed);
  return outcome.did;
}

/** A place in this queue is free again; the other queue hears of its own work. Nobody waits for either. */
function ringNext(tenantId: string, direction: Direction, { due }: Outcome, app: App): void {
  const now = Date.now();
  const other: Direction = direction === "inbound" ? "outbound" : "inbound";
  void app.ringer.ringDue(tenantId, due[other] && due[other].getTime() <= now ? DIRECTIONS : [direction]);
  for (const each of DIRECTIONS) {
    const waitMs = (due[each]?.getTime() ?? 0) - now;
    // Later ones are the sweep's.
    if (waitMs > 0 && waitMs < app.config.timings.sweepMs) {
      setTimeout(() => void app.ringer.ringDue(tenantId, [each]), waitMs + 1).unref();
    }
  }
}
