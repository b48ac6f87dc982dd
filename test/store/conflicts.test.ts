import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { ConflictRow } from "../../src/store/conflict-rows.ts";
import { createConflicts, type Saying } from "../../src/store/conflicts.ts";
import type { Claim } from "../../src/store/lane-rows.ts";
import { createMatchReviews } from "../../src/store/match-reviews.ts";
import { createRelinks } from "../../src/store/relinks.ts";
import type { Tenants } from "../../src/store/tenants.ts";
import { newLink, openTestLanes, settlement, type TestLanes, type TestTenant } from "./test-lanes.ts";
import { noting } from "./test-links.ts";

/* What people are asked, and what they say: for what they saw, and never over what a run is about to write down. */

const NO_KEYS = null as unknown as Tenants; // nothing sealed is opened here
const FIELD = "partner.name";

let store: TestLanes;
let tenant: TestTenant;
let lane: number;
let link: number;
beforeAll(async () => {
  store = await openTestLanes();
}, 60_000);
afterAll(() => store.stop());
beforeEach(async () => {
  tenant = await store.addTenant();
  lane = await tenant.takeEvent();
  const claim = await store.claim(lane, "outbound");
  const linked = await store.writes.link(claim, newLink());
  link = linked.outcome === "linked" ? linked.id : 0;
  await settled(claim);
});

const rows = async (sql: string, ...values: unknown[]) => (await store.pool.query(sql, [tenant.id, ...values])).rows;

async function settled(claim: Claim, more: Parameters<typeof settlement>[1] = {}): Promise<void> {
  await store.lanes.settle(settlement(claim, { read: await store.unread(claim.laneId), ...more }));
}
const conflict = (row: Partial<ConflictRow> = {}): ConflictRow => ({
  ...{ id: null, version: null, link, field: FIELD, state: "open", winner: null, rule: "manual", revision: 1 },
  ...{ evidence: Buffer.from("both values").toString("base64"), verdict: null, word: null, note: null },
  ...row,
});
const kept = () =>
  rows(
    `select id::int, field, state, verdict, winner, version, closed_at is not null as closed, decided_by
       from conflict where tenant_id = $1 order by id`,
  );
/** An open conflict and its finding, kept by a run of its lane. */
async function opened(): Promise<number> {
  const finding = { code: "CONFLICT_MANUAL", severity: "warning" as const, subject: `organization 1 ${FIELD}` };
  await settled(await store.claim(lane), {
    conflicts: [conflict()],
    findings: [{ ...finding, field: FIELD, message: "m", detail: null }],
  });
  await store.pool.query("update lane set due_inbound = null, due_outbound = null where id = $1", [lane]);
  return (await kept()).at(-1).id;
}
const openFindings = async () =>
  (await rows("select code from finding where tenant_id = $1 and closed_at is null")).map(({ code }) => code);
const say = (id: number, more: Partial<Saying> = {}) =>
  createConflicts(store.db, NO_KEYS).say(tenant.id, id, {
    ...{ version: 1, state: "decided", verdict: "crm", word: null, by: "ada", ...more },
  });

