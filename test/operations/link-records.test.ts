import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { linkRecord, unlinkRecord } from "../../src/operations/link-records.ts";
import { syncRecord } from "../../src/operations/sync-record.ts";
import type { Pair } from "../../src/store/relinks.ts";
import { type Channel, eventually, openChannel, type Partner } from "../reconcile/channel.ts";
import type { ReadableRecord, Snapshot } from "../support/twin-client.ts";

const TENANT = "kestrel-obs";

/** kestrel-obs, whose names and status travel both ways. */
describe("links by hand", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;

  beforeAll(async () => {
    channel = await openChannel({ tenant: TENANT });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  const app = () => channel.system.app;
  const asPartner = ({ organization, id }: Partner): Pair => ({
    ...{ object: "organization", crmId: organization.id, kind: "partner", programId: id },
  });
  const asDeal = (deal: ReadableRecord, registration: Snapshot): Pair => ({
    ...{ object: "deal", crmId: deal.id, kind: "deal_registration", programId: String(registration.registration_id) },
  });
  const unlink = async (pair: Pair) => {
    const done = await unlinkRecord(app(), TENANT, pair, "ada");
    await channel.system.quiet();
    return done;
  };
  const link = async (pair: Pair) => {
    const done = await linkRecord(app(), TENANT, pair, "ada");
    await channel.system.quiet();
    return done;
  };
  const partnerOf = async (id: string) =>
    (await channel.twin.aggregates("partner")).find((one) => one.partner_id === id) as Snapshot;
  const linksOf = ({ object, crmId }: Pair) =>
    channel.rows("select role, program_id, state, created_by from link where object = $1 and crm_id = $2", [
      object,
      crmId,
    ]);

  test("a partner that is unlinked stays so, whatever either side says, until a person links it again", async () => {
    const one = await channel.partner("Westwind");
    const pair = asPartner(one);
    const partners = (await channel.twin.aggregates("partner")).length;
    expect(await unlink(pair)).toMatchObject({ changed: true, role: "partner" });
    expect(await unlink(pair)).toMatchObject({ changed: false });
    expect(await partnerOf(one.id)).toMatchObject({ crm: { org_id: null }, status: "active" });
    const kept = (await channel.twin.record("organization", pair.crmId)).labels;
    expect(kept).toMatchObject({ "Allbound ID": one.id, "Allbound Status": "Active" });

    await channel.later();
    await channel.twin.edit("organization", { "label:Allbound Status": "Pending" }, pair.crmId);
    await channel.twin.act({ action: "edit_partner", partner_id: one.id, fields: { tier: "gold" } });
    await channel.system.quiet();
    await syncRecord(app(), TENANT, { object: "organization", crmId: pair.crmId });
    await syncRecord(app(), TENANT, { kind: "partner", programId: one.id });
    await channel.system.quiet();
    expect(await linksOf(pair)).toEqual([]);
    expect(await partnerOf(one.id)).toMatchObject({ status: "active" });
    expect(await channel.twin.aggregates("partner")).toHaveLength(partners);

    expect(await link(pair)).toMatchObject({ changed: true, formerBases: true });
    expect(await link(pair)).toMatchObject({ changed: false });
    expect(await linksOf(pair)).toMatchObject([{ role: "partner", program_id: one.id, created_by: "hand" }]);
    // Only Pipedrive has changed it since they agreed: that is no conflict, and its word counts.
    expect(await partnerOf(one.id)).toMatchObject({ status: "pending", crm: { org_id: pair.crmId } });
    expect(
      await channel.rows(
        "select field, rule, program_id from history where event = 'conflict' and field = 'partner.status'",
      ),
    ).toEqual([]);
    const words = await channel.rows(
      "select event, rule from history where program_id = $1 and field = 'link' and rule = 'hand' order by id",
      [one.id],
    );
    expect(words.map(({ event }) => event)).toEqual(["unlinked", "linked"]);
  });

  test("a Deal that is unlinked gets no successor, and the registration keeps its sale", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Alpha");
    const deals = (await channel.twin.records("deal")).length;
    await unlink(asDeal(deal, registration));
    expect(await channel.registrationNamed("Alpha")).toMatchObject({
      crm: { deal_id: null },
      sales: { status: "open" },
    });
    await channel.twin.act({
      action: "edit_registration",
      registration_id: registration.registration_id,
      fields: { description: "more" },
    });
    await channel.system.quiet();
    expect(await channel.twin.records("deal")).toHaveLength(deals);

    // To another one, made by a person.
    const made = await channel.twin.edit("deal", { title: "By hand", organization: deal.org_id });
    await channel.system.quiet();
    await link(asDeal(made, registration));
    expect(await channel.registrationNamed("Alpha")).toMatchObject({ crm: { deal_id: made.id } });
    const labels = (await channel.twin.record("deal", made.id)).labels;
    expect(labels["Allbound ID"] ?? registration.registration_id).toBe(registration.registration_id);
  });

  test("a write of unknown outcome stays with the side that it is about", async () => {
    const one = await channel.partner("Suedwind");
    await channel.later();
    await channel.fault({ kind: "lost_answer", side: "program", method: "POST", path: "/commands$" });
    await channel.system.stopWorkers();
    await channel.twin.edit("organization", { "label:Allbound Status": "Inactive" }, one.organization.id);
    channel.system.startWorkers();
    await eventually("the answer is lost", async () => (await channel.faults()).length === 0);
    await unlink(asPartner(one));
    expect(await channel.rows("select 1 from intent where state = 'open'")).toEqual([]);
    expect(await partnerOf(one.id)).toMatchObject({ status: "inactive", crm: { org_id: null } });
    expect(await linksOf(asPartner(one))).toEqual([]);
  });

  test("one record never gets two partners, nor one partner two records", async () => {
    const [left, right] = [await channel.partner("Ostwind"), await channel.partner("Abendwind")];
    const crossed = { ...asPartner(left), programId: right.id };
    const refused = {
      code: "ALREADY_LINKED",
      message: expect.stringContaining(`organization ${left.organization.id}`),
    };
    await expect(linkRecord(app(), TENANT, crossed, "ada")).rejects.toMatchObject(refused);
    await unlink(asPartner(left));
    await expect(linkRecord(app(), TENANT, crossed, "ada")).rejects.toMatchObject({ code: "ALREADY_LINKED" });
    await expect(linkRecord(app(), TENANT, { ...asPartner(left), object: "deal" }, "ada")).rejects.toMatchObject({
      code: "PAIR_IMPOSSIBLE",
    });
    await expect(linkRecord(app(), TENANT, { ...asPartner(left), crmId: 99_999_999 }, "ada")).rejects.toMatchObject({
      code: "UNKNOWN_RECORD",
    });
    await expect(unlinkRecord(app(), TENANT, crossed, "ada")).rejects.toMatchObject({ code: "NOT_LINKED" });
  });
});
