import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { HeldError } from "../../src/errors.ts";
import { applyMapping, rollOutOf } from "../../src/operations/apply-mapping.ts";
import { heldBack } from "../../src/operations/held-back.ts";
import { heldWrites, resumeWrites, setWriteLimits, writeLimitsOf } from "../../src/operations/write-limits.ts";
import { localActor } from "../../src/store/actor.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import type { Claim } from "../../src/store/lane-rows.ts";
import type { CountedWrite, WriteKind } from "../../src/store/write-limits.ts";
import { createWrites, type Writes } from "../../src/store/writes.ts";
import type { Direction } from "../../src/sync/model.ts";
import { newIntent } from "../store/test-lanes.ts";
import { type Channel, eventually, openChannel } from "./channel.ts";

const TENANT = "harbourline";
const BY = localActor("tests");
const ONCE = { direction: null, minutes: null };
const none = { number: 1_000, share: 0 };

let channel: Channel;

beforeAll(async () => {
  channel = await openChannel();
}, 60_000);
afterAll(() => channel.close());

const app = () => channel.system.app;
const breaker = async (direction: Direction) =>
  (await writeLimitsOf(app(), TENANT)).breakers.find((one) => one.direction === direction);
const isPaused = (direction: Direction) => async () => (await breaker(direction))?.trippedAt != null;
const forgetWrites = () => channel.rows("delete from counted_write");

// biome-ignore lint/suspicious/noExplicitAny: a document as a person edits it
async function describedDeals(count: number, bend: (document: any) => void = () => {}) {
  const partner = await channel.partner(`Reihe ${count}`);
  const rep = await channel.rep(partner, `mara@reihe${count}.example`);
  for (let i = 0; i < count; i++) {
    const registration = await channel.register(partner, rep, `Lot ${count}-${i}`, { description: `about ${i}` });
    await channel.approve(registration);
  }
  await channel.system.quiet();
  const connection = await app().connections.current(TENANT, "pipedrive");
  const { token } = await app().connections.pipedriveSecrets(connection?.id ?? "");
  const made = await fetch(`${channel.system.twin.url}/api/v2/dealFields`, {
    method: "POST",
    headers: { "x-api-token": token, "content-type": "application/json" },
    body: JSON.stringify({ field_name: "Partner notes", field_type: "text" }),
  });
  const { field_code: key } = ((await made.json()) as { data: { field_code: string } }).data;
  const document = JSON.parse((await app().mappings.live(TENANT))?.document ?? "null");
  Object.assign(document, { revision: document.revision + 1, verify: undefined });
  document.objects.deal.extra.push({
    ...{ program: "registration.description", key, label: "Partner notes", type: "Large text" },
    ...{ direction: "program_to_crm", write: "always" },
  });
  bend(document);
  return JSON.stringify(document);
}

test("a roll-out that would change more records than the tenant allows stops before the next one", async () => {
  const text = await describedDeals(6);
  await forgetWrites();
  await setWriteLimits(app(), TENANT, { changed: { number: 3, share: 0 } }, BY);
  await applyMapping(app(), TENANT, text, { first: 2, enrol: false, existingIds: null }, BY);
  await eventually("the roll-out stops", async () => (await rollOutOf(app(), TENANT)).state === "paused");
  const notes = async () =>
    (await channel.twin.records("deal")).flatMap((deal) => (deal.labels["Partner notes"] as string | null) ?? []);
  expect(await notes()).toHaveLength(3);
  expect(await rollOutOf(app(), TENANT)).toMatchObject({ cause: expect.stringMatching(/^TOO_MANY_WRITES: /) });
  const [told] = await channel.found("TOO_MANY_WRITES");
  expect(told).toMatchObject({ severity: "error", subject: "writes to Pipedrive", laneId: null });
  expect(told?.message).toMatch(/more than 3 records would be changed within 10 minutes.*deal \d+ \(Partner notes\)/);
  expect(told?.message).not.toContain("about");
  const held = await heldWrites(app(), TENANT);
  expect(held).toContainEqual({
    ...{ direction: "outbound", record: expect.stringMatching(/^deal \d+$/), at: expect.any(Date) },
    fields: [{ label: "Partner notes", before: null, after: expect.stringMatching(/^about \d$/) }],
  });
  expect(await heldBack(app(), TENANT)).toEqual([expect.stringMatching(/more than 3 records would be changed/)]);

  // The other direction goes on, and nobody loses an attempt.
  const { id } = await channel.dealNamed("Lot 6-0");
  await channel.twin.edit("deal", { value: 77 }, id);
  await eventually("the program is told", async () => {
    const { amount } = (await channel.registrationNamed("Lot 6-0")) as { amount?: { value: number } };
    return amount?.value === 77;
  });
  expect(await channel.rows("select attempts from lane where attempts > 0 or stopped_at is not null")).toEqual([]);

  expect(await resumeWrites(app(), TENANT, ONCE, BY)).toEqual(["outbound"]);
  await eventually("the roll-out ends", async () => (await rollOutOf(app(), TENANT)).state === "done");
  await channel.system.quiet();
  expect(await notes()).toHaveLength(6);
  expect(await channel.codes()).toEqual([]);
  expect(await heldWrites(app(), TENANT)).toEqual([]);
  await expect(resumeWrites(app(), TENANT, ONCE, BY)).rejects.toMatchObject({ code: "NOT_PAUSED" });
}, 60_000);

