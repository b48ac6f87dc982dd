import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ROUTES } from "../../src/http/api/routes.ts";
import { POLICY, rosterText, snapshotOf, user } from "../access/world.ts";
import { startTestApi, type TestApi } from "./api.ts";
import { openBrowser } from "./browser.ts";
import { ask } from "./test-server.ts";
import { planOf } from "./two-tenants.ts";

const TENANT = "harbourline";
const SECRET = "planted-secret-which-nobody-may-see";

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

type Ending = "done" | "failed";
interface Row {
  /** What has to be there that no row before brings about. */
  given?: () => Promise<unknown>;
  path: () => string | Promise<string>;
  body?: unknown;
  ends: [Ending, code?: string];
  target?: RegExp;
  before?: unknown;
  after?: unknown;
}

const away = { url: "http://127.0.0.1:1", environment: "rehearsal", publicUrl: "http://127.0.0.1:1" };
const of = (rest: string) => () => `/tenants/${TENANT}${rest}`;
const anything = expect.anything();
const document = readFileSync(`mappings/${TENANT}.json`, "utf8");
const ofPosts = readFileSync("mappings/lumenfield.json", "utf8").replace('"lumenfield"', `"${TENANT}"`);
const posted = { trigger: "Registered a company", company_id: "co_1", company_name: SECRET };
const ofReview = async (rest: string) => {
  const [review] = await api.access.reviews.list(TENANT, 1);
  return of(`/access/reviews/${review?.id}${rest}`)();
};

/** One that has stopped before its first step. */
async function addStoppedRollOut() {
  const plan = { ...planOf(TENANT), revision: 3 };
  const what = { tenantId: TENANT, revision: 3, document, plan, former: 2, enrol: true, existingIds: null, first: 5 };
  await api.rollOuts.pause(await api.rollOuts.begin({ ...what, startedBy: "a" }), "test");
}

/** As of now, so that a review of it can be completed. */
function addSnapshot() {
  const users = [user(1, "Ana Alder", "ana@acme.example"), user(2, SECRET, `${SECRET}@elsewhere.example`)];
  const snapshot = snapshotOf({ assessed: true, value: users }, { takenAt: new Date().toISOString() });
  return api.access.snapshots.add(TENANT, ids.pipedrive, snapshot);
}

