import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner, prospectOf } from "./channel.ts";

describe("the reservation of a new customer", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;

  beforeAll(async () => {
    channel = await openChannel({ timings: { graceMs: 1_000 } });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  /** Two registrations of one customer that nobody knows. */
  const pair = async (customer: string) => {
    const prospect = prospectOf(customer);
    return [
      await channel.register(partner, rep, `${customer} East`, { prospect }),
      await channel.register(partner, rep, `${customer} West`, { prospect }),
    ] as const;
  };
  const named = async (object: string, name: string) =>
    (await channel.twin.records(object)).filter((record) => record.name === name);
  /** Approves the first, waits until it holds the reservation, then approves the second and waits until it waits. */
  async function approveInTurn(first: Snapshot, second: Snapshot) {
    await channel.approve(first);
    await eventually("the first holds the reservation", async () => (await openReservations()).length > 0);
    await channel.approve(second);
  }
  const openReservations = () => channel.rows("select 1 from reservation where crm_id is null");

  test("makes a second registration wait for the first one's create, and link to it", async () => {
    const [east, west] = await pair("Alpha");
    await channel.fault({ kind: "latency", ms: 600, method: "POST", path: "^/api/v2/organizations$" });
    await approveInTurn(east, west);
    await eventually("the second waits", async () => {
      const blocked = await channel.rows("select attempts from lane where blocked_kind = 'reservation'");
      return blocked.length === 1 && blocked[0]?.attempts === 0;
    });
    await channel.system.quiet();
    expect(await named("organization", "Alpha GmbH")).toHaveLength(1);
    expect(await named("person", "Ida Kern")).toHaveLength(1);
    const deals = [await channel.dealNamed("Alpha East"), await channel.dealNamed("Alpha West")];
    expect(new Set(deals.map((deal) => deal.org_id)).size).toBe(1);
    expect(await openReservations()).toEqual([]);
  });

  test("is given up by a holder that Pipedrive refuses for good: the one that waited goes on", async () => {
    const [east, west] = await pair("Bravo");
    await channel.fault({ kind: "latency", ms: 500, method: "GET", path: "^/api/v2/organizations/search" });
    await channel.fault({ kind: "status", status: 400, method: "POST", path: "^/api/v2/organizations$" });
    await approveInTurn(east, west);
    await channel.system.quiet();
    expect(await named("organization", "Bravo GmbH")).toHaveLength(1);
    expect((await channel.dealNamed("Bravo West")).labels["Allbound ID"]).toBe(west.registration_id);
    expect(await channel.found("REFUSED_BY_PIPEDRIVE")).toHaveLength(1);
    // A new change of the one that stopped finds the customer there.
    await channel.twin.act({
      action: "edit_registration",
      registration_id: east.registration_id,
      fields: { description: "again" },
    });
    await channel.system.quiet();
    const deals = [await channel.dealNamed("Bravo East"), await channel.dealNamed("Bravo West")];
    expect(new Set(deals.map((deal) => deal.org_id)).size).toBe(1);
    expect(await named("organization", "Bravo GmbH")).toHaveLength(1);
  });

  test("is given up by a holder that no longer wants the record", async () => {
    const [east, west] = await pair("Charlie");
    await channel.fault({ kind: "reset", method: "POST", path: "^/api/v2/organizations$" });
    await approveInTurn(east, west);
    await eventually("the create was cut off", async () => (await channel.faults()).length === 0);
    await channel.twin.act({
      action: "review",
      registration_id: east.registration_id,
      to: "cancelled",
      reason: "budget",
    });
    await channel.system.quiet();
    expect((await channel.dealNamed("Charlie West")).labels["Allbound ID"]).toBe(west.registration_id);
    expect(await named("organization", "Charlie GmbH")).toHaveLength(1);
    await expect(channel.dealNamed("Charlie East")).rejects.toThrow("there is no Charlie East");
    expect(await openReservations()).toEqual([]);
  });

  test("is freed when the customer is deleted: the next registration makes it anew", async () => {
    const [east, west] = await pair("Golf");
    await channel.approve(east);
    await channel.system.quiet();
    const [gone] = await named("organization", "Golf GmbH");
    await channel.later();
    const company = "/companies/harbourline-security";
    await channel.twin.call("POST", `${company}/delete`, { object: "organization", id: gone?.id });
    await channel.system.quiet();
    await channel.approve(west);
    await channel.system.quiet();
    const deal = await channel.dealNamed("Golf West");
    expect(deal.org_id).not.toBe(gone?.id);
    expect((await channel.twin.record("organization", Number(deal.org_id))).name).toBe("Golf GmbH");
  });
});
