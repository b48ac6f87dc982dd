import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Channel, openChannel, type Partner } from "../reconcile/channel.ts";
import type { ReadableRecord, Snapshot } from "../support/twin-client.ts";

/* What people do to a Deal that its registration did not expect. Deals begin at submission here, and rejections lose them. */

const TENANT = "kestrel-obs";
const PIPELINES = [
  { name: "Partner sourced", stages: ["Pending registration", "Qualified", "Proof of concept", "Legal"] },
  { name: "Enterprise", stages: ["Procurement", "Technical win"] },
  { name: "Renewals", stages: ["Contract sent"] }, // not in the mapping
];

let channel: Channel;
let partner: Partner;
let rep: Snapshot;
let title: string;
let deal: ReadableRecord;
let count = 0;

beforeAll(async () => {
  channel = await openChannel({ tenant: TENANT, company: { pipelines: PIPELINES } });
  partner = await channel.partner("Nordlicht Systems");
  rep = await channel.rep(partner, "mara@nordlichtsystems.example");
}, 90_000);
afterAll(() => channel.close());
beforeEach(async () => {
  count += 1;
  title = `Deal ${count}`;
  await channel.register(partner, rep, title);
  await channel.system.quiet();
  deal = await channel.dealNamed(title);
  await channel.later();
});

const registration = () => channel.registrationNamed(title);
async function edit(set: Record<string, unknown>): Promise<void> {
  await channel.twin.edit("deal", set, deal.id);
  await channel.system.quiet();
  await channel.later();
}
async function review(to: string, reason: string | null = null): Promise<void> {
  const { registration_id } = await registration();
  await channel.twin.act({ action: "review", registration_id, to, reason });
  await channel.system.quiet();
}
const findings = async () => {
  const { registration_id } = await registration();
  const subjects = [`deal ${deal.id}`, `deal_registration ${registration_id}`];
  return (await channel.system.app.findings.list(TENANT)).filter(({ subject }) =>
    subjects.some((one) => subject === one || subject.startsWith(`${one} `)),
  );
};

describe("C13 stages", () => {
  test("C13 a Deal that moves backwards is followed, and nothing is found wrong with it", async () => {
    await edit({ pipeline: "Partner sourced", stage: "Legal" });
    expect(await registration()).toMatchObject({ sales: { stage_key: "negotiation" } });
    const spent = await channel.spentBy(() => edit({ pipeline: "Partner sourced", stage: "Qualified" }));
    expect(spent.calls).toEqual({});
    expect(await registration()).toMatchObject({ sales: { stage_key: "working" } });
    expect(await channel.dealNamed(title)).toMatchObject({ stage_id: expect.any(Number), status: "open" });
    expect(await findings()).toEqual([]);
  });

  test("C13 a pipeline that is not mapped changes no stage, is told of, and is followed again once the Deal is back", async () => {
    await edit({ pipeline: "Partner sourced", stage: "Proof of concept" });
    const commands = (await channel.twin.commands()).total;
    const spent = await channel.spentBy(() => edit({ pipeline: "Renewals", stage: "Contract sent" }));
    expect([spent.calls, (await channel.twin.commands()).total]).toEqual([{}, commands]);
    expect(await registration()).toMatchObject({ sales: { stage_key: "evaluation", status: "open" } });
    expect((await findings()).map(({ code, field }) => [code, field])).toEqual([
      ["OPTION_UNMAPPED", "sales.stage_key"],
    ]);

    // Whatever else is mapped goes on, and the Deal stays where people have put it.
    const moved = (await channel.dealNamed(title)).stage_id;
    await edit({ value: 1300 });
    await review("approved");
    expect(await registration()).toMatchObject({ amount: { value: 1300 }, sales: { stage_key: "evaluation" } });
    expect(await channel.dealNamed(title)).toMatchObject({ stage_id: moved });
    await channel.later();
    await edit({ pipeline: "Enterprise", stage: "Procurement" });
    expect(await registration()).toMatchObject({ sales: { stage_key: "negotiation" } });
  });
});

describe("C14 a Deal won before its registration was approved", () => {
  const won = async () => {
    const { registration_id } = await registration();
    const events = await channel.twin.call<{ type: string; aggregate: { id: string }; data: Snapshot }[]>(
      "GET",
      `/program/${TENANT}/events`,
    );
    const about = events.filter(({ aggregate }) => aggregate.id === registration_id);
    return about.filter(({ type }) => type === "deal_registration.won").map(({ data }) => data.review);
  };

  test("C14 is won in the program as well, and its event says that nobody had approved it", async () => {
    await edit({ status: "won" });
    expect(await registration()).toMatchObject({ sales: { status: "won" }, review: { status: "submitted" } });
    expect(await won()).toMatchObject([{ status: "submitted" }]);
    expect(await findings()).toEqual([]);
    const stage = (await channel.dealNamed(title)).stage_id;
    await review("approved");
    expect(await channel.dealNamed(title)).toMatchObject({ status: "won", stage_id: stage });
    expect(await registration()).toMatchObject({ sales: { status: "won" }, review: { status: "approved" } });
    expect(await won()).toHaveLength(1);
  });

  test("C14 stays won when the review refuses it afterwards", async () => {
    await edit({ status: "won" });
    await review("rejected", "too_early");
    expect(await channel.dealNamed(title)).toMatchObject({ status: "won" });
    expect(await registration()).toMatchObject({ sales: { status: "won" }, review: { status: "rejected" } });
  });
});

describe("C15 owners", () => {
  const ownerOf = async () => {
    const { plan } = await channel.system.app.contexts(TENANT);
    const { owner_id } = await channel.dealNamed(title);
    return plan.users.find(({ id }) => id === owner_id)?.email;
  };

  test("C15 a manager whose address no user has leaves the Deal to the fallback owner, with a finding", async () => {
    expect(await findings()).toEqual([]);
    const fields = { manager_email: "nobody@kestrel.example" };
    await channel.twin.act({ action: "edit_partner", partner_id: partner.id, fields });
    title = `Deal ${count} of a stranger`;
    await channel.register(partner, rep, title);
    await channel.system.quiet();
    deal = await channel.dealNamed(title);
    expect(await ownerOf()).toBe("partner-desk@kestrel.example");
    const [finding] = await channel.found("OWNER_UNKNOWN");
    expect(finding?.message).toContain("goes to the fallback owner");
    expect(finding?.message).not.toContain("nobody@");
  });
});