describe("a conflict that a run keeps", () => {
  test("is one at a time per field; another field's or another link's is another", async () => {
    await settled(await store.claim(lane), { conflicts: [conflict(), conflict({ field: "partner.tier" })] });
    await settled(await store.claim(lane), { conflicts: [conflict({ rule: "newest" })] });
    expect((await kept()).map(({ field, state, closed }) => [field, state, closed])).toEqual([
      [FIELD, "open", false],
      ["partner.tier", "open", false],
    ]);
    expect(await rows("select rule from conflict where tenant_id = $1 order by id")).toMatchObject([
      { rule: "manual" },
      {},
    ]);
    await settled(await store.claim(lane), { conflicts: [conflict({ state: "decided", winner: "crm" })] });
    expect((await kept()).at(-1)).toMatchObject({ state: "decided", winner: "crm", closed: true });
  });

  test("is not kept by a run that has lost its claim, nor for another tenant's link", async () => {
    const claim = await store.claim(lane);
    await store.expire(lane);
    await settled(claim, { conflicts: [conflict()] });
    const stranger = await store.addTenant();
    const foreign = await store.claim(await stranger.takeWebhook());
    await settled(foreign, { conflicts: [conflict()] });
    expect(await rows("select 1 from conflict where $1 <> '' and link_id = $2", link)).toEqual([]);
  });

  test("is changed as the claim knew it only: what a person said meanwhile stands, and the lane runs again", async () => {
    const id = await opened();
    const claim = await store.claim(lane);
    expect(await say(id)).toBe(true);
    await settled(claim, { conflicts: [conflict({ id, version: 1, state: "agreed" })] });
    expect(await kept()).toMatchObject([{ state: "decided", verdict: "crm", decided_by: "ada", version: 2 }]);
    expect(await store.lane(lane)).toMatchObject({ now_inbound: true, now_outbound: true });
    await settled(await store.claim(lane), { conflicts: [conflict({ id, version: 2, state: "agreed" })] });
    expect(await kept()).toMatchObject([{ state: "agreed", verdict: null, version: 3, closed: true }]);
  });

  test("closes its field's finding once nobody has to decide, and no other", async () => {
    const id = await opened();
    await rows("update finding set field = 'partner.tier' where tenant_id = $1");
    await settled(await store.claim(lane), { conflicts: [conflict({ id, version: 1, state: "agreed" })] });
    expect(await openFindings()).toEqual(["CONFLICT_MANUAL"]);
    await rows("update finding set field = $2 where tenant_id = $1", FIELD);
    const still = conflict({ id, version: 2, state: "open" });
    await settled(await store.claim(lane), { conflicts: [still] });
    expect(await openFindings()).toEqual(["CONFLICT_MANUAL"]);
    await settled(await store.claim(lane), { conflicts: [{ ...still, version: 3, state: "agreed" }] });
    expect(await openFindings()).toEqual([]);
  });

  test("and a field that was written again is counted in the same settle, under its own tenant", async () => {
    const rewrites = [{ link, role: "partner", field: FIELD, paused: true }];
    await settled(await store.claim(lane), { rewrites });
    expect(await rows("select field, paused from field_rewrite where tenant_id = $1")).toEqual([
      { field: FIELD, paused: true },
    ]);
  });
});

describe("a person's word", () => {
  test("is refused for an older version and from another tenant, and changes nothing", async () => {
    const id = await opened();
    expect(await say(id, { version: 2 })).toBe(false);
    const elsewhere = await store.addTenant();
    const word: Saying = { version: 1, state: "decided", verdict: "crm", word: null, by: "eve" };
    expect(await createConflicts(store.db, NO_KEYS).say(elsewhere.id, id, word)).toBe(false);
    expect(await kept()).toMatchObject([{ state: "open", version: 1, decided_by: null }]);
    expect(await openFindings()).toEqual(["CONFLICT_MANUAL"]);
    expect(await store.lane(lane)).toMatchObject({ due_inbound: null, due_outbound: null });
    expect(await say(id)).toBe(true);
    expect(await say(id)).toBe(false); // what was seen has been decided
  });

  test("makes its lane due in both directions, whatever state that is in, and closes the finding", async () => {
    const id = await opened();
    await store.pool.query("update lane set stopped_at = now(), attempts = 9, class = 2 where id = $1", [lane]);
    const { rang } = await store.lane(lane);
    expect(await say(id)).toBe(true);
    expect(await store.lane(lane)).toMatchObject({
      ...{ rang: rang + 1, attempts: 0, stopped_at: null, class: 0, now_inbound: true, now_outbound: true },
    });
    expect(await openFindings()).toEqual([]);
  });

  test("waits for a settle of its lane, and is refused when that has changed what was seen", async () => {
    const id = await opened();
    const settle = await store.pool.connect();
    try {
      await settle.query("begin");
      await settle.query("select 1 from lane where id = $1 for update", [lane]);
      const word = say(id);
      await store.somebodyWaits();
      await settle.query("update conflict set version = 2, state = 'agreed' where id = $1", [id]);
      await settle.query("commit");
      expect(await word).toBe(false);
    } finally {
      settle.release();
    }
  });
});

