import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { newIntent, settlement, type TestTenant } from "./test-lanes.ts";
import { openTestLinks, sealed, type TestLinks } from "./test-links.ts";

let store: TestLinks;
let tenant: TestTenant;
beforeAll(async () => {
  store = await openTestLinks();
}, 60_000);
afterAll(() => store.stop());
beforeEach(async () => {
  tenant = await store.next();
});

describe("a record merged into another", () => {
  test("is left as it is by a lost claim, and while its own lane is worked on", async () => {
    const loser = await store.partner(1, "prt_1");
    const claim = await store.claim(await tenant.takeWebhook({ crmId: 2 }));
    const holder = await store.claim(loser.lane);
    expect(await store.relinks.merge(claim, 1)).toBe("taken");
    expect(await store.rows("select 1 from merged_record where tenant_id = $1")).toEqual([]);
    await store.lanes.settle(settlement(holder));
    await store.expire(claim.laneId);
    expect(await store.relinks.merge(claim, 1)).toBe("lost");
    const next = await store.claim(claim.laneId);
    expect(await store.relinks.merge(claim, 1)).toBe("lost");
    expect(await store.linksOf(1)).toHaveLength(1);
    expect(await store.relinks.merge(next, 1)).toBe("merged");
    expect(await store.isDue(claim.laneId)).toEqual({ inbound: true, outbound: true });
  });

  test("gives the survivor its aggregate with everything about that, and leaves a tombstone", async () => {
    const loser = await store.partner(1, "prt_1");
    const before = await store.claim(loser.lane);
    const crm = { crm: { name: "2026-01-01T00:00:00Z" }, program: { name: "2026-01-02T00:00:00Z" } };
    await store.lanes.settle(
      settlement(before, { seen_crm: sealed("loser"), seen_program: sealed("partner"), times: crm }),
    );
    await tenant.takeWebhook({ crmId: 1 });
    await tenant.takeEvent();
    const event = (await store.unread(loser.lane)).at(-1);
    const writing = await store.claim(loser.lane);
    const patch = await store.writes.openIntent(writing, newIntent());
    const command = await store.writes.openIntent(writing, newIntent({ type: "command" }));
    await store.expire(loser.lane);
    const waiter = await tenant.takeEvent({ kind: "contact", programId: "usr_1" });
    const waits = "update lane set blocked_kind = 'partner', blocked_id = 'prt_1', due_outbound = null where id = $1";
    await store.pool.query(waits, [waiter]);
    const survivor = await tenant.takeWebhook({ crmId: 2 });
    const claim = await store.claim(survivor);
    const read = await store.unread(survivor);

    expect(await store.relinks.merge(claim, 1)).toBe("merged");
    expect(await store.linksOf(1)).toEqual([]);
    expect(await store.linksOf(2)).toMatchObject([
      { role: "partner", program_id: "prt_1", state: "active", lane: survivor },
    ]);
    expect(await store.tombstones()).toMatchObject([
      { crm_id: 1, program_id: "prt_1", reason: "merged", removed_by: null },
    ]);
    expect(await store.lane(loser.lane)).toBeUndefined();
    const lane = await store.lane(survivor);
    expect(lane).toMatchObject({ crm_id: "2", kind: "partner", program_id: "prt_1", seen_crm: null });
    expect(String(lane.seen_program)).toBe("partner");
    const [{ times }] = await store.rows("select times from lane where tenant_id = $1 and crm_id = 2");
    expect(times).toEqual({ ...crm, crm: {} });
    expect(await store.unread(survivor)).toEqual([event, ...read]);
    expect((await store.lanes.content(survivor))?.intents.map(({ id }) => id)).toEqual([command?.id]);
    expect(await store.rows("select state from intent where tenant_id = $1 and id = $2", patch?.id)).toEqual([
      { state: "failed" },
    ]);
    expect(await store.lane(waiter)).toMatchObject({ blocked_kind: null, now_outbound: true });
    await store.lanes.settle(settlement(claim, { read: [...read, Number(event)] }));
    expect(await store.isDue(survivor)).toEqual({ inbound: true, outbound: true });
  });

  test("never waits in a circle with batches that claim both records' lanes", async () => {
    const loser = await store.partner(1, "prt_1");
    const claim = await store.claim(await tenant.takeWebhook({ crmId: 2 }));
    expect(claim.laneId).toBeGreaterThan(loser.lane);
    const batch = await store.pool.connect();
    try {
      await batch.query("begin");
      await batch.query("select 1 from lane where id = $1 for update", [loser.lane]);
      const merged = store.relinks.merge(claim, 1);
      await store.somebodyWaits();
      await batch.query("select 1 from lane where id = $1 for update", [claim.laneId]);
      await batch.query("commit");
      expect(await merged).toBe("merged");
    } finally {
      batch.release();
    }
  });

  test("that each stand for an aggregate are left to a person: nothing moves, and the loser is gone", async () => {
    const [one, two] = [await store.partner(1, "prt_1"), await store.partner(2, "prt_2")];
    expect(await store.relinks.merge(await store.claim(two.lane), 1)).toBe("occupied");
    expect(await store.linksOf(1)).toMatchObject([{ program_id: "prt_1", state: "orphaned", lane: one.lane }]);
    expect(await store.linksOf(2)).toMatchObject([{ program_id: "prt_2", state: "active", lane: two.lane }]);
    expect(await store.tombstones()).toEqual([]);
  });

  test.each([
    ["prt_1", "prt_2"],
    ["prt_2", "prt_1"],
  ])("whose partners were merged as well, %s into %s, stands for the one that is left", async (from, into) => {
    const [one, two] = [await store.partner(1, "prt_1"), await store.partner(2, "prt_2")];
    await store.rows(
      "insert into program_alias (tenant_id, kind, program_id, into_id) values ($1, 'partner', $2, $3)",
      from,
      into,
    );
    expect(await store.relinks.merge(await store.claim(two.lane), 1)).toBe("merged");
    expect(await store.linksOf(2)).toMatchObject([{ program_id: into, state: "active", lane: two.lane }]);
    expect(await store.linksOf(1)).toEqual([]);
    const [alone] = await store.rows("select id::int, crm_id from lane where tenant_id = $1 and program_id = $2", from);
    expect(alone).toMatchObject({ crm_id: null });
    expect([one.lane, two.lane]).not.toContain(alone.id);
    expect(await store.lane(two.lane)).toMatchObject({ crm_id: "2", program_id: into });
  });

  test("is remembered though it stood for nothing, and the last survivor of a row of merges is the one", async () => {
    const [two, three] = [await tenant.takeWebhook({ crmId: 2 }), await tenant.takeWebhook({ crmId: 3 })];
    expect(await store.relinks.merge(await store.claim(two), 1)).toBe("nothing");
    await store.expire(two);
    expect(await store.relinks.merge(await store.claim(three), 2)).toBe("nothing");
    const all = "select crm_id::int, into_id::int from merged_record where tenant_id = $1 order by crm_id";
    expect(await store.rows(all)).toEqual([
      { crm_id: 1, into_id: 3 },
      { crm_id: 2, into_id: 3 },
    ]);
  });

  test("takes its customers along, and what was reserved for it and for nothing else", async () => {
    await store.expire((await store.customer(7, "reg_1", "seven")).laneId);
    await store.customer(8, "reg_2", "eight");
    const stranger = await store.customer(9, "reg_1", "nine"); // reg_1 names the survivor as well
    await store.writes.reserve(stranger, "customer_person", [Buffer.from("person")]);
    await store.rows("update reservation set crm_id = 7 where tenant_id = $1 and role = 'customer_person'");
    expect(await store.relinks.merge(await store.claim(await store.laneOf(9)), 7)).toBe("merged");
    expect(await store.linksOf(7)).toEqual([]);
    expect(await store.linksOf(9)).toMatchObject([{ role: "customer_org", program_id: "reg_1" }]);
    expect(await store.reserved()).toEqual([
      { identity: "eight", crm_id: 8 },
      { identity: "nine", crm_id: 9 },
      { identity: "person", crm_id: 7 },
      { identity: "seven", crm_id: 9 },
    ]);
    expect(await store.tombstones()).toEqual([]); // a customer's pair may be tied again
    await store.expire(await store.laneOf(9));
    expect(await store.relinks.merge(await store.claim(await store.laneOf(8)), 9)).toBe("merged");
    expect((await store.linksOf(8)).map(({ program_id }) => program_id).sort()).toEqual(["reg_1", "reg_2"]);
  });
});

