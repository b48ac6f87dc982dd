import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { strFromU8, unzipSync } from "fflate";
import type { AnyRoute } from "../../src/http/api/route.ts";
import { ROUTES } from "../../src/http/api/routes.ts";
import { POLICY, rosterText } from "../access/world.ts";
import { ask } from "./test-server.ts";
import { A, B, CANARY, PARTNER, planOf, RECORD, REVISIONS, startTwoTenants, type TwoTenants } from "./two-tenants.ts";

/** What reviews of access take. */
const person = { role: "admin", email: "ada@acme.example" } as const;

let server: TwoTenants;
let base: string;
/** Admins: nothing but the tenant stands between them and all there is. */
let tokens: Record<"of everybody" | "of A" | "for A", string>;

beforeAll(async () => {
  server = await startTwoTenants();
  base = await server.listen();
  await server.mappings.saveLive({ tenantId: A, document: "{}", plan: { ...planOf(A), revision: 2 }, loadedBy: "a" });
  tokens = {
    "of everybody": await server.tokenOf({ role: "admin" }),
    "of A": await server.tokenOf({ ...person, tenants: [A] }),
    "for A": await server.tokenOf({ ...person, token: { tenants: [A] } }),
  };
});
afterAll(() => server.stop());

const nameOf = ({ method, path }: AnyRoute) => `${method} ${path}`;
const away = "http://127.0.0.1:1";
const secret = "a secret of sixteen characters";
/** A document of B: it must not come into force for A either. */
const ofB = readFileSync(`mappings/${B}.json`, "utf8");

/** What does what the route is there for: a refusal must not be for want of a body. */
const BODIES = (): Record<string, unknown> => ({
  "POST /tenants": { id: "new-tenant" },
  "PUT /tenants/:tenant/four-eyes": { fourEyes: true },
  "POST /tenants/:tenant/connections/pipedrive": { url: away, environment: "rehearsal", token: "t", publicUrl: away },
  "POST /tenants/:tenant/connections/program": { url: away, environment: "rehearsal", secret },
  "POST /tenants/:tenant/connections/program/rotate-secret": { secret },
  "POST /tenants/:tenant/connections/:connection/pause": { reason: "because" },
  "POST /tenants/:tenant/connections/intake": { environment: "rehearsal", publicUrl: away },
  "POST /tenants/:tenant/connections/intake/rotate-secret": { publicUrl: away },
  "POST /tenants/:tenant/credentials/validate": { given: { url: away, environment: "rehearsal", token: "t" } },
  "POST /tenants/:tenant/mapping/check": { document: ofB },
  "POST /tenants/:tenant/mapping/scaffold": { from: ofB },
  "POST /tenants/:tenant/mapping/intake-try": { sample: "{}" },
  "PUT /tenants/:tenant/mapping": { document: ofB },
  "POST /tenants/:tenant/mapping/proposal/approve": { sha256: server.ids.sha256 },
  "POST /tenants/:tenant/access/reviews/:review/removals": { userId: 1, confirm: true },
  "POST /tenants/:tenant/mapping/plan": { document: ofB },
  "POST /tenants/:tenant/mapping/roll-out": { document: ofB },
  "POST /tenants/:tenant/mapping/roll-out/approve": { sha256: server.ids.sha256 },
  "POST /tenants/:tenant/mapping/roll-out/continue": {},
  "POST /tenants/:tenant/mapping/paused-fields": { field: "partner.name" },
  "POST /tenants/:tenant/mapping/paused-fields/resume": { field: "partner.name" },
  "POST /tenants/:tenant/history/verification": {},
  "POST /tenants/:tenant/records/:object/:id/undo/plan": {},
  "POST /tenants/:tenant/records/:object/:id/undo/create": { confirm: true },
  "POST /tenants/:tenant/records/:object/:id/undo": {
    plan: Buffer.from(JSON.stringify([0, null, "x"])).toString("base64url"),
  },
  "POST /tenants/:tenant/links": { ...RECORD, kind: "partner", programId: PARTNER },
  "POST /tenants/:tenant/links/unlink": { ...RECORD, kind: "partner", programId: PARTNER },
  "POST /tenants/:tenant/access/snapshots": {},
  "PUT /tenants/:tenant/access/roster": {
    content: Buffer.from(rosterText([])).toString("base64"),
    timeZone: "Europe/Berlin",
  },
  "PUT /tenants/:tenant/access/policy": { document: JSON.stringify(POLICY) },
  "POST /tenants/:tenant/access/map": { userId: 2, class: "external", comment: "because" },
  "POST /tenants/:tenant/access/reviews": { run: server.ofB.run.runId },
  "POST /tenants/:tenant/access/reviews/:review/decisions": { userIds: [2], choice: "keep" },
  "POST /tenants/:tenant/matches/:match/decide": { choice: "link", crmId: 12 },
  "POST /tenants/:tenant/replay": { finding: server.ids.finding },
  "PUT /tenants/:tenant/limits": { windowMinutes: 5 },
  "POST /tenants/:tenant/limits/resume": { minutes: 5 },
  "POST /tenants/:tenant/conflicts/:conflict/decide": { winner: "crm", seen: 1 },
  "POST /tenants/:tenant/conflicts/:conflict/keep-apart": { seen: 1 },
  "POST /users": { name: "new-user", role: "viewer" },
  "PUT /users/:name/role": { role: "viewer", tenants: [A] },
  "POST /users/:name/tokens": { name: "new token" },
  "POST /users/:name/tokens/revoke": {},
});

