import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestApi, type TestApi } from "./api.ts";

const TENANTS = ["alpha", "beta", "delta", "gamma", "omega"];
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  for (const id of TENANTS) await api.addTenant(id);
  for (const tenantId of TENANTS) {
    for (const subject of ["a", "b"]) {
      await api.findings.raise({ tenantId, code: "C", severity: "info", subject, message: `of ${tenantId}` });
    }
  }
  await api.pool.query("update finding set last_at = date_trunc('day', last_at) - (id % 3) * interval '1 day'");
  for (const id of TENANTS) await api.call(`POST /tenants/${id}/pause`);
});
afterAll(() => api.stop());

/** All rows of a list, page by page. */
async function walk(path: string, limit: number, as = api.admin) {
  const rows: { id: number | string; tenantId?: string; lastAt?: string }[] = [];
  const sizes: number[] = [];
  let next: string | null = null;
  do {
    const cursor: string = next === null ? "" : `&cursor=${next}`;
    const { status, json } = await api.call(
      `GET ${path}${path.includes("?") ? "&" : "?"}limit=${limit}${cursor}`,
      undefined,
      { as },
    );
    expect(status).toBe(200);
    rows.push(...json.items);
    sizes.push(json.items.length);
    next = json.next;
  } while (next !== null && sizes.length < 100);
  return { rows, sizes };
}

describe("a list in pages", () => {
  test.each([
    ["/tenants", 5],
    ["/connections", 10],
    ["/connections?retired=true", 10],
    ["/findings", 10],
    ["/findings?tenant=beta", 2],
    ["/audit", 10],
    ["/audit?oldestFirst=true", 10],
    ["/audit?action=tenant.pause&actor=root&oldestFirst=true", 10],
  ])("of %s has each of its %d rows once, whatever the page's size", async (path, count) => {
    const whole = (await walk(path, 200)).rows;
    expect(whole).toHaveLength(count);
    expect(new Set(whole.map(({ id }) => id)).size).toBe(count);
    for (const limit of [1, 3, count]) {
      const { rows, sizes } = await walk(path, limit);
      expect(rows).toEqual(whole);
      expect(sizes.slice(0, -1)).toEqual(Array(Math.ceil(count / limit) - 1).fill(limit));
    }
  });

  test("is in its order", async () => {
    expect((await walk("/tenants", 2)).rows.map(({ id }) => id)).toEqual(TENANTS);
    const latest = (await walk("/findings", 3)).rows.map(({ lastAt }) => lastAt);
    expect(latest).toEqual([...latest].sort().reverse());
    const ids = (await walk("/audit?oldestFirst=true", 3)).rows.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((one, other) => Number(one) - Number(other)));
    expect((await walk("/audit", 3)).rows.map(({ id }) => id)).toEqual([...ids].reverse());
  });

  test("goes on where it ended: an export misses nothing that came meanwhile", async () => {
    const first = await api.call("GET /audit?oldestFirst=true&limit=9");
    await api.call("POST /tenants/alpha/resume");
    const rest = await api.call(`GET /audit?oldestFirst=true&limit=200&cursor=${first.json.next}`);
    expect(rest.json.items).toHaveLength(3);
    const [begun, done] = rest.json.items.slice(-2);
    expect([begun.action, begun.phase, done.begunId]).toEqual(["tenant.resume", "begun", begun.id]);
  });

  test("shows those who are limited their tenants only, in any page", async () => {
    const as = await api.tokenOf({ role: "admin", tenants: ["beta", "omega", "not-there"] });
    expect((await walk("/tenants", 1, as)).rows.map(({ id }) => id)).toEqual(["beta", "omega"]);
    for (const path of ["/connections", "/findings", "/audit"]) {
      const { rows } = await walk(path, 3, as);
      expect([...new Set(rows.map(({ tenantId }) => tenantId))].sort()).toEqual(["beta", "omega"]);
    }
  });

  test.each(["limit=0", "limit=201", "limit=x", "limit=1.5", "limit="])("refuses %s", async (query) => {
    const { status, json } = await api.call(`GET /findings?${query}`);
    expect([status, json.error.where]).toEqual([400, "query.limit"]);
  });

  test.each(["x", "bnVsbA", "e30", "WyJhIl0", "%00"])("refuses a cursor that it never gave: %s", async (cursor) => {
    for (const path of ["/tenants", "/connections", "/findings", "/audit"]) {
      const { status, json } = await api.call(`GET ${path}?cursor=${cursor}`);
      expect([path, status, json.error.code]).toEqual([path, 400, "BAD_CURSOR"]);
    }
  });
});

test("one tenant whose mapping cannot be used hides none, and says so where it matters", async () => {
  const { json } = await api.call("GET /tenants/alpha");
  expect(json).toMatchObject({
    id: "alpha",
    mappingRevision: 1,
    connections: [{ state: "active" }, { state: "active" }],
  });
  const { status, json: told } = await api.call("GET /tenants/alpha/mapping");
  expect([status, told.error.code]).toEqual([409, "LOCK_MISMATCH"]);
  await api.call("POST /tenants/alpha/records/organization/4711/sync");
  const record = await api.call("GET /tenants/alpha/records/organization/4711");
  expect(record.json.heldBack.join()).toContain("the mapping in force cannot be used: the lock of alpha");
});

test("too many requests of one token are told to wait, and hinder nobody else", async () => {
  const at = await api.listen(({ config }) => ({ config: { ...config, apiRequestsPerMinute: 3 } }));
  const since = await api.lastOfTrail();
  const ask = (as: string, route = "GET /me") => api.call(route, undefined, { at, as });
  const [one, other] = [await api.tokenOf({ role: "admin" }), await api.tokenOf()];
  for (const _ of [1, 2, 3]) expect((await ask(one)).status).toBe(200);
  for (const route of ["GET /me", "POST /tenants/alpha/pause", "GET /findings"]) {
    const { status, headers, json } = await ask(one, route);
    expect([status, json.error.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect((await ask(other)).status).toBe(200);
  expect(await api.trail(since)).toEqual([]);
});

describe("a person's pause of a connection", () => {
  test("holds whatever was resumed just before, on whichever clock", async () => {
    const [{ id = "" } = {}] = await api.connections.list("gamma");
    await api.pool.query("update connection set resumed_at = now() + interval '1 hour' where id = $1", [id]);
    const { json } = await api.call(`POST /tenants/gamma/connections/${id}/pause`, { reason: "audit" });
    expect(json).toMatchObject({ state: "paused", pausedBy: "root", pausedCause: "audit" });
  });
});
