import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import Fastify from "fastify";
import { type Access, type GuardedRoute, requireAccess } from "../../src/http/access.ts";
import { QUEUE_NAMES } from "../../src/queues/queue-names.ts";
import { mayActAs, OPERATOR_ROLES, type OperatorRole } from "../../src/store/actor.ts";
import { ask, type Bearer, startTestServer, type TestServer } from "./test-server.ts";

/** Who may use what. A route that is not here fails, and so does a row without a route. HEAD goes with GET. */
const TABLE: Record<string, `${OperatorRole} ${Access["reach"]}` | "public"> = {
  "GET /sign-in": "public",
  "POST /sign-in": "public",
  "GET /sign-in/once": "public",
  "POST /sign-in/once": "public",
  "POST /sign-out": "viewer own",
  "GET /healthz": "public",
  "GET /readyz": "public",
  "POST /webhooks/pipedrive/:connectionId": "public",
  "POST /events/:tenant": "public",
  "POST /intake/:tenant/:path": "public",
  "GET /connect/scopes": "public",
  "GET /connect/scopes/main.js": "public",
  "GET /connect/scopes/page.css": "public",
  "GET /connect/scopes/actions.json": "public",
  "GET /connect/scopes/advice.json": "public",
  "GET /": "viewer own",
  "GET /api/actions": "viewer own",
  "GET /api/actions/:action": "viewer own",
  "GET /api/scopes": "viewer own",
  "GET /access": "viewer visible",
  "GET /access/:tenant": "viewer tenant",
  "GET /api/tenants": "viewer visible",
  "POST /api/tenants": "operator whole",
  "GET /api/tenants/:tenant": "viewer tenant",
  "POST /api/tenants/:tenant/pause": "operator tenant",
  "POST /api/tenants/:tenant/resume": "operator tenant",
  "PUT /api/tenants/:tenant/four-eyes": "admin tenant",
  "GET /api/connections": "viewer visible",
  "POST /api/tenants/:tenant/connections/pipedrive": "operator tenant",
  "POST /api/tenants/:tenant/connections/program": "operator tenant",
  "POST /api/tenants/:tenant/connections/program/rotate-secret": "operator tenant",
  "POST /api/tenants/:tenant/connections/intake": "operator tenant",
  "POST /api/tenants/:tenant/connections/intake/rotate-secret": "operator tenant",
  "POST /api/tenants/:tenant/mapping/intake-try": "operator tenant",
  "POST /api/tenants/:tenant/connections/:connection/pause": "operator tenant",
  "POST /api/tenants/:tenant/connections/:connection/resume": "operator tenant",
  "POST /api/tenants/:tenant/credentials/validate": "operator tenant",
  "POST /api/tenants/:tenant/fields/verify": "operator tenant",
  "POST /api/tenants/:tenant/fields/provision": "operator tenant",
  "GET /api/tenants/:tenant/mapping": "viewer tenant",
  "POST /api/tenants/:tenant/mapping/check": "operator tenant",
  "POST /api/tenants/:tenant/mapping/scaffold": "operator tenant",
  "GET /api/tenants/:tenant/mapping/revisions": "viewer tenant",
  "GET /api/tenants/:tenant/mapping/revisions/:revision": "viewer tenant",
  "GET /api/tenants/:tenant/mapping/effective": "viewer tenant",
  "PUT /api/tenants/:tenant/mapping": "operator tenant",
  "GET /api/tenants/:tenant/mapping/proposal": "viewer tenant",
  "POST /api/tenants/:tenant/mapping/plan": "operator tenant",
  "GET /api/tenants/:tenant/mapping/roll-out": "viewer tenant",
  "POST /api/tenants/:tenant/mapping/roll-out": "operator tenant",
  "POST /api/tenants/:tenant/mapping/roll-out/approve": "approver tenant",
  "POST /api/tenants/:tenant/mapping/roll-out/continue": "operator tenant",
  "POST /api/tenants/:tenant/mapping/rollback": "operator tenant",
  "POST /api/tenants/:tenant/mapping/drift": "operator tenant",
  "GET /api/tenants/:tenant/mapping/paused-fields": "viewer tenant",
  "POST /api/tenants/:tenant/mapping/paused-fields": "operator tenant",
  "POST /api/tenants/:tenant/mapping/paused-fields/resume": "operator tenant",
  "POST /api/tenants/:tenant/mapping/proposal/approve": "approver tenant",
  "GET /api/tenants/:tenant/records/:object/:id": "viewer tenant",
  "GET /api/tenants/:tenant/records/:object/:id/history": "viewer tenant",
  "GET /api/tenants/:tenant/records/:object/:id/why/:field": "viewer tenant",
  "POST /api/tenants/:tenant/records/:object/:id/undo/plan": "operator tenant",
  "POST /api/tenants/:tenant/records/:object/:id/undo": "operator tenant",
  "POST /api/tenants/:tenant/records/:object/:id/undo/create": "operator tenant",
  "GET /api/tenants/:tenant/history.csv": "viewer tenant",
  "POST /api/tenants/:tenant/history/verification": "viewer tenant",
  "POST /api/tenants/:tenant/records/:object/:id/sync": "operator tenant",
  "POST /api/tenants/:tenant/replay": "operator tenant",
  "GET /api/tenants/:tenant/limits": "viewer tenant",
  "PUT /api/tenants/:tenant/limits": "operator tenant",
  "POST /api/tenants/:tenant/limits/resume": "operator tenant",
  "GET /api/tenants/:tenant/limits/held": "operator tenant",
  "POST /api/tenants/:tenant/links": "operator tenant",
  "POST /api/tenants/:tenant/links/unlink": "operator tenant",
  "GET /api/findings": "viewer visible",
  "POST /api/tenants/:tenant/findings/:finding/close": "operator tenant",
  "GET /api/tenants/:tenant/matches": "viewer tenant",
  "GET /api/tenants/:tenant/matches/:match": "viewer tenant",
  "POST /api/tenants/:tenant/matches/:match/decide": "operator tenant",
  "GET /api/tenants/:tenant/conflicts": "viewer tenant",
  "GET /api/tenants/:tenant/conflicts/:conflict": "viewer tenant",
  "POST /api/tenants/:tenant/conflicts/:conflict/decide": "operator tenant",
  "POST /api/tenants/:tenant/conflicts/:conflict/keep-apart": "operator tenant",
  "POST /api/tenants/:tenant/conflicts/:conflict/undo": "operator tenant",
  "GET /api/tenants/:tenant/near-misses": "viewer tenant",
  "POST /api/tenants/:tenant/access/snapshots": "operator tenant",
  "GET /api/tenants/:tenant/access/snapshots": "viewer tenant",
  "PUT /api/tenants/:tenant/access/roster": "operator tenant",
  "GET /api/tenants/:tenant/access/roster": "viewer tenant",
  "PUT /api/tenants/:tenant/access/policy": "operator tenant",
  "GET /api/tenants/:tenant/access/policy": "viewer tenant",
  "POST /api/tenants/:tenant/access/map": "operator tenant",
  "POST /api/tenants/:tenant/access/runs": "operator tenant",
  "GET /api/tenants/:tenant/access/runs": "viewer tenant",
  "GET /api/tenants/:tenant/access/runs/:run": "viewer tenant",
  "GET /api/tenants/:tenant/access/runs/:run/evidence.zip": "viewer tenant",
  "GET /api/tenants/:tenant/access/findings": "viewer tenant",
  "POST /api/tenants/:tenant/access/reviews": "operator tenant",
  "GET /api/tenants/:tenant/access/reviews": "viewer tenant",
  "GET /api/tenants/:tenant/access/reviews/:review": "viewer tenant",
  "POST /api/tenants/:tenant/access/reviews/:review/decisions": "approver tenant",
  "POST /api/tenants/:tenant/access/reviews/:review/complete": "approver tenant",
  "POST /api/tenants/:tenant/access/reviews/:review/removals": "admin tenant",
  "GET /api/me": "viewer own",
  "GET /api/users": "admin whole",
  "POST /api/users": "admin whole",
  "PUT /api/users/:name/role": "admin whole",
  "POST /api/users/:name/disable": "admin whole",
  "POST /api/users/:name/enable": "admin whole",
  "POST /api/users/:name/sign-in": "admin whole",
  "GET /api/users/:name/tokens": "admin whole",
  "POST /api/users/:name/tokens": "admin whole",
  "POST /api/users/:name/tokens/revoke": "admin whole",
  "GET /api/audit": "admin visible",
  "GET /api/openapi.json": "viewer own",
  // What libraries register for their pages.
  "GET /api/docs/…": "viewer own",
  "GET /queues/…": "viewer whole",
  "PUT /queues/… again": "operator whole",
  "PUT /queues/…": "admin whole",
  "POST /queues/…": "admin whole",
  "PATCH /queues/…": "admin whole",
};
const GROUPS = ["/api/docs/", "/queues/"];
/** Of the board: what is harmless, since ringing again is. */
const AGAIN = /^\/queues\/api\/.*\b(retry|promote|clean|pause|resume)(\/:queueStatus)?$/;

