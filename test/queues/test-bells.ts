import type { Queue } from "bullmq";
import { type Doorbell, openDoorbells } from "../../src/queues/doorbells.ts";
import { createRinger } from "../../src/queues/ringer.ts";
import type { Direction } from "../../src/sync/model.ts";
import { openTestLanes, settlement, type TestTenant } from "../store/test-lanes.ts";
import type { Backend } from "../support/backends.ts";

/** Real queues over a real store, with the rounds of a worker that has nothing to decide. */
export async function openTestBells(backend: Backend, { ringTimeoutMs = 5_000, leaseMs = 60_000 } = {}) {
  await backend.flush();
  const store = await openTestLanes(leaseMs);
  const doorbells = openDoorbells({ redisUrl: backend.redisUrl, pool: store.db.pool, onError: () => {} });
  const errors: unknown[] = [];
  const ringer = createRinger(store.lanes, doorbells, { ringTimeoutMs, onError: (error) => errors.push(error) });

  return {
    ...store,
    doorbells,
    ringer,
    errors,
    /** Claims, folds whatever is unread and settles: a run without any remote call. */
    async settleLane({ tenantId, laneId }: Doorbell, direction: Direction): Promise<string> {
      const claim = await store.lanes.claim(laneId, direction);
      if (!claim) {
        await store.lanes.unring(laneId, direction);
        return "taken";
      }
      const content = await store.lanes.content(laneId);
      const read = content?.rows.map((row) => row.id) ?? [];
      await store.lanes.settle(settlement(claim, { read }));
      void ringer.ringDue(tenantId, [direction]);
      return "settled";
    },
    /** Lanes of organizations 1 to `count`, due inbound since ever longer. */
    async takeMany(of: TestTenant, count: number): Promise<void> {
      await store.pool.query(
        `insert into lane (tenant_id, object, crm_id, due_inbound)
         select $1, 'organization', i, now() - i * interval '1 ms' from generate_series(1, $2) i`,
        [of.id, count],
      );
    },
    async dueLanes(of: TestTenant): Promise<number> {
      const sql = "select count(*)::int as n from lane where tenant_id = $1 and due_inbound is not null";
      return (await store.pool.query(sql, [of.id])).rows[0].n;
    },
    /** Between two tests: nobody works, the queues are empty, and what is left of earlier tenants is not due. */
    async clear(): Promise<void> {
      await doorbells.stopListening();
      await Promise.all(Object.values(doorbells.queues).map((queue) => queue.obliterate({ force: true })));
      await backend.flush();
      await store.pool.query(
        "update lane set due_inbound = null, due_outbound = null, rung_inbound = null, rung_outbound = null",
      );
    },
    async stop() {
      await doorbells.close();
      await store.stop();
    },
  };
}

export type TestBells = Awaited<ReturnType<typeof openTestBells>>;

/** Resolves once `condition` holds. @throws Error when it does not within 15 s */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`never became true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Bells that nobody has answered yet. */
export async function waitingBells(queue: Queue) {
  return queue.getJobs(["waiting", "prioritized", "delayed"]);
}

/** A switch to hold something back with. */
export function gate(): { open(): void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
