import type { App } from "../../src/app.ts";
import { ClaimLostError } from "../../src/errors.ts";
import type { Direction } from "../../src/sync/model.ts";
import { answerBell } from "../../workers/answer-bell.ts";
import type { System } from "../support/system.ts";

/** Where a worker dies: at its nth call to the store or to either side, made or not made. */
export interface Death {
  call: number;
  made: boolean;
}

/** The workers' own code, one lane after the other in this process, so that it can die between any two calls. */
export interface MortalWorkers {
  /** Works through all lanes that are due, and those that become so. @returns whether it lived */
  run(direction: Direction, death?: Death): Promise<boolean>;
  /** An hour passes in the store: leases, deadlines and backoffs are over. */
  hourPasses(): Promise<void>;
  /** @returns how many rounds it took until no lane was due */
  untilNothingIsDue(mostRounds: number): Promise<number>;
}

/** More runs of one lane on end than anything here takes: whoever needs them never ends. */
const MOST_RUNS = 12;

export function mortalWorkers(system: System): MortalWorkers {
  const { app, database } = system;
  let fuse: Death | null = null;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new ClaimLostError("this worker is gone");
  };
  /** Each call burns the fuse; a dead worker makes none. */
  function mortal<T extends object>(port: T, names?: (keyof T)[]): T {
    const guarded = Object.entries(port).map(([name, call]) => {
      if (typeof call !== "function" || (names && !names.includes(name as keyof T))) return [name, call];
      const guard = async (...args: unknown[]) => {
        if (dead) die();
        const last = fuse !== null && fuse.call-- === 0;
        if (last && !fuse?.made) die();
        const answer = await call(...args);
        return last ? die() : answer;
      };
      return [name, guard];
    });
    return Object.fromEntries(guarded) as T;
  }
  const mine: App = {
    ...app,
    lanes: mortal(app.lanes, ["claim", "content", "settle"]),
    writes: mortal(app.writes),
    links: mortal(app.links),
    async contexts(tenantId, record) {
      const context = await app.contexts(tenantId, record);
      return { ...context, pipedrive: mortal(context.pipedrive), program: mortal(context.program) };
    },
  };
  async function dueLanes(direction: Direction) {
    const { rows } = await database.pool.query<{ id: string; tenant_id: string }>(
      `select id, tenant_id from lane where due_${direction} <= clock_timestamp()
         and (lease_until is null or lease_until <= clock_timestamp()) order by due_${direction}, id`,
    );
    return rows;
  }

  const workers: MortalWorkers = {
    async run(direction, death) {
      fuse = death ? { ...death } : null;
      dead = false;
      const runs = new Map<string, number>();
      while (!dead) {
        const [lane] = await dueLanes(direction);
        if (!lane) break;
        runs.set(lane.id, (runs.get(lane.id) ?? 0) + 1);
        if ((runs.get(lane.id) ?? 0) > MOST_RUNS)
          throw new Error(`lane ${lane.id} is due ${direction} again and again`);
        // A failed run's cause is in the lane's row; a dead worker has none.
        await answerBell({ tenantId: lane.tenant_id, laneId: Number(lane.id) }, direction, mine).catch(() => {});
      }
      fuse = null;
      return !dead;
    },
    async hourPasses() {
      await database.pool.query(
        `with later as (update intent set deadline = deadline - interval '1 hour' where state = 'open')
         update lane set lease_until = lease_until - interval '1 hour', due_inbound = due_inbound - interval '1 hour',
           due_outbound = due_outbound - interval '1 hour'`,
      );
    },
    async untilNothingIsDue(mostRounds) {
      for (let rounds = 0; rounds <= mostRounds; rounds++) {
        const due = "select 1 from lane where due_inbound is not null or due_outbound is not null";
        if ((await database.pool.query(due)).rowCount === 0) return rounds;
        await workers.hourPasses();
        await workers.run("inbound");
        await workers.run("outbound");
        await everythingTold(system);
      }
      throw new Error(`lanes are still due after ${mostRounds} rounds`);
    },
  };
  return workers;
}

/** Waits until all webhooks and events have arrived. */
export async function everythingTold({ twin }: System): Promise<void> {
  for (;;) {
    const answer = await (await fetch(`${twin.url}/_twin/deliveries?state=pending`)).json();
    if ((answer as { deliveries: unknown[] }).deliveries.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
