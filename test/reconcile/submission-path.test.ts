import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { OutcomeUnknownError } from "../../src/errors.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";
import { interfere } from "./interference.ts";

/** Tenant kestrel-obs: deals from submission on, status both ways, opaque ids, two pipelines. */
describe("a tenant whose deals begin at submission", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  let stages: Record<string, number>;

  beforeAll(async () => {
    channel = await openChannel({ tenant: "kestrel-obs" });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
    const company = await channel.twin.call<{ pipelines: { stages: { id: number; name: string }[] }[] }>(
      "GET",
      "/companies/kestrel-sandbox",
    );
    stages = Object.fromEntries(
      company.pipelines.flatMap((pipeline) => pipeline.stages.map(({ id, name }) => [name, id])),
    );
  }, 90_000);
  afterAll(() => channel.close());

  test("makes the deal in the pending stage, with everything that is mapped for its creation", async () => {
    const registration = await channel.register(partner, rep, "Fleet", {
      products: ["apm", "logs"],
      description: "Met at the fair",
    });
    await channel.system.quiet();
    const deal = await channel.dealNamed("Fleet");
    expect(registration.registration_id).not.toMatch(/^reg_/);
    expect(deal).toMatchObject({
      stage_id: stages["Pending registration"],
      status: "open",
      value: 1200,
      currency: "EUR",
      expected_close_date: "2027-03-01",
    });
    expect(deal.labels).toMatchObject({
      "Allbound ID": registration.registration_id,
      "Registering partner": "Nordlicht Systems",
      "Partner rep": "mara Voss",
      "Registration status": "Pending",
      "Registered products": ["APM", "Log analytics"],
      "Partner notes": "Met at the fair",
      "Lead source": "Partner",
      "Protected until": null,
    });
    expect(await channel.codes()).toEqual([]);
  });

  test("moves it on approval, and shows until when it is protected", async () => {
    await channel.approve(await channel.registrationNamed("Fleet"));
    await channel.system.quiet();
    const deal = await channel.dealNamed("Fleet");
    const { protection } = (await channel.registrationNamed("Fleet")) as { protection?: { expires_at: string } };
    expect(deal).toMatchObject({ stage_id: stages.Qualified, status: "open" });
    expect(deal.labels).toMatchObject({
      "Registration status": "Approved",
      "Protected until": protection?.expires_at.slice(0, 10),
    });
    expect(await channel.registrationNamed("Fleet")).toMatchObject({
      crm: { deal_id: deal.id },
      sales: { stage_key: "working" },
    });
    expect(await channel.codes()).toEqual([]);
  });

  test("leaves a deal where a person has moved it to", async () => {
    await channel.register(partner, rep, "Ahead");
    await channel.system.quiet();
    const { id } = await channel.dealNamed("Ahead");
    await channel.twin.edit("deal", { stage: "Proof of concept" }, id);
    await channel.system.quiet();
    await channel.approve(await channel.registrationNamed("Ahead"));
    await channel.system.quiet();
    expect(await channel.dealNamed("Ahead")).toMatchObject({ stage_id: stages["Proof of concept"] });
    expect(await channel.registrationNamed("Ahead")).toMatchObject({ sales: { stage_key: "evaluation" } });
  });

  test("loses the deal of a declined registration with the tenant's reason, once, though the PATCH commits late", async () => {
    await channel.register(partner, rep, "Declined");
    await channel.system.quiet();
    let losses = 0;
    const late = interfere(channel.system, {
      pipedrive: (real) => ({
        patch(object, id, body, options) {
          if (body.status !== "lost") return real.patch(object, id, body, options);
          losses += 1;
          setTimeout(() => void real.patch(object, id, body), 1_800);
          return Promise.reject(new OutcomeUnknownError("the answer was lost"));
        },
      }),
    });
    await review("Declined", "rejected", "too_early");
    await channel.system.quiet();
    late.stop();
    expect(losses).toBe(1);
    expect(await channel.dealNamed("Declined")).toMatchObject({ status: "lost", lost_reason: "Registration declined" });
    expect((await channel.dealNamed("Declined")).labels["Registration status"]).toBe("Declined");
    expect(await channel.registrationNamed("Declined")).toMatchObject({
      sales: { status: "lost", lost_reason: "Registration declined" },
    });
    expect(await channel.codes()).toEqual([]);
  });

  test("leaves one note on the deal of an expired registration, though its answer is lost", async () => {
    await channel.register(partner, rep, "Expired");
    await channel.approve(await channel.registrationNamed("Expired"));
    await channel.system.quiet();
    await channel.fault({ kind: "lost_answer", method: "POST", path: "^/api/v1/notes" });
    await review("Expired", "expired");
    await channel.system.quiet();
    const { id } = await channel.dealNamed("Expired");
    const { notes } = await channel.twin.call<{ notes: { deal_id: number }[] }>(
      "GET",
      "/companies/kestrel-sandbox/notes",
    );
    expect(notes.filter(({ deal_id }) => deal_id === id)).toHaveLength(1);
    expect((await channel.dealNamed("Expired")).labels["Registration status"]).toBe("Expired");
  });

  test("writes a status that the program sets as that account's option, and a person's back", async () => {
    await channel.twin.act({ action: "set_partner_status", partner_id: partner.id, status: "inactive" });
    await channel.system.quiet();
    expect((await channel.twin.record("organization", partner.organization.id)).labels["Allbound Status"]).toBe(
      "Inactive",
    );
    await channel.twin.edit("organization", { "label:Allbound Status": "Pending" }, partner.organization.id);
    await channel.system.quiet();
    expect((await channel.twin.aggregates("partner"))[0]).toMatchObject({ status: "pending" });
    expect(await channel.codes()).toEqual([]);
  });

  async function review(title: string, to: string, reason: string | null = null) {
    const { registration_id } = await channel.registrationNamed(title);
    return channel.twin.act({ action: "review", registration_id, to, reason });
  }
});
