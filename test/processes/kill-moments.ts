import { until } from "../support/child.ts";
import type { Processes } from "../support/processes.ts";

/** Makes a change and SIGKILLs the worker at one certain moment of what follows from it. */
export type KillMoment = (system: Processes, change: () => Promise<unknown>) => Promise<void>;

const COMMAND = { match: { side: "program", method: "POST" }, kind: "latency", ms: 600 };
const PATCH = { match: { side: "pipedrive", method: "PATCH" }, kind: "latency", ms: 600 };
type Armed = Record<string, unknown>;

/** From the doorbell to the last settle of the first path: an inbound command, then an outbound PATCH. */
export const KILL_MOMENTS: Record<string, KillMoment> = {
  async "before the claim"({ worker, database }, change) {
    process.kill(worker.pid ?? 0, "SIGSTOP"); // so that it cannot be faster than we are
    await change();
    await until("a due lane", async () => (await count(database, DUE)) > 0);
    await worker.end();
  },
  "between the command's intent and its call": (system, change) =>
    killDuring(system, { ...COMMAND, kind: "reset" }, change),
  "while the command is under way": (system, change) => killDuring(system, COMMAND, change),
  "after the command's answer, before it is stored": (system, change) => killBeforeStoring(system, COMMAND, change),
  "while the PATCH is under way": (system, change) => killDuring(system, PATCH, change),
  "between the PATCH's intent and its call": (system, change) =>
    killDuring(system, { ...PATCH, kind: "reset" }, change),
  "after the PATCH's answer, before it is stored": (system, change) => killBeforeStoring(system, PATCH, change),
};

/** @returns a moment `ms` after the change */
export function killAfter(ms: number): KillMoment {
  return async ({ worker }, change) => {
    await change();
    await new Promise((resolve) => setTimeout(resolve, ms));
    await worker.end();
  };
}

/** A command is under way when `end` is called. */
export async function endDuringCall(
  system: Processes,
  change: () => Promise<unknown>,
  end: (system: Processes) => Promise<void>,
): Promise<void> {
  await system.fault(COMMAND);
  await change();
  await untilMet(system);
  await end(system);
}

/** The twin has the call and has not answered yet. */
export async function killDuring(system: Processes, fault: Armed, change: () => Promise<unknown>): Promise<void> {
  await system.fault(fault);
  await change();
  await untilMet(system);
  await system.worker.end();
}

/** The twin has answered, and the worker's next word to the store is held up until it is dead. */
export async function killBeforeStoring(
  system: Processes,
  fault: Armed,
  change: () => Promise<unknown>,
): Promise<void> {
  const { worker, database } = system;
  await system.fault(fault);
  await change();
  await untilMet(system);
  const holder = await database.pool.connect();
  try {
    await holder.query("begin");
    await holder.query("select 1 from lane for update");
    await until("a worker that waits to store an answer", async () => (await count(database, STORING)) > 0);
    await worker.end();
    // PostgreSQL would carry out what its dead client asked for.
    await database.pool.query(`select pg_terminate_backend(pid) from (${STORING}) w`);
  } finally {
    await holder.query("rollback");
    holder.release();
  }
}

/** The armed fault has met its call: there is an intent, and the call has arrived. */
async function untilMet({ twin }: Processes): Promise<void> {
  await until("the call", async () => (await twin.call<{ faults: unknown[] }>("GET", "/faults")).faults.length === 0);
}

const DUE = "select 1 from lane where due_inbound is not null";
const STORING = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
  and (query like '%link_record(%' or query like '%settle_lanes(%')`;

async function count({ pool }: Processes["database"], query: string): Promise<number> {
  return (await pool.query(query)).rows.length;
}