/** The row of a route. */
function rowOf({ method, url }: Pick<GuardedRoute, "method" | "url">): string {
  const group = GROUPS.find((prefix) => `${url}/`.startsWith(prefix));
  return `${method === "HEAD" ? "GET" : method} ${group ? `${group}…` : url}${AGAIN.test(url) ? " again" : ""}`;
}

const OURS = "harbourline";
const OTHERS = "kestrel-obs";
const VALUES: Record<string, string> = {
  tenant: OURS,
  path: "some-path",
  connectionId: "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b",
  connection: "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b",
  ...{ object: "organization", id: "4711", finding: "1", name: "nobody", run: "latest", review: "r1", revision: "1" },
  ...{ queueName: QUEUE_NAMES.inbound, jobId: "1", queueStatus: "failed", schedulerId: "1" },
};

function pathOf(url: string): string {
  return url.replace(/:(\w+)/g, (_, name) => VALUES[name] ?? `no value for ${name}`).replace("*", "favicon.ico");
}

/** Each asks for every route. */
const CALLERS: Record<string, Bearer> = {
  ...Object.fromEntries(OPERATOR_ROLES.map((role) => [role, { role }])),
  "admin of this tenant": { role: "admin", tenants: [OURS] },
  "admin of another tenant": { role: "admin", tenants: [OTHERS] },
  "admin of no tenant": { role: "admin", tenants: [] },
  "admin's token for this tenant": { role: "admin", token: { tenants: [OURS] } },
  "admin's token for another tenant": { role: "admin", token: { tenants: [OTHERS] } },
  ...Object.fromEntries(
    OPERATOR_ROLES.slice(0, -1).map((role) => [`admin's token, ${role} only`, { role: "admin", token: { role } }]),
  ),
};

