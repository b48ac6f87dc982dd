import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { linkRecord, unlinkRecord } from "../../src/operations/link-records.ts";
import { syncRecord } from "../../src/operations/sync-record.ts";
import type { ReadableRecord, Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner, prospectOf } from "./channel.ts";

const TENANT = "kestrel-obs";
const COMPANY = "/companies/kestrel-sandbox";

/** kestrel-obs, whose names and status travel both ways. */
describe("records merged in Pipedrive", () => {
  let channel: Channel;
  let count = 0;
  let one: Partner;

  beforeAll(async () => {
    channel = await openChannel({ tenant: TENANT });
  }, 90_000);
  afterAll(() => channel.close());
  beforeEach(async () => {
    count += 1;
    one = await channel.partner(`Partner ${count}`);
    await channel.later();
  });

  const merge = (object: string, id: number, into: number) =>
    channel.twin.call("POST", `${COMPANY}/merge`, { object, id, into });
  const meddle = (order: Record<string, unknown>) =>
    channel.twin.call("POST", "/deliveries", { meddle: { ...order, sender: "pipedrive" } });
  const plain = (name: string) => channel.twin.edit("organization", { name });
  const linksOf = async (programId: string) =>
    channel.rows("select role, crm_id::int as crm_id, state from link where program_id = $1", [programId]);
  const partnerOf = async (id: string) =>
    (await channel.twin.aggregates("partner")).find((partner) => partner.partner_id === id) as Snapshot;
  const codesOf = async (id: number) =>
    (await channel.codes()).filter((code) => code.endsWith(`organization ${id}`)).map((code) => code.split(" ")[0]);
  /** What all ways of learning of it have to come to. */
  async function expectMoved(loser: number, survivor: number) {
    expect(await linksOf(one.id)).toEqual([{ role: "partner", crm_id: survivor, state: "active" }]);
    expect(await partnerOf(one.id)).toMatchObject({ status: "active", crm: { org_id: survivor } });
    expect((await channel.twin.record("organization", survivor)).labels["Allbound ID"]).toBe(one.id);
    expect(await codesOf(loser)).toEqual([]);
    expect(await codesOf(survivor)).toEqual([]);
    expect(
      await channel.rows("select 1 from merged_record where crm_id = $1 and into_id = $2", [loser, survivor]),
    ).toHaveLength(1);
    // It goes on from there, and the loser stays what it is.
    await channel.later();
    await channel.twin.edit("organization", { "label:Allbound Status": "Pending" }, survivor);
    await channel.system.quiet();
    expect((await partnerOf(one.id)).status).toBe("pending");
  }

  test.each([
    ["both deliveries", null],
    ["both deliveries the other way round", { kind: "reorder", count: 2 }],
    ["the deletion alone: the survivor's change is lost", { kind: "drop", count: 1 }],
  ])("C8 is learnt by %s", async (_how, order) => {
    const survivor = await plain(`Survivor ${count}`);
    await channel.system.quiet();
    if (order) await meddle(order);
    await merge("organization", one.organization.id, survivor.id);
    await channel.system.quiet();
    await expectMoved(one.organization.id, survivor.id);
  });

  test("C8 is learnt by the survivor's change alone: the deletion is lost", async () => {
    const survivor = await plain(`Survivor ${count}`);
    await channel.system.quiet();
    await channel.system.stopWorkers();
    await merge("organization", one.organization.id, survivor.id);
    const unread = `select il.inbox_id from inbox_lane il join lane l on l.id = il.lane_id
      where l.crm_id = $1 and il.read_at is null`;
    const arrived = async (id: number) => (await channel.rows(unread, [id])).length > 0;
    await eventually("both have arrived", async () => (await arrived(one.organization.id)) && arrived(survivor.id));
    await channel.rows(`delete from inbox_lane where inbox_id in (${unread})`, [one.organization.id]);
    channel.system.startWorkers();
    await channel.system.quiet();
    await expectMoved(one.organization.id, survivor.id);
  });

  test.each(["loser", "survivor"] as const)(
    "C8 is learnt by reading the %s, when nothing told of it",
    async (which) => {
      const survivor = await plain(`Survivor ${count}`);
      await channel.system.quiet();
      await meddle({ kind: "drop", count: 2 });
      await merge("organization", one.organization.id, survivor.id);
      const crmId = which === "loser" ? one.organization.id : survivor.id;
      await syncRecord(channel.system.app, TENANT, { object: "organization", crmId });
      await channel.system.quiet();
      await expectMoved(one.organization.id, survivor.id);
    },
  );

  test("C8 that each stand for a partner are left to a person, and nothing is written", async () => {
    const other = await channel.partner(`Other ${count}`);
    await channel.later();
    const before = await channel.twin.commands();
    const spent = await channel.spentBy(() => merge("organization", one.organization.id, other.organization.id));
    expect(spent.tokens).toBe(0);
    expect((await channel.twin.commands()).total).toBe(before.total);
    expect(await linksOf(one.id)).toMatchObject([{ crm_id: one.organization.id, state: "orphaned" }]);
    expect(await linksOf(other.id)).toMatchObject([{ crm_id: other.organization.id, state: "active" }]);
    expect(await codesOf(other.organization.id)).toEqual(["MERGE_REVIEW"]);
    // The person has decided that it is the first one after all.
    const [was, is] = [
      { kind: "partner", programId: other.id },
      { kind: "partner", programId: one.id },
    ] as const;
    const gone = { object: "organization", crmId: one.organization.id } as const;
    const kept = { object: "organization", crmId: other.organization.id } as const;
    await unlinkRecord(channel.system.app, TENANT, { ...gone, ...is }, "ada");
    await unlinkRecord(channel.system.app, TENANT, { ...kept, ...was }, "ada");
    await linkRecord(channel.system.app, TENANT, { ...kept, ...is }, "ada");
    await channel.system.quiet();
    expect(await linksOf(one.id)).toMatchObject([{ crm_id: kept.crmId, state: "active" }]);
  });

  test("C8 takes Deals and customers along, with what was reserved; a second registration finds the survivor", async () => {
    const rep = await channel.rep(one, `mara${count}@nordlicht.example`);
    const { deal, registration } = await channel.deal(one, rep, `Alpha ${count}`);
    const twin = await channel.twin.edit("deal", { title: "The same", organization: deal.org_id });
    const customer = await plain(`Alpha ${count} Holding`);
    await channel.later();
    await channel.system.quiet();
    await merge("deal", deal.id, twin.id);
    await merge("organization", Number(deal.org_id), customer.id);
    await channel.system.quiet();
    expect(await linksOf(String(registration.registration_id))).toEqual(
      expect.arrayContaining([
        { role: "deal", crm_id: twin.id, state: "active" },
        { role: "customer_org", crm_id: customer.id, state: "active" },
      ]),
    );
    expect(await channel.registrationNamed(`Alpha ${count}`)).toMatchObject({ crm: { deal_id: twin.id } });
    const prospect = prospectOf(`Alpha ${count}`);
    const second = await channel.register(one, rep, `Alpha ${count} again`, { prospect });
    await channel.approve(second);
    await channel.system.quiet();
    expect((await channel.dealNamed(`Alpha ${count} again`)).org_id).toBe(customer.id);
  });

  test("C8 a loser's late word does not make it a partner again", async () => {
    const survivor = await plain(`Survivor ${count}`);
    await channel.system.quiet();
    await meddle({ kind: "delay", count: 1, ms: 4_000 });
    await channel.twin.edit("organization", { "label:Allbound Status": "Pending" }, one.organization.id);
    await channel.later();
    const partners = (await channel.twin.aggregates("partner")).length;
    await merge("organization", one.organization.id, survivor.id);
    await channel.system.quiet();
    await channel.later();
    await channel.system.quiet();
    expect(await channel.twin.aggregates("partner")).toHaveLength(partners);
    expect(await linksOf(one.id)).toMatchObject([{ crm_id: survivor.id, state: "active" }]);
  });

  describe("partners merged in the program", () => {
    const labels = async (record: ReadableRecord) => (await channel.twin.record("organization", record.id)).labels;

    test("that has no Organization takes over the one of the other", async () => {
      const bare = await channel.twin.act({ action: "create_partner", name: `Bare ${count}`, status: "active" });
      await channel.twin.act({ action: "merge_partners", partner_id: one.id, into: bare.partner_id });
      await channel.system.quiet();
      expect(await linksOf(one.id)).toEqual([]);
      expect(await linksOf(String(bare.partner_id))).toEqual([
        { role: "partner", crm_id: one.organization.id, state: "active" },
      ]);
      expect(await partnerOf(String(bare.partner_id))).toMatchObject({ crm: { org_id: one.organization.id } });
      // The former id means the same partner: it is neither overwritten nor a mistake.
      expect((await labels(one.organization))["Allbound ID"]).toBe(one.id);
      expect(await codesOf(one.organization.id)).toEqual([]);
      expect(await channel.system.app.links.crmIdOf(TENANT, "partner", one.id)).toBe(one.organization.id);
    });

    test("that each have an Organization are joined when a person merges those as well", async () => {
      const kept = await channel.partner(`Kept ${count}`);
      await channel.twin.act({ action: "merge_partners", partner_id: one.id, into: kept.id });
      await channel.system.quiet();
      expect(await codesOf(one.organization.id)).toEqual(["PARTNER_MERGED"]);
      await channel.later();
      await merge("organization", kept.organization.id, one.organization.id);
      await channel.system.quiet();
      expect(await linksOf(one.id)).toEqual([]);
      expect(await linksOf(kept.id)).toMatchObject([{ crm_id: one.organization.id, state: "active" }]);
      expect(await partnerOf(kept.id)).toMatchObject({ crm: { org_id: one.organization.id } });
    });
  });
});
