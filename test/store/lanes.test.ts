import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { LEASE_MS, newLink, openTestLanes, settlement, type TestLanes, type TestTenant } from "./test-lanes.ts";

let store: TestLanes;
let tenant: TestTenant;
beforeAll(async () => {
  store = await openTestLanes();
}, 60_000);
afterAll(() => store.stop());
beforeEach(async () => {
  tenant = await store.addTenant();
});

const now = () => new Date().toISOString();

describe("accepting a delivery", () => {
  test("five times at once leaves one row on one lane that has rung once", async () => {
    const delivery = tenant.webhook();
    const processes = [store, store.openProcess()];
    const lanes = await Promise.all([0, 1, 0, 1, 0].map((i) => processes[i]?.lanes.accept(delivery)));
    const [lane, ...others] = lanes.filter((id) => id !== null);
    expect(others).toEqual([]);
    expect(await store.unread(Number(lane))).toHaveLength(1);
    expect((await store.lane(Number(lane))).rang).toBe(1);
  });

  test("is one transaction: what was broken off halfway is accepted when it comes again", async () => {
    const lane = await tenant.takeWebhook();
    const client = await store.pool.connect();
    const broken = await store.pool.connect();
    try {
      await client.query("begin");
      await client.query("select 1 from lane where id = $1 for update", [lane]);
      await broken.query("set lock_timeout = 50");
      const again = tenant.webhook();
      const accept = "select accept_delivery($1, $2, 'pipedrive', $3, '', 'organization', 1, null, null, 0::smallint)";
      await expect(broken.query(accept, [tenant.id, again.connectionId, again.deliveryKey])).rejects.toThrow("lock");
      await client.query("rollback");
      expect(await store.unread(lane)).toHaveLength(1);
      expect(await store.lanes.accept(again)).toBe(lane);
    } finally {
      await broken.query("reset lock_timeout");
      for (const each of [client, broken]) each.release();
    }
  });

  test("together with another takes both in, or neither", async () => {
    const [one, other] = [tenant.webhook(), tenant.webhook()];
    const broken = { ...other, connectionId: "no connection" };
    await expect(store.lanes.acceptAll([one, broken])).rejects.toThrow();
    expect(await store.lanes.isAccepted(tenant.id, one.connectionId, one.deliveryKey)).toBe(false);
    await store.lanes.acceptAll([one, other]);
    await store.lanes.acceptAll([one, other]);
    for (const { connectionId, deliveryKey } of [one, other])
      expect(await store.lanes.isAccepted(tenant.id, connectionId, deliveryKey)).toBe(true);
    const lane = await store.lanes.accept(tenant.webhook());
    expect(await store.unread(Number(lane))).toHaveLength(3);
  });

  test("of one record by many at once makes one lane", async () => {
    const first = await store.pool.connect();
    try {
      await first.query("begin");
      const mine = await first.query("select lane_for($1, 'organization', 7, null, null)::int as lane", [tenant.id]);
      const others = Array.from({ length: 5 }, () => tenant.takeWebhook({ crmId: 7 }));
      await store.somebodyWaits();
      await first.query("commit");
      expect(new Set(await Promise.all(others))).toEqual(new Set([mine.rows[0].lane]));
      expect(await store.unread(mine.rows[0].lane)).toHaveLength(5);
      expect((await store.lane(mine.rows[0].lane)).rang).toBe(5);
    } finally {
      first.release();
    }
  });

  test("makes inbound due for a webhook, outbound for an event, and starts attempts afresh", async () => {
    const lane = await tenant.takeWebhook();
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true, due_outbound: null });
    const claim = await store.claim(lane);
    const read = await store.unread(lane);
    await store.lanes.settle(settlement(claim, { read, stopped: true, attempts: 10 }));
    expect(await store.lane(lane)).toMatchObject({ due_inbound: null, attempts: 10, stopped_at: expect.any(Date) });
    await tenant.takeWebhook();
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true, attempts: 0, stopped_at: null });
    const event = await tenant.takeEvent();
    expect(await store.lane(event)).toMatchObject({ due_inbound: null, now_outbound: true });
  });
});

