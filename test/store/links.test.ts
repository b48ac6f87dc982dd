import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Claim } from "../../src/store/lane-rows.ts";
import type { NewLink } from "../../src/store/writes.ts";
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

const LINKED = { outcome: "linked", id: expect.any(Number), told: false };

async function linked(claim: Claim, link: Partial<NewLink> = {}): Promise<{ id: number; told: boolean }> {
  const result = await store.writes.link(claim, newLink(link));
  if (result.outcome !== "linked") throw new Error(result.outcome);
  return result;
}

const sealed = (text: string) => Buffer.from(text).toString("base64");

describe("a link", () => {
  /** The lanes of organization 1 and of partner prt_1, each with an unread row; the record's is claimed. */
  async function recordAndAggregate(): Promise<{ record: number; aggregate: number; claim: Claim }> {
    const record = await tenant.takeWebhook();
    const aggregate = await tenant.takeEvent();
    return { record, aggregate, claim: await store.claim(record) };
  }

  test("joins both lanes: rows, open intents, links, history and findings move, and the lane stays due", async () => {
    const record = await tenant.takeWebhook();
    const aggregate = await tenant.takeEvent();
    const before = await store.claim(aggregate, "outbound");
    const intent = await store.writes.openIntent(before, newIntent());
    await store.writes.link(
      before,
      newLink({ role: "customer_org", crmId: 77, kind: "deal_registration", programId: "reg_1" }),
    );
    await store.pool.query("update link set lane_id = $1 where tenant_id = $2", [aggregate, tenant.id]);
    const finding = { code: "X", severity: "info" as const, field: null, message: "m", subject: "s", detail: null };
    const history = {
      role: "partner",
      program_id: "prt_1",
      field: "f",
      event: "agreed" as const,
      winner: null,
      rule: null,
    };
    await store.lanes.settle(
      settlement(before, {
        due: { inbound: null, outbound: "2099-01-01T00:00:00Z" },
        findings: [finding],
        history: [{ ...history, revision: 1, intent_id: null, content: null, salt: null }],
      }),
    );
    const rows = [...(await store.unread(record)), ...(await store.unread(aggregate))];

    const claim = await store.claim(record);
    expect(await store.writes.link(claim, newLink())).toMatchObject(LINKED);
    expect(await store.lane(aggregate)).toBeUndefined();
    expect(await store.lane(record)).toMatchObject({
      object: "organization",
      crm_id: "1",
      kind: "partner",
      program_id: "prt_1",
    });
    expect(await store.unread(record)).toEqual(rows);
    const content = await store.lanes.content(record);
    expect(content?.intents.map((each) => each.id)).toEqual([intent?.id]);
    expect(content?.links.map((each) => each.role)).toEqual(["customer_org", "partner"]);
    for (const table of ["history", "finding"]) {
      const moved = await store.pool.query(`select lane_id::int from ${table} where tenant_id = $1`, [tenant.id]);
      expect(moved.rows).toEqual([{ lane_id: record }]);
    }
    // The run that linked has not folded the rows that came with the other lane.
    await store.lanes.settle(settlement(claim, { read: rows.slice(0, 1) }));
    expect(await store.lane(record)).toMatchObject({ now_inbound: true, due_outbound: new Date("2099-01-01") });
  });

  test("keeps what either lane had seen, and has it looked at", async () => {
    const { record, aggregate, claim } = await recordAndAggregate();
    const other = await store.claim(aggregate, "outbound");
    const read = await store.unread(aggregate);
    const times = { crm: {}, program: { name: "2026-01-01T00:00:00.000Z" } };
    await store.lanes.settle(settlement(other, { read, seen_program: sealed("as seen"), times }));
    await store.writes.link(claim, newLink());
    const [own] = await store.unread(record);
    await store.lanes.settle(
      settlement(claim, { read: [Number(own)], seen_crm: sealed("record"), times: claim.times }),
    );
    const lane = await store.lane(record);
    expect([lane.seen_crm?.toString(), lane.seen_program?.toString()]).toEqual(["record", "as seen"]);
    expect(lane).toMatchObject({ now_inbound: true });
  });

  test('answers "taken" while the other lane is being worked on, and changes nothing', async () => {
    const { record, aggregate, claim } = await recordAndAggregate();
    const holder = await store.claim(aggregate, "outbound");
    expect(await store.writes.link(claim, newLink())).toEqual({ outcome: "taken" });
    expect(await store.lane(record)).toMatchObject({ object: "organization", kind: null });
    expect(await store.links.crmIdOf(tenant.id, "partner", "prt_1")).toBeUndefined();
    await store.lanes.settle(settlement(holder));
    expect(await store.writes.link(claim, newLink())).toMatchObject(LINKED);
    expect(await store.links.crmIdOf(tenant.id, "partner", "prt_1")).toBe(1);
  });

  test.each([0, 1])('answers "taken" before it has joined any of several other lanes (%i)', async (workedOn) => {
    const others = [await tenant.takeWebhook(), await tenant.takeEvent()];
    const claim = await store.claim(await tenant.takeEvent({ kind: "contact", programId: "cnt_1" }), "outbound");
    await store.claim(others[workedOn]!);
    expect(await store.writes.link(claim, newLink())).toEqual({ outcome: "taken" });
    for (const other of others) expect(await store.unread(other)).toHaveLength(1);
    expect(await store.unread(claim.laneId)).toHaveLength(1);
  });

  test("takes in a lane that a webhook makes of the same record at that moment", async () => {
    const claim = await store.claim(await tenant.takeEvent({ programId: "prt_7" }), "outbound");
    const webhook = await store.pool.connect();
    try {
      await webhook.query("begin");
      const made = "select lane_for($1, 'organization', 7, null, null)::int as lane";
      const { rows } = await webhook.query(made, [tenant.id]);
      const linking = linked(claim, { crmId: 7, programId: "prt_7" });
      await store.somebodyWaits();
      await webhook.query("commit");
      await linking;
      expect(await store.lane(rows[0].lane)).toBeUndefined();
      expect(await store.lane(claim.laneId)).toMatchObject({
        object: "organization",
        crm_id: "7",
        program_id: "prt_7",
      });
    } finally {
      webhook.release();
    }
  });

  test("of a record that stands for another aggregate is refused, and changes nothing", async () => {
    const { claim } = await recordAndAggregate();
    await linked(claim);
    const other = await store.claim(await tenant.takeEvent({ programId: "prt_2" }), "outbound");
    const again = newLink({ programId: "prt_2" });
    expect(await store.writes.link(other, again)).toEqual({ outcome: "occupied" });
    expect(await store.lane(other.laneId)).toMatchObject({ object: null, program_id: "prt_2" });
  });

  test("tells of webhooks that were passed over before, and does not keep what the create answered", async () => {
    for (const passedOver of [true, false]) {
      const [crmId, programId] = passedOver ? [81, "prt_81"] : [82, "prt_82"];
      if (passedOver) {
        const stranger = await tenant.takeWebhook({ crmId });
        const reading = await store.claim(stranger);
        await store.lanes.settle(settlement(reading, { read: await store.unread(stranger) }));
      }
      const claim = await store.claim(await tenant.takeEvent({ programId }), "outbound");
      const seenCrm = Buffer.from("as the create answered");
      expect(await linked(claim, { crmId, programId, seenCrm })).toMatchObject({ told: passedOver });
      expect((await store.lane(claim.laneId)).seen_crm).toEqual(passedOver ? null : seenCrm);
    }
  });

  test("of an old epoch or an expired lease makes nothing", async () => {
    const { record, claim } = await recordAndAggregate();
    const intent = await store.writes.openIntent(claim, newIntent({ type: "create" }));
    await store.expire(record);
    expect(await store.writes.link(claim, newLink({ intentId: intent?.id ?? 0 }))).toEqual({ outcome: "lost" });
    await store.claim(record);
    expect(await store.writes.link(claim, newLink({ intentId: intent?.id ?? 0 }))).toEqual({ outcome: "lost" });
    expect(await store.links.crmIdOf(tenant.id, "partner", "prt_1")).toBeUndefined();
    expect((await store.lanes.content(record))?.intents).toHaveLength(1);
  });

  test("closes the create that made the record in its own transaction", async () => {
    const { record, claim } = await recordAndAggregate();
    const intent = await store.writes.openIntent(claim, newIntent({ type: "create", crmId: null }));
    const link = await linked(claim, { intentId: intent?.id ?? 0 });
    expect((await store.lanes.content(record))?.intents).toEqual([]);
    const { rows } = await store.pool.query(
      "select i.state, i.crm_id::int, i.xmin = l.xmin as together from intent i, link l where i.id = $1 and l.id = $2",
      [intent?.id, link.id],
    );
    expect(rows).toEqual([{ state: "done", crm_id: 1, together: true }]);
  });

  test("of a customer leaves the record a lane of its own, which becomes due and knows what the create answered", async () => {
    const registration = { kind: "deal_registration", programId: "reg_1" } as const;
    const lane = await tenant.takeEvent(registration);
    const claim = await store.claim(lane, "outbound");
    await store.writes.link(
      claim,
      newLink({ ...registration, role: "customer_org", crmId: 5, seenCrm: Buffer.from("answer") }),
    );
    expect(await store.lane(lane)).toMatchObject({ object: null, program_id: "reg_1" });
    const { rows } = await store.pool.query("select id::int from lane where tenant_id = $1 and crm_id = 5", [
      tenant.id,
    ]);
    const customer = await store.lane(rows[0].id);
    expect(customer).toMatchObject({ object: "organization", kind: null, now_outbound: true });
    expect(customer.seen_crm?.toString()).toBe("answer");
    expect(await store.links.customersOf(tenant.id, "reg_1")).toEqual({ customer_org: 5 });
    expect(await store.links.crmIdOf(tenant.id, "deal_registration", "reg_1")).toBeUndefined();
  });

  test("never waits in a circle with batches that claim the same lanes", async () => {
    const waiter = await tenant.takeEvent({ kind: "contact", programId: "cnt_1" });
    await store.lanes.settle(
      settlement(await store.claim(waiter, "outbound"), { blocked: { kind: "partner", id: "prt_1" } }),
    );
    const { record, claim } = await recordAndAggregate();
    expect(record).toBeGreaterThan(waiter);
    const batch = await store.pool.connect();
    try {
      // Another process's batch: it has the waiter, and comes for the linking lane next.
      await batch.query("begin");
      await batch.query("select 1 from lane where id = $1 for update", [waiter]);
      const linked = store.writes.link(claim, newLink());
      await store.somebodyWaits();
      await batch.query("select 1 from lane where id = $1 for update", [record]);
      await batch.query("commit");
      expect(await linked).toMatchObject(LINKED);
    } finally {
      batch.release();
    }
  });
});

