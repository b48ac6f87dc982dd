import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ROUTES } from "../../src/http/api/routes.ts";
import { startTestApi, type TestApi } from "./api.ts";
import { auditedWrites, document, of, ofReview, type Row, SECRET, TENANT } from "./audited-writes.ts";
import { openBrowser } from "./browser.ts";
import { ask } from "./test-server.ts";
import { planOf } from "./two-tenants.ts";

let api: TestApi;
let ids: { pipedrive: string; program: string };

beforeAll(async () => {
  api = await startTestApi();
  ids = await api.addTenant(TENANT);
  await api.mappings.saveLive({ tenantId: TENANT, document, plan: { ...planOf(TENANT), revision: 2 }, loadedBy: "a" });
  await api.operators.add({ name: "nina", role: "viewer" });
  await api.findings.raise({ tenantId: TENANT, code: "C", severity: "info", subject: "s", message: "m" });
  await api.call(`POST /tenants/${TENANT}/records/organization/4711/sync`);
});
afterAll(() => api.stop());

const WRITES = auditedWrites(() => ({ api, ids }));
const secrets: string[] = [SECRET];

describe("every write is written down before it begins and when it has ended", () => {
  test("and has a row here", () => {
    const writes = ROUTES.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(WRITES).sort()).toEqual(writes.sort());
  });

  test.each(Object.keys(WRITES))("%s", async (name) => {
    const { given, path, body, ends, target, before, after } = WRITES[name] as Row;
    await given?.();
    const since = await api.lastOfTrail();
    const { status, json } = await api.call(`${name.split(" ")[0]} ${await path()}`, body);
    const pathOfPosts = json.postUrl?.split("/").at(-1);
    for (const secret of [json.token, json.code, json.signIn?.code, json.secret, pathOfPosts])
      if (secret) secrets.push(secret);
    const { action, params } = ROUTES.find((route) => `${route.method} ${route.path}` === name) ?? {};
    const tenant_id = name.includes(":tenant") ? TENANT : null;
    const rows = await api.trail(since);
    const [phase, code = null] = ends;
    expect(rows).toMatchObject([
      { phase: "begun", action, tenant_id, code: null },
      { phase, action, tenant_id, code },
    ]);
    expect(phase === "done" ? status < 300 : status >= 400).toBe(true);
    expect(json.error?.code ?? null).toEqual(code); // the trail says what the caller was told
    if (name.replace("/:tenant", "").includes(":") && params) expect(rows[0].target).not.toBeNull();
    if (target) expect(rows[1].target).toMatch(target);
    if (before) expect(rows[1].before).toMatchObject(before);
    if (after) expect(rows[1].after).toMatchObject(after);
  });
});

describe("what was refused is written down once", () => {
  test.each<[string, () => Promise<unknown>, object]>([
    [
      "for want of a role",
      async () => api.call(`POST ${of("/pause")()}`, undefined, { as: await api.tokenOf({ role: "viewer" }) }),
      { action: "tenant.pause", code: "ROLE_NEEDED", tenant_id: TENANT },
    ],
    [
      "for a tenant that is not theirs",
      async () =>
        api.call(`POST ${of("/pause")()}`, undefined, { as: await api.tokenOf({ role: "admin", tenants: [] }) }),
      { action: "tenant.pause", code: "UNKNOWN_TENANT", tenant_id: TENANT },
    ],
    [
      "for what makes no sense",
      () => api.call("POST /users/nina/tokens", { name: SECRET, days: "many" }),
      { action: "token.issue", code: "BAD_REQUEST", target: "user nina" },
    ],
    [
      "whatever the path holds",
      () => api.call("POST /tenants/a%00b/findings/%00%1b/close"),
      { action: "finding.close", code: "BAD_REQUEST", tenant_id: null, target: "finding ??" },
    ],
  ])("%s", async (_what, act, row) => {
    const since = await api.lastOfTrail();
    await act();
    expect(await api.trail(since)).toMatchObject([{ phase: "refused", ...row }]);
  });

  test("but not what nobody was signed in for, nor a read", async () => {
    const since = await api.lastOfTrail();
    await api.call(`POST ${of("/pause")()}`, undefined, { as: "psop_guess" });
    await api.call("GET /users", undefined, { as: await api.tokenOf() });
    expect(await api.trail(since)).toEqual([]);
  });
});

