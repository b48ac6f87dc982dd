import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { assess } from "../../src/access/assess.ts";
import { completeReview, decide, startReview } from "../../src/access/review/steps.ts";
import { importRoster } from "../../src/access/roster/import-roster.ts";
import type { Run } from "../../src/access/run.ts";
import { type Snapshot, type SnapshotContent, sealSnapshot } from "../../src/access/snapshot.ts";
import { type AccessStore, createAccessStore } from "../../src/store/access.ts";
import { createConnections } from "../../src/store/connections.ts";
import { forgetRehearsals } from "../../src/store/rehearsals.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

const OURS = "harbourline";
const OTHERS = "kestrel-obs";
const AT = new Date("2026-03-20T12:00:00.000Z");
const REVIEWER = { name: "Bo", email: "bo@acme.example" };
/** A byte order mark and a letter that is two bytes: kept as they are. */
const ROSTER = Buffer.from(
  "\ufeffemployee_id,full_name,work_email,status\r\nE-1,Zoë,zoe@acme.example,active\r\nE-2,Leo,leo@acme.example,active\r\n",
);

let store: TestStore;
let access: AccessStore;
let connectionId: string;

beforeAll(async () => {
  store = await openTestStore();
  access = createAccessStore(store.db, store.tenants);
  for (const id of [OURS, OTHERS]) await store.tenants.create({ id, name: id });
  connectionId = await connect(OURS);
});
afterAll(() => store.stop());

async function connect(tenantId: string): Promise<string> {
  const secrets = { token: "t", webhookUser: "u", webhookPassword: "p" };
  const connections = createConnections(store.db, store.tenants);
  const wish = {
    tenantId,
    environment: "rehearsal",
    baseUrl: "http://127.0.0.1:1",
    side: "pipedrive",
    secrets,
  } as const;
  return (await connections.add(wish)).id;
}

function snapshotOf(emails: string[], changes: Partial<SnapshotContent> = {}): Snapshot {
  const none = { assessed: false, reason: { code: "NOT_ASKED_FOR", message: "it was not asked for" } } as const;
  const users = emails.map((email, i) => ({ id: i + 1, name: `User ${i + 1}`, email, active_flag: true, access: [] }));
  return sealSnapshot({
    format: "access-snapshot/1",
    system: "pipedrive",
    company: { id: 1, domain: "acme", name: "Acme" },
    takenAt: AT.toISOString(),
    takenAs: { userId: 1, email: emails[0] ?? "" },
    users: { assessed: true, value: users },
    permissionSets: { assessed: true, value: [] },
    roles: { assessed: true, value: [] },
    userPermissions: none,
    tokens: 42,
    ...changes,
  });
}

const PEOPLE = ["zoe@acme.example", "nobody@elsewhere.example"];

function runOf(runId: string, snapshot: Snapshot, at = AT, earlier: Parameters<typeof assess>[0]["earlier"] = []): Run {
  const read = importRoster(ROSTER, { timeZone: "Europe/Berlin", asOf: AT.toISOString() });
  if (!read.ok) throw new Error("the test's roster is not in order");
  return assess({ runId, at, toolVersion: "test", snapshot, roster: read.roster, policy: null, earlier });
}

async function addRun(runId: string): Promise<Run> {
  const snapshot = snapshotOf(PEOPLE);
  const { id } = await access.snapshots.add(OURS, connectionId, snapshot);
  const run = runOf(runId, snapshot);
  await access.runs.add(OURS, run, { snapshotId: id, rosterVersion: null, policyVersion: null });
  return run;
}