describe("what lanes ask about others", () => {
  test("is answered for their own tenant only", async () => {
    const stranger = await store.addTenant();
    const lane = await tenant.takeEvent();
    const claim = await store.claim(lane, "outbound");
    await store.writes.link(claim, newLink());
    await store.lanes.settle(settlement(claim, { seen_program: sealed("partner") }));
    expect(await store.links.crmIdOf(tenant.id, "partner", "prt_1")).toBe(1);
    expect((await store.links.seenProgramOf(tenant.id, "partner", "prt_1"))?.toString()).toBe("partner");
    expect(await store.links.crmIdOf(stranger.id, "partner", "prt_1")).toBeUndefined();
    expect(await store.links.seenProgramOf(stranger.id, "partner", "prt_1")).toBeNull();
  });

  test("leaves out links whose record is gone", async () => {
    const lane = await tenant.takeEvent();
    const claim = await store.claim(lane, "outbound");
    await becomes("orphaned", claim, (await linked(claim)).id);
    expect(await store.links.crmIdOf(tenant.id, "partner", "prt_1")).toBeUndefined();
  });
});

/** A settle of which a link comes out in this state. */
async function becomes(state: "active" | "orphaned", claim: Claim, id: number): Promise<void> {
  const rest = { base_version: 1, recent: null, restored: [], paused_fields: [] };
  await store.lanes.settle(settlement(claim, { links: [{ id, bases: sealed("{}"), ...rest, state }] }));
}

