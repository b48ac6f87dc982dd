import type { App } from "../src/app.ts";
import type { Direction } from "../src/sync/model.ts";
import { startAccessRuns } from "./access-runs.ts";
import { inboundPipedriveChanges } from "./inbound-pipedrive-changes.ts";
import { startMaintenance } from "./maintenance.ts";
import { outboundAllboundWrites } from "./outbound-allbound-writes.ts";
import { startSweep } from "./sweep.ts";

/** What runs for a bell of each queue. */
export const PROCESSORS = {
  inbound: inboundPipedriveChanges,
  outbound: outboundAllboundWrites,
} satisfies Record<Direction, typeof inboundPipedriveChanges>;

export interface Workers {
  /** Finishes what is under way; a run that takes longer is left to its lease. */
  close(): Promise<void>;
}

/** Starts both queues' workers, the sweep, the access runs and the maintenance in this process. */
export function startWorkers(app: App): Workers {
  const { concurrency } = app.config;
  for (const [direction, process] of Object.entries(PROCESSORS)) {
    app.doorbells.listen(direction as Direction, (bell) => process(bell, app), concurrency);
  }
  const sweep = startSweep(app);
  const accessRuns = startAccessRuns(app);
  const maintenance = startMaintenance(app);
  return {
    async close() {
      await Promise.all([sweep.stop(), accessRuns.stop(), maintenance.stop()]);
      await app.doorbells.stopListening();
    },
  };
}
