import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { applyUndo, planUndo } from "../../src/operations/undo.ts";
import { localActor } from "../../src/store/actor.ts";
import type { RecordName } from "../../src/store/records.ts";
import { cli, json } from "../cli/cli-under-test.ts";
import { type Channel, openChannel } from "./channel.ts";

/* A person puts former values back: planned and priced, written to every side that takes it, once, and stopped by news. */

const TENANT = "kestrel-obs";
const environment = { ...process.env };
const ada = localActor("ada");
let channel: Channel;
let organizationId: number;
let dealId: number;
let registrationId: string;

beforeAll(async () => {
  channel = await openChannel({ tenant: TENANT });
  const masterKey = channel.system.app.config.masterKeys.get(1)?.toString("base64");
  Object.assign(process.env, { DATABASE_URL: channel.system.database.url, MASTER_KEY: masterKey });
  delete process.env.REDIS_URL;
  const partner = await channel.partner("Nordlicht Systems");
  organizationId = partner.organization.id;
  const rep = await channel.rep(partner, "mara@nordlichtsystems.example");
  const made = await channel.deal(partner, rep, "Harbour cranes");
  dealId = made.deal.id;
  registrationId = String(made.registration.registration_id);
});

afterAll(async () => {
  process.env = environment;
  await channel?.close();
});

const deal = (): RecordName => ({ object: "deal", crmId: dealId });
const plan = (name: RecordName, field?: string, before?: Date) =>
  planUndo(channel.system.app, TENANT, name, { field, before });
const apply = async (name: RecordName, token: string) => {
  const done = await applyUndo(channel.system.app, TENANT, name, token, ada);
  await channel.system.quiet();
  return done;
};
const editDeal = async (set: Record<string, unknown>) => {
  await channel.later();
  await channel.twin.edit("deal", set, dealId);
  await channel.system.quiet();
};
const registration = async () => {
  const all = await channel.twin.aggregates("deal_registration");
  return all.find(({ registration_id }) => registration_id === registrationId);
};
const bothHold = async () => [(await channel.twin.record("deal", dealId)).value, (await registration())?.amount];

describe("undo of a field", () => {
  test("is planned with its price, written to both sides once, and agreed by both afterwards", async () => {
    await editDeal({ value: 1500 });
    const planned = await plan(deal(), "registration.amount");
    expect(planned.writes.map(({ side, now, value }) => [side, now, value])).toEqual([
      ["crm", { amount: "1500", currency: "EUR" }, { amount: "1200", currency: "EUR" }],
      ["program", { amount: "1500", currency: "EUR" }, { amount: "1200", currency: "EUR" }],
    ]);
    expect(planned.text).toContain("costs 6 of Pipedrive's tokens");

    const commands = (await channel.twin.commands()).total;
    const spent = await channel.spentBy(() => apply(deal(), planned.plan));
    expect(await bothHold()).toEqual([1200, { value: 1200, currency: "EUR" }]);
    expect(spent).toEqual({ tokens: planned.tokens, calls: { "deals.get": 1, "deals.update": 1 } });
    expect((await channel.twin.commands()).total - commands).toBe(1);

    const again = await channel.spentBy(async () => {
      expect(await apply(deal(), planned.plan)).toMatchObject({ already: true, sides: [] });
    });
    expect(again.tokens).toBe(0);

    // It is agreed: from here on each side's own change counts, and nothing is put back.
    await editDeal({ value: 1700 });
    expect(await bothHold()).toEqual([1700, { value: 1700, currency: "EUR" }]);
    const why = await cli(["why", "deal", String(dealId), "registration.amount", "--tenant", TENANT]);
    expect(why.out).toContain("both sides say the same");
  });

  test("is on record as that person's, and can be undone itself", async () => {
    const planned = await plan(deal(), "registration.amount");
    await apply(deal(), planned.plan);
    const shown = await json<{ by: string; rule: string; event: string }[]>([
      "history",
      "show",
      "deal",
      String(dealId),
      "--tenant",
      TENANT,
      "--field",
      "registration.amount",
    ]);
    expect(shown.filter(({ rule }) => rule === "undo").slice(0, 2)).toMatchObject([
      { by: "ada (command line)", event: "written" },
      { by: "ada (command line)", event: "written" },
    ]);
    const redo = await plan(deal(), "registration.amount");
    expect(redo.writes.map(({ value }) => value)).toContainEqual({ amount: "1700", currency: "EUR" });
  });

  test("of a field that comes from Pipedrive writes there as well, so that it is not set back", async () => {
    await channel.later();
    await channel.twin.edit("organization", { name: "Nordlicht Neu" }, organizationId);
    await channel.system.quiet();
    const { out } = await cli(["undo", "plan", "organization", String(organizationId), "--tenant", TENANT]);
    const [, token = ""] = /--plan (\S+)/.exec(out) ?? [];
    const args = ["undo", "apply", "organization", String(organizationId), "--tenant", TENANT, "--plan", token];
    expect((await cli(args)).code).toBe(0);
    await channel.system.quiet();
    expect((await channel.twin.record("organization", organizationId)).name).toBe("Nordlicht Systems");
    expect((await channel.twin.aggregates("partner")).map(({ name }) => name)).toContain("Nordlicht Systems");
  });
});

