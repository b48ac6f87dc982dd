import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner, prospectOf } from "./channel.ts";

/** kestrel-obs: a Deal from submission on, which shows the review and how long it is protected. */
describe("a registration's way through its review", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;

  const register = async (title: string) => {
    await channel.register(partner, rep, title);
    await channel.system.quiet();
  };
  const review = async (title: string, to: string, reason: string | null = null) => {
    const { registration_id } = await channel.registrationNamed(title);
    await channel.twin.act({ action: "review", registration_id, to, reason });
    await channel.system.quiet();
  };
  const shown = async (title: string) => {
    const { labels, status } = await channel.dealNamed(title);
    return { status, review: labels["Registration status"], until: labels["Protected until"] };
  };

  beforeAll(async () => {
    channel = await openChannel({ tenant: "kestrel-obs" });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  test("is shown on the Deal, step by step", async () => {
    await register("Fleet");
    expect(await shown("Fleet")).toEqual({ status: "open", review: "Pending", until: null });
    await review("Fleet", "in_review");
    expect(await shown("Fleet")).toEqual({ status: "open", review: "Pending", until: null });
    await review("Fleet", "action_required", "size?");
    expect(await shown("Fleet")).toMatchObject({ review: "More info needed" });
    await review("Fleet", "submitted");
    expect(await shown("Fleet")).toMatchObject({ review: "Pending" });
    await review("Fleet", "approved");
    const { until } = await shown("Fleet");
    expect(until).toMatch(/^\d{4}-/);
    await review("Fleet", "approved"); // extends the protection
    const extended = await shown("Fleet");
    expect(extended).toMatchObject({ status: "open", review: "Approved" });
    expect(String(extended.until) > String(until)).toBe(true);
    expect(await channel.codes()).toEqual([]);
  });

  test("ends with its protection and begins again without changing the Deal's status", async () => {
    await review("Fleet", "expired");
    expect(await shown("Fleet")).toMatchObject({ status: "open", review: "Expired" });
    await review("Fleet", "approved"); // reinstated
    expect(await shown("Fleet")).toMatchObject({ status: "open", review: "Approved" });
  });

  test.each([
    ["rejected", "too_early", "Declined"],
    ["withdrawn", null, "Cancelled"],
  ])("%s loses the Deal with the tenant's reason", async (to, reason, word) => {
    await register(`To be ${to}`);
    await review(`To be ${to}`, to, reason);
    expect(await shown(`To be ${to}`)).toMatchObject({ status: "lost", review: word });
    expect(await channel.dealNamed(`To be ${to}`)).toMatchObject({ lost_reason: "Registration declined" });
  });

  test("cancelled after approval loses it too", async () => {
    await register("To be cancelled");
    await review("To be cancelled", "approved");
    await review("To be cancelled", "cancelled", "customer withdrew");
    expect(await shown("To be cancelled")).toMatchObject({ status: "lost", review: "Cancelled" });
  });

  test("with a conflict that was looked at, a ping and a user who changed partners leaves everything as it is", async () => {
    const before = [await channel.dealNamed("Fleet"), await channel.twin.records("person")];
    const { registration_id } = await channel.registrationNamed("Fleet");
    const elsewhere = await channel.partner("Suedstern");
    const moved = await channel.rep(partner, "nora@nordlicht.example");
    const people = await channel.twin.records("person");
    await channel.twin.act({ action: "resolve_conflict", registration_id, state: "overridden" });
    await channel.twin.act({ action: "ping" });
    await channel.twin.act({ action: "move_contact", contact_id: moved.partner_user_id, partner_id: elsewhere.id });
    await channel.system.quiet();
    expect(await channel.dealNamed("Fleet")).toEqual(before[0]);
    expect(await channel.twin.records("person")).toEqual(people);
    expect(await channel.codes()).toEqual([]);
  });

  test("waits for a person where a customer may be there already (match_customer review)", async () => {
    const { account } = prospectOf("Known");
    const known = await channel.twin.edit("organization", { name: "Known", "label:Company website": account.domain });
    await register("Known");
    expect((await channel.twin.records("deal")).map(({ title }) => title)).not.toContain("Known");
    const [finding] = await channel.found("MATCH_REVIEW");
    expect(finding?.message).toContain(`organization ${known.id}`);
  });

  test("a deal that is won does not take back an amount that the program has changed meanwhile", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Amended");
    await channel.system.stopWorkers();
    const { registration_id } = registration;
    const fields = { amount: { value: 2430, currency: "EUR" } };
    await channel.twin.act({ action: "edit_registration", registration_id, fields });
    await channel.twin.edit("deal", { status: "won" }, deal.id);
    await channel.fault({ kind: "429_burst", method: "PATCH" }); // so that the outcome travels before the amount
    channel.system.startWorkers();
    await channel.system.quiet();
    expect(await channel.dealNamed("Amended")).toMatchObject({ value: 2430, status: "won" });
    expect(await channel.registrationNamed("Amended")).toMatchObject({
      amount: { value: 2430 },
      sales: { status: "won" },
    });
  });
});