/** What a caller is told, said anew here: nothing of it is asked of the code under test. */
function expected({ role = "viewer", tenants, token }: Bearer, row: string): string {
  const [needed, reach] = (TABLE[row] ?? "").split(" ") as [OperatorRole, Access["reach"]];
  const only = token?.tenants ?? tenants;
  if (!mayActAs({ role: token?.role ?? role }, needed)) return "403 ROLE_NEEDED";
  if (reach === "whole" && only) return "403 ALL_TENANTS_NEEDED";
  return reach === "tenant" && only && !only.includes(OURS) ? "404 UNKNOWN_TENANT" : "let through";
}

const REFUSALS = ["SIGN_IN", "ROLE_NEEDED", "ALL_TENANTS_NEEDED", "UNKNOWN_TENANT", "CROSS_SITE"];

let server: TestServer;
let base: string;
let routes: GuardedRoute[];
const tokens = new Map<string, string>();

beforeAll(async () => {
  server = await startTestServer();
  const opened = await server.open();
  base = opened.url;
  // The board tells nobody of its queue's server: without a body that looks like a refusal of ours.
  const isOfBoard = ({ method, url }: GuardedRoute) => method === "HEAD" && url === "/queues/api/redis/stats";
  routes = opened.server.guardedRoutes().filter((route) => !isOfBoard(route));
  for (const id of [OURS, OTHERS]) await server.addTenant(id);
  for (const [name, who] of Object.entries(CALLERS)) tokens.set(name, await server.tokenOf(who));
});
afterAll(() => server.stop());

