import { setTimeout } from "node:timers/promises";
import type { App } from "../src/app.ts";
import { ParkedError } from "../src/errors.ts";
import { toFailure } from "../src/failure.ts";
import { assessAccess } from "../src/operations/access/assess-access.ts";
import { takeSnapshot } from "../src/operations/access/take-snapshot.ts";
import type { AccessTurn } from "../src/store/access-schedule.ts";

const MINUTE_MS = 60_000;
/** A turn that failed is tried again after one minute, two, four … up to this. */
const LONGEST_RETRY_MS = 60 * MINUTE_MS;
const STOP_MS = 2_000;
const FAILED = { code: "ACCESS_RUN_FAILED", subject: "access run" };

/**
 * Looks again and again for tenants whose access is to be assessed: users changed, the roster or the policy did, or a day
 * has passed. A timer in every worker process; the database hands each turn to one of them.
 */
export function startAccessRuns(app: App): { stop(): Promise<void> } {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= assessDue(app)
      .catch((err) => app.log.warn({ err }, "access runs could not be looked for; it goes on"))
      .finally(() => {
        running = null;
      });
  }, app.config.timings.sweepMs);
  return {
    async stop() {
      clearInterval(timer);
      // A large account takes longer to be read: its turn is left to its lease.
      await Promise.race([running, setTimeout(STOP_MS, undefined, { ref: false })]);
    },
  };
}

/** Everything due now, one tenant after the other. Exported for the tests. */
export async function assessDue(app: App): Promise<void> {
  const { accessEveryMs } = app.config.timings;
  for (;;) {
    const turn = await app.access.schedule.take(accessEveryMs);
    if (!turn) return;
    await takeTurn(app, turn);
  }
}

async function takeTurn(app: App, turn: AccessTurn): Promise<void> {
  const { tenantId } = turn;
  try {
    const { tokens, followUpsClosed } = await takeSnapshot(app, tenantId);
    const { id: run, opened, closed } = await assessAccess(app, tenantId);
    app.log.info({ tenant: tenantId, run, tokens, opened, closed, followUpsClosed }, "access assessed");
    await app.findings.closeAbout(tenantId, [FAILED.subject]);
    await app.access.schedule.end(turn);
  } catch (err) {
    app.log.warn({ err, tenant: tenantId }, "access could not be assessed; it is tried again");
    await app.access.schedule.end(turn, retryAfter(err, turn));
    await tellOf(app, tenantId, err);
  }
}

function retryAfter(err: unknown, { attempts }: AccessTurn): number {
  if (err instanceof ParkedError) return Math.max(err.until.getTime() - Date.now(), 1_000);
  return Math.min(MINUTE_MS * 2 ** Math.min(attempts, 10), LONGEST_RETRY_MS);
}

/** Silence would look like an account in order. */
async function tellOf(app: App, tenantId: string, err: unknown): Promise<void> {
  const { code, message, hint } = toFailure(err);
  const why = code === "DEFECT" ? "something went wrong here; the log tells more" : message;
  const toDo = hint ? `. To do: ${hint}` : "";
  const told = `${tenantId}: who can get into Pipedrive could not be assessed: ${why}${toDo}`;
  await app.findings.raise({ tenantId, ...FAILED, severity: "warning", message: told });
}