test("a tenant is quiet when none of its lanes is due, later or now, or being worked on", async () => {
  const quiet = () => store.lanes.quiet(tenant.id);
  expect(await quiet()).toBe(true);
  const lane = await tenant.takeWebhook();
  expect(await quiet()).toBe(false);
  const claim = await store.claim(lane);
  await store.pool.query("update lane set due_inbound = null where id = $1", [lane]);
  expect(await quiet()).toBe(false);
  const read = await store.unread(lane);
  await store.lanes.settle(settlement(claim, { read, due: { inbound: null, outbound: "2999-01-01T00:00:00Z" } }));
  expect(await quiet()).toBe(false);
  await store.lanes.settle(settlement(await store.claim(lane)));
  expect(await quiet()).toBe(true);
});

describe("a claim", () => {
  test("cannot be taken before it expires on the database's clock", async () => {
    const lane = await tenant.takeWebhook();
    const first = await store.openProcess(300).lanes.claim(lane, "inbound");
    let second = await store.lanes.claim(lane, "inbound");
    expect(second).toBeNull();
    while (!second) second = await store.lanes.claim(lane, "inbound");
    expect(second.epoch).toBe(Number(first?.epoch) + 1);
    expect(second.leaseUntil.getTime() - LEASE_MS).toBeGreaterThanOrEqual(Number(first?.leaseUntil.getTime()));
  });

  test("goes to one of two directions that ask at once, in one process or in two", async () => {
    const lane = await tenant.takeWebhook();
    const together = await Promise.all([store.lanes.claim(lane, "outbound"), store.lanes.claim(lane, "inbound")]);
    expect(together.map((claim) => claim?.direction)).toEqual(["outbound", undefined]);
    await store.expire(lane);
    const apart = await Promise.all([
      store.lanes.claim(lane, "inbound"),
      store.openProcess().lanes.claim(lane, "outbound"),
    ]);
    expect(apart.filter(Boolean)).toHaveLength(1);
  });

  test("leaves the lane due, also one that was not, so that a worker that dies is found", async () => {
    const lane = await tenant.takeWebhook();
    await store.claim(lane, "outbound");
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true, now_outbound: true });
  });
});

