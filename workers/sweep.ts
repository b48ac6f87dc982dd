import { setTimeout } from "node:timers/promises";
import type { App } from "../src/app.ts";
import { DIRECTIONS } from "../src/sync/model.ts";

type Sweeping = Pick<App, "lanes" | "ringer" | "doorbells">;

/** Longer than a round takes when nothing is away. */
const STOP_MS = 2_000;

/**
 * Looks again and again for due lanes nobody rang for: lost bells, lost Redis, died workers, parked tenants whose time
 * has come. A timer in every worker process, not a schedule in the queue, which could lose it.
 */
export function startSweep(app: Sweeping & Pick<App, "config" | "log">): { stop(): Promise<void> } {
  const { sweepMs, leaseMs } = app.config.timings;
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    // A round that waits for a queue that is away does not pile up others behind it.
    running ??= sweep(app, leaseMs)
      .catch((err) => app.log.warn({ err }, "sweep failed; it goes on"))
      .finally(() => {
        running = null;
      });
  }, sweepMs);
  return {
    async stop() {
      clearInterval(timer);
      // What it waits for may be a queue that is away.
      const patience = setTimeout(STOP_MS, undefined, { ref: false });
      await Promise.race([running, patience]);
    },
  };
}

/** One round. Exported for the tests. */
export async function sweep({ lanes, ringer, doorbells }: Sweeping, silenceMs: number): Promise<void> {
  for (const { tenantId, direction } of await lanes.sweepTenants()) await ringer.ringDue(tenantId, [direction]);
  for (const direction of DIRECTIONS) {
    const silent = await lanes.sweepSilent(direction, silenceMs);
    // The bell before may be stuck under its deduplication id.
    if (silent.length > 0) await doorbells.ring(direction, silent, { fresh: true });
  }
}