describe("a person's word on a match", () => {
  const matches = () => createMatchReviews(store.db, NO_KEYS);
  const LINK = { choice: "link" as const, crmId: 7, by: "ada", comment: null };
  const match = async (state = "open", programId = "prt_9") => {
    const sql = `insert into match_review (tenant_id, kind, program_id, role, because, evidence, state)
      values ($1, 'partner', $2, 'partner', 'several', '', $3) returning id::int`;
    return (await rows(sql, programId, state))[0].id as number;
  };
  const shown = (id: number) =>
    rows("select state, choice, crm_id::int, decided_by from match_review where tenant_id = $1 and id = $2", id);

  test("makes its lane due though it waits or has stopped, and closes the finding of that aggregate", async () => {
    const waits = await tenant.takeEvent({ programId: "prt_9" });
    const id = await match();
    for (const subject of ["partner prt_9", "partner prt_8"])
      await rows(
        "insert into finding (tenant_id, code, severity, subject, message) values ($1, 'MATCH_REVIEW', 'warning', $2, '')",
        subject,
      );
    await store.pool.query(
      "update lane set blocked_kind = 'match', blocked_id = 'x', stopped_at = now(), attempts = 3, due_outbound = null where id = $1",
      [waits],
    );
    expect(await matches().decide(tenant.id, id, LINK)).toBe("decided");
    expect(await shown(id)).toEqual([{ state: "decided", choice: "link", crm_id: 7, decided_by: "ada" }]);
    expect(await store.lane(waits)).toMatchObject({
      ...{ blocked_kind: null, blocked_id: null, stopped_at: null, attempts: 0, now_outbound: true },
    });
    expect(await rows("select subject from finding where tenant_id = $1 and closed_at is null")).toEqual([
      { subject: "partner prt_8" },
    ]);
  });

  test("is not lost by a run that is about to settle as waiting", async () => {
    const waits = await tenant.takeEvent({ programId: "prt_9" });
    const claim = await store.claim(waits, "outbound");
    expect(await matches().decide(tenant.id, await match(), LINK)).toBe("decided");
    await settled(claim, { blocked: { kind: "match", id: "x" } });
    expect(await store.lane(waits)).toMatchObject({ now_outbound: true });
  });

  test("does not replace a decision that a worker may be carrying out, and does once nobody is at it", async () => {
    const waits = await tenant.takeEvent({ programId: "prt_9" });
    const id = await match("decided");
    await store.claim(waits, "outbound");
    expect(await matches().decide(tenant.id, id, LINK)).toBe("busy");
    expect(await shown(id)).toMatchObject([{ choice: null }]);
    await store.expire(waits);
    expect(await matches().decide(tenant.id, id, LINK)).toBe("decided");
  });

  test.each(["done", "withdrawn"])(
    "comes too late for one that is %s; another tenant's is not there",
    async (state) => {
      const id = await match(state);
      expect(await matches().decide(tenant.id, id, LINK)).toBe("ended");
      const elsewhere = await store.addTenant();
      expect(await matches().decide(elsewhere.id, await match(), LINK)).toBe("ended");
      expect((await shown(id))[0]).toMatchObject({ state, choice: null });
    },
  );
});

describe("what people were asked about a link", () => {
  const relinks = () => noting(createRelinks(store.db, NO_KEYS));
  const match = (role: string, programId = "prt_1") =>
    rows(
      `insert into match_review (tenant_id, kind, program_id, role, because, evidence, state)
        values ($1, 'partner', $2, $3, 'several', '', 'open')`,
      programId,
      role,
    );
  const matchStates = async () =>
    (await rows("select state from match_review where tenant_id = $1 order by id")).map(({ state }) => state);

  test("ends with it, also a word that nobody has carried out yet; nothing else does", async () => {
    const id = await opened();
    await settled(await store.claim(lane), {
      conflicts: [
        conflict({ field: "partner.tier", state: "apart" }),
        conflict({ field: "partner.region", state: "decided", winner: "crm" }),
        conflict({ field: "partner.type", state: "decided", verdict: "undo" }),
      ],
    });
    await rows(
      "insert into finding (tenant_id, lane_id, code, severity, subject, message, field) values ($1, $2, 'OTHER', 'info', 's', '', $3)",
      lane,
      FIELD,
    );
    for (const [role, programId] of [["partner"], ["deal"], ["partner", "prt_2"]] as const)
      await match(role, programId);
    expect(await relinks().unlink(await store.claim(lane), link, "ada")).toBe(true);
    expect(
      (await kept()).map(({ field, state, verdict, closed, version }) => [field, state, verdict, closed, version]),
    ).toEqual([
      [FIELD, "ended", null, true, 2],
      ["partner.tier", "ended", null, true, 2],
      ["partner.region", "decided", null, true, 1],
      ["partner.type", "ended", null, true, 2],
    ]);
    expect(await openFindings()).toEqual(["OTHER"]);
    expect(await matchStates()).toEqual(["withdrawn", "open", "open"]);
    expect(await say(id)).toBe(false);
  });

  test("goes along with it to another record, and to another aggregate", async () => {
    await opened();
    const names = () => rows("select crm_id::int, kind, program_id from conflict where tenant_id = $1");
    const survivor = await store.claim(await tenant.takeWebhook({ crmId: 2 }));
    expect(await relinks().merge(survivor, 1)).toBe("merged");
    expect(await names()).toEqual([{ crm_id: 2, kind: "partner", program_id: "prt_1" }]);
    expect(await relinks().followPartner(survivor, "prt_1", "prt_2")).toBe("moved");
    expect(await names()).toEqual([{ crm_id: 2, kind: "partner", program_id: "prt_2" }]);
    expect(await kept()).toMatchObject([{ state: "open", version: 1 }]);
  });
});
