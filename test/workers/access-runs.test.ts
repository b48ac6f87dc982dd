import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ConnectionError } from "../../src/errors.ts";
import { takeRoster } from "../../src/operations/access/import-roster.ts";
import { loadPolicy } from "../../src/operations/access/load-policy.ts";
import { removeUser } from "../../src/operations/access/remove-user.ts";
import { connectPipedrive } from "../../src/operations/connect.ts";
import { localActor } from "../../src/store/actor.ts";
import { assessDue } from "../../workers/access-runs.ts";
import { ask } from "../http/test-server.ts";
import { type System, startSystem } from "../support/system.ts";

/* Access is assessed by itself: when users change, on a schedule, and whatever becomes of it is told. In this order. */

const TENANT = "harbourline";
const OPS = localActor("tests");
const SERVICE = "integrations@allbound.com";
const POLICY = {
  system: "pipedrive",
  validity: "all_staff",
  removal_sla_hours: 24,
  service_accounts: [
    { email: SERVICE, owner_email: "owner@harbourline.example", purpose: "The sync", expires_on: "2099-12-31" },
  ],
};

let system: System;
let token: string;
let serviceId: number;

beforeAll(async () => {
  system = await startSystem({ tenants: [TENANT, "kestrel-obs"], workers: false });
  const { app, twin, serverUrl } = system;
  const company = await system
    .of(TENANT)
    .call<{ users: { id: number; email: string; api_token: string }[] }>("POST", "/companies", {
      domain: "harbourline-security",
      users: [{ name: "Allbound <Integration>", email: SERVICE, admin: true }],
    });
  const service = company.users.find(({ email }) => email === SERVICE);
  serviceId = service?.id ?? 0;
  const wish = { tenantId: TENANT, environment: "rehearsal", baseUrl: twin.url, publicUrl: serverUrl } as const;
  await connectPipedrive(app, { ...wish, token: service?.api_token ?? "" });
  await app.operators.add({ name: "bo", role: "approver", email: "bo@harbourline.example", tenants: [TENANT] });
  token = (await app.tokens.issue("bo", { name: "test", ttlMs: 600_000 })).token;
});
afterAll(() => system.close());

const runs = () => system.app.access.runs.list(TENANT, 50);
const codes = async () => (await system.app.findings.list(TENANT)).map(({ code }) => code);

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not after 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const runAfter = (count: number) => until("a further run", async () => (await runs()).length > count);

/** Who works there: everybody whom Pipedrive knows, and the service account's owner. */
async function giveRoster(serviceRow = ""): Promise<void> {
  const { users } = (await system.app.access.snapshots.latest(TENANT))?.snapshot.content ?? {};
  const known = users?.assessed ? users.value.filter(({ email }) => email !== SERVICE) : [];
  const rows = known.map(({ email, id }) => `U-${id},Person ${id},${email},active,`);
  const head = "employee_id,full_name,work_email,status,last_working_day";
  const owner = "O-1,Owner,owner@harbourline.example,active,";
  const bytes = Buffer.from(`${[head, owner, ...rows, serviceRow].filter(Boolean).join("\n")}\n`);
  await takeRoster(system.app, TENANT, { bytes, timeZone: "Europe/Berlin" }, OPS);
}

async function dueNow(): Promise<void> {
  await system.app.access.schedule.dueWithin(TENANT, 0);
  await assessDue(system.app);
}

test("a tenant with neither roster nor policy is left alone", async () => {
  await dueNow();
  expect(await runs()).toEqual([]);
});

test("a page says how to begin", async () => {
  const page = await ask(`${system.serverUrl}/access/${TENANT}`, token, "GET", { headers: { accept: "text/html" } });
  expect(await page.text()).toContain(`partnersync access snapshot --tenant ${TENANT}`);
});