describe("a record that is deleted", () => {
  test("frees the identities that were reserved for it, and nobody else's", async () => {
    const claim = await store.claim(await tenant.takeEvent({ kind: "deal_registration", programId: "reg_1" }));
    const [gone, kept] = [Buffer.from("gone"), Buffer.from("kept")];
    const customer = { role: "customer_org", kind: "deal_registration", programId: "reg_1" } as const;
    for (const [crmId, identity] of [[70, gone] as const, [71, kept] as const]) {
      await store.writes.reserve(claim, "customer_org", [identity]);
      await linked(claim, { ...customer, crmId, identities: [identity] });
    }
    const { rows } = await store.pool.query(
      "select k.id::int, k.lane_id::int from link k where tenant_id = $1 and crm_id = 70",
      [tenant.id],
    );
    await becomes("orphaned", await store.claim(rows[0].lane_id), rows[0].id);
    expect(await store.writes.reserve(claim, "customer_org", [gone])).toEqual({ ours: true });
    expect(await store.writes.reserve(claim, "customer_org", [kept])).toEqual({ ours: false, crmId: 71 });
  });

  test("and restored makes due who waited for it meanwhile", async () => {
    const claim = await store.claim(await tenant.takeEvent(), "outbound");
    const { id } = await linked(claim);
    await becomes("orphaned", claim, id);
    const waiter = await tenant.takeEvent({ kind: "contact", programId: "usr_1" });
    const waiting = await store.claim(waiter, "outbound");
    const read = await store.unread(waiter);
    await store.lanes.settle(settlement(waiting, { read, blocked: { kind: "partner", id: "prt_1" } }));
    expect(await store.lane(waiter)).toMatchObject({ due_outbound: null, blocked_kind: "partner" });
    await becomes("active", await store.claim(claim.laneId), id);
    expect(await store.lane(waiter)).toMatchObject({ now_outbound: true, blocked_kind: null });
  });
});
