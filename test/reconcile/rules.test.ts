import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadMapping } from "../../src/operations/load-mapping.ts";
import type { CommandBody } from "../../src/partner/adapter.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner, prospectOf } from "./channel.ts";

/** What a tenant may choose in `rules`, with the values that no other scene has. */

const notesOn = async (channel: Channel, id: number) => {
  const connection = await channel.system.app.connections.active("harbourline", "pipedrive");
  const path = `/companies/${connection?.companyDomain}/notes`;
  const { notes } = await channel.twin.call<{ notes: { deal_id: number; content: string }[] }>("GET", path);
  return notes.filter(({ deal_id }) => deal_id === id).map(({ content }) => content);
};
const review = async (channel: Channel, title: string, to: string, reason: string | null = null) => {
  const { registration_id } = await channel.registrationNamed(title);
  await channel.twin.act({ action: "review", registration_id, to, reason });
  await channel.system.quiet();
};
const ownerOf = async (channel: Channel, title: string) => {
  const account = (await channel.system.app.contexts("harbourline")).plan;
  const { owner_id } = await channel.dealNamed(title);
  return account.users.find(({ id }) => id === owner_id)?.email;
};

describe("a tenant that keeps to the defaults", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;

  beforeAll(async () => {
    channel = await openChannel({
      adjust({ objects }) {
        objects.organization.extra.push({
          program: "partner.manager_email",
          key: "0".repeat(40), // filled by its label
          label: "Channel manager",
          type: "User",
          direction: "crm_to_program",
        });
      },
    });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  test("C15 owner: the fallback while the partner has no manager, then the manager", async () => {
    await channel.deal(partner, rep, "Before");
    expect(await ownerOf(channel, "Before")).toBe("channel-desk@harbourline.example");
    await channel.later();
    const set = { "label:Channel manager": "partner-manager@harbourline.example" };
    await channel.twin.edit("organization", set, partner.organization.id);
    await channel.system.quiet();
    await channel.deal(partner, rep, "After");
    expect(await ownerOf(channel, "After")).toBe("partner-manager@harbourline.example");
    expect(await channel.codes()).toEqual([]);
  });

  test("C15 owner: the fallback again, with a finding, once the manager has left", async () => {
    const { app } = channel.system;
    const { plan } = await app.contexts("harbourline");
    const manager = plan.users.find(({ email }) => email === "partner-manager@harbourline.example");
    await channel.twin.edit("user", { active_flag: false }, manager!.id);
    const live = await app.mappings.live("harbourline");
    const next = { ...(JSON.parse(live!.document) as Record<string, unknown>), revision: live!.revision + 1 };
    await loadMapping(app, JSON.stringify(next), "tests");
    await eventually("the new revision is in force", async () => {
      return (await app.contexts("harbourline")).plan.revision === next.revision;
    });
    await channel.deal(partner, rep, "Without manager");
    expect(await ownerOf(channel, "Without manager")).toBe("channel-desk@harbourline.example");
    expect((await channel.found("OWNER_UNKNOWN")).length).toBeGreaterThan(0);
  });

  test("match_customer link_exact: a customer that is there already is linked, not made again", async () => {
    const { account } = prospectOf("Known");
    const known = await channel.twin.edit("organization", { name: "KNOWN  gmbh", "label:Website": account.domain });
    await channel.deal(partner, rep, "Known");
    expect(await channel.dealNamed("Known")).toMatchObject({ org_id: known.id });
  });

  test("on_rejected note: a cancelled registration leaves one note, and the Deal as it is", async () => {
    const { deal } = await channel.deal(partner, rep, "Cancelled");
    await review(channel, "Cancelled", "cancelled", "customer withdrew");
    expect(await notesOn(channel, deal.id)).toHaveLength(1);
    expect(await channel.dealNamed("Cancelled")).toMatchObject({ status: "open" });
  });

  test("on_expired none: an expired registration changes nothing about the Deal", async () => {
    const { deal } = await channel.deal(partner, rep, "Expired");
    await review(channel, "Expired", "expired");
    expect(await notesOn(channel, deal.id)).toEqual([]);
    expect(await channel.dealNamed("Expired")).toMatchObject({ status: "open", stage_id: deal.stage_id });
  });

  test("create_on approved: a submitted registration makes nothing yet", async () => {
    await channel.register(partner, rep, "Waiting");
    await channel.system.quiet();
    expect((await channel.twin.records("deal")).map(({ title }) => title)).not.toContain("Waiting");
  });

  test("unmapped stages are ignored, several stages mean one", async () => {
    const { deal } = await channel.deal(partner, rep, "Moving");
    expect(await channel.registrationNamed("Moving")).toMatchObject({ sales: { stage_key: "working" } });
    const { version } = await channel.registrationNamed("Moving");
    await channel.twin.edit("deal", { stage: "Demo held" }, deal.id);
    await channel.system.quiet();
    expect(await channel.registrationNamed("Moving")).toMatchObject({ version, sales: { stage_key: "working" } });
  });

  test("a marker that holds no registration's id is told, and never overwritten", async () => {
    const { deal } = await channel.deal(partner, rep, "Marked");
    await channel.later();
    const id = Number(deal.org_id);
    await channel.twin.edit("organization", { "label:Allbound Deal ID": partner.id }, id);
    await channel.system.quiet();
    expect((await channel.twin.record("organization", id)).labels["Allbound Deal ID"]).toBe(partner.id);
    expect((await channel.found("ID_SWAPPED")).map(({ field }) => field)).toEqual(["allbound_deal_id"]);
  });
});

describe("a tenant that chooses the other value of each rule", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  let commands = 0;

  /** The program learns by itself how a sale ended, as by an order in the portal. */
  const inProgram = async (title: string, body: Record<string, unknown>) => {
    const { registration_id, version } = await channel.registrationNamed(title);
    const context = await channel.system.app.contexts("harbourline");
    const command = { ...body, registration_id, expected_version: version } as unknown as CommandBody;
    const actor = { kind: "sync" as const, id: "shop", label: "shop" };
    const idempotency_key = `shop-${++commands}`;
    await context.program.apply({ ...command, idempotency_key, origin: "crm", actor, cause: "order" });
    await channel.system.quiet();
  };
  const lost = { command: "registration.set_outcome", outcome: "lost", closed_at: null, reason: "Price", value: null };

  beforeAll(async () => {
    channel = await openChannel({
      company: { pipelines: [{ name: "Channel", stages: ["Registered", "Demo held", "Quote sent", "Contract"] }] },
      adjust({ objects, rules, stages }) {
        Object.assign(rules, { match_customer: "none", on_rejected: "keep", program_owns_outcome: true });
        rules.owner.from = "none";
        stages.unmapped = "finding";
        stages.map = stages.map.filter(({ stage }) => stage !== "Demo held");
        objects.organization.fields.allbound_status.direction = "program_to_crm";
        objects.deal.extra = [
          {
            program: "registration.amount",
            key: "0".repeat(40), // filled by its label
            label: "Sum in EUR",
            type: "Numerical",
            direction: "both",
            on_conflict: "program",
          },
        ];
      },
    });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  test("status program_to_crm: a status in Pipedrive is the way in, from then on the program's word counts", async () => {
    const status = async () =>
      (await channel.twin.record("organization", partner.organization.id)).labels["Allbound Status"];
    expect((await channel.twin.aggregates("partner"))[0]).toMatchObject({ status: "active" });
    await channel.twin.act({ action: "set_partner_status", partner_id: partner.id, status: "pending" });
    await channel.system.quiet();
    expect(await status()).toBe("Pending");
    await channel.later();
    await channel.twin.edit("organization", { "label:Allbound Status": "Inactive" }, partner.organization.id);
    await channel.system.quiet();
    expect(await status()).toBe("Pending");
    await channel.twin.act({ action: "set_partner_status", partner_id: partner.id, status: "active" });
    await channel.system.quiet();
    expect(await status()).toBe("Active");
  });

  test("owner none, match_customer none: the fallback owns it, and every registration has its own customer", async () => {
    const first = await channel.deal(partner, rep, "Twice");
    const again = await channel.register(partner, rep, "Twice again", { prospect: prospectOf("Twice") });
    await channel.approve(again);
    await channel.system.quiet();
    const second = await channel.dealNamed("Twice again");
    expect(second.org_id).not.toBe(first.deal.org_id);
    expect(await ownerOf(channel, "Twice again")).toBe("channel-desk@harbourline.example");
  });

  test("on_rejected keep: nothing happens to the Deal", async () => {
    const { deal } = await channel.deal(partner, rep, "Kept");
    await review(channel, "Kept", "cancelled", "customer withdrew");
    expect(await notesOn(channel, deal.id)).toEqual([]);
    expect(await channel.dealNamed("Kept")).toMatchObject({ status: "open" });
  });

  test("unmapped finding: a stage that the mapping does not know is told, and the program keeps its own", async () => {
    const { deal } = await channel.deal(partner, rep, "Moving");
    const before = await channel.registrationNamed("Moving");
    await channel.twin.edit("deal", { stage: "Demo held" }, deal.id);
    await channel.system.quiet();
    expect((await channel.found("OPTION_UNMAPPED")).map(({ field }) => field)).toEqual(["sales.stage_key"]);
    expect(await channel.registrationNamed("Moving")).toMatchObject({ sales: before.sales });
  });

  test("program_owns_outcome: lost with its reason, reopened, won, and a person's own word set back", async () => {
    const { deal } = await channel.deal(partner, rep, "Sold");
    await inProgram("Sold", lost);
    expect(await channel.dealNamed("Sold")).toMatchObject({ status: "lost", lost_reason: "Price" });
    await inProgram("Sold", { command: "registration.reopen" });
    expect(await channel.dealNamed("Sold")).toMatchObject({ status: "open", lost_reason: null });
    await channel.later();
    await channel.twin.edit("deal", { status: "lost", lost_reason: "No budget" }, deal.id);
    await channel.system.quiet();
    expect(await channel.dealNamed("Sold")).toMatchObject({ status: "open" });
    await inProgram("Sold", { ...lost, outcome: "won", reason: null });
    expect(await channel.dealNamed("Sold")).toMatchObject({ status: "won" });
    expect(await channel.registrationNamed("Sold")).toMatchObject({ sales: { status: "won" } });
  });

  test("an amount in a number field travels in its currency, and no other passes for it", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Sum");
    expect((await channel.dealNamed("Sum")).labels["Sum in EUR"]).toBe(1200);
    await channel.later();
    await channel.twin.edit("deal", { "label:Sum in EUR": 900 }, deal.id);
    await channel.system.quiet();
    expect(await channel.registrationNamed("Sum")).toMatchObject({ amount: { value: 900, currency: "EUR" } });
    const { registration_id } = registration;
    const fields = { amount: { value: 700, currency: "USD" } };
    await channel.twin.act({ action: "edit_registration", registration_id, fields });
    await channel.system.quiet();
    expect((await channel.dealNamed("Sum")).labels["Sum in EUR"]).toBe(900);
    expect((await channel.found("OPTION_UNMAPPED")).map(({ field }) => field)).toContain("registration.amount");
  });

  test("on_conflict program: of two changes the program's is kept, and Pipedrive's is on record", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Contested");
    await channel.later();
    await channel.system.stopWorkers();
    await channel.twin.edit("deal", { "label:Sum in EUR": 10 }, deal.id);
    const { registration_id } = registration;
    const fields = { amount: { value: 20, currency: "EUR" } };
    await channel.twin.act({ action: "edit_registration", registration_id, fields });
    channel.system.startWorkers();
    await channel.system.quiet();
    expect((await channel.dealNamed("Contested")).labels["Sum in EUR"]).toBe(20);
    expect(await channel.registrationNamed("Contested")).toMatchObject({ amount: { value: 20 } });
    const conflicts = await channel.rows(
      "select winner, rule from history where event = 'conflict' and program_id = $1",
      [registration_id],
    );
    expect(conflicts).toEqual([{ winner: "program", rule: "program" }]);
  });
});