test("a policy makes an assessment due, and the sync's own user is a known service account", async () => {
  await loadPolicy(system.app, TENANT, JSON.stringify(POLICY), OPS);
  system.startWorkers();
  await runAfter(0);
  await system.stopWorkers();
  expect(await codes()).toContain("AR-STALE-INPUT"); // there is no roster
  await giveRoster();
  await dueNow();
  const run = (await system.app.access.runs.get(TENANT))?.run;
  const account = run?.accounts.find(({ userId }) => userId === serviceId);
  expect(account).toMatchObject({ class: "service", matchKind: "service_account", codes: [] });
  expect(await codes()).toEqual(["AR-2FA-EVIDENCE"]); // what is mended is closed there too
});

test("a user's webhook has the account assessed, and the new finding raised without an address", async () => {
  const before = (await runs()).length;
  system.startWorkers();
  const newcomer = { name: "New Comer", email: "newcomer@elsewhere.example" };
  const wish = { domain: "harbourline-security", users: [newcomer] };
  await system.of(TENANT).call("POST", "/companies", wish);
  await runAfter(before);
  await system.stopWorkers();
  const raised = (await system.app.findings.list(TENANT)).filter(({ code }) => code === "AR-UNIDENTIFIED");
  expect(raised).toHaveLength(1);
  expect(raised[0]?.message).toMatch(/^harbourline: access review, account \d+: belongs to nobody on the roster\./);
  expect(raised[0]?.message).not.toContain("@");
  expect(raised[0]?.detail).toMatchObject({ account: newcomer.email });
});

test("a record's webhook does not", async () => {
  const { pool } = system.database;
  const dueAt = async () =>
    (await pool.query("select due_at from access_schedule where tenant_id = $1", [TENANT])).rows;
  const before = await dueAt();
  const { id } = await system.of(TENANT).edit("organization", { name: "Alpha" });
  const arrived = () => pool.query("select 1 from lane where object = 'organization' and crm_id = $1", [id]);
  await until("the webhook came", async () => (await arrived()).rowCount === 1);
  expect(await dueAt()).toEqual(before);
});

test("it is assessed again when its time has come, and not before", async () => {
  const before = (await runs()).length;
  await dueNow();
  await assessDue(system.app);
  expect(await runs()).toHaveLength(before + 1);
  const { rows } = await system.database.pool.query<{ hours: number }>(
    "select extract(epoch from due_at - now()) / 3600 as hours from access_schedule where tenant_id = $1",
    [TENANT],
  );
  expect(Number(rows[0]?.hours)).toBeCloseTo(24, 1);
});

test("what keeps it from being assessed is told, tried again, and closed when it is over", async () => {
  const { app } = system;
  const refused = async () => {
    throw new ConnectionError("pipedrive", "UNAUTHORIZED", "Pipedrive: the token is not accepted");
  };
  await app.access.schedule.dueWithin(TENANT, 0);
  await assessDue({ ...app, clients: { ...app.clients, pipedrive: refused } });
  const [failed] = (await app.findings.list(TENANT)).filter(({ code }) => code === "ACCESS_RUN_FAILED");
  expect(failed?.message).toContain("the token is not accepted. To do: see that the token");
  const { rows } = await system.database.pool.query(
    "select attempts, due_at - now() between interval '50 s' and interval '70 s' as soon from access_schedule where tenant_id = $1",
    [TENANT],
  );
  expect(rows).toEqual([{ attempts: 1, soon: true }]);
  await dueNow();
  expect(await codes()).not.toContain("ACCESS_RUN_FAILED");
});

test("that the token's owner is leaving is told before the sync dies", async () => {
  await loadPolicy(system.app, TENANT, JSON.stringify({ ...POLICY, service_accounts: [] }), OPS);
  const inTwoDays = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  await giveRoster(`S-1,Integration,${SERVICE},active,${inTwoDays}`);
  await dueNow();
  const [warned] = (await system.app.findings.list(TENANT)).filter(({ code }) => code === "AR-TOKEN-OWNER");
  expect(warned?.message).toContain("is about to leave: the sync will stop");
});