describe("a settle", () => {
  test("of an expired lease or an old epoch does nothing", async () => {
    const lane = await tenant.takeWebhook();
    const read = await store.unread(lane);
    const old = await store.claim(lane);
    await store.expire(lane);
    expect((await store.lanes.settle(settlement(old, { read }))).settled).toBe(false);
    const current = await store.claim(lane);
    expect((await store.lanes.settle(settlement(old, { read }))).settled).toBe(false);
    expect(await store.unread(lane)).toEqual(read);
    expect(await store.lane(lane)).toMatchObject({ epoch: current.epoch, lease_until: current.leaseUntil });
  });

  test("of an old and of the current epoch in one batch answers each its own", async () => {
    const lane = await tenant.takeWebhook();
    const old = await store.claim(lane);
    await store.expire(lane);
    const current = await store.claim(lane);
    const { settle } = store.lanes;
    const answers = await Promise.all([
      settle(settlement(old)),
      settle(settlement(current, { due: { inbound: now(), outbound: null } })),
      settle(settlement(old)),
    ]);
    expect(answers.map((answer) => answer.settled)).toEqual([false, true, false]);
    expect(answers[1]?.dueInbound).toBeInstanceOf(Date);
  });

  test("keeps the lane due for what was accepted since the claim, whatever it concludes itself", async () => {
    const lane = await tenant.takeWebhook();
    const claim = await store.claim(lane);
    const read = await store.unread(lane);
    await tenant.takeWebhook();
    const settled = await store.lanes.settle(settlement(claim, { read, stopped: true, attempts: 10 }));
    expect(settled).toMatchObject({ settled: true, dueInbound: expect.any(Date) });
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true, attempts: 0, stopped_at: null });
    expect(await store.unread(lane)).toHaveLength(1);
  });

  test("is followed by the run of the other side alone when only that side said something meanwhile", async () => {
    const record = { object: "organization", crmId: 1 } as const;
    const lane = await tenant.takeWebhook(record);
    const inbound = await store.claim(lane);
    const read = await store.unread(lane);
    await tenant.takeEvent(record);
    await store.lanes.settle(settlement(inbound, { read }));
    expect(await store.lane(lane)).toMatchObject({ due_inbound: null, now_outbound: true });

    const outbound = await store.claim(lane, "outbound");
    const rest = await store.unread(lane);
    await tenant.takeWebhook(record);
    await store.lanes.settle(settlement(outbound, { read: rest }));
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true, due_outbound: null });
  });

  test("keeps both sides due after a ring that brought no rows", async () => {
    const lane = await tenant.takeWebhook();
    const claim = await store.claim(lane);
    const read = await store.unread(lane);
    await store.pool.query("update lane set rang = rang + 1, due_outbound = now() where id = $1", [lane]);
    await store.lanes.settle(settlement(claim, { read }));
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true, now_outbound: true });
  });

  test("does not put off a change that came while it decided to try again later", async () => {
    const lane = await tenant.takeWebhook();
    const claim = await store.claim(lane);
    await tenant.takeWebhook();
    const later = new Date(Date.now() + 60_000).toISOString();
    await store.lanes.settle(settlement(claim, { due: { inbound: later, outbound: null } }));
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true });
  });

  test("leaves the lane as little due as it says when nothing came meanwhile", async () => {
    const lane = await tenant.takeWebhook();
    const claim = await store.claim(lane);
    await store.lanes.settle(settlement(claim, { read: await store.unread(lane) }));
    expect(await store.lane(lane)).toMatchObject({ due_inbound: null, due_outbound: null, lease_until: null });
  });

  test("marks exactly the folded rows: a row with a smaller id that commits later stays unread", async () => {
    const lane = await tenant.takeWebhook();
    await store.lanes.settle(settlement(await store.claim(lane), { read: await store.unread(lane) }));
    const late = await store.pool.connect();
    try {
      await late.query("begin");
      const { rows } = await late.query(
        "insert into inbox (tenant_id, connection_id, source, delivery_key, payload) values ($1, $2, 'pipedrive', 'late', '') returning id::int",
        [tenant.id, tenant.connections.pipedrive],
      );
      await tenant.takeWebhook();
      const claim = await store.claim(lane);
      const content = await store.lanes.content(lane);
      const folded = (content?.rows ?? []).map((row) => row.id);
      expect(folded).toHaveLength(1);
      expect(Number(folded[0])).toBeGreaterThan(rows[0].id);
      // The rest of that accept, after our read of the inbox.
      await late.query("update lane set rang = rang + 1, due_inbound = least(due_inbound, now()) where id = $1", [
        lane,
      ]);
      await late.query("insert into inbox_lane values ($1, $2, $3)", [rows[0].id, lane, tenant.id]);
      await late.query("commit");
      await store.lanes.settle(settlement(claim, { read: folded }));
      expect(await store.unread(lane)).toEqual([rows[0].id]);
      expect(await store.lane(lane)).toMatchObject({ now_inbound: true });
    } finally {
      late.release();
    }
  });

  test("keeps a lane due whose inbox is longer than a run reads at once", async () => {
    const lane = await tenant.takeWebhook();
    await store.pool.query(
      "select accept_delivery($1, $2, 'pipedrive', i::text, '', 'organization', 1, null, null, 0::smallint) from generate_series(1, 500) i",
      [tenant.id, tenant.connections.pipedrive],
    );
    const claim = await store.claim(lane);
    const read = (await store.lanes.content(lane))?.rows.map((row) => row.id) ?? [];
    await store.lanes.settle(settlement(claim, { read }));
    expect(await store.unread(lane)).toHaveLength(501 - read.length);
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true });
  });

  test("of many lanes is one transaction, and a bad one in it fails alone", async () => {
    const lanes = await Promise.all(Array.from({ length: 20 }, (_, i) => tenant.takeWebhook({ crmId: 100 + i })));
    const claims = await Promise.all(lanes.map((lane) => store.claim(lane)));
    await Promise.all(claims.map((claim) => store.lanes.settle(settlement(claim))));
    const { rows } = await store.pool.query("select distinct xmin from lane where id = any ($1)", [lanes]);
    expect(rows).toHaveLength(1);

    const again = await Promise.all(lanes.map((lane) => store.claim(lane)));
    const results = await Promise.allSettled(
      again.map((claim, i) =>
        store.lanes.settle(settlement(claim, i === 7 ? { due: { inbound: "no time at all", outbound: null } } : {})),
      ),
    );
    expect(results.flatMap((result, i) => (result.status === "rejected" ? [i] : []))).toEqual([7]);
    const open = await store.pool.query("select id::int from lane where id = any ($1) and lease_until is not null", [
      lanes,
    ]);
    expect(open.rows).toEqual([{ id: lanes[7] }]);
  });
});

