import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { createLogger } from "../../src/log.ts";
import { openDoorbells } from "../../src/queues/doorbells.ts";
import { createRinger } from "../../src/queues/ringer.ts";
import { startSweep, sweep } from "../../workers/sweep.ts";
import { openTestBells, type TestBells, until, waitingBells } from "../queues/test-bells.ts";
import type { TestTenant } from "../store/test-lanes.ts";
import { type Backend, eachBackend } from "../support/backends.ts";

const LEASE_MS = 400;
const SWEEP_MS = 50;

/** Starts the sweep of a worker process; only its timings matter. */
function startSweepOf(bells: Pick<TestBells, "lanes" | "ringer" | "doorbells">): { stop(): Promise<void> } {
  const config = { timings: { sweepMs: SWEEP_MS, leaseMs: LEASE_MS } };
  type App = Parameters<typeof startSweep>[0];
  return startSweep({ ...bells, config: config as App["config"], log: createLogger({ level: "silent" }) });
}

eachBackend((backend: Backend) => {
  let bells: TestBells;
  let tenant: TestTenant;
  const stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    bells = await openTestBells(backend, { leaseMs: LEASE_MS });
  }, 60_000);
  afterAll(() => bells.stop());
  beforeEach(async () => {
    tenant = await bells.addTenant();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await bells.clear();
  });
  const queue = () => bells.doorbells.queues.inbound;
  const work = () => bells.doorbells.listen("inbound", (bell) => bells.settleLane(bell, "inbound"), 2);
  const startSweeping = () => stops.push(startSweepOf(bells).stop);

  test("a lane nobody rang for, because its process died after the commit, is rung within one interval", async () => {
    await tenant.takeWebhook();
    expect(await waitingBells(queue())).toEqual([]);
    await sweep(bells, LEASE_MS);
    expect(await waitingBells(queue())).toHaveLength(1);
  });

  test("a ring that failed is made good by the sweep", async () => {
    const addBulk = jest.spyOn(queue(), "addBulk").mockRejectedValueOnce(new Error("the queue is away"));
    await tenant.takeWebhook();
    await bells.ringer.ringDue(tenant.id);
    addBulk.mockRestore();
    expect(await waitingBells(queue())).toEqual([]);
    await sweep(bells, LEASE_MS);
    expect(await waitingBells(queue())).toHaveLength(1);
  });

  test("bells lost with the whole queue in mid-run ring again, and everything gets done", async () => {
    await bells.takeMany(tenant, 40);
    let flushed: Promise<void> | undefined;
    const lose = () => (backend.redisUrl ? backend.flush() : bells.pool.query("delete from bullmq.job").then(() => {}));
    const run: Parameters<TestBells["doorbells"]["listen"]>[1] = async (bell) => {
      const did = await bells.settleLane(bell, "inbound");
      if ((await bells.dueLanes(tenant)) < 30) flushed ??= lose();
      return did;
    };
    bells.doorbells.listen("inbound", run, 2);
    startSweeping();
    await until(async () => (await bells.dueLanes(tenant)) === 0);
    await flushed;
    expect(flushed).toBeDefined();
  });

  test("a bell that is stuck under its deduplication id is gone past once it has been silent for a lease", async () => {
    const lane = await tenant.takeWebhook();
    await bells.ringer.ringDue(tenant.id);
    const [stuck] = await waitingBells(queue());
    await sweep(bells, LEASE_MS);
    expect(await waitingBells(queue())).toHaveLength(1);
    await bells.pool.query("update lane set rung_inbound = now() - interval '1 minute' where id = $1", [lane]);
    await sweep(bells, LEASE_MS);
    const now = await waitingBells(queue());
    expect(now).toHaveLength(2);
    expect(now.map((job) => job.data)).toEqual([stuck?.data, stuck?.data]);
  });

  test("the lane of a worker that died is worked on after its lease, not before", async () => {
    const lane = await tenant.takeWebhook();
    await bells.ringer.ringDue(tenant.id);
    await queue().drain();
    const dead = await bells.claim(lane);
    work();
    startSweeping();
    await until(async () => (await bells.dueLanes(tenant)) === 0);
    const { rows } = await bells.pool.query("select epoch::int, settled_at from lane where id = $1", [lane]);
    expect(rows[0].epoch).toBe(dead.epoch + 1);
    expect(rows[0].settled_at.getTime()).toBeGreaterThanOrEqual(dead.leaseUntil.getTime());
  });

  test("lanes of a connection whose park ends flow again by themselves", async () => {
    await tenant.takeWebhook();
    const parked = "update connection set parked_until = clock_timestamp() + interval '300 ms' where tenant_id = $1";
    await bells.pool.query(parked, [tenant.id]);
    await sweep(bells, LEASE_MS);
    expect(await waitingBells(queue())).toEqual([]);
    work();
    startSweeping();
    await until(async () => (await bells.dueLanes(tenant)) === 0);
  });
});

describe("a queue that is away", () => {
  test("holds up neither who rings, nor the sweep's next rounds, nor the shutdown", async () => {
    const bells = await openTestBells({ name: "PostgreSQL", redisUrl: undefined, flush: async () => {} });
    // Nothing listens on the discard port.
    const away = openDoorbells({ redisUrl: "redis://127.0.0.1:9", pool: bells.db.pool, onError: () => {} });
    try {
      const tenant = await bells.addTenant();
      const lane = await tenant.takeWebhook();
      const ringer = createRinger(bells.lanes, away, { ringTimeoutMs: 50, onError: () => {} });
      await ringer.ringDue(tenant.id);
      await bells.pool.query("update lane set rung_inbound = now() - interval '1 minute' where id = $1", [lane]);
      const asked = jest.spyOn(bells.lanes, "sweepSilent");
      const sweeping = startSweepOf({ lanes: bells.lanes, ringer, doorbells: away });
      await until(() => asked.mock.calls.length > 0);
      await sweeping.stop();
      expect(await away.state()).not.toBe("ok");
    } finally {
      await away.close();
      await bells.stop();
    }
  });
});
