import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Doorbells } from "../../src/queues/doorbells.ts";
import { createRinger } from "../../src/queues/ringer.ts";
import type { LaneName } from "../../src/store/lane-rows.ts";
import { openTestLanes, RING_SLOTS, type TestLanes, type TestTenant } from "../store/test-lanes.ts";
import { eachBackend } from "../support/backends.ts";
import { gate, openTestBells, type TestBells, until, waitingBells } from "./test-bells.ts";

describe("ringing for due lanes", () => {
  let store: TestLanes;
  let tenant: TestTenant;
  let rung: number[];
  let errors: unknown[];
  beforeAll(async () => {
    store = await openTestLanes();
  }, 60_000);
  afterAll(() => store.stop());
  beforeEach(async () => {
    tenant = await store.addTenant();
    rung = [];
    errors = [];
  });

  /** A ringer whose bells are only noted; `ring` may hold them back or fail. */
  function ringerOf(ring: (lanes: LaneName[]) => Promise<void> = async () => {}, ringTimeoutMs = 5_000) {
    const note: Doorbells["ring"] = async (_, lanes) => {
      await ring(lanes);
      rung.push(...lanes.map((lane) => lane.laneId));
    };
    const onError = (error: unknown) => errors.push(error);
    return createRinger(store.lanes, { ring: note } as unknown as Doorbells, { ringTimeoutMs, onError });
  }

  test("rings after the commit only: what is not committed yet is rung by its own accept", async () => {
    const ringer = ringerOf();
    const client = await store.pool.connect();
    try {
      const { connectionId, deliveryKey } = tenant.webhook();
      await client.query("begin");
      await client.query(
        "select accept_delivery($1, $2, 'pipedrive', $3, '', 'organization', 1, null, null, 0::smallint)",
        [tenant.id, connectionId, deliveryKey],
      );
      await ringer.ringDue(tenant.id);
      expect(rung).toEqual([]);
      await client.query("commit");
    } finally {
      client.release();
    }
    await ringer.ringDue(tenant.id);
    expect(rung).toHaveLength(1);
  });

  test("leaves a lane unrung when its bell could not be, and never throws", async () => {
    const lane = await tenant.takeWebhook();
    await ringerOf(() => Promise.reject(new Error("Redis is away"))).ringDue(tenant.id);
    expect(errors).toEqual([new Error("Redis is away")]);
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true, rung_inbound: null });
    await ringerOf().ringDue(tenant.id);
    expect(rung).toEqual([lane]);
  });

  test("returns after its timeout when the queue is slow; the bell may still ring later", async () => {
    const lane = await tenant.takeWebhook();
    const slow = gate();
    const ringer = ringerOf(() => slow.opened, 50);
    await ringer.ringDue(tenant.id);
    expect(rung).toEqual([]);
    slow.open();
    await until(() => rung.length > 0);
    expect(rung).toEqual([lane]);
  });

  test("of many callers during one round makes one more, which sees all they committed", async () => {
    const [slow, first] = [gate(), await tenant.takeWebhook({ crmId: 1 })];
    let rounds = 0;
    const ringer = ringerOf(async () => {
      rounds++;
      await slow.opened;
    });
    const callers = [ringer.ringDue(tenant.id, ["inbound"])];
    await until(() => rounds === 1);
    const later: number[] = [];
    for (const crmId of [2, 3, 4]) {
      later.push(await tenant.takeWebhook({ crmId }));
      callers.push(ringer.ringDue(tenant.id, ["inbound"]));
    }
    const asked = jest.spyOn(store.lanes, "next");
    slow.open();
    await Promise.all(callers);
    expect(rung).toEqual([first, ...later]);
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });

  test("of both directions, or of the one that is asked for", async () => {
    const lane = await tenant.takeWebhook();
    await store.pool.query("update lane set due_outbound = now() where id = $1", [lane]);
    await ringerOf().ringDue(tenant.id, ["outbound"]);
    expect(rung).toEqual([lane]);
    await ringerOf().ringDue(tenant.id);
    expect(rung).toEqual([lane, lane]);
  });
});

eachBackend((backend) => {
  let bells: TestBells;
  beforeAll(async () => {
    bells = await openTestBells(backend);
  }, 60_000);
  afterAll(() => bells.stop());
  afterEach(() => bells.clear());

  test("a tenant has no more bells in a queue than its slots, however many ring", async () => {
    const tenant = await bells.addTenant();
    await bells.takeMany(tenant, 40);
    const other = createRinger(bells.openProcess().lanes, bells.doorbells, {
      ringTimeoutMs: 5_000,
      onError: () => {},
    });
    await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 ? other : bells.ringer).ringDue(tenant.id)));
    expect(await waitingBells(bells.doorbells.queues.inbound)).toHaveLength(RING_SLOTS);
  });

  test("a quiet tenant's change is worked on after at most one round of slots of another's 2,000", async () => {
    const [busy, quiet] = [await bells.addTenant(), await bells.addTenant()];
    await bells.takeMany(busy, 2_000);
    await bells.ringer.ringDue(busy.id);
    const [worked, done] = [[] as string[], gate()];
    let changedAt = -1;
    const run = async (bell: { tenantId: string; laneId: number }) => {
      if (worked.length === 30) {
        await quiet.takeWebhook();
        await bells.ringer.ringDue(quiet.id);
        changedAt = worked.length;
      }
      worked.push(bell.tenantId);
      if (bell.tenantId === quiet.id) done.open();
      return bells.settleLane(bell, "inbound");
    };
    bells.doorbells.listen("inbound", run, 1);
    await done.opened;
    // Those that were waiting, and the one that was being worked on.
    expect(worked.indexOf(quiet.id) - changedAt).toBeLessThanOrEqual(RING_SLOTS + 1);
  });
});
