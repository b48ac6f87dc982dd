import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { OutcomeUnknownError } from "../../src/errors.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner } from "./channel.ts";
import { interfere } from "./interference.ts";

describe("a record that fails for its own reason", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;

  beforeAll(async () => {
    channel = await openChannel();
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  const closeOn = (registration: Snapshot, day: string) =>
    channel.twin.act({
      action: "edit_registration",
      registration_id: registration.registration_id,
      fields: { expected_close_date: day },
    });
  const lane = async (dealId: unknown) =>
    (
      await channel.rows("select attempts, stopped_at, cause from lane where object = 'deal' and crm_id = $1", [dealId])
    )[0];

  test("stops with a finding, blocks nothing else, and is due at once when it changes", async () => {
    const poisoned = await channel.deal(partner, rep, "Poisoned");
    const sound = await channel.deal(partner, rep, "Sound");
    const path = `^/api/v2/deals/${poisoned.deal.id}$`;
    const { id } = await channel.fault({ kind: "status", status: 400, times: 100, method: "PATCH", path });
    await closeOn(poisoned.registration, "2027-04-01");
    await closeOn(sound.registration, "2027-04-01");
    await channel.system.quiet();
    expect(await channel.dealNamed("Sound")).toMatchObject({ expected_close_date: "2027-04-01" });
    expect(await channel.codes()).toEqual([`REFUSED_BY_PIPEDRIVE deal ${poisoned.deal.id}`]);
    expect((await lane(poisoned.deal.id))?.stopped_at).not.toBeNull();

    await channel.twin.call("DELETE", `/faults/${id}`);
    await closeOn(poisoned.registration, "2027-04-02");
    await channel.system.quiet();
    expect(await channel.dealNamed("Poisoned")).toMatchObject({ expected_close_date: "2027-04-02" });
    expect(await lane(poisoned.deal.id)).toMatchObject({ attempts: 0, stopped_at: null, cause: null });
  });

  test("towards Pipedrive still has its other half told to the program", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Halves");
    const path = `^/api/v2/deals/${deal.id}$`;
    const { id } = await channel.fault({ kind: "status", status: 400, times: 100, method: "PATCH", path });
    // Both halves are known to the first run, and it is an outbound one.
    const { ringer } = channel.system.app;
    const { ringDue } = ringer;
    await channel.system.stopWorkers();
    ringer.ringDue = async () => undefined;
    await channel.twin.edit("deal", { value: 55 }, deal.id);
    await closeOn(registration, "2027-04-03");
    await delivered();
    ringer.ringDue = ringDue;
    await channel.rows("update lane set due_inbound = null where object = 'deal' and crm_id = $1", [deal.id]);
    channel.system.startWorkers();
    await channel.system.quiet();
    expect(await channel.registrationNamed("Halves")).toMatchObject({ amount: { value: 55, currency: "EUR" } });
    expect((await channel.faults()).length).toBe(1); // and came to rest
    await channel.twin.call("DELETE", `/faults/${id}`);
    await channel.twin.edit("deal", { value: 56 }, deal.id);
    await channel.system.quiet();
    expect(await channel.dealNamed("Halves")).toMatchObject({ expected_close_date: "2027-04-03", value: 56 });
  });

  test("unexpectedly is retried with backoff, and stops after its attempts with KEEPS_FAILING", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Cursed");
    let tries = 0;
    const cursed = interfere(channel.system, {
      pipedrive: () => ({
        get() {
          tries += 1;
          return Promise.reject(new TypeError("a bug of ours"));
        },
      }),
    });
    await setValue(registration, 1);
    await eventually("it has failed", async () => tries > 0);
    const backoff =
      "select due_outbound > now() + interval '200 milliseconds' as later from lane where object = 'deal' and crm_id = $1";
    await eventually(
      "it is to be tried later",
      async () => (await channel.rows(backoff, [deal.id]))[0]?.later === true,
    );
    await eventually(
      "it gave up",
      async () => {
        await channel.rows("update lane set due_outbound = now() where due_outbound > now() and lease_until is null");
        await channel.system.app.ringer.ringDue("harbourline");
        return (await channel.found("KEEPS_FAILING")).length > 0;
      },
      20_000,
    );
    expect(tries).toBe(10);
    cursed.stop();
    await channel.system.quiet();
    expect((await channel.found("KEEPS_FAILING"))[0]?.subject).toBe(`deal ${deal.id}`);
    await setValue(registration, 2);
    await channel.system.quiet();
    expect(await channel.dealNamed("Cursed")).toMatchObject({ value: 2 });
  }, 45_000);

  test("with an unknown outcome each time counts its attempts, though it waits in between", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Muffled");
    await channel.fault({ kind: "status", status: 500, times: 2, method: "PATCH", path: `^/api/v2/deals/${deal.id}$` });
    await closeOn(registration, "2027-04-01");
    await eventually("the second attempt is counted", async () => (await lane(deal.id))?.attempts === 2);
    await channel.system.quiet();
    expect(await channel.dealNamed("Muffled")).toMatchObject({ expected_close_date: "2027-04-01" });
    expect(await lane(deal.id)).toMatchObject({ attempts: 0, cause: null });
  });

  test("by never getting its write done within a lease counts its attempts", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Tardy");
    const slow = interfere(channel.system, {
      pipedrive: (real) => ({
        async get(...args) {
          await new Promise((resolve) => setTimeout(resolve, 1_800)); // leaves no room for the PATCH after it
          return real.get(...args);
        },
      }),
    });
    await setValue(registration, 3);
    await eventually("an attempt is counted", async () => Number((await lane(deal.id))?.attempts) > 0);
    expect((await lane(deal.id))?.cause).toContain("the lease ends before another call could");
    slow.stop();
    await channel.system.quiet();
    expect(await channel.dealNamed("Tardy")).toMatchObject({ value: 3 });
  });

  test("in both directions waits in each for itself: one's run does not end the other's wait", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Both");
    const calls = { lookups: 0, commands: 0 };
    const failing = interfere(channel.system, {
      pipedrive: (real) => ({
        get(...args) {
          calls.lookups += 1;
          return real.get(...args);
        },
        patch: () => Promise.reject(new OutcomeUnknownError("no answer")),
      }),
      program: () => ({
        apply() {
          calls.commands += 1;
          return Promise.reject(new OutcomeUnknownError("no answer"));
        },
      }),
    });
    await channel.system.stopWorkers();
    await channel.twin.edit("deal", { value: 777 }, deal.id);
    await closeOn(registration, "2027-04-04");
    await delivered();
    channel.system.startWorkers();
    // 1 s, then 2 s of backoff on one side; timeout and grace of 2.5 s on the other.
    await new Promise((resolve) => setTimeout(resolve, 2_400));
    failing.stop();
    expect(calls.commands).toBeGreaterThan(0);
    expect(calls.commands).toBeLessThanOrEqual(3);
    expect(calls.lookups).toBeLessThanOrEqual(3);
    await channel.system.quiet();
    expect(await channel.dealNamed("Both")).toMatchObject({ expected_close_date: "2027-04-04", value: 777 });
    expect(await channel.registrationNamed("Both")).toMatchObject({ amount: { value: 777, currency: "EUR" } });
  });

  const setValue = (registration: Snapshot, value: number) =>
    channel.twin.act({
      action: "edit_registration",
      registration_id: registration.registration_id,
      fields: { amount: { value, currency: "EUR" } },
    });

  async function delivered() {
    await eventually("everything is delivered", async () => {
      const { deliveries } = await channel.twin.call<{ deliveries: unknown[] }>("GET", "/deliveries?state=pending");
      return deliveries.length === 0;
    });
  }
});