async function told({ method, url }: GuardedRoute, token: string | null = null): Promise<string> {
  const answer = await ask(base + pathOf(url), token, method, { headers: { "sec-fetch-site": "same-origin" } });
  const text = await answer.text();
  if (method === "HEAD") return [401, 403].includes(answer.status) ? `${answer.status}` : "let through";
  const isJson = answer.headers.get("content-type")?.startsWith("application/json") && text !== "";
  const code = isJson ? JSON.parse(text).error?.code : undefined;
  if (answer.status === 401 || REFUSALS.includes(code)) return `${answer.status} ${code}`;
  return "let through";
}

describe("the table", () => {
  test("has a row for every route, and a route for every row", () => {
    expect([...new Set(routes.map(rowOf))].sort()).toEqual(Object.keys(TABLE).sort());
  });

  test("says of every route what the route says", () => {
    const said = routes.map(({ access, ...route }) => [
      `${route.method} ${route.url}`,
      route.public === null ? `${access?.role} ${access?.reach}` : "public",
    ]);
    expect(said).toEqual(routes.map((route) => [`${route.method} ${route.url}`, TABLE[rowOf(route)]]));
    for (const { public: why } of routes) expect(why).not.toBe("");
  });
});

describe("asked for by everybody, each route refuses or lets through as its row says", () => {
  test.each(Object.keys(TABLE).filter((row) => TABLE[row] !== "public"))("%s", async (row) => {
    for (const route of routes.filter((one) => rowOf(one) === row)) {
      const isHead = route.method === "HEAD";
      const wanted = Object.entries(CALLERS).map(([name, who]) => {
        const answer = expected(who, row);
        return [name, isHead ? (/^403/.exec(answer)?.[0] ?? "let through") : answer];
      });
      const seen = Object.keys(CALLERS).map(async (name) => [name, await told(route, tokens.get(name))]);
      const which = `${route.method} ${route.url}`;
      expect([which, await told(route)]).toEqual([which, isHead ? "401" : "401 SIGN_IN"]);
      expect([which, ...(await Promise.all(seen))]).toEqual([which, ...wanted]);
    }
  });
});

test("what there is no route for is told to the signed-in only", async () => {
  for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
    const nowhere = { method, url: "/api/nothing-here", access: null, public: null };
    expect(await told(nowhere)).toBe("401 SIGN_IN");
    expect(await told(nowhere, tokens.get("viewer"))).toBe("let through");
  }
});

describe("a server does not start with a route", () => {
  test.each<[string, string, object | undefined, RegExp]>([
    ["that does not say who may use it", "/open", undefined, /GET \/open does not say who may use it/],
    ["with other settings only", "/open", { answerWithinMs: 1 }, /GET \/open does not say who may use it/],
    ["for a tenant that names none", "/all", { access: { role: "viewer", reach: "tenant" } }, /names no tenant/],
  ])("%s", async (_what, url, config, said) => {
    const bare = Fastify();
    requireAccess(bare, async () => null);
    bare.register(async (scope) => void scope.get(url, { config } as never, async () => "open"));
    await expect(bare.ready()).rejects.toThrow(said);
    await bare.close().catch(() => {});
  });
});
