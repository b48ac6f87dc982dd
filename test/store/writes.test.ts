import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ClaimLostError } from "../../src/errors.ts";
import type { Claim } from "../../src/store/lane-rows.ts";
import { newIntent, newLink, openTestLanes, settlement, type TestLanes, type TestTenant } from "./test-lanes.ts";

let store: TestLanes;
let tenant: TestTenant;
beforeAll(async () => {
  store = await openTestLanes();
}, 60_000);
afterAll(() => store.stop());
beforeEach(async () => {
  tenant = await store.addTenant();
});

const openIntents = async (lane: number) => (await store.lanes.content(lane))?.intents.map((intent) => intent.id);

describe("an intent", () => {
  test("is written down with its deadline, which fits into the lease", async () => {
    const lane = await tenant.takeWebhook();
    const claim = await store.claim(lane);
    const opened = await Promise.all(["a", "b"].map((key) => store.writes.openIntent(claim, newIntent({ key }))));
    expect(await openIntents(lane)).toEqual(opened.map((intent) => intent?.id).sort());
    for (const intent of opened) expect(intent?.deadline.getTime()).toBeLessThan(claim.leaseUntil.getTime());
  });

  test("is not opened when its call would not fit into what is left of the lease", async () => {
    const lane = await tenant.takeWebhook();
    const claim = await store.claim(lane);
    await store.pool.query("update lane set lease_until = clock_timestamp() + interval '14 s' where id = $1", [lane]);
    expect(await store.writes.openIntent(claim, newIntent())).toBeNull();
    expect(await openIntents(lane)).toEqual([]);
  });

  test("is neither opened nor closed by an old epoch", async () => {
    const lane = await tenant.takeWebhook();
    const old = await store.claim(lane);
    const intent = await store.writes.openIntent(old, newIntent());
    const intents = [{ id: intent?.id ?? 0, state: "done" as const }];
    await store.expire(lane);
    await store.lanes.settle(settlement(old, { intents }));
    const current = await store.claim(lane);
    await store.lanes.settle(settlement(old, { intents }));
    expect(await store.writes.openIntent(old, newIntent())).toBeNull();
    expect(await openIntents(lane)).toEqual([intent?.id]);
    await store.lanes.settle(settlement(current, { intents }));
    expect(await openIntents(lane)).toEqual([]);
  });
});

describe("a record seen with the id of an open create", () => {
  const registration = { kind: "deal_registration", programId: "reg_1" } as const;
  const create = () => newIntent({ type: "create", role: "deal", object: "deal", crmId: null, programId: "reg_1" });

  test("makes the create's lane due once, also while that lane is about to settle", async () => {
    const lane = await tenant.takeEvent(registration);
    const claim = await store.claim(lane, "outbound");
    await store.writes.openIntent(claim, create());
    expect(await store.writes.hintCreate(tenant.id, "deal", 31, "reg_1")).toBe(true);
    expect(await store.writes.hintCreate(tenant.id, "deal", 31, "reg_1")).toBe(false);
    await store.lanes.settle(settlement(claim, { due: { inbound: null, outbound: "2099-01-01T00:00:00Z" } }));
    expect(await store.lane(lane)).toMatchObject({ now_outbound: true });
    expect((await store.lanes.content(lane))?.intents).toMatchObject([{ hintCrmId: 31 }]);
  });

  test("never waits in a circle with the settle that closes the create", async () => {
    const lane = await tenant.takeEvent(registration);
    const claim = await store.claim(lane, "outbound");
    const intent = await store.writes.openIntent(claim, create());
    const settling = await store.pool.connect();
    try {
      await settling.query("begin");
      await settling.query("select 1 from lane where id = $1 for update", [lane]);
      const hinted = store.writes.hintCreate(tenant.id, "deal", 31, "reg_1");
      await store.somebodyWaits();
      await settling.query("update intent set state = 'done' where id = $1", [intent?.id]);
      await settling.query("commit");
      expect(await hinted).toBe(false);
    } finally {
      settling.release();
    }
  });
});