describe("who opens what records hold, or whose access it is, is written down, and that alone of reads", () => {
  const noted: [string, () => string | Promise<string>, RegExp | null][] = [
    ["record.read", of("/records/organization/4711"), /^organization 4711$/],
    ["match.read", of("/matches/1"), /^match 1$/],
    ["limits.held", of("/limits/held"), /^limits$/],
    ["conflict.read", of("/conflicts/1"), /^conflict 1$/],
    ["access.policy.read", of("/access/policy"), null],
    ["access.run.read", of("/access/runs/latest"), /^access run \d/],
    ["record.history", of("/records/organization/4711/history"), /^organization 4711$/],
    ["record.why", of("/records/organization/4711/why/partner.name"), /^organization 4711$/],
    ["history.export", of("/history.csv"), /^all records$/],
    ["access.evidence", of("/access/runs/latest/evidence.zip"), /^access-review-\d/],
    ["access.findings.read", of("/access/findings"), null],
    ["access.review.read", () => ofReview(api, ""), /^access review \d/],
  ];

  test("and has a row here", () => {
    const actions = ROUTES.flatMap(({ method, action }) => (method === "GET" && action ? [action] : []));
    expect(noted.map(([action]) => action).sort()).toEqual(actions.sort());
  });

  test.each(noted)("%s", async (action, path, target) => {
    const since = await api.lastOfTrail();
    expect((await ask(`${api.base}/api${await path()}`, api.admin)).status).toBe(200);
    const rows = await api.trail(since);
    expect(rows).toMatchObject([{ phase: "done", action, tenant_id: TENANT }]);
    if (target) expect(rows[0].target).toMatch(target);
  });

  test("not who looks at lists and settings", async () => {
    const since = await api.lastOfTrail();
    const ofTenant = ["", "/mapping/revisions", "/mapping/roll-out", "/mapping/paused-fields", "/access/snapshots"];
    const ofAccess = ["/access/roster", "/access/runs", "/access/reviews"];
    const ofConflicts = ["/conflicts", "/conflicts?state=open", "/near-misses"];
    const paths = [...ofTenant, ...ofAccess, ...ofConflicts].map((rest) => of(rest)());
    for (const path of ["/tenants", "/findings", "/connections", "/users", "/audit", ...paths])
      expect([path, (await api.call(`GET ${path}`)).status]).toEqual([path, 200]);
    expect(await api.trail(since)).toEqual([]);
  });
});

test("signing in and out is written down, with the address", async () => {
  const since = await api.lastOfTrail();
  const browser = openBrowser(api.base);
  const { code } = await api.operators.issueOnce("nina");
  await browser.post("/sign-in/once", { code, password: SECRET });
  await browser.post("/sign-out");
  await browser.signIn("nina", SECRET);
  secrets.push(code, browser.cookie.split("=")[1] ?? "");
  const { rows } = await api.pool.query(
    "select action, actor, via, address, phase from audit where id > $1 order by id",
    [since],
  );
  const row = { actor: "nina", via: "session", address: "127.0.0.1" };
  const both = (action: string) => ["begun", "done"].map((phase) => ({ action, ...row, phase }));
  expect(rows).toEqual(["user.password", "session.end", "session.begin"].flatMap(both));
});

test("what failed is on record with whom or what it was about", async () => {
  const since = await api.lastOfTrail();
  await api.call("POST /users", { name: "nina", role: "admin" });
  await api.call("POST /tenants", { id: TENANT });
  const failed = (await api.trail(since)).filter(({ phase }) => phase === "failed");
  expect(failed.map(({ target, code }) => [target, code])).toEqual([
    ["user nina", "OPERATOR_EXISTS"],
    [`tenant ${TENANT}`, "TENANT_EXISTS"],
  ]);
});

test.each([".", ".."])("nobody is let in as %s, under which no path leads to them", async (name) => {
  const { status, json } = await api.call("POST /users", { name, role: "viewer" });
  expect([status, json.error.where]).toEqual([400, "body.name"]);
});

describe("what cannot be written down", () => {
  const away = async () => {
    throw new Error("the trail is away");
  };

  test("is not done: nobody signs in, and a link stays in force", async () => {
    const at = await api.listen(({ audit }) => ({ audit: { ...audit, begin: away } }));
    const { code } = await api.operators.issueOnce("nina");
    const browser = openBrowser(at);
    const other = "other words for the same";
    expect((await browser.post("/sign-in/once", { code, password: other })).status).toBe(500);
    expect((await browser.signIn("nina", SECRET)).status).toBe(500);
    expect([browser.cookie, (await api.operators.ofCode(code))?.name]).toEqual(["", "nina"]);
    expect(await api.operators.verifyPassword("nina", other)).toBeNull();
    const added = await api.call("POST /tenants", { id: "never-begun" }, { at });
    expect([added.status, await api.tenants.get("never-begun")]).toEqual([500, null]);
  });

  test("at its end is done, and told as done: once under its key", async () => {
    const since = await api.lastOfTrail();
    const at = await api.listen(({ audit }) => ({ audit: { ...audit, end: away } }));
    const add = () => api.call("POST /tenants", { id: "no-end" }, { at, key: "no-end" });
    expect((await add()).status).toBe(201);
    expect((await api.trail(since)).map(({ phase }) => phase)).toEqual(["begun"]);
    expect((await add()).headers.get("idempotency-replayed")).toBe("true");
    expect(api.lines.join()).toContain("its end is not on record");
  });
});

test("no secret is in any row", async () => {
  const { rows } = await api.pool.query("select a::text as row from audit a");
  expect(secrets.length).toBeGreaterThan(4);
  for (const secret of [...secrets, api.admin])
    expect(rows.map(({ row }) => row).join()).not.toContain(secret.slice(5));
});

describe("the trail is only ever added to", () => {
  test.each([
    "update audit set actor = 'x'",
    "delete from audit",
    "truncate audit",
    "update audit set actor = 'x' where false",
  ])("%s", async (sql) => expect(api.pool.query(sql)).rejects.toMatchObject({ code: "23001" }));
});