test("values that are cleared have a limit of their own; minutes lift all limits ahead", async () => {
  const notes = async () =>
    (await channel.twin.records("deal")).flatMap((deal) => (deal.labels["Partner notes"] as string | null) ?? []);
  await forgetWrites();
  await setWriteLimits(app(), TENANT, { changed: none, cleared: { number: 2, share: 0 } }, BY);
  const clearAll = async (description: string | null) => {
    for (const { registration_id } of await channel.twin.aggregates("deal_registration"))
      await channel.twin.act({ action: "edit_registration", registration_id, fields: { description } });
  };
  await clearAll(null);
  await eventually("it is paused", isPaused("outbound"));
  expect(await breaker("outbound")).toMatchObject({ kind: "cleared", counted: 2, most: 2 });
  await eventually("what was under way has ended", async () => (await notes()).length === 4);
  await resumeWrites(app(), TENANT, ONCE, BY);
  await channel.system.quiet();
  expect(await notes()).toEqual([]);
  await clearAll("anew");
  await channel.system.quiet();
  expect(await resumeWrites(app(), TENANT, { direction: "outbound", minutes: 30 }, BY)).toEqual([]);
  await clearAll(null);
  await channel.system.quiet();
  expect(await notes()).toEqual([]);
  expect(await channel.found("TOO_MANY_WRITES")).toEqual([]);
  await channel.rows("update breaker set open_until = null");
}, 60_000);

test("a share of the linked records is allowed where that is more", async () => {
  const { linked } = await writeLimitsOf(app(), TENANT);
  await forgetWrites();
  await setWriteLimits(app(), TENANT, { changed: { number: 1, share: 100 / linked + 100 / linked } }, BY);
  await channel.rows("update breaker set linked_at = null");
  for (const [i, title] of ["Lot 6-1", "Lot 6-2", "Lot 6-3"].entries()) {
    const { id } = await channel.dealNamed(title);
    await channel.twin.edit("deal", { value: 500 + i }, id);
    if (i < 2) await channel.system.quiet();
  }
  await eventually("it is paused", isPaused("inbound"));
  expect(await breaker("inbound")).toMatchObject({ kind: "changed", counted: 2, most: 2 });
  await resumeWrites(app(), TENANT, ONCE, BY);
  await channel.system.quiet();
  await setWriteLimits(app(), TENANT, null, BY);
  expect(await writeLimitsOf(app(), TENANT)).toMatchObject({ setBy: null });
}, 60_000);