describe("a reservation", () => {
  const [a, b, c] = ["a", "b", "c"].map((key) => Buffer.from(key.repeat(32))) as [Buffer, Buffer, Buffer];
  let first: Claim;
  let second: Claim;
  const reserve = (claim: Claim, ...identities: Buffer[]) => store.writes.reserve(claim, "customer_org", identities);
  const block = (claim: Claim, on: Buffer) =>
    store.lanes.settle(settlement(claim, { blocked: { kind: "reservation", id: on.toString("hex") } }));
  const holders = async () =>
    (
      await store.pool.query("select holder_id::int from reservation where tenant_id = $1 order by identity", [
        tenant.id,
      ])
    ).rows.map((row) => row.holder_id);
  beforeEach(async () => {
    const lanes = await Promise.all(
      ["reg_1", "reg_2"].map((programId) => tenant.takeEvent({ kind: "deal_registration", programId })),
    );
    [first, second] = (await Promise.all(lanes.map((lane) => store.claim(lane, "outbound")))) as [Claim, Claim];
  });

  test("of one customer goes to one of two lanes; the other learns what to wait for", async () => {
    expect(await reserve(first, a, b)).toEqual({ ours: true });
    expect(await reserve(second, c, b)).toEqual({ ours: false, heldAs: b.toString("hex") });
    expect(await reserve(first, b, a)).toEqual({ ours: true });
    expect(await holders()).toEqual([first.laneId, first.laneId]);
  });

  test("of several identities is made in one order: two lanes neither deadlock nor each hold half", async () => {
    const insert = "insert into reservation (tenant_id, role, identity, holder_id) values ($1, 'customer_org', $2, $3)";
    const other = await store.pool.connect();
    try {
      // Another process is in the middle of reserving both.
      await other.query("begin");
      await other.query(insert, [tenant.id, a, first.laneId]);
      const asked = reserve(second, b, a);
      await store.somebodyWaits();
      await other.query(insert, [tenant.id, b, first.laneId]);
      await other.query("commit");
      expect(await asked).toEqual({ ours: false, heldAs: a.toString("hex") });
      expect(await holders()).toEqual([first.laneId, first.laneId]);
    } finally {
      other.release(true);
    }
  });

  test("is not made by an old epoch", async () => {
    await store.expire(first.laneId);
    await expect(reserve(first, a)).rejects.toThrow(ClaimLostError);
    await store.claim(first.laneId, "outbound");
    await expect(reserve(first, a)).rejects.toThrow(ClaimLostError);
    expect(await holders()).toEqual([]);
  });

  test("that has become a record lets the second lane link at once", async () => {
    await reserve(first, a, b);
    await reserve(second, b);
    await block(second, b);
    await store.writes.link(
      first,
      newLink({ role: "customer_org", kind: "deal_registration", programId: "reg_1", crmId: 8, identities: [b, a] }),
    );
    expect(await store.lane(second.laneId)).toMatchObject({ blocked_kind: null, now_outbound: true });
    expect(await reserve(await store.claim(second.laneId, "outbound"), c, b)).toEqual({ ours: false, crmId: 8 });
  });

  test("is given up by a holder that stops, in that settle, and its waiters are due", async () => {
    await reserve(first, a, b);
    await block(second, a);
    await store.lanes.settle(settlement(first, { stopped: true }));
    expect(await holders()).toEqual([]);
    expect(await store.lane(second.laneId)).toMatchObject({ blocked_kind: null, now_outbound: true });
  });

  test("is given up by a holder that no longer wants the record, and kept by one that goes on", async () => {
    await reserve(first, a);
    await store.lanes.settle(settlement(first, { due: { inbound: null, outbound: "2099-01-01T00:00:00Z" } }));
    expect(await holders()).toEqual([first.laneId]);
    await store.lanes.settle(settlement(await store.claim(first.laneId, "outbound")));
    expect(await holders()).toEqual([]);
  });

  test("is kept while a create of its holder is still open", async () => {
    await reserve(first, a);
    await store.writes.openIntent(first, newIntent({ type: "create" }));
    await block(second, a);
    await store.lanes.settle(settlement(first, { stopped: true }));
    expect(await holders()).toEqual([first.laneId]);
    expect(await store.lane(second.laneId)).toMatchObject({ blocked_kind: "reservation", due_outbound: null });
  });

  test("is kept when its record is known, also by a holder that is done", async () => {
    await reserve(first, a);
    await store.writes.link(
      first,
      newLink({ role: "customer_org", kind: "deal_registration", programId: "reg_1", crmId: 8, identities: [a] }),
    );
    await store.lanes.settle(settlement(first));
    expect(await holders()).toEqual([first.laneId]);
  });

  test("of a later key is given up while its holder waits for an earlier one: two lanes never wait for each other", async () => {
    await reserve(first, b);
    await reserve(second, a);
    expect(await reserve(second, a, b)).toEqual({ ours: false, heldAs: b.toString("hex") });
    await block(second, b);
    // The first one's customer was corrected meanwhile: it wants the earlier key as well.
    expect(await reserve(first, a, b)).toEqual({ ours: false, heldAs: a.toString("hex") });
    await block(first, a);
    expect(await holders()).toEqual([second.laneId]);
    expect(await store.lane(second.laneId)).toMatchObject({ blocked_kind: null, now_outbound: true });
  });

  test("stays due when it was given up or linked between asking and settle", async () => {
    await reserve(first, a);
    await reserve(second, a);
    await store.lanes.settle(settlement(first, { stopped: true }));
    await block(second, a);
    expect(await store.lane(second.laneId)).toMatchObject({ blocked_kind: null, now_outbound: true });
  });
});