/** Every write, in an order in which each finds what it needs. */
const WRITES: Record<string, Row> = {
  "POST /tenants": {
    path: () => "/tenants",
    body: { id: "new-one" },
    ends: ["done"],
    target: /^tenant new-one$/,
    after: { id: "new-one" },
  },
  "POST /tenants/:tenant/pause": {
    path: of("/pause"),
    ends: ["done"],
    before: { pausedBy: null },
    after: { pausedBy: "root" },
  },
  "POST /tenants/:tenant/resume": {
    path: of("/resume"),
    ends: ["done"],
    before: { pausedBy: "root" },
    after: { pausedBy: null },
  },
  "PUT /tenants/:tenant/four-eyes": {
    path: of("/four-eyes"),
    body: { fourEyes: true },
    ends: ["done"],
    before: { fourEyes: false },
    after: { fourEyes: true },
  },
  "POST /tenants/:tenant/connections/pipedrive": {
    path: of("/connections/pipedrive"),
    body: { ...away, token: SECRET },
    ends: ["failed", "UNREACHABLE"],
  },
  "POST /tenants/:tenant/connections/program": {
    path: of("/connections/program"),
    body: { ...away, publicUrl: undefined, secret: SECRET },
    ends: ["failed", "UNREACHABLE"],
  },
  "POST /tenants/:tenant/connections/program/rotate-secret": {
    path: of("/connections/program/rotate-secret"),
    body: { secret: SECRET },
    ends: ["failed", "UNREACHABLE"],
  },
  "POST /tenants/:tenant/connections/:connection/pause": {
    path: () => of(`/connections/${ids.program}/pause`)(),
    body: { reason: "because" },
    ends: ["done"],
    target: /^program connection /,
    before: { state: "active" },
    after: { state: "paused", pausedCause: "because" },
  },
  "POST /tenants/:tenant/connections/:connection/resume": {
    path: () => of(`/connections/${ids.program}/resume`)(),
    ends: ["done"],
    before: { state: "paused" },
    after: { state: "active" },
  },
  "POST /tenants/:tenant/connections/intake": {
    path: of("/connections/intake"),
    body: { environment: "rehearsal", publicUrl: away.publicUrl },
    ends: ["done"],
    target: /^program connection /,
    after: { state: "active", environment: "rehearsal" },
  },
  "POST /tenants/:tenant/connections/intake/rotate-secret": {
    path: of("/connections/intake/rotate-secret"),
    body: { publicUrl: away.publicUrl },
    ends: ["done"],
    target: /^program connection /,
  },
  "POST /tenants/:tenant/credentials/validate": {
    path: of("/credentials/validate"),
    body: { given: { url: away.url, environment: "rehearsal", token: SECRET } },
    ends: ["done"],
    target: /^Pipedrive at http:/,
    after: { testRecords: [] },
  },
  "POST /tenants/:tenant/fields/verify": {
    path: of("/fields/verify"),
    ends: ["failed", "UNREACHABLE"],
    target: /^the six fields$/,
  },
  "POST /tenants/:tenant/fields/provision": {
    path: of("/fields/provision"),
    ends: ["failed", "UNREACHABLE"],
    target: /^the six fields$/,
  },
  "POST /tenants/:tenant/mapping/scaffold": {
    path: of("/mapping/scaffold"),
    body: {},
    ends: ["failed", "UNREACHABLE"],
    target: /^mapping$/,
  },
  "POST /tenants/:tenant/mapping/intake-try": {
    path: of("/mapping/intake-try"),
    body: { sample: JSON.stringify(posted), document: ofPosts },
    ends: ["done"],
  },
  "POST /tenants/:tenant/mapping/plan": {
    path: of("/mapping/plan"),
    body: { document: document.replace('"revision": 1', '"revision": 3') },
    ends: ["done"],
    target: /^mapping$/,
  },
  "POST /tenants/:tenant/mapping/drift": { path: of("/mapping/drift"), ends: ["failed", "UNREACHABLE"] },
  "POST /tenants/:tenant/mapping/paused-fields": {
    path: of("/mapping/paused-fields"),
    body: { field: "partner.name" },
    ends: ["done"],
    target: /^field partner\.name$/,
    after: { paused: true, object: null },
  },
  "POST /tenants/:tenant/mapping/paused-fields/resume": {
    path: of("/mapping/paused-fields/resume"),
    body: { field: "partner.name", object: "organization" },
    ends: ["done"],
    target: /^field partner\.name$/,
    after: { paused: false, object: "organization" },
  },
  "POST /tenants/:tenant/mapping/check": {
    path: of("/mapping/check"),
    body: { document: `{"token": "${SECRET}"}`, canary: true },
    ends: ["done"],
    target: /^mapping, verify records$/,
  },
  "PUT /tenants/:tenant/mapping": {
    path: of("/mapping"),
    body: { document: `{"token": "${SECRET}"}` },
    ends: ["failed", expect.anything() as never],
  },
  "POST /tenants/:tenant/mapping/proposal/approve": {
    path: of("/mapping/proposal/approve"),
    body: { sha256: "0".repeat(64) },
    ends: ["failed", "NO_PROPOSAL"],
  },
  "POST /tenants/:tenant/mapping/roll-out": {
    path: of("/mapping/roll-out"),
    body: { document: `{"token": "${SECRET}"}` },
    ends: ["failed", anything as never],
  },
  "POST /tenants/:tenant/mapping/roll-out/approve": {
    path: of("/mapping/roll-out/approve"),
    body: { sha256: "0".repeat(64) },
    ends: ["failed", "NO_PROPOSAL"],
  },
  "POST /tenants/:tenant/mapping/roll-out/continue": {
    given: addStoppedRollOut,
    path: of("/mapping/roll-out/continue"),
    body: {},
    ends: ["done"],
    target: /^mapping$/,
    after: { revision: 3, stage: "canary" },
  },
  "POST /tenants/:tenant/mapping/rollback": {
    path: of("/mapping/rollback"),
    ends: ["done"],
    target: /^mapping$/,
    before: { revision: 2 },
    after: { revision: 2, repeats: null },
  },
  "POST /tenants/:tenant/access/snapshots": {
    path: of("/access/snapshots"),
    body: {},
    ends: ["failed", "UNREACHABLE"],
  },
  "PUT /tenants/:tenant/access/roster": {
    path: of("/access/roster"),
    body: { content: Buffer.from(rosterText([])).toString("base64"), timeZone: "Europe/Berlin" },
    ends: ["done"],
    target: /^access roster$/,
    before: { version: null },
    after: { version: 1, rows: 2 },
  },
  "PUT /tenants/:tenant/access/policy": {
    path: of("/access/policy"),
    body: { document: JSON.stringify({ ...POLICY, two_factor: { ...POLICY.two_factor, evidence_file: SECRET } }) },
    ends: ["done"],
    target: /^access policy$/,
    after: { version: 1, changed: true },
  },
  "POST /tenants/:tenant/access/map": {
    given: addSnapshot,
    path: of("/access/map"),
    body: { userId: 2, class: "external", comment: SECRET },
    ends: ["done"],
    target: /^account 2$/,
    after: { class: "external", staff: false },
  },
  "POST /tenants/:tenant/access/runs": {
    path: of("/access/runs"),
    ends: ["done"],
    target: /^access run /,
    after: { openFindings: anything, opened: anything, closed: 0 },
  },
  "POST /tenants/:tenant/access/reviews": {
    path: of("/access/reviews"),
    body: {},
    ends: ["done"],
    target: /^access review /,
    after: { state: "open", accounts: 2 },
  },
  "POST /tenants/:tenant/access/reviews/:review/decisions": {
    path: () => ofReview("/decisions"),
    body: { userIds: [1, 2], choice: "remove", comment: SECRET },
    ends: ["done"],
    target: /^access review /,
    after: { userIds: [1, 2], choice: "remove" },
  },
  "POST /tenants/:tenant/access/reviews/:review/complete": {
    path: () => ofReview("/complete"),
    ends: ["done"],
    target: /^access review /,
    after: { state: "completed", undecided: 0, openFollowUps: 2 },
  },
  "POST /tenants/:tenant/records/:object/:id/sync": {
    path: of("/records/deal/12/sync"),
    ends: ["done"],
    target: /^deal 12$/,
  },
  "POST /tenants/:tenant/findings/:finding/close": {
    path: of("/findings/1/close"),
    ends: ["done"],
    target: /^finding 1$/,
    before: { closed: false },
    after: { closed: true },
  },
  "POST /tenants/:tenant/access/reviews/:review/removals": {
    path: of("/access/reviews/r1/removals"),
    body: { userId: 12, confirm: true },
    ends: ["failed", "REVIEW_PERSON_INVALID"],
    target: /^access review r1, account 12$/,
  },
  "POST /users": {
    path: () => "/users",
    body: { name: "otto", role: "operator", email: "otto@example.com" },
    ends: ["done"],
    target: /^user otto$/,
    after: { role: "operator", tenants: null },
  },
  "PUT /users/:name/role": {
    path: () => "/users/otto/role",
    body: { role: "viewer", tenants: [TENANT] },
    ends: ["done"],
    target: /^user otto$/,
    before: { role: "operator", tenants: null },
    after: { role: "viewer", tenants: [TENANT] },
  },
  "POST /users/:name/disable": {
    path: () => "/users/otto/disable",
    ends: ["done"],
    before: { disabledAt: null },
    after: { disabledAt: anything },
  },
  "POST /users/:name/enable": {
    path: () => "/users/otto/enable",
    ends: ["done"],
    before: { disabledAt: anything },
    after: { disabledAt: null },
  },
  "POST /users/:name/sign-in": { path: () => "/users/otto/sign-in", ends: ["done"], target: /^user otto$/ },
  "POST /users/:name/tokens": {
    path: () => "/users/otto/tokens",
    body: { name: "script" },
    ends: ["done"],
    target: /^token .* of otto$/,
    after: { name: "script", role: "viewer" },
  },
  "POST /users/:name/tokens/revoke": {
    path: () => "/users/otto/tokens/revoke",
    body: {},
    ends: ["done"],
    target: /^tokens of otto$/,
    before: { inForce: [anything] },
  },
};

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
    ["access.policy.read", of("/access/policy"), null],
    ["access.run.read", of("/access/runs/latest"), /^access run \d/],
    ["access.evidence", of("/access/runs/latest/evidence.zip"), /^access-review-\d/],
    ["access.findings.read", of("/access/findings"), null],
    ["access.review.read", () => ofReview(""), /^access review \d/],
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
    const paths = [...ofTenant, ...ofAccess].map((rest) => of(rest)());
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
