import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";

describe("a record deleted in Pipedrive", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  let scene: Awaited<ReturnType<Channel["deal"]>>;
  let count = 0;

  beforeAll(async () => {
    channel = await openChannel();
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());
  beforeEach(async () => {
    count += 1;
    scene = await channel.deal(partner, rep, `Deal ${count}`);
    await channel.later();
  });

  const remove = () =>
    channel.twin.call("POST", "/companies/harbourline-security/delete", { object: "deal", id: scene.deal.id });
  const meddle = (order: Record<string, unknown>) =>
    channel.twin.call("POST", "/deliveries", { meddle: { ...order, sender: "pipedrive", count: 1 } });
  const closeOn = (day: string) =>
    channel.twin.act({
      action: "edit_registration",
      registration_id: scene.registration.registration_id,
      fields: { expected_close_date: day },
    });
  const linkState = async () =>
    (await channel.rows("select state from link where object = 'deal' and crm_id = $1", [scene.deal.id]))[0]?.state;
  const finding = () => channel.found("RECORD_DELETED").then((all) => all.map(({ subject }) => subject));

  test("is orphaned with a finding, and nothing is written but word to the program that its Deal is gone", async () => {
    const commands = (await channel.twin.commands()).total;
    const spent = await channel.spentBy(remove);
    expect(spent.tokens).toBe(0);
    expect((await channel.twin.commands()).total).toBe(commands + 1);
    expect(await channel.registrationNamed(`Deal ${count}`)).toMatchObject({
      ...{ crm: { deal_id: null }, sales: { status: "open" } },
    });
    expect(await linkState()).toBe("orphaned");
    expect(await finding()).toContain(`deal ${scene.deal.id}`);
    const later = await channel.spentBy(() => closeOn("2027-05-01"));
    expect(later.tokens).toBe(0);
  });

  test("stays deleted when an older change is told late", async () => {
    await meddle({ kind: "delay", ms: 5_000 });
    await channel.twin.edit("deal", { value: 3 }, scene.deal.id);
    await channel.later();
    await remove();
    await channel.system.quiet();
    expect(await linkState()).toBe("orphaned");
  });

  test("whose deletion nobody told is orphaned by the next call that does not find it", async () => {
    await meddle({ kind: "drop" });
    await remove();
    await closeOn("2027-05-02");
    await channel.system.quiet();
    expect(await linkState()).toBe("orphaned");
    expect(await finding()).toContain(`deal ${scene.deal.id}`);
    expect(await channel.rows("select 1 from lane where attempts > 0 or cause is not null")).toEqual([]);
  });

  test("and restored within a second is kept in step, also when the deletion is told last", async () => {
    const company = "/companies/harbourline-security";
    await channel.twin.call("POST", "/deliveries", { meddle: { kind: "reorder", count: 2, sender: "pipedrive" } });
    await remove();
    await channel.twin.call("POST", `${company}/restore`, { object: "deal", id: scene.deal.id });
    await channel.system.quiet();
    expect(await linkState()).toBe("active");
    expect(await channel.registrationNamed(`Deal ${count}`)).toMatchObject({ crm: { deal_id: scene.deal.id } });
  });

  test("is kept in step again once it is restored, and the program hears of it", async () => {
    await remove();
    await channel.system.quiet();
    await closeOn("2027-05-03");
    await channel.system.quiet();
    await channel.twin.call("POST", "/companies/harbourline-security/restore", { object: "deal", id: scene.deal.id });
    await channel.system.quiet();
    expect(await linkState()).toBe("active");
    expect(await channel.twin.record("deal", scene.deal.id)).toMatchObject({ expected_close_date: "2027-05-03" });
    expect(await channel.registrationNamed(`Deal ${count}`)).toMatchObject({ crm: { deal_id: scene.deal.id } });
  });
});