describe("for people", () => {
  const page = (path: string) =>
    ask(system.serverUrl + path, token, "GET", { headers: { accept: "text/html" } }).then(async (answer) => {
      return { status: answer.status, type: answer.headers.get("content-type"), html: await answer.text() };
    });

  test("a page shows the latest run, escaped, with its checks and a link to its evidence", async () => {
    const { status, type, html } = await page(`/access/${TENANT}`);
    expect([status, type]).toEqual([200, "text/html; charset=utf-8"]);
    const [latest] = await runs();
    expect(html).toContain(`/api/tenants/${TENANT}/access/runs/${latest?.id}/evidence.zip`);
    expect(html).toContain("Access is removed for those who left");
    expect(html).toContain('<span class="not_assessed">Not assessed</span>');
    expect(html).toContain("Allbound &lt;Integration&gt;");
    expect(html).not.toContain("<Integration>");
    expect(html).not.toMatch(/<script|src=|https?:/);
    const [entry] = await system.app.audit.list({ tenants: [TENANT], action: "access.run.read", limit: 1 });
    expect(entry).toMatchObject({ actor: "bo", phase: "done", target: `access run ${latest?.id}` });
  });

  test("an earlier run is a page too, and one that there is not is not", async () => {
    const earlier = (await runs()).at(-1);
    expect((await page(`/access/${TENANT}?run=${earlier?.id}`)).html).toContain(earlier?.id);
    expect((await page(`/access/${TENANT}?run=nothing`)).status).toBe(404);
  });

  test("the list has the tenants that somebody sees", async () => {
    const { html } = await page("/access");
    expect(html).toContain(`/access/${TENANT}`);
    expect(html).not.toContain("kestrel-obs");
    expect((await page("/access/kestrel-obs")).status).toBe(404);
  });

  test("the evidence is a file", async () => {
    const [latest] = await runs();
    const path = `/api/tenants/${TENANT}/access/runs/latest/evidence.zip`;
    const answer = await ask(system.serverUrl + path, token);
    expect(answer.headers.get("content-type")).toBe("application/zip");
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="access-review-${latest?.id}.zip"`);
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
  });
});

describe("through the API", () => {
  const base = `/api/tenants/${TENANT}/access`;
  async function post(path: string, body: unknown, as = token) {
    const answer = await ask(system.serverUrl + base + path, as, "POST", { body });
    return { status: answer.status, ...((await answer.json()) as Record<string, never>) } as {
      status: number;
      id: string;
      undecided: number;
      error: { code: string };
    };
  }

  test("nobody decides on their own account, or keeps many without a word", async () => {
    await giveRoster();
    await dueNow();
    const { accounts = [] } = (await system.app.access.runs.get(TENANT))?.run ?? {};
    const active = accounts.filter((one) => one.active);
    const own = active.find(({ userId }) => userId !== serviceId);
    await system.app.operators.add({ name: "self", role: "approver", email: own?.email ?? "" });
    await system.app.operators.add({ name: "nameless", role: "approver" });
    const as = async (name: string) => (await system.app.tokens.issue(name, { name: "test", ttlMs: 60_000 })).token;
    const begun = await post("/reviews", {});
    expect(begun).toMatchObject({ status: 201, undecided: active.length });
    const path = `/reviews/${begun.id}/decisions`;
    const mine = await post(path, { userIds: [own?.userId], choice: "keep" }, await as("self"));
    expect([mine.status, mine.error.code]).toEqual([400, "REVIEW_OWN_ACCOUNT"]);
    const unknown = await post(path, { userIds: [own?.userId], choice: "keep" }, await as("nameless"));
    expect([unknown.status, unknown.error.code]).toEqual([400, "REVIEW_PERSON_INVALID"]);
    const userIds = active.map(({ userId }) => userId);
    const silent = await post(path, { userIds, choice: "keep" });
    expect([silent.status, silent.error.code]).toEqual([400, "REVIEW_COMMENT_MISSING"]);
    const early = await post(`/reviews/${begun.id}/complete`, {});
    expect([early.status, early.error.code]).toEqual([409, "REVIEW_UNDECIDED"]);
    expect(await post(path, { userIds, choice: "keep", comment: "all known" })).toMatchObject({ undecided: 0 });
    expect((await post("/reviews", {})).error.code).toBe("REVIEW_EXISTS");
    expect((await post(`/reviews/${begun.id}/complete`, {})).status).toBe(200);
    const [entry] = await system.app.audit.list({ tenants: [TENANT], action: "access.review.complete", limit: 1 });
    expect(JSON.stringify(entry)).not.toContain("@");
  });

  test("decisions of several people at once are all kept", async () => {
    await dueNow();
    const begun = await post("/reviews", {});
    const { review } = (await system.app.access.reviews.get(TENANT, begun.id))!;
    const userIds = review.items.slice(0, 3).map(({ userId }) => userId);
    const one = (userId: number) => post(`/reviews/${begun.id}/decisions`, { userIds: [userId], choice: "keep" });
    expect((await Promise.all(userIds.map(one))).map(({ status }) => status)).toEqual(userIds.map(() => 200));
    const after = (await system.app.access.reviews.get(TENANT, begun.id))?.review;
    expect(after?.decisions.map(({ userId }) => userId).sort()).toEqual([...userIds].sort());
  });

  describe("a decided removal, asked for", () => {
    const mail = (name: string) => `${name}@harbourline.example`;
    const NAMES = ["gone", "lost", "again"];
    const ids: Record<string, number> = {};
    let review: string;
    let admin: string;

    beforeAll(async () => {
      const users = NAMES.map((name) => ({ name, email: mail(name) }));
      const company = await system.of(TENANT).call<{ users: { id: number; email: string }[] }>("POST", "/companies", {
        domain: "harbourline-security",
        users,
      });
      for (const name of NAMES) ids[name] = company.users.find(({ email }) => email === mail(name))?.id ?? 0;
      await loadPolicy(system.app, TENANT, JSON.stringify(POLICY), OPS);
      await dueNow();
      await giveRoster();
      await dueNow();
      const { app } = system;
      await app.operators.add({ name: "ada", role: "admin", email: mail("ada"), tenants: [TENANT] });
      await app.operators.add({ name: "goner", role: "admin", email: mail("gone"), tenants: [TENANT] });
      admin = (await app.tokens.issue("ada", { name: "test", ttlMs: 600_000 })).token;
      review = (await post("/reviews", {})).id;
      const { items } = (await app.access.reviews.get(TENANT, review))!.review;
      const removed = [...NAMES.map((name) => ids[name]), serviceId];
      const kept = items.map(({ userId }) => userId).filter((id) => !removed.includes(id));
      ids.kept = kept[0] ?? 0;
      await post(`/reviews/${review}/decisions`, { userIds: kept, choice: "keep", comment: "known" });
      await post(`/reviews/${review}/decisions`, { userIds: removed, choice: "remove" });
      expect((await post(`/reviews/${review}/complete`, {})).status).toBe(200);
    });

    async function remove(userId: number | undefined, { confirm = true, as = admin } = {}) {
      const { status, error, ...answer } = await post(`/reviews/${review}/removals`, { userId, confirm }, as);
      return error ? [status, error.code] : [status, answer];
    }
    const isActive = async (userId: number | undefined) => {
      const { value = [] } = ((await system.app.access.snapshots.latest(TENANT))?.snapshot.content.users ?? {}) as {
        value?: { id: number; active_flag: boolean }[];
      };
      return value.find(({ id }) => id === userId)?.active_flag;
    };
    const writes = async () => (await system.of(TENANT).spend()).byOperation["users.update"]?.calls ?? 0;
    const fault = (kind: string) => {
      const match = { side: "pipedrive", method: "PUT", path: "^/api/v1/users/" };
      return system.of(TENANT).call("POST", "/faults", { match, kind });
    };
    const waiting = async () => {
      const { followUps } = (await system.app.access.reviews.get(TENANT, review))!.review;
      return followUps.filter(({ closed }) => closed === null).map(({ userId }) => userId);
    };

    test("is refused where the policy has it done by hand, and nothing is written", async () => {
      expect(await remove(ids.gone)).toEqual([409, "REMEDIATION_BY_HAND"]);
      await loadPolicy(system.app, TENANT, JSON.stringify({ ...POLICY, remediation: "on_request" }), OPS);
      expect(await remove(ids.gone, { as: token })).toEqual([403, "ROLE_NEEDED"]);
      expect(await remove(ids.gone, { confirm: false })).toEqual([400, "REMOVAL_NOT_CONFIRMED"]);
      expect(await remove(ids.kept)).toEqual([409, "REMOVAL_NOT_DECIDED"]);
      expect(await remove(serviceId)).toEqual([409, "REMOVAL_OF_TOKEN_OWNER"]);
      const own = (await system.app.tokens.issue("goner", { name: "test", ttlMs: 60_000 })).token;
      expect(await remove(ids.gone, { as: own })).toEqual([400, "REVIEW_OWN_ACCOUNT"]);
      expect(await writes()).toBe(0);
    });

    test("is carried out once and on record, and closes nothing by itself", async () => {
      const before = await waiting();
      expect(await remove(ids.gone)).toEqual([200, { userId: ids.gone, wasActive: true }]);
      expect(await remove(ids.gone)).toEqual([200, { userId: ids.gone, wasActive: false }]);
      expect(await writes()).toBe(1);
      expect(await waiting()).toEqual(before);
      const trail = await system.app.audit.list({ tenants: [TENANT], action: "access.review.remove", limit: 4 });
      const target = `access review ${review}, account ${ids.gone}`;
      expect(trail.map((one) => one.phase)).toEqual(["done", "begun", "done", "begun"]);
      expect(trail[2]).toMatchObject({ actor: "ada", target, before: { active: true }, after: { active: false } });
      expect(JSON.stringify(trail)).not.toContain("@");
    });

    test("is looked up when its answer is lost, and never made twice", async () => {
      await fault("lost_answer");
      expect(await remove(ids.lost)).toEqual([200, { userId: ids.lost, wasActive: true }]);
      expect(await writes()).toBe(2);
      await fault("reset");
      expect(await remove(ids.again)).toEqual([502, "NO_ANSWER"]);
      expect(await writes()).toBe(2); // it broke before it was counted
      expect(await remove(ids.again)).toEqual([200, { userId: ids.again, wasActive: true }]);
      expect(await writes()).toBe(3);
    });

    test("is closed by a later snapshot, and removes nobody who was let in again", async () => {
      await dueNow();
      expect(await isActive(ids.gone)).toBe(false);
      expect(await waiting()).toEqual([serviceId]);
      await system.of(TENANT).edit("user", { active_flag: true }, ids.gone);
      expect(await remove(ids.gone)).toEqual([409, "REMOVAL_SEEN_DONE"]);
    });

    test("is not made in another account than was reviewed", async () => {
      const { app } = system;
      const elsewhere = { ...(await app.connections.active(TENANT, "pipedrive"))! };
      const pipedrive = await app.clients.pipedrive(elsewhere);
      const me = async () => ({ ...(await pipedrive.me()), company_id: 1 });
      const there = { ...app, clients: { ...app.clients, pipedrive: async () => ({ ...pipedrive, me }) } };
      const actor = { ...OPS, operatorId: "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b", name: "ada", email: mail("ada") };
      const wish = { userId: serviceId, confirm: true };
      await expect(removeUser(there, TENANT, review, wish, actor)).rejects.toMatchObject({
        code: "REMOVAL_OTHER_COMPANY",
      });
    });
  });

  test("a roster as large as ten thousand people is taken in", async () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, i) => `P${i},Person ${"x".repeat(80)},p${i}@harbourline.example,active`,
    );
    const content = Buffer.from(["employee_id,full_name,work_email,status", ...rows].join("\n"));
    const body = { content: content.toString("base64"), timeZone: "UTC" };
    const answer = await ask(`${system.serverUrl}${base}/roster`, await operator(), "PUT", { body });
    expect([answer.status, ((await answer.json()) as { rows: number }).rows]).toEqual([200, 10_000]);
  });

  async function operator(): Promise<string> {
    await system.app.operators.add({ name: "otto", role: "operator" });
    return (await system.app.tokens.issue("otto", { name: "test", ttlMs: 60_000 })).token;
  }
});
