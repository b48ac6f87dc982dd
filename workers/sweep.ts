import type { App } from "../src/app.ts";
import { DIRECTIONS } from "../src/sync/model.ts";

/**
 * Looks again and again for due lanes nobody rang for: lost bells, lost Redis, died workers, parked tenants whose time
 * has come. A timer in every worker process, not a schedule in the queue, which could lose it.
 */
export function startSweep(app: App): { stop(): Promise<void> } {
  const { sweepMs, leaseMs } = app.config.timings;
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => sweep(app, leaseMs)).catch((err) => app.log.warn({ err }, "sweep failed; it goes on"));
  }, sweepMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** One round. Exported for the tests. */
export async function sweep({ lanes, ringer, doorbells }: App, silenceMs: number): Promise<void> {
  for (const { tenantId, direction } of await lanes.sweepTenants()) await ringer.ringDue(tenantId, [direction]);
  for (const direction of DIRECTIONS) {
    const silent = await lanes.sweepSilent(direction, silenceMs);
    // The bell before may be stuck under its deduplication id.
    if (silent.length > 0) await doorbells.ring(direction, silent, { fresh: true });
  }
}