describe("what evidence is made of", () => {
  test("comes back byte for byte, and sealed it shows nobody", async () => {
    const snapshot = snapshotOf(PEOPLE);
    await access.snapshots.add(OURS, connectionId, snapshot);
    expect((await access.snapshots.latest(OURS))?.snapshot.text).toBe(snapshot.text);
    const rest = { timeZone: "Europe/Berlin", asOf: AT, rows: 2, importedBy: "ops" };
    const { version } = await access.rosters.add(OURS, { bytes: ROSTER, ...rest });
    expect(Buffer.from((await access.rosters.get(OURS, version))?.bytes ?? []).equals(ROSTER)).toBe(true);
    const { rows } = await store.db.pool.query(
      "select content from access_snapshot union select content from access_roster",
    );
    for (const { content } of rows) expect((content as Buffer).toString("latin1")).not.toContain("acme");
  });

  test("has versions: the newest is in force, and an unchanged policy is none", async () => {
    const text = '{ "system": "pipedrive" }';
    expect(await access.policies.add(OURS, text, "ops")).toEqual({ version: 1, changed: true });
    expect(await access.policies.add(OURS, text, "ops")).toEqual({ version: 1, changed: false });
    expect(await access.policies.add(OURS, `${text}\n`, "ops")).toEqual({ version: 2, changed: true });
    expect((await access.policies.get(OURS))?.text).toBe(`${text}\n`);
    expect((await access.policies.get(OURS, 1))?.text).toBe(text);
  });

  test("gets one version each when several are added at once", async () => {
    const all = await Promise.all(["a", "b", "c"].map((text) => access.policies.add(OTHERS, text, "ops")));
    expect(all.map(({ version }) => version).sort()).toEqual([1, 2, 3]);
  });

  test("tells of a snapshot that is not the one that was taken", async () => {
    const { id } = await access.snapshots.add(OTHERS, connectionId, { ...snapshotOf(PEOPLE), sha256: "0".repeat(64) });
    await expect(access.snapshots.get(OTHERS, id)).rejects.toMatchObject({ code: "SNAPSHOT_CHANGED" });
  });

  test("of several words about an account the newest counts", async () => {
    const entry = { userId: 7, confirmedBy: "bo", confirmedAt: AT.toISOString(), comment: null };
    await access.map.add(OURS, { ...entry, belongsTo: { class: "external" } });
    await access.map.add(OURS, { ...entry, userId: 3, belongsTo: { employeeId: "E-1" } });
    await access.map.add(OURS, { ...entry, belongsTo: { employeeId: "E-2" } });
    expect((await access.map.inForce(OURS)).map(({ userId, belongsTo }) => [userId, belongsTo])).toEqual([
      [3, { employeeId: "E-1" }],
      [7, { employeeId: "E-2" }],
    ]);
  });

  test.each(["access_snapshot", "access_roster", "access_policy", "access_map_entry", "access_run"])(
    "cannot be changed or removed in the database: %s",
    async (table) => {
      await addRun(`run-of-${table}`);
      for (const sql of [`update ${table} set tenant_id = 'x'`, `delete from ${table}`, `truncate ${table}`]) {
        await expect(store.db.pool.query(sql)).rejects.toThrow(`${table} never changes`);
      }
    },
  );
});