const names = () => {
  const { run, review } = server.ofB;
  const both = {
    finding: String(server.ids.finding),
    name: "somebody",
    review: review.reviewId,
    match: String(server.ids.match),
    conflict: String(server.ids.conflict),
  };
  return [
    { ...both, object: RECORD.object, id: String(RECORD.crmId), connection: server.ids.pipedrive, run: run.runId },
    { ...both, object: "partner", id: PARTNER, connection: server.ids.program, run: "latest" },
  ].map((one) => ({ ...one, revision: String(REVISIONS.live), field: "partner.name" }));
};

/** Every way to name what is B's, under the tenant that the path says. */
function urlsOf({ path, query }: AnyRoute, tenant: string): string[] {
  const filled = names().map((values) => {
    const all: Record<string, string> = { ...values, tenant };
    return `${base}/api${path.replace(/:(\w+)/g, (_: string, name: string) => encodeURIComponent(all[name] ?? name))}`;
  });
  const cursors = [A, [A, "0"], ["9000-01-01T00:00:00Z", 1], 1_000_000].map((key) =>
    Buffer.from(JSON.stringify(key)).toString("base64url"),
  );
  const queries = query ? ["", `?tenant=${B}`, "?limit=200", ...cursors.map((cursor) => `?cursor=${cursor}`)] : [""];
  return [...new Set(filled)].flatMap((url) => queries.map((one) => url + one));
}

/** What stands in an answer, in the files of a zip too. */
async function textOf(answer: Response): Promise<string> {
  if (answer.headers.get("content-type") !== "application/zip") return answer.text();
  return Object.values(unzipSync(new Uint8Array(await answer.arrayBuffer())))
    .map((file) => strFromU8(file))
    .join();
}

/** What an answer shows of B where it shows anything. */
const marks = () => [CANARY, server.ofB.snapshotId, server.ofB.run.runId, server.ofB.review.reviewId];

/** The trail does name what the path named: it was A's people who did. */
const shownOf = ({ path }: AnyRoute) => (path === "/audit" ? [B] : [B, ...marks()]);

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
        const text = await textOf(answer);
        const told = `${answer.status} ${text}`;
        expect(told).not.toContain(CANARY);
        if (answer.status < 400) for (const mark of shownOf(route)) expect(text).not.toContain(mark);
        if (route.reach === "tenant" && tenant === B) expect(told).toMatch(/^404 .*UNKNOWN_TENANT/);
        if (route.reach === "whole") expect(told).toMatch(/^403 .*ALL_TENANTS_NEEDED/);
        const isAskedOfB = url.includes(`tenant=${B}`) && route.reach === "visible";
        if (isAskedOfB && route.path !== "/tenants") expect(answer.status).toBe(404);
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
    const answers = urlsOf(route, B).map(async (url) => textOf(await ask(url, tokens["of everybody"])));
    const shown = (await Promise.all(answers)).join();
    expect(marks().some((mark) => shown.includes(mark))).toBe(true);
  });
});

test("what was tried is on record", async () => {
  const { rows } = await server.pool.query(
    "select distinct phase, code from audit where tenant_id = $1 and code is not null",
    [B],
  );
  expect(rows).toEqual([{ phase: "refused", code: "UNKNOWN_TENANT" }]);
});
