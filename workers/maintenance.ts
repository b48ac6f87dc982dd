import type { App } from "../src/app.ts";
import { restoreCanaries } from "../src/operations/canary-orders.ts";
import { lookForDrift } from "../src/operations/look-for-drift.ts";
import { finishResumed } from "../src/operations/pause-field.ts";
import { stepRollOuts } from "../src/operations/step-roll-out.ts";

/** Longer than a step takes when nothing is away. */
const STOP_MS = 2_000;

/**
 * What has to be done for whole tenants, beside the lanes: steps of roll-outs, comparisons of accounts with their
 * mappings, records of fields that flow again, seals over history. A timer in every worker process; the store hands each piece to one.
 */
export function startMaintenance(app: App): { stop(): Promise<void> } {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= maintain(app).finally(() => {
      running = null;
    });
  }, app.config.timings.sweepMs);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.race([running, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
    },
  };
}

/** One round. One kind of work that fails does not hold up the others. Exported for the tests. */
export async function maintain(app: App): Promise<void> {
  await attempt(app, "a resumed field's records are asked for again later", () => finishResumed(app));
  await attempt(app, "a roll-out's step is made again later", () => stepRollOuts(app));
  await attempt(app, "test records get their values back later", () => restoreCanaries(app));
  await attempt(app, "counted writes are forgotten later", () => app.writeLimits.forgetOld());
  await attempt(app, "history is sealed later", () => app.historySeals.seal());
  await attempt(app, "no account was compared with its mapping", () => lookAtDue(app));
}

async function lookAtDue(app: App): Promise<void> {
  for (const tenantId of await app.driftLooks.take(app.config.timings.driftEveryMs))
    await attempt(app, `${tenantId} was not compared with its mapping`, () => lookForDrift(app, tenantId));
}

async function attempt(app: App, what: string, work: () => Promise<unknown>): Promise<void> {
  await work().catch((err) => app.log.warn({ err }, what));
}
