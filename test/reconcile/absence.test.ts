import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";

/** Tenant kestrel-obs: many mapped fields, most of them empty. */
describe("what a webhook does not say", () => {
  let channel: Channel;
  let partner: Partner;
  const status = async () =>
    (await channel.twin.aggregates("partner")).find(({ partner_id }) => partner_id === partner.id) as Snapshot;

  beforeAll(async () => {
    channel = await openChannel({ tenant: "kestrel-obs" });
    partner = await channel.partner("Nordlicht Systems");
    await channel.later();
  }, 90_000);
  afterAll(() => channel.close());

  test("is unchanged: a change of one field costs nothing, though half of the others are empty", async () => {
    const spent = await channel.spentBy(() =>
      channel.twin.edit("organization", { "label:Partner tier": "Gold" }, partner.organization.id),
    );
    expect(spent).toEqual({ tokens: 0, calls: {} });
    expect(await status()).toMatchObject({ tier: "gold", name: "Nordlicht Systems" });
  });

  test("but names as changed is read once", async () => {
    await channel.later();
    const spent = await channel.spentBy(() =>
      channel.twin.edit("organization", { "label:Partner tier": null }, partner.organization.id),
    );
    expect(spent.calls["organizations.get"]).toBe(1);
    expect(spent.calls["organizations.update"]).toBeUndefined();
    expect(await status()).toMatchObject({ tier: null });
  });

  test("about a record that is not linked and has no status is nothing to us: unread, and nothing is kept", async () => {
    const spent = await channel.spentBy(async () => {
      const stranger = await channel.twin.edit("organization", { name: "Somebody", "label:Partner tier": "Silver" });
      await channel.twin.edit("organization", { name: "Somebody Else" }, stranger.id);
      await channel.twin.edit("person", { name: "A Stranger" });
    });
    expect(spent).toEqual({ tokens: 0, calls: {} });
    const kept = await channel.rows("select seen_crm, times from lane where crm_id is not null and program_id is null");
    expect(kept).toHaveLength(2);
    for (const lane of kept) expect(lane).toEqual({ seen_crm: null, times: { crm: {}, program: {} } });
  });

  test("an emptied status makes the partner inactive, and somebody has to look", async () => {
    await channel.twin.edit("organization", { "label:Allbound Status": null }, partner.organization.id);
    await channel.system.quiet();
    expect(await status()).toMatchObject({ status: "inactive" });
    expect((await channel.twin.record("organization", partner.organization.id)).labels["Allbound Status"]).toBeNull();
    expect(await channel.codes()).toEqual([`STATUS_CLEARED organization ${partner.organization.id} partner.status`]);
    await channel.twin.edit("organization", { "label:Allbound Status": "Active" }, partner.organization.id);
    await channel.system.quiet();
    expect(await status()).toMatchObject({ status: "active" });
  });

  test("an option that the mapping does not pair is a finding, and nothing is written", async () => {
    await channel.twin.call("POST", "/companies", {
      domain: "kestrel-sandbox",
      fields: { organization: [{ label: "Partner tier", type: "Single option", options: ["Diamond"] }] },
    });
    const commands = (await channel.twin.commands()).total;
    await channel.twin.edit("organization", { "label:Partner tier": "Diamond" }, partner.organization.id);
    await channel.system.quiet();
    expect((await channel.twin.commands()).total).toBe(commands);
    expect((await channel.found("OPTION_UNMAPPED")).map(({ subject }) => subject)).toEqual([
      `organization ${partner.organization.id} partner.tier`,
    ]);
  });
});
