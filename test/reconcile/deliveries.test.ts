import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";

describe("webhooks and events that do not come as they were sent", () => {
  const channels: Channel[] = [];
  afterAll(() => Promise.all(channels.map((channel) => channel.close())));

  interface Told {
    deal: Record<string, unknown>;
    registration: Record<string, unknown>;
    partner: Record<string, unknown>;
    counts: number[];
    codes: string[];
  }
  let straight: Told;

  /** The same changes on both sides, whatever happens to what tells of them; then what both sides hold. */
  async function play(meddle?: { kind: string; ms?: number }): Promise<Told> {
    const channel = await openChannel();
    channels.push(channel);
    const partner = await channel.partner("Nordlicht Systems");
    const rep = await channel.rep(partner, "mara@nordlicht.example");
    const { deal, registration } = await channel.deal(partner, rep, "Alpha");
    const trouble = async (count: number) => {
      if (!meddle) return;
      for (const sender of ["pipedrive", "program"])
        await channel.twin.call("POST", "/deliveries", { meddle: { ...meddle, sender, count } });
    };
    // Registered while the partner is surely active: its status changes below, and reaches the portal late.
    const bravo = await channel.register(partner, rep, "Bravo");
    await trouble(4);
    await change(channel, partner, registration, deal.id);
    await trouble(3);
    await channel.approve(bravo);
    // Held back deliveries go out on resume.
    if (meddle?.kind === "reorder") await channel.twin.call("POST", "/deliveries", { pause: false });
    await channel.system.quiet();
    if (meddle?.kind === "reorder") await channel.twin.call("POST", "/deliveries", { pause: false });
    await channel.system.quiet();
    return stateOf(channel);
  }

  async function change(channel: Channel, partner: Partner, registration: Snapshot, dealId: number): Promise<void> {
    const fields = { expected_close_date: "2027-05-05" };
    for (const [i, name] of ["Nordlicht A", "Nordlicht B", "Nordlicht C"].entries()) {
      await channel.twin.edit("organization", { name }, partner.organization.id);
      await channel.twin.edit("deal", { value: 100 + i }, dealId);
      await channel.later();
    }
    await channel.twin.act({ action: "edit_registration", registration_id: registration.registration_id, fields });
    await channel.twin.edit("organization", { "label:Allbound Status": "Pending" }, partner.organization.id);
    await channel.twin.edit("organization", { "label:Allbound Status": "Active" }, partner.organization.id);
    await channel.twin.edit("deal", { stage: "Demo held" }, dealId);
    await channel.twin.edit("deal", { stage: "Contract" }, dealId);
    await channel.system.app.ringer.ringDue("harbourline");
  }

  async function stateOf(channel: Channel): Promise<Told> {
    const { value, expected_close_date, stage_id, status } = await channel.dealNamed("Alpha");
    const { amount, sales, crm, expected_close_date: closes } = await channel.registrationNamed("Alpha");
    const [partner] = await channel.twin.aggregates("partner");
    const objects = ["organization", "person", "deal"];
    return {
      deal: { value, expected_close_date, stage_id, status },
      registration: { amount, sales, crm, expected_close_date: closes },
      partner: { name: partner?.name, status: partner?.status },
      counts: await Promise.all(objects.map(async (object) => (await channel.twin.records(object)).length)),
      codes: await channel.codes(),
    };
  }

  beforeAll(async () => {
    straight = await play();
  }, 90_000);

  test("in order: both sides agree", () => {
    expect(straight).toMatchObject({
      deal: { value: 102, expected_close_date: "2027-05-05" },
      registration: { amount: { value: 102 }, expected_close_date: "2027-05-05", sales: { stage_key: "negotiation" } },
      partner: { name: "Nordlicht C", status: "active" },
      counts: [3, 3, 2],
      codes: [],
    });
  });

  for (const meddle of [{ kind: "duplicate" }, { kind: "reorder" }, { kind: "delay", ms: 4_000 }]) {
    test(`${meddle.kind}: they end in the same state`, async () => {
      expect(await play(meddle)).toEqual(straight);
    }, 60_000);
  }
});