describe("a blocked lane", () => {
  const onPartner = { blocked: { kind: "partner", id: "prt_9" } };
  let waiter: number;
  let partner: number;
  beforeEach(async () => {
    waiter = await tenant.takeEvent({ kind: "contact", programId: "cnt_1" });
    partner = await tenant.takeWebhook({ crmId: 9 });
  });
  const link = async () => store.writes.link(await store.claim(partner), newLink({ crmId: 9, programId: "prt_9" }));

  test("becomes due in the transaction of the link it waits for", async () => {
    const read = await store.unread(waiter);
    await store.lanes.settle(settlement(await store.claim(waiter, "outbound"), { read, ...onPartner }));
    expect(await store.lane(waiter)).toMatchObject({ blocked_id: "prt_9", due_outbound: null });
    expect(await link()).toMatchObject({ outcome: "linked" });
    expect(await store.lane(waiter)).toMatchObject({ blocked_kind: null, blocked_id: null, now_outbound: true });
  });

  test("stays due when the link appeared between decide and settle", async () => {
    const claim = await store.claim(waiter, "outbound");
    await link();
    await store.lanes.settle(settlement(claim, onPartner));
    expect(await store.lane(waiter)).toMatchObject({ blocked_kind: null, now_outbound: true });
  });

  test("is woken by a link that is made while its settle is under way", async () => {
    const claims = [await store.claim(waiter, "outbound"), await store.claim(partner)];
    const settling = await store.pool.connect();
    try {
      await settling.query("begin");
      await settling.query("select * from settle_lanes($1)", [JSON.stringify([settlement(claims[0]!, onPartner)])]);
      const linked = store.openProcess().writes.link(claims[1]!, newLink({ crmId: 9, programId: "prt_9" }));
      await Promise.race([linked, store.somebodyWaits()]);
      await settling.query("commit");
      expect(await linked).toMatchObject({ outcome: "linked" });
    } finally {
      settling.release();
    }
    expect(await store.lane(waiter)).toMatchObject({ blocked_kind: null, now_outbound: true });
  });

  test("stays due while it has unread rows", async () => {
    const [first] = await store.unread(waiter);
    await tenant.takeEvent({ kind: "contact", programId: "cnt_1" });
    const claim = await store.claim(waiter, "outbound");
    await store.lanes.settle(settlement(claim, { read: [Number(first)], ...onPartner }));
    expect(await store.lane(waiter)).toMatchObject({ blocked_id: "prt_9", now_outbound: true });
  });
});