describe("a partner merged into another in the program", () => {
  const follow = async (lane: number, from = "prt_1", into = "prt_2") =>
    store.relinks.followPartner(await store.claim(lane), from, into);
  const aliases = () => store.rows("select program_id, into_id from program_alias where tenant_id = $1 order by 1");

  test("is left as it is by a lost claim, and while the other's lane is worked on", async () => {
    const { lane } = await store.partner(1, "prt_1");
    const holder = await store.claim(await tenant.takeEvent({ programId: "prt_2" }));
    const claim = await store.claim(lane);
    expect(await store.relinks.followPartner(claim, "prt_1", "prt_2")).toBe("taken");
    await store.expire(holder.laneId);
    await store.expire(lane);
    expect(await store.relinks.followPartner(claim, "prt_1", "prt_2")).toBe("lost");
    expect([await aliases(), await store.linksOf(1)]).toMatchObject([[], [{ program_id: "prt_1" }]]);
  });

  test("gives it the Organization it had, and the lane of both", async () => {
    const { lane, link: id } = await store.partner(1, "prt_1");
    const other = await tenant.takeEvent({ programId: "prt_2" });
    const unread = await store.unread(other);
    expect(await follow(lane)).toBe("moved");
    expect(await store.linksOf(1)).toMatchObject([{ program_id: "prt_2", state: "active", lane }]);
    expect(await store.lane(other)).toBeUndefined();
    expect(await store.lane(lane)).toMatchObject({
      crm_id: "1",
      program_id: "prt_2",
      now_inbound: true,
      now_outbound: true,
    });
    expect(await store.unread(lane)).toEqual(unread);
    expect(await store.tombstones()).toMatchObject([{ crm_id: 1, program_id: "prt_1", reason: "merged" }]);
    expect(await store.rows("select base_version from link where tenant_id = $1 and id = $2", id)).toEqual([
      { base_version: 1 }, // what was agreed with the former partner no longer guards a command
    ]);
    expect(await store.links.crmIdOf(tenant.id, "partner", "prt_2")).toBe(1);
  });

  test("that has an Organization is left to a person; one without any is a name of it", async () => {
    const [one] = [await store.partner(1, "prt_1"), await store.partner(2, "prt_2")];
    expect(await follow(one.lane)).toBe("both");
    expect([await store.linksOf(1), await store.linksOf(2)]).toMatchObject([
      [{ program_id: "prt_1" }],
      [{ program_id: "prt_2" }],
    ]);
    await store.expire(one.lane);
    expect(await follow(await tenant.takeEvent({ programId: "prt_3" }), "prt_3", "prt_1")).toBe("alias");
    expect(await follow(one.lane, "prt_1", "prt_4")).toBe("moved");
    expect(await store.isDue(one.lane)).toEqual({ inbound: true, outbound: true });
    expect(await aliases()).toEqual([
      { program_id: "prt_1", into_id: "prt_4" },
      { program_id: "prt_3", into_id: "prt_4" },
    ]);
  });
});

