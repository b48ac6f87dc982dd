import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";
import { dies, interfere } from "./interference.ts";

describe("a worker that dies", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  let interference: { stop(): void } | null = null;

  beforeAll(async () => {
    channel = await openChannel({ timings: { leaseMs: 2_000, graceMs: 1_000 } });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());
  afterEach(() => interference?.stop());

  const closeOn = (registration: Snapshot, day: string) =>
    channel.twin.act({
      action: "edit_registration",
      registration_id: registration.registration_id,
      fields: { expected_close_date: day },
    });
  const outcomes = async () => {
    const { log } = await channel.twin.call<{ log: { outcome: string }[] }>("GET", "/program/harbourline/commands");
    return log.map(({ outcome }) => outcome);
  };
  /** The next intent is written down, and that is the last thing its worker does. */
  function dieOnceAfterIntent(): { stop(): void } {
    const { writes } = channel.system.app;
    const { openIntent } = writes;
    writes.openIntent = async (claim, intent) => {
      writes.openIntent = openIntent;
      await openIntent(claim, intent);
      return dies();
    };
    return { stop: () => Object.assign(writes, { openIntent }) };
  }

  test("after writing a PATCH down, before sending it: it is written once, later", async () => {
    const { registration } = await channel.deal(partner, rep, "Alpha");
    interference = dieOnceAfterIntent();
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-01"));
    expect(spent.calls["deals.update"]).toBe(1);
    expect(await channel.dealNamed("Alpha")).toMatchObject({ expected_close_date: "2027-04-01" });
  });

  test("after Pipedrive answered a PATCH: it is not written again, and its base advances", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Bravo");
    let died = false;
    interference = interfere(channel.system, {
      pipedrive: (real) => ({
        async patch(...args) {
          const answer = await real.patch(...args);
          if (died) return answer;
          died = true;
          return dies();
        },
      }),
    });
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-02"));
    expect(spent.calls["deals.update"]).toBe(1);
    await channel.twin.edit("deal", { expected_close_date: "2027-06-01" }, deal.id);
    await channel.system.quiet();
    expect(await channel.registrationNamed("Bravo")).toMatchObject({ expected_close_date: "2027-06-01" });
  });

  test("around a program command: it is resent under its key, with one effect", async () => {
    const { deal } = await channel.deal(partner, rep, "Charlie");
    const before = (await outcomes()).length;
    interference = dieOnceAfterIntent();
    await channel.twin.edit("deal", { value: 10 }, deal.id);
    await channel.system.quiet();
    let died = false;
    interference = interfere(channel.system, {
      program: (real) => ({
        async apply(command) {
          const answer = await real.apply(command);
          if (died) return answer;
          died = true;
          return dies();
        },
      }),
    });
    await channel.twin.edit("deal", { value: 20 }, deal.id);
    await channel.system.quiet();
    expect((await outcomes()).slice(before)).toEqual(["changed", "changed", "repeated"]);
    expect(await channel.registrationNamed("Charlie")).toMatchObject({ amount: { value: 20, currency: "EUR" } });
  });

  test("and wakes up after its lease: what it concludes is not stored", async () => {
    const { registration } = await channel.deal(partner, rep, "Delta");
    let slept = false;
    interference = interfere(channel.system, {
      pipedrive: (real) => ({
        async patch(...args) {
          const answer = await real.patch(...args);
          if (!slept) {
            slept = true;
            await new Promise((resolve) => setTimeout(resolve, 3_000));
          }
          return answer;
        },
      }),
    });
    const spent = await channel.spentBy(() => closeOn(registration, "2027-04-04"));
    expect(spent.calls["deals.update"]).toBe(1);
    const written =
      "select 1 from history where field = 'registration.expected_close_date' and event = 'written' and program_id = $1 and rule <> 'create'";
    expect(await channel.rows(written, [registration.registration_id])).toHaveLength(1);
    expect(await channel.codes()).toEqual([]);
  });
});
