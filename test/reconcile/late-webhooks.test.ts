import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Channel, openChannel, type Partner } from "./channel.ts";

describe("a webhook that is overtaken by a later one", () => {
  let channel: Channel;
  let partner: Partner;
  beforeAll(async () => {
    channel = await openChannel({ tenant: "kestrel-obs" });
    partner = await channel.partner("Nordlicht Systems");
  }, 90_000);
  afterAll(() => channel.close());

  /** Longer than the seconds that `later` lets pass. */
  const overtakeNext = ({ twin } = channel) =>
    twin.call("POST", "/deliveries", {
      meddle: { kind: "delay", ms: 5_000, sender: "pipedrive", count: 1 },
    });
  const told = async (name: string) => (await channel.twin.aggregates("partner")).find((one) => one.name === name);

  test("still empties the field that the later one could not show", async () => {
    await channel.twin.edit("organization", { "label:Partner tier": "Gold" }, partner.organization.id);
    await channel.later();
    await channel.system.quiet();
    expect(await told("Nordlicht Systems")).toMatchObject({ tier: "gold" });
    await overtakeNext();
    await channel.twin.edit("organization", { "label:Partner tier": null }, partner.organization.id);
    await channel.later();
    await channel.twin.edit("organization", { name: "Nordlicht B" }, partner.organization.id);
    await channel.later();
    await channel.system.quiet();
    expect(await told("Nordlicht B")).toMatchObject({ tier: null });
  });

  test("enrols no organization whose status was cleared since", async () => {
    const other = await openChannel(); // a mapping that a new organization's webhook shows whole
    try {
      await overtakeNext(other);
      const { id } = await other.twin.edit("organization", { name: "Fickle", "label:Allbound Status": "Active" });
      await other.later();
      await other.twin.edit("organization", { "label:Allbound Status": null }, id);
      await other.later();
      await other.system.quiet();
      expect(await other.twin.aggregates("partner")).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