test("records that carry one id are released together, each other pair for itself", async () => {
  const lanes = await Promise.all([1, 2, 3, 4].map((crmId) => tenant.takeWebhook({ crmId })));
  const [one, two] = lanes as [number, number];
  const pair = { object: "organization", crmId: 2, otherId: 1, programId: "prt_1" } as const;
  await store.relinks.quarantine(tenant.id, pair);
  await store.relinks.quarantine(tenant.id, pair);
  await store.relinks.quarantine(tenant.id, { ...pair, crmId: 4, otherId: 3, programId: "prt_3" });
  for (const subject of ["organization 2 and 1", "organization 4 and 3"])
    await store.rows(
      `insert into finding (tenant_id, code, severity, subject, message) values ($1, 'RECORD_CLONED', 'error', $2, '')`,
      subject,
    );
  const held = () =>
    store.rows("select crm_id::int, other_id::int, is_copy from quarantine where tenant_id = $1 order by 1");
  expect(await held()).toHaveLength(4);
  await store.rows("update lane set due_inbound = null, due_outbound = null where tenant_id = $1");
  await store.relinks.release(tenant.id, { object: "organization", crmId: 1 });
  expect(await held()).toEqual([
    { crm_id: 3, other_id: 4, is_copy: false },
    { crm_id: 4, other_id: 3, is_copy: true },
  ]);
  expect(await Promise.all(lanes.map(async (lane) => (await store.isDue(lane)).outbound))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect((await store.isDue(one)).inbound && (await store.isDue(two)).inbound).toBe(true);
  expect(await store.rows("select subject from finding where tenant_id = $1 and closed_at is null")).toEqual([
    { subject: "organization 4 and 3" },
  ]);
});
