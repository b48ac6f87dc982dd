import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner } from "./channel.ts";
import { interfere } from "./interference.ts";

describe("a PATCH whose outcome nobody knows", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  const PATCH_DEAL = { method: "PATCH", path: "^/api/v2/deals/" };
  /** Whose last change is seconds ago: two within one second cannot be told apart without a read. */
  async function knownDeal(title: string) {
    const made = await channel.deal(partner, rep, title);
    await channel.later();
    return made;
  }
  const closeOn = (registration: Snapshot, day: string) =>
    channel.twin.act({
      action: "edit_registration",
      registration_id: registration.registration_id,
      fields: { expected_close_date: day },
    });

  beforeAll(async () => {
    channel = await openChannel();
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  test("is closed by its own webhook at no cost, and its base advances", async () => {
    const { deal, registration } = await knownDeal("Alpha");
    await channel.fault({ kind: "lost_answer", ...PATCH_DEAL });
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-01"));
    expect(spent).toEqual({ tokens: 5, calls: { "deals.update": 1 } });
    expect(await channel.dealNamed("Alpha")).toMatchObject({ expected_close_date: "2027-04-01" });
    // The base has advanced: what a person types now is Pipedrive's change alone, and no conflict.
    await channel.twin.edit("deal", { expected_close_date: "2027-05-01" }, deal.id);
    await channel.system.quiet();
    expect(await channel.registrationNamed("Alpha")).toMatchObject({ expected_close_date: "2027-05-01" });
    expect(await channel.rows("select 1 from history where event = 'conflict'")).toEqual([]);
  });

  test("is looked up when its webhook is lost too, and never sent again", async () => {
    const { registration } = await knownDeal("Bravo");
    await channel.fault({ kind: "lost_answer", ...PATCH_DEAL });
    await channel.twin.call("POST", "/deliveries", { meddle: { kind: "drop", count: 1, sender: "pipedrive" } });
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-02"));
    expect(spent.calls).toMatchObject({ "deals.update": 1, "deals.get": 1 });
    expect(await channel.dealNamed("Bravo")).toMatchObject({ expected_close_date: "2027-04-02" });
    expect(await channel.rows("select 1 from intent where state = 'open'")).toEqual([]);
  });

  test("that did not land is decided anew, but not before its deadline and the grace time are over", async () => {
    const { deal, registration } = await knownDeal("Charlie");
    await channel.fault({ kind: "reset", ...PATCH_DEAL });
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-03"));
    expect(spent.calls["deals.update"]).toBe(1); // the one that was cut off never counted
    expect(await channel.dealNamed("Charlie")).toMatchObject({ expected_close_date: "2027-04-03" });
    const intents = await channel.rows<{ state: string; opened_at: Date; deadline: Date }>(
      "select state, opened_at, deadline from intent where type = 'patch' and crm_id = $1 order by id desc limit 2",
      [deal.id],
    );
    expect(intents.map(({ state }) => state)).toEqual(["done", "failed"]);
    const [second, first] = intents;
    const graceMs = channel.system.app.config.timings.graceMs;
    expect(Number(second?.opened_at)).toBeGreaterThanOrEqual(Number(first?.deadline) + graceMs);
  });

  test("that commits late is not written a second time", async () => {
    const { deal, registration } = await knownDeal("Delta");
    await channel.fault({ kind: "late_commit", ms: 1_900, ...PATCH_DEAL });
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-04"));
    expect(spent.calls["deals.update"]).toBe(1);
    expect(await channel.dealNamed("Delta")).toMatchObject({ expected_close_date: "2027-04-04" });
    const intents = await channel.rows("select state from intent where type = 'patch' and crm_id = $1", [deal.id]);
    expect(intents).toEqual([{ state: "done" }]);
  });

  test("that is answered only when its caller has given up is written once", async () => {
    const { deal, registration } = await knownDeal("Golf");
    const tooLong = channel.system.app.config.timings.callTimeoutMs + 600;
    await channel.fault({ kind: "latency", ms: tooLong, ...PATCH_DEAL });
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-07"));
    expect(spent.calls["deals.update"]).toBe(1);
    expect(await channel.dealNamed("Golf")).toMatchObject({ expected_close_date: "2027-04-07" });
    const intents = await channel.rows("select state from intent where type = 'patch' and crm_id = $1", [deal.id]);
    expect(intents).toEqual([{ state: "done" }]);
  });

  test("that landed unseen and was replaced by a person is theirs, and is not put back", async () => {
    const { deal, registration } = await knownDeal("Hotel");
    await channel.fault({ kind: "lost_answer", ...PATCH_DEAL });
    await channel.twin.call("POST", "/deliveries", { meddle: { kind: "drop", count: 1, sender: "pipedrive" } });
    const spent = await channel.spentBy(async () => {
      await closeOn(registration, "2027-04-08");
      await eventually("it landed", async () => (await channel.faults()).length === 0);
      await eventually("it is there", async () => {
        return (await channel.dealNamed("Hotel")).expected_close_date === "2027-04-08";
      });
      await channel.later();
      await channel.twin.edit("deal", { expected_close_date: "2027-05-08" }, deal.id);
    });
    expect(spent.calls["deals.update"]).toBe(1);
    expect(await channel.dealNamed("Hotel")).toMatchObject({ expected_close_date: "2027-05-08" });
    expect(await channel.registrationNamed("Hotel")).toMatchObject({ expected_close_date: "2027-05-08" });
    expect(await channel.rows("select 1 from intent where state = 'open'")).toEqual([]);
  });

  test("is no longer unknown when its own webhook beats its answer: written once, and its base advances", async () => {
    const { deal, registration } = await knownDeal("India");
    const beaten = interfere(channel.system, {
      pipedrive: (real) => ({
        async patch(...args) {
          const answer = await real.patch(...args);
          const come = `select 1 from inbox_lane r join lane l on l.id = r.lane_id
            where l.object = 'deal' and l.crm_id = $1 and r.read_at is null`;
          await eventually("its webhook came", async () => (await channel.rows(come, [deal.id])).length > 0, 900);
          return answer;
        },
      }),
    });
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-09"));
    beaten.stop();
    expect(spent).toEqual({ tokens: 5, calls: { "deals.update": 1 } });
    await channel.later();
    await channel.twin.edit("deal", { expected_close_date: "2027-05-09" }, deal.id);
    await channel.system.quiet();
    expect(await channel.registrationNamed("India")).toMatchObject({ expected_close_date: "2027-05-09" });
    const conflicts = "select 1 from history where event = 'conflict' and program_id = $1";
    expect(await channel.rows(conflicts, [registration.registration_id])).toEqual([]);
  });

  test("holds up the record's other outbound writes, not its inbound ones", async () => {
    const { deal, registration } = await knownDeal("Echo");
    await channel.fault({ kind: "late_commit", ms: 1_500, ...PATCH_DEAL });
    await closeOn(registration, "2027-04-05");
    await channel.twin.edit("deal", { value: 77 }, deal.id);
    await channel.system.quiet();
    expect(await channel.dealNamed("Echo")).toMatchObject({ expected_close_date: "2027-04-05", value: 77 });
    expect(await channel.registrationNamed("Echo")).toMatchObject({ amount: { value: 77, currency: "EUR" } });
    expect(await channel.codes()).toEqual([]);
  });

  test("settles what is still mapped when the mapping has lost one of its fields meanwhile", async () => {
    const { deal, registration } = await knownDeal("Foxtrot");
    await channel.fault({ kind: "lost_answer", ...PATCH_DEAL });
    const overtaken = { kind: "delay", ms: 5_000, count: 1, sender: "pipedrive" };
    await channel.twin.call("POST", "/deliveries", { meddle: overtaken });
    const fields = { expected_close_date: "2027-04-06", amount: { value: 4, currency: "EUR" } };
    await channel.twin.act({ action: "edit_registration", registration_id: registration.registration_id, fields });
    await eventually("its outcome is unknown", async () => {
      const open = `select 1 from intent i join lane l on l.id = i.lane_id
        where i.state = 'open' and l.lease_until is null and l.object = 'deal' and l.crm_id = $1`;
      return (await channel.rows(open, [deal.id])).length > 0;
    });
    const lost = interfere(channel.system, {
      plan: (live) => ({
        ...live,
        roles: { ...live.roles, deal: live.roles.deal.filter(({ field }) => !field.endsWith("close_date")) },
      }),
    });
    for (let i = 0; i < 2; i++) await channel.later(); // its webhook comes now
    await channel.system.quiet();
    lost.stop();
    expect(await channel.rows("select 1 from lane where attempts > 0 or stopped_at is not null")).toEqual([]);
    expect(await channel.rows("select 1 from intent where state = 'open'")).toEqual([]);
    expect(await channel.dealNamed("Foxtrot")).toMatchObject({ value: 4, expected_close_date: "2027-04-06" });
  });
});
