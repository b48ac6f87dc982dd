import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { AnyRoute } from "../../src/http/api/route.ts";
import { ROUTES } from "../../src/http/api/routes.ts";
import { ask } from "./test-server.ts";
import { A, B, CANARY, PARTNER, RECORD, startTwoTenants, type TwoTenants } from "./two-tenants.ts";

let server: TwoTenants;
let base: string;
/** Admins: nothing but the tenant stands between them and all there is. */
let tokens: Record<"of everybody" | "of A" | "for A", string>;

beforeAll(async () => {
  server = await startTwoTenants();
  base = await server.listen();
  tokens = {
    "of everybody": await server.tokenOf({ role: "admin" }),
    "of A": await server.tokenOf({ role: "admin", tenants: [A] }),
    "for A": await server.tokenOf({ role: "admin", token: { tenants: [A] } }),
  };
});
afterAll(() => server.stop());

const nameOf = ({ method, path }: AnyRoute) => `${method} ${path}`;
const away = "http://127.0.0.1:1";
const secret = "a secret of sixteen characters";

/** What does what the route is there for: a refusal must not be for want of a body. */
const BODIES = (): Record<string, unknown> => ({
  "POST /tenants": { id: "new-tenant" },
  "PUT /tenants/:tenant/four-eyes": { fourEyes: true },
  "POST /tenants/:tenant/connections/pipedrive": { url: away, environment: "rehearsal", token: "t", publicUrl: away },
  "POST /tenants/:tenant/connections/program": { url: away, environment: "rehearsal", secret },
  "POST /tenants/:tenant/connections/program/rotate-secret": { secret },
  "POST /tenants/:tenant/connections/:connection/pause": { reason: "because" },
  "POST /tenants/:tenant/mapping/check": { document: "{}" },
  "PUT /tenants/:tenant/mapping": { document: "{}" },
  "POST /tenants/:tenant/mapping/proposal/approve": { sha256: server.ids.sha256 },
  "POST /tenants/:tenant/access/reviews/:review/removals": { userId: 1, confirm: true },
  "POST /users": { name: "new-user", role: "viewer" },
  "PUT /users/:name/role": { role: "viewer", tenants: [A] },
  "POST /users/:name/tokens": { name: "new token" },
  "POST /users/:name/tokens/revoke": {},
});

const names = () => [
  { object: RECORD.object, id: String(RECORD.crmId), connection: server.ids.pipedrive },
  { object: "partner", id: PARTNER, connection: server.ids.program },
];

/** Every way to name what is B's, under the tenant that the path says. */
function urlsOf({ path, query }: AnyRoute, tenant: string): string[] {
  const filled = names().map((values) => {
    const all: Record<string, string> = { ...values, tenant, finding: String(server.ids.finding), name: "somebody" };
    return `${base}/api${path.replace(/:(\w+)/g, (_: string, name: string) => encodeURIComponent(all[name] ?? name))}`;
  });
  const cursors = [A, [A, "0"], ["9000-01-01T00:00:00Z", 1], 1_000_000].map((key) =>
    Buffer.from(JSON.stringify(key)).toString("base64url"),
  );
  const queries = query ? ["", `?tenant=${B}`, "?limit=200", ...cursors.map((cursor) => `?cursor=${cursor}`)] : [""];
  return [...new Set(filled)].flatMap((url) => queries.map((one) => url + one));
}

const bodyOf = (route: AnyRoute) => {
  const body = BODIES()[nameOf(route)];
  if (route.body && body === undefined) throw new Error(`${nameOf(route)} has no body in this test`);
  return body === undefined ? {} : { body };
};

describe.each(["of A", "for A"] as const)("with a token %s, B's ids lead to nothing of B", (whose) => {
  test.each(ROUTES.map((route) => [nameOf(route), route] as const))("%s", async (_name, route) => {
    const before = await server.rowsOfB();
    for (const tenant of [A, B]) {
      for (const url of urlsOf(route, tenant)) {
        const answer = await ask(url, tokens[whose], route.method, bodyOf(route));
        const text = await answer.text();
        const told = `${answer.status} ${text}`;
        expect(told).not.toContain(CANARY);
        if (answer.status < 400) expect(text).not.toContain(B);
        if (route.reach === "tenant" && tenant === B) expect(told).toMatch(/^404 .*UNKNOWN_TENANT/);
        if (route.reach === "whole") expect(told).toMatch(/^403 .*ALL_TENANTS_NEEDED/);
        if (url.includes(`tenant=${B}`) && route.path !== "/tenants") expect(answer.status).toBe(404);
      }
    }
    expect(await server.rowsOfB()).toEqual(before);
  });
});

describe("with a token of everybody the same requests do show B", () => {
  test.each(
    ROUTES.filter(({ method, reach }) => method === "GET" && ["tenant", "visible"].includes(reach)).map(
      (route) => [nameOf(route), route] as const,
    ),
  )("%s", async (_name, route) => {
    const answers = urlsOf(route, B).map(async (url) => (await ask(url, tokens["of everybody"])).text());
    expect((await Promise.all(answers)).join()).toContain(CANARY);
  });
});

test("what was tried is on record", async () => {
  const { rows } = await server.pool.query(
    "select distinct phase, code from audit where tenant_id = $1 and code is not null",
    [B],
  );
  expect(rows).toEqual([{ phase: "refused", code: "UNKNOWN_TENANT" }]);
});
