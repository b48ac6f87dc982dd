import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { LaneName } from "../../src/store/lane-rows.ts";
import { openTestLanes, RING_SLOTS, settlement, type TestLanes, type TestTenant } from "./test-lanes.ts";

let store: TestLanes;
let tenant: TestTenant;
beforeAll(async () => {
  store = await openTestLanes();
}, 60_000);
afterAll(() => store.stop());
beforeEach(async () => {
  tenant = await store.addTenant();
});

const ids = (lanes: LaneName[]) => lanes.map((lane) => lane.laneId);
const ascending = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

/** Lanes of organizations 1 to `count`, all due inbound. */
async function takeMany(of: TestTenant, count: number): Promise<void> {
  await store.pool.query(
    "select accept_delivery($1, $2, 'pipedrive', i::text, '', 'organization', i, null, null, 0::smallint) from generate_series(1, $3) i",
    [of.id, of.connections.pipedrive, count],
  );
}

describe("handing out due lanes", () => {
  test("never makes more doorbells than the tenant has slots, however many ask at once", async () => {
    await takeMany(tenant, 40);
    const processes = [store, store.openProcess()];
    const first = await store.pool.connect();
    try {
      await first.query("begin");
      const mine = await first.query("select lane_id from next_lanes($1, 'inbound', 3)", [tenant.id]);
      expect(mine.rows).toHaveLength(3);
      const others = Promise.all(
        Array.from({ length: 6 }, (_, i) => processes[i % 2]!.lanes.next(tenant.id, "inbound")),
      );
      await Promise.race([others, store.somebodyWaits()]);
      await first.query("commit");
      expect((await others).flat()).toHaveLength(RING_SLOTS - 3);
    } finally {
      first.release();
    }
  });

  test("gives a place back when a lane settles, to the next one", async () => {
    await takeMany(tenant, RING_SLOTS + 2);
    const [first] = await store.lanes.next(tenant.id, "inbound");
    expect(await store.lanes.next(tenant.id, "inbound")).toEqual([]);
    await store.lanes.settle(settlement(await store.claim(first!.laneId)));
    expect(await store.lanes.next(tenant.id, "inbound")).toMatchObject([{ crmId: RING_SLOTS + 1 }]);
  });

  test("counts each queue for itself", async () => {
    await takeMany(tenant, RING_SLOTS);
    await store.pool.query("update lane set due_outbound = now() where tenant_id = $1", [tenant.id]);
    expect(await store.lanes.next(tenant.id, "inbound")).toHaveLength(RING_SLOTS);
    expect(await store.lanes.next(tenant.id, "outbound")).toHaveLength(RING_SLOTS);
  });

  test("goes live before backfill before reconcile, oldest first", async () => {
    const classes = [2, 1, 0, 1, 0, 2] as const;
    const lanes: number[] = [];
    for (const [i, each] of classes.entries()) {
      const lane = await tenant.takeWebhook({ crmId: i, class: each });
      lanes.push(lane);
      // Later lanes have waited longer.
      await store.pool.query("update lane set due_inbound = now() - $2 * interval '1 s' where id = $1", [lane, i]);
    }
    const handedOut = ids(await store.lanes.next(tenant.id, "inbound"));
    expect(handedOut).toEqual([4, 2, 3, 1, 5, 0].map((i) => lanes[i]));
  });

  test("takes a record edited during its backfill as live, and a later backfill of it as backfill again", async () => {
    const lane = await tenant.takeWebhook({ class: 1 });
    expect((await store.lane(lane)).class).toBe(1);
    await tenant.takeWebhook({ class: 0 });
    await tenant.takeWebhook({ class: 1 });
    expect((await store.lane(lane)).class).toBe(0);
    await store.lanes.settle(settlement(await store.claim(lane), { read: await store.unread(lane) }));
    await tenant.takeWebhook({ class: 2 });
    expect((await store.lane(lane)).class).toBe(2);
  });

  test("leaves out lanes that are claimed, rung or not due yet", async () => {
    const [claimed, rung, later, free] = await Promise.all([1, 2, 3, 4].map((crmId) => tenant.takeWebhook({ crmId })));
    await store.claim(claimed!);
    await store.pool.query("update lane set rung_inbound = now() where id = $1", [rung]);
    await store.pool.query("update lane set due_inbound = now() + interval '1 minute' where id = $1", [later]);
    expect(ids(await store.lanes.next(tenant.id, "inbound"))).toEqual([free]);
  });

  test("gives a quiet tenant its doorbell at once beside one with 2,000 due lanes", async () => {
    const quiet = await store.addTenant();
    await takeMany(tenant, 2_000);
    expect(await store.lanes.next(tenant.id, "inbound")).toHaveLength(RING_SLOTS);
    const lane = await quiet.takeWebhook();
    expect(ids(await store.lanes.next(quiet.id, "inbound"))).toEqual([lane]);
    const { rows } = await store.pool.query(
      "select count(*)::int as n from lane where rung_inbound is not null and tenant_id = any ($1)",
      [[tenant.id, quiet.id]],
    );
    expect(rows).toEqual([{ n: RING_SLOTS + 1 }]);
  });
});