describe("findings over time", () => {
  test("keep when they were first seen, and close when they are looked for and not found", async () => {
    const first = await access.findings.record(OURS, runOf("first", snapshotOf(PEOPLE)));
    expect(first?.opened.map(({ key }) => key)).toContain("AR-UNIDENTIFIED account:2");
    const later = new Date(AT.getTime() + 60_000);
    const earlier = (await access.findings.list(OURS)).map((one) => {
      return { key: one.key, firstSeenAt: one.firstSeenAt.toISOString() };
    });
    const second = await access.findings.record(OURS, runOf("second", snapshotOf(PEOPLE), later, earlier));
    expect(second).toEqual({ opened: [], closed: [] });
    const [seen] = (await access.findings.list(OURS)).filter(({ key }) => key === "AR-UNIDENTIFIED account:2");
    expect(seen).toMatchObject({ firstSeenAt: AT, lastSeenAt: later, runId: "second", state: "open" });

    const mended = await access.findings.record(OURS, runOf("third", snapshotOf(PEOPLE.slice(0, 1)), later));
    expect(mended?.closed).toEqual(["AR-UNIDENTIFIED account:2"]);
    const [gone] = (await access.findings.list(OURS, { closed: true })).filter(({ key }) => key === seen?.key);
    expect(gone).toMatchObject({ state: "closed", closedAt: later });

    const again = await access.findings.record(OURS, runOf("fourth", snapshotOf(PEOPLE), later));
    expect(again?.opened.map(({ key }) => key)).toEqual(["AR-UNIDENTIFIED account:2"]);
  });

  test("stay open while what they are about cannot be read", async () => {
    const denied = { assessed: false, reason: { code: "FORBIDDEN", message: "the scope is missing" } } as const;
    const blind = await access.findings.record(OURS, runOf("blind", snapshotOf(PEOPLE, { users: denied })));
    expect(blind?.closed).toEqual([]);
    expect((await access.findings.list(OURS)).map(({ key }) => key)).toContain("AR-UNIDENTIFIED account:2");
  });

  test("are left as a later run saw them", async () => {
    await store.tenants.create({ id: "twice", name: "twice" });
    const { id } = await access.snapshots.add("twice", connectionId, snapshotOf(PEOPLE));
    const [slow, quick] = [
      runOf("slow", snapshotOf(PEOPLE)),
      runOf("quick", snapshotOf([]), new Date(AT.getTime() + 1)),
    ];
    for (const run of [slow, quick]) {
      await access.runs.add("twice", run, { snapshotId: id, rosterVersion: null, policyVersion: null });
    }
    expect(await access.findings.record("twice", quick)).not.toBeNull();
    expect(await access.findings.record("twice", slow)).toBeNull();
    expect((await access.findings.list("twice")).map(({ runId }) => runId)).not.toContain("slow");
  });
});

describe("reviews", () => {
  test("of two steps made of one state the second fails", async () => {
    const run = await addRun("reviewed");
    const review = startReview({ reviewId: "r1", run, by: REVIEWER, at: AT });
    await access.reviews.add(OURS, review);
    const stored = await access.reviews.get(OURS, "r1");
    const wish = { userIds: [1], choice: "remove", reviewer: REVIEWER, at: AT } as const;
    expect(await access.reviews.save(OURS, decide(review, wish), stored?.version ?? 0)).toBe(true);
    expect(await access.reviews.save(OURS, decide(review, { ...wish, choice: "keep" }), stored?.version ?? 0)).toBe(
      false,
    );
    expect((await access.reviews.get(OURS, "r1"))?.review.decisions).toHaveLength(1);
  });

  test("a run has one", async () => {
    const run = await addRun("once");
    await access.reviews.add(OURS, startReview({ reviewId: "r2", run, by: REVIEWER, at: AT }));
    const second = startReview({ reviewId: "r3", run, by: REVIEWER, at: AT });
    await expect(access.reviews.add(OURS, second)).rejects.toMatchObject({ code: "REVIEW_EXISTS" });
  });

  test("wait while something of them has not been seen done", async () => {
    const run = await addRun("waiting");
    const begun = startReview({ reviewId: "r4", run, by: REVIEWER, at: AT });
    await access.reviews.add(OURS, begun);
    const wish = { userIds: begun.items.map(({ userId }) => userId), reviewer: REVIEWER, at: AT };
    const ended = completeReview(decide(begun, { ...wish, choice: "remove" }), { by: REVIEWER, at: AT });
    expect(await access.reviews.waiting(OURS)).toEqual([]);
    await access.reviews.save(OURS, ended, 1);
    expect((await access.reviews.waiting(OURS)).map(({ review }) => review.reviewId)).toEqual(["r4"]);
  });
});