test("500 statuses that a person sets in bulk trip it at the limit, and go on by one command", async () => {
  await forgetWrites();
  const partners = async () => (await channel.rows<{ n: number }>(PARTNERS))[0]?.n ?? 0;
  const PARTNERS = "select count(*)::int as n from link where role = 'partner'";
  const before = await partners();
  const make = (i: number) => {
    const website = { "label:Website": `bulk${i}.example` };
    return channel.twin.edit("organization", { name: `Bulk ${i}`, "label:Allbound Status": "Active", ...website });
  };
  for (let i = 0; i < 500; i += 20) await Promise.all(Array.from({ length: 20 }, (_, n) => make(i + n)));
  await slowly("it is paused", isPaused("inbound"));
  await slowly("all that was said is kept", async () => {
    const lanes = "select count(*)::int as n from lane where object = 'organization' and tenant_id = $1";
    return ((await channel.rows<{ n: number }>(lanes, [TENANT]))[0]?.n ?? 0) >= 500;
  });
  const [told] = await channel.found("TOO_MANY_WRITES");
  expect(told?.message).toMatch(/partner program.*more than 250 records would be created.*new partner of organization/);
  // Ids of partners that were made are still written: that follows from what was counted.
  const numbered = async () =>
    (await channel.twin.records("organization")).filter((one) => one.labels["Allbound ID"]).length;
  await slowly("every partner's id is written", async () => (await numbered()) === 250 + before);
  expect(await partners()).toBe(250 + before);
  expect(await channel.twin.aggregates("partner")).toHaveLength(250 + before);
  expect(await breaker("outbound")).toMatchObject({ trippedAt: null });
  expect(await breaker("inbound")).toMatchObject({ kind: "created", counted: 250, most: 250 });

  expect(await resumeWrites(app(), TENANT, ONCE, BY)).toEqual(["inbound"]);
  await slowly("the others become partners", async () => (await partners()) > 300 + before);
  expect(await channel.codes()).toEqual([]);
  // What is new from then on is counted from the beginning.
  const counted = "select count(*)::int as n from counted_write where not allowed and kind = 'created'";
  expect(await channel.rows(counted)).toEqual([{ n: 250 }]);
}, 400_000);

/** So many records are not asked for again and again while they are worked on. */
async function slowly(what: string, check: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 120_000; !(await check()); await new Promise((done) => setTimeout(done, 400)))
    if (Date.now() > deadline) throw new Error(`${what}: not within two minutes`);
}

test("many workers at once write exactly as many records as are allowed", async () => {
  await channel.system.stopWorkers();
  const held = "select 1 from lane where lease_until > clock_timestamp()";
  await slowly("nobody of them is at it any more", async () => (await channel.rows(held)).length === 0);
  await forgetWrites();
  await setWriteLimits(app(), TENANT, { changed: { number: 70, share: 0 } }, BY);
  const timings = { callTimeoutMs: 100, callMarginMs: 0 };
  const databases: Database[] = [1, 2, 3].map(() => openDatabase(channel.system.database.url, 3));
  const workers: Writes[] = databases.map((database) => createWrites(database, timings));
  const claims: Claim[] = [];
  const connectionId = (await app().connections.current(TENANT, "pipedrive"))?.id ?? "";
  for (let i = 0; i < 120; i++) {
    const record = { object: "deal", crmId: 90_000 + i, kind: null, programId: null } as const;
    const row = { source: "pipedrive", deliveryKey: `race ${i}`, payload: Buffer.from("") } as const;
    const lane = await app().lanes.accept({ tenantId: TENANT, connectionId, ...row, ...record });
    const claim = await app().lanes.claim(lane ?? 0, "outbound");
    if (claim) claims.push(claim);
  }
  const counted = (i: number, kind: WriteKind): CountedWrite => ({ record: `deal ${i}`, kinds: [kind], fields: [] });
  const outcomes = await Promise.all(
    claims.map(async (claim, i) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      const worker = workers[i % workers.length] as Writes;
      return worker.openIntent(claim, newIntent({ counted: counted(i, "changed") })).then(
        (opened) => (opened ? "open" : "lost"),
        (error) => (error instanceof HeldError ? "held" : String(error)),
      );
    }),
  );
  expect(outcomes.filter((one) => one === "open")).toHaveLength(70);
  expect(outcomes.filter((one) => one === "held")).toHaveLength(50);
  expect(await breaker("outbound")).toMatchObject({ kind: "changed", counted: 70, most: 70 });
  await Promise.all(databases.map((database) => database.close()));
});