describe("a tenant that has to wait", () => {
  const set = (sql: string) => store.pool.query(sql, [tenant.id]);
  const rung = async () => [
    (await store.lanes.next(tenant.id, "inbound")).length,
    (await store.lanes.next(tenant.id, "outbound")).length,
  ];
  const cases: [string, string, string, [number, number]][] = [
    [
      "is paused",
      "update tenant set paused_at = now() where id = $1",
      "update tenant set paused_at = null where id = $1",
      [0, 0],
    ],
    [
      "has its Pipedrive parked, outbound only",
      "update connection set parked_until = now() + interval '1 minute' where tenant_id = $1 and side = 'pipedrive'",
      "update connection set parked_until = now() where tenant_id = $1",
      [1, 0],
    ],
    [
      "has its program parked, inbound only",
      "update connection set parked_until = now() + interval '1 minute' where tenant_id = $1 and side = 'program'",
      "update connection set parked_until = now() where tenant_id = $1",
      [0, 1],
    ],
    [
      "has a connection paused",
      "update connection set state = 'paused' where tenant_id = $1 and side = 'program'",
      "update connection set state = 'active' where tenant_id = $1",
      [0, 0],
    ],
    [
      "has no mapping",
      "update mapping_revision set state = 'retired' where tenant_id = $1",
      "update mapping_revision set state = 'live' where tenant_id = $1",
      [0, 0],
    ],
  ];
  test.each(cases)("because it %s gets no doorbell, and all of them afterwards", async (_, wait, goOn, meanwhile) => {
    const lane = await tenant.takeWebhook();
    await store.pool.query("update lane set due_outbound = now() where id = $1", [lane]);
    await set(wait);
    expect(await rung()).toEqual(meanwhile);
    await set(goOn);
    await Promise.all((["inbound", "outbound"] as const).map((direction) => store.lanes.unring(lane, direction)));
    expect(await rung()).toEqual([1, 1]);
  });

  test("is not rung for by the sweep either, and what was rung before goes out after it", async () => {
    const lane = await tenant.takeWebhook();
    await store.lanes.next(tenant.id, "inbound");
    await set("update tenant set paused_at = now() where id = $1");
    await set("update lane set rung_inbound = now() - interval '1 minute' where tenant_id = $1");
    expect(ids(await store.lanes.sweepSilent("inbound", 1_000))).not.toContain(lane);
    await set("update tenant set paused_at = null where id = $1");
    expect(ids(await store.lanes.next(tenant.id, "inbound"))).toEqual([lane]);
  });
});

describe("the sweep's questions", () => {
  test("name each tenant and direction with due lanes nobody rang for", async () => {
    const [waiting, rung] = [await tenant.takeWebhook(), await (await store.addTenant()).takeWebhook()];
    await store.pool.query("update lane set rung_inbound = now() where id = $1", [rung]);
    const { rows } = await store.pool.query("select tenant_id from lane where id = $1", [rung]);
    const found = await store.lanes.sweepTenants();
    expect(found).toContainEqual({ tenantId: tenant.id, direction: "inbound" });
    expect(found).not.toContainEqual({ tenantId: tenant.id, direction: "outbound" });
    expect(found.map((each) => each.tenantId)).not.toContain(rows[0].tenant_id);
    expect(await store.lane(waiting)).toMatchObject({ rung_inbound: null });
  });

  test("find bells that nobody came for, once per silence, and the lane of a dead worker only after its lease", async () => {
    const [lost, dead, done] = await Promise.all([1, 2, 3].map((crmId) => tenant.takeWebhook({ crmId })));
    const mine = (lanes: LaneName[]) => ascending(ids(lanes.filter((lane) => lane.tenantId === tenant.id)));
    await store.lanes.next(tenant.id, "inbound");
    await store.claim(dead!);
    await store.pool.query("update lane set due_inbound = null where id = $1", [done]);
    expect(mine(await store.lanes.sweepSilent("inbound", 60_000))).toEqual([]);
    const silent = () =>
      store.pool.query("update lane set rung_inbound = now() - interval '2 minutes' where tenant_id = $1", [tenant.id]);
    await silent();
    expect(mine(await store.lanes.sweepSilent("inbound", 60_000))).toEqual([lost]);
    expect(mine(await store.lanes.sweepSilent("inbound", 60_000))).toEqual([]);
    expect(await store.lane(done!)).toMatchObject({ rung_inbound: null });
    await store.expire(dead!);
    await silent();
    expect(mine(await store.lanes.sweepSilent("inbound", 60_000))).toEqual(ascending([lost!, dead!]));
  });
});
