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

describe("a pair that is unlinked", () => {
  test("stays tied when the claim is lost, or when the link is another lane's", async () => {
    const one = await store.partner(1, "prt_1");
    const other = await store.partner(2, "prt_2");
    const claim = await store.claim(one.lane);
    expect(await store.relinks.unlink(claim, other.link, "ada")).toBe(false);
    await store.expire(one.lane);
    expect(await store.relinks.unlink(claim, one.link, "ada")).toBe(false);
    await store.claim(one.lane);
    expect(await store.relinks.unlink(claim, one.link, "ada")).toBe(false);
    expect([await store.linksOf(1), await store.linksOf(2), await store.tombstones()]).toEqual([
      [expect.objectContaining({ program_id: "prt_1" })],
      [expect.objectContaining({ program_id: "prt_2" })],
      [],
    ]);
  });

  test("leaves the aggregate a lane of its own with what is about it, and the record what is about that", async () => {
    const { lane, link: id } = await store.partner(1, "prt_1");
    const before = await store.claim(lane);
    const times = { crm: { name: "2026-01-01T00:00:00Z" }, program: { name: "2026-01-02T00:00:00Z" } };
    await store.lanes.settle(
      settlement(before, { seen_crm: sealed("record"), seen_program: sealed("partner"), times }),
    );
    await tenant.takeWebhook();
    await tenant.takeEvent();
    const event = (await store.unread(lane)).at(-1);
    const claim = await store.claim(lane);
    await store.writes.reserve(claim, "customer_org", [Buffer.from("wanted")]);
    const kept: Record<string, number | undefined> = {};
    for (const type of ["patch", "note", "command", "create"] as const)
      kept[type] = (await store.writes.openIntent(claim, newIntent({ type })))?.id;
    await store.pool.query("update lane set due_inbound = null, due_outbound = null where id = $1", [lane]);

    expect(await store.relinks.unlink(claim, id, "ada")).toBe(true);
    expect(await store.linksOf(1)).toEqual([]);
    const made = Number((await store.rows("select id from lane where tenant_id = $1 and program_id = 'prt_1'"))[0]?.id);
    expect(made).not.toBe(lane);
    expect(await store.lane(lane)).toMatchObject({ crm_id: "1", kind: null, program_id: null, seen_program: null });
    expect(await store.lane(made)).toMatchObject({ crm_id: null, kind: "partner", seen_crm: null });
    expect([(await store.lane(lane)).seen_crm, (await store.lane(made)).seen_program].map(String)).toEqual([
      "record",
      "partner",
    ]);
    const timesOf = async (id: number) => (await store.pool.query("select times from lane where id = $1", [id])).rows;
    expect([await timesOf(lane), await timesOf(made)]).toEqual([
      [{ times: { ...times, program: {} } }],
      [{ times: { ...times, crm: {} } }],
    ]);
    expect([(await store.unread(lane)).length, await store.unread(made)]).toEqual([1, [event]]);
    const intentsOf = async (id: number) => (await store.lanes.content(id))?.intents.map((intent) => intent.id);
    expect([await intentsOf(lane), await intentsOf(made)]).toEqual([
      [kept.patch, kept.note],
      [kept.command, kept.create],
    ]);
    expect(await store.rows("select holder_id::int as holder from reservation where tenant_id = $1")).toEqual([
      { holder: made },
    ]);
    expect([(await store.isDue(lane)).inbound, await store.isDue(made)]).toEqual([
      true,
      { inbound: true, outbound: true },
    ]);
    // The claim that unlinked has not seen it so: whatever it concludes, the lane runs again.
    await store.lanes.settle(settlement(claim, { read: await store.unread(lane) }));
    expect((await store.isDue(lane)).inbound).toBe(true);
  });

  test("is remembered with who asked for it and what was agreed, the last time it was", async () => {
    const { lane, link: id } = await store.partner(1, "prt_1");
    const bases = Buffer.from("bases of prt_1");
    await store.relinks.unlink(await store.claim(lane), id, "ada");
    expect(await store.tombstones()).toEqual([
      { crm_id: 1, program_id: "prt_1", reason: "manual", removed_by: "ada", bases },
    ]);
    await store.expire(lane);
    const again = await store.claim(lane);
    const second = await store.link(again, { bases: Buffer.from("newer") });
    await store.relinks.unlink(again, second, "bo");
    expect(await store.tombstones()).toMatchObject([{ removed_by: "bo", bases: Buffer.from("newer") }]);
  });

  test("frees what was reserved for a customer only when no other registration has that one", async () => {
    const { laneId } = await store.customer(7, "reg_1", "seven");
    await store.customer(7, "reg_2");
    await store.customer(8, "reg_3", "eight");
    const seven = await store.claim(await store.laneOf(7));
    const [first, second] = await store.linksOf(7);
    expect(await store.relinks.unlink(seven, first.id, "ada")).toBe(true);
    expect(await store.reserved()).toHaveLength(2);
    expect(await store.relinks.unlink(seven, second.id, "ada")).toBe(true);
    expect(await store.reserved()).toEqual([{ identity: "eight", crm_id: 8 }]);
    expect(await store.lane(laneId)).toMatchObject({ program_id: "reg_1" }); // which was apart all the time
  });
});