describe("the schedule", () => {
  const due = () => access.schedule.dueWithin(OURS, 0);

  test("hands a tenant out once, and again when something changed meanwhile", async () => {
    expect(await access.schedule.take(60_000)).toBeNull();
    await due();
    const turn = await access.schedule.take(60_000);
    expect(turn).toMatchObject({ tenantId: OURS, attempts: 0 });
    await due();
    expect(await access.schedule.take(60_000)).toBeNull();
    await access.schedule.end(turn!);
    const next = await access.schedule.take(60_000);
    expect(next?.tenantId).toBe(OURS);
    await access.schedule.end(next!);
    expect(await access.schedule.take(60_000)).toBeNull();
  });

  test("hands it to one of many who ask at once", async () => {
    await due();
    const turns = await Promise.all(Array.from({ length: 4 }, () => access.schedule.take(60_000)));
    expect(turns.filter(Boolean)).toHaveLength(1);
    await access.schedule.end(turns.find(Boolean)!);
  });

  test("gathers what changes until it is due", async () => {
    await access.schedule.dueWithin(OURS, 3_600_000);
    await access.schedule.dueWithin(OURS, 3_600_000);
    expect(await access.schedule.take(60_000)).toBeNull();
  });

  test("counts failures, and a lost turn ends nothing", async () => {
    await due();
    const lost = await access.schedule.take(60_000);
    await store.db.pool.query("update access_schedule set lease_until = now() - interval '1 second', due_at = now()");
    const turn = await access.schedule.take(60_000);
    await access.schedule.end(lost!);
    await due();
    expect(await access.schedule.take(60_000)).toBeNull();
    await access.schedule.end(turn!, 0);
    const again = await access.schedule.take(60_000);
    expect(again?.attempts).toBe(1);
    await access.schedule.end(again!);
  });

  test("passes over who has neither roster nor policy, is paused, or is not connected", async () => {
    await store.tenants.create({ id: "bare", name: "bare" });
    await connect("bare");
    await access.schedule.dueWithin("bare", 0);
    expect(await access.schedule.take(60_000)).toBeNull();
    await access.schedule.dueWithin(OTHERS, 0); // has policies and no connection
    expect(await access.schedule.take(60_000)).toBeNull();
    await due();
    await store.tenants.pause(OURS, "ops");
    expect(await access.schedule.take(60_000)).toBeNull();
    await store.tenants.resume(OURS);
    const turn = await access.schedule.take(60_000);
    expect(turn?.tenantId).toBe(OURS);
    await access.schedule.end(turn!);
  });
});

describe("what is one tenant's", () => {
  test("is nobody else's", async () => {
    await store.tenants.create({ id: "stranger", name: "stranger" });
    const run = await addRun("mine");
    await access.reviews.add(OURS, startReview({ reviewId: "mine", run, by: REVIEWER, at: AT }));
    const mine = await access.snapshots.latest(OURS);
    const other = "stranger";
    const { snapshots, rosters, policies, map, runs, findings, reviews } = access;
    expect(await Promise.all([snapshots.latest(other), snapshots.get(other, mine?.id ?? "")])).toEqual([null, null]);
    expect(await Promise.all([snapshots.list(other, 9), runs.list(other, 9), reviews.list(other, 9)])).toEqual([
      [],
      [],
      [],
    ]);
    expect(await Promise.all([rosters.head(other), rosters.get(other, 1), policies.get(other, 1)])).toEqual([
      null,
      null,
      null,
    ]);
    expect(await Promise.all([map.inForce(other), findings.list(other, { closed: true })])).toEqual([[], []]);
    expect(await Promise.all([runs.get(other), runs.get(other, "mine")])).toEqual([null, null]);
    expect(await Promise.all([reviews.get(other, "mine"), reviews.ofRun(other, "mine")])).toEqual([null, null]);
    expect(await reviews.waiting(other)).toEqual([]);
    const stored = await reviews.get(OURS, "mine");
    expect(await reviews.save(other, stored!.review, stored!.version)).toBe(false);
    await findings.record(other, runOf("theirs", snapshotOf([])));
    expect((await findings.list(OURS)).length).toBeGreaterThan(0);
  });

  test("goes with a rehearsal that is forgotten", async () => {
    await forgetRehearsals(store.db, [OURS]);
    for (const table of ["snapshot", "roster", "policy", "map_entry", "run", "finding", "review", "schedule"]) {
      const { rowCount } = await store.db.pool.query(`select 1 from access_${table} where tenant_id = $1`, [OURS]);
      expect([table, rowCount]).toEqual([table, 0]);
    }
    expect((await store.db.pool.query("select 1 from access_policy where tenant_id = $1", [OTHERS])).rowCount).toBe(3);
  });
});
