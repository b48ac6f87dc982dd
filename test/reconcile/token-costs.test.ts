import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ReadableRecord, Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";
import { withContactDetails } from "./documents.ts";

/** What a change costs in Pipedrive tokens once everything is linked and seen; the twin charges, our ledger keeps count. */
describe("tokens of a change", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  let person: ReadableRecord;
  let deal: ReadableRecord;
  let registration: Snapshot;

  beforeAll(async () => {
    channel = await openChannel({ adjust: withContactDetails });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
    [person] = (await channel.twin.records("person")) as [ReadableRecord];
    ({ deal, registration } = await channel.deal(partner, rep, "Alpha"));
  }, 90_000);
  afterAll(() => channel.close());

  async function expectCost(tokens: number, work: () => Promise<unknown>) {
    await channel.later();
    const before = await ledger();
    const spent = await channel.spentBy(work);
    expect(spent).toMatchObject({ tokens });
    expect((await ledger()) - before).toBe(tokens);
    expect(await channel.codes()).toEqual([]);
  }
  async function ledger(): Promise<number> {
    const totals = await channel.system.app.spend.totals("harbourline");
    return totals.reduce((sum, total) => sum + total.tokens, 0);
  }
  const editRegistration = (fields: Record<string, unknown>) =>
    channel.twin.act({ action: "edit_registration", registration_id: registration.registration_id, fields });
  const editContact = (fields: Record<string, unknown>) =>
    channel.twin.act({ action: "edit_contact", contact_id: rep.partner_user_id, fields });

  test("outbound, one value: 5", async () => {
    await expectCost(5, () => editRegistration({ expected_close_date: "2027-04-01" }));
    expect(await channel.dealNamed("Alpha")).toMatchObject({ expected_close_date: "2027-04-01" });
  });

  test("outbound, a deal's value: 6, for products may have set it", async () => {
    await expectCost(6, () => editRegistration({ amount: { value: 1500.5, currency: "EUR" } }));
    expect(await channel.dealNamed("Alpha")).toMatchObject({ value: 1500.5 });
  });

  test("outbound, a phone or an e-mail: 6, for the list is replaced whole", async () => {
    await expectCost(6, () => editContact({ phone: "+49 30 901820" }));
    await expectCost(6, () => editContact({ email: "mara.voss@nordlicht.example" }));
    const { emails, phones } = await channel.twin.record("person", person.id);
    expect((emails as { value: string }[]).map(({ value }) => value)).toEqual([
      "mara@nordlicht.example",
      "mara.voss@nordlicht.example",
    ]);
    expect(phones).toHaveLength(1);
  });

  test("inbound: 0, also when half of the mapped fields are empty", async () => {
    const { id } = partner.organization;
    await expectCost(0, () => channel.twin.edit("organization", { name: "Nordlicht AG" }, id));
    await expectCost(0, () => channel.twin.edit("organization", { "label:Allbound Status": "Pending" }, id));
    await expectCost(0, () => channel.twin.edit("deal", { value: 2000 }, deal.id));
    await expectCost(0, () => channel.twin.edit("deal", { stage: "Quote sent" }, deal.id));
    await expectCost(0, () => channel.twin.edit("deal", { expected_close_date: null }, deal.id));
    await expectCost(0, () => channel.twin.edit("deal", { status: "won" }, deal.id));
    expect((await channel.twin.aggregates("partner"))[0]).toMatchObject({ name: "Nordlicht AG", status: "pending" });
    expect(await channel.registrationNamed("Alpha")).toMatchObject({
      amount: { value: 2000, currency: "EUR" },
      expected_close_date: null,
      sales: { status: "won", stage_key: "proposal" },
    });
  });

  test("an edit of fields that are not mapped, of linked and of unknown records: 0", async () => {
    const commands = (await channel.twin.commands()).total;
    await expectCost(0, () =>
      channel.twin.edit("organization", { address: "Kai 1, Hamburg" }, partner.organization.id),
    );
    await expectCost(0, () => channel.twin.edit("person", { name: "Mara V." }, person.id));
    await expectCost(0, () => channel.twin.edit("deal", { probability: 40 }, deal.id));
    await expectCost(0, async () => {
      const stranger = await channel.twin.edit("organization", { name: "Unknown" });
      await channel.twin.edit("person", { name: "Nobody", org_id: stranger.id });
      await channel.twin.edit("deal", { title: "Not ours", org_id: stranger.id });
    });
    expect((await channel.twin.commands()).total).toBe(commands);
  });

  test("a delivery that comes again: 0, and the program hears nothing", async () => {
    const commands = (await channel.twin.commands()).total;
    await expectCost(0, async () => {
      const { deliveries } = await channel.twin.call<{ deliveries: { id: string }[] }>("GET", "/deliveries");
      await channel.twin.call("POST", "/deliveries", { resend: deliveries.map(({ id }) => id) });
    });
    expect((await channel.twin.commands()).total).toBe(commands);
  });
});