describe("undo of a record", () => {
  test("puts back all that was changed since then, and says what stays", async () => {
    const before = new Date();
    await editDeal({ value: 2100 });
    await editDeal({ expected_close_date: "2027-06-30" });
    await channel.twin.edit("deal", { "label:Allbound ID": null }, dealId);
    await channel.system.quiet();
    const value = (await plan(deal(), "registration.amount", before)).writes[0]?.value as { amount: string };
    const planned = await plan(deal(), undefined, before);
    expect(new Set(planned.writes.map(({ field }) => field))).toEqual(
      new Set(["registration.amount", "registration.expected_close_date"]),
    );
    expect(planned.left).toEqual([{ label: "Allbound ID", why: expect.stringContaining("never put back") }]);
    await apply(deal(), planned.plan);
    expect((await bothHold())[0]).toBe(Number(value.amount));
    expect((await registration())?.expected_close_date).toBe("2027-03-01");
    expect((await channel.twin.record("deal", dealId)).expected_close_date).toBe("2027-03-01");
  });
});

describe("a side that changed since the plan", () => {
  test("has the plan refused when it is known, and nothing is ordered", async () => {
    await editDeal({ value: 2200 });
    const planned = await plan(deal(), "registration.amount");
    await editDeal({ value: 2300 });
    await expect(apply(deal(), planned.plan)).rejects.toMatchObject({ code: "PLAN_CHANGED" });
    expect((await bothHold())[0]).toBe(2300);
  });

  test("stops the order when only Pipedrive knows yet, with a finding, and the rules go on", async () => {
    await editDeal({ value: 2400 });
    const planned = await plan(deal(), "registration.amount");
    await channel.system.stopWorkers();
    await applyUndo(channel.system.app, TENANT, deal(), planned.plan, ada);
    await channel.later();
    await channel.twin.edit("deal", { value: 2500 }, dealId);
    channel.system.startWorkers();
    await channel.system.quiet();
    const [finding] = await channel.found("UNDO_REFUSED");
    expect(finding?.message).toContain("was changed there since the plan was made");
    const [crm, program] = await bothHold();
    expect(program).toEqual({ value: crm, currency: "EUR" });
    expect(crm).toBe(2500);
  });
});

test("an answer that is lost is looked up, and the undo is written once", async () => {
  await editDeal({ value: 3000 });
  const planned = await plan(deal(), "registration.amount");
  await channel.fault({ kind: "lost_answer", method: "PATCH", path: "^/api/v2/deals/", times: 1 });
  const spent = await channel.spentBy(() => apply(deal(), planned.plan));
  expect(await channel.faults()).toEqual([]);
  expect(spent.calls["deals.update"]).toBe(1);
  expect(await bothHold()).toEqual([2500, { value: 2500, currency: "EUR" }]);
});

test("undo of a create unties, empties our ids and says so; nothing is deleted or made again", async () => {
  const args = ["undo", "create", "deal", String(dealId), "--tenant", TENANT];
  const deals = (await channel.twin.records("deal")).length;
  const id = (await channel.twin.record("deal", dealId)).labels["Allbound ID"];
  const planned = await cli(args);
  expect(planned.out).toContain("Allbound ID of it would be emptied in Pipedrive (6 tokens)");
  await channel.system.quiet();
  expect((await channel.twin.record("deal", dealId)).labels["Allbound ID"]).toBe(id);

  const done = await cli([...args, "--yes"]);
  expect(done.out).toContain("nothing is deleted on either side");
  await channel.system.quiet();
  const { labels, is_deleted } = await channel.twin.record("deal", dealId);
  expect([labels["Allbound ID"], is_deleted ?? false]).toEqual([null, false]);
  const amount = (await registration())?.amount;
  await editDeal({ value: 9000 });
  expect((await registration())?.amount).toEqual(amount);
  expect((await channel.twin.records("deal")).length).toBe(deals);
  expect((await cli([...args, "--yes"])).err).toContain("not linked to what the sync made");
});
