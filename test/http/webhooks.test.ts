import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createRinger } from "../../src/queues/ringer.ts";
import { createConnections } from "../../src/store/connections.ts";
import {
  type Answer,
  bodyOf,
  postWebhook,
  RING_TIMEOUT_MS,
  startTestServer,
  type TestServer,
  type TestTenant,
  webhookOf,
} from "./test-server.ts";

let server: TestServer;
let base: string;
let tenant: TestTenant;
let tenants = 0;

beforeAll(async () => {
  server = await startTestServer();
  base = await server.listen();
});
afterAll(() => server.stop());
beforeEach(async () => {
  tenants += 1;
  tenant = await server.addTenant(`tenant-${tenants}`);
});

describe("a Pipedrive webhook", () => {
  test("delivered five times at once is accepted once", async () => {
    const webhook = webhookOf(4711);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => postWebhook(base, tenant, webhook)));
    const bodies = await Promise.all(answers.map(bodyOf));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    expect(bodies.filter((body) => body.accepted)).toHaveLength(1);
    expect(bodies.filter((body) => body.duplicate)).toHaveLength(4);
    const { rows } = await server.pool.query("select rang, due_inbound, due_outbound from lane where tenant_id = $1", [
      tenant.id,
    ]);
    expect(rows).toEqual([{ rang: "1", due_inbound: expect.any(Date), due_outbound: null }]);
    expect(await server.count("inbox", tenant.id)).toBe(1);
  });

  test("is stored sealed, as the change that was parsed, and rings its lane", async () => {
    await postWebhook(base, tenant, webhookOf(4711));
    const { rows } = await server.pool.query("select payload from inbox where tenant_id = $1", [tenant.id]);
    expect(rows[0].payload.includes("Zürich")).toBe(false);
    const change = (await server.tenants.key(tenant.id)).unsealJson("inbox.payload", rows[0].payload);
    expect(change).toMatchObject({
      object: "organization",
      id: 4711,
      action: "change",
      data: { name: "Zürich 株式会社" },
    });

    const jobs = await server.doorbells.queues.inbound.getJobs();
    const mine = jobs.filter((job) => job.data.tenantId === tenant.id);
    expect(mine.map((job) => job.name)).toEqual([`${tenant.id} organization 4711`]);
    expect(mine[0]?.data).toEqual({ tenantId: tenant.id, laneId: expect.any(Number) });
  });

  test("with another action or of another record is another delivery", async () => {
    const id = "7c812ffd-8f50-45ea-a597-b8fcba2da9c0";
    for (const webhook of [webhookOf(1, { id }), webhookOf(2, { id }), webhookOf(2, { id, action: "create" })]) {
      expect(await bodyOf(await postWebhook(base, tenant, webhook))).toEqual({ accepted: true });
    }
    expect(await server.count("inbox", tenant.id)).toBe(3);
  });

  test("with a wrong password, without one, or for an unknown connection is answered alike", async () => {
    const wrong = `Basic ${Buffer.from("pipedrive:guess").toString("base64")}`;
    const unknown = { ...tenant, pipedrive: "00000000-0000-4000-8000-000000000000" };
    const answers = await Promise.all([
      postWebhook(base, tenant, webhookOf(1), { basic: wrong }),
      postWebhook(base, tenant, webhookOf(1), { basic: null }),
      postWebhook(base, unknown, webhookOf(1)),
      postWebhook(base, { ...tenant, pipedrive: "not-an-id" }, webhookOf(1)),
      postWebhook(base, { ...tenant, pipedrive: tenant.program }, webhookOf(1)),
    ]);
    const bodies = await Promise.all(answers.map(bodyOf));
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401, 401, 401]);
    const without = ({ error }: Answer) => ({ ...error, correlationId: "" });
    expect(new Set(bodies.map((body) => JSON.stringify(without(body)))).size).toBe(1);
    expect(await server.count("inbox", tenant.id)).toBe(0);
  });

  test("of one tenant is not taken at another's connection", async () => {
    const other = await server.addTenant(`${tenant.id}-other`);
    const answer = await postWebhook(base, { ...other, basic: tenant.basic }, webhookOf(1));
    expect(answer.status).toBe(401);
    expect(await server.count("inbox", other.id)).toBe(0);
  });

  test("is refused once its connection is replaced, and taken while it is paused", async () => {
    await server.db.prisma.connection.update({ where: { id: tenant.pipedrive }, data: { state: "paused" } });
    expect((await postWebhook(base, tenant, webhookOf(1))).status).toBe(200);
    await server.db.prisma.connection.update({ where: { id: tenant.pipedrive }, data: { state: "retired" } });
    const fresh = await startNewcomer();
    expect((await postWebhook(fresh, tenant, webhookOf(2))).status).toBe(401);
  });

  test("about an object that is not synced is acknowledged and ignored", async () => {
    const answer = await postWebhook(base, tenant, webhookOf(1, { entity: "activity" }));
    expect([answer.status, await bodyOf(answer)]).toEqual([200, { ignored: "activity" }]);
    expect(await server.count("inbox", tenant.id)).toBe(0);
  });

  test("that cannot be read is refused precisely, with one finding per connection", async () => {
    const hint = expect.any(String);
    const noJson = await postWebhook(base, tenant, '{"meta": Zürich');
    expect(noJson.status).toBe(400);
    expect((await bodyOf(noJson)).error).toMatchObject({ code: "BODY_NOT_JSON", where: "body", hint });
    const broken = await postWebhook(base, tenant, webhookOf(1, { action: "explode" }));
    expect(broken.status).toBe(400);
    expect((await bodyOf(broken)).error).toMatchObject({ code: "WEBHOOK_INVALID", where: "meta.action", hint });
    expect((await postWebhook(base, tenant, "")).status).toBe(400);

    const { rows } = await server.pool.query("select * from finding where tenant_id = $1", [tenant.id]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ code: "WEBHOOK_UNREADABLE", count: 3, subject: `connection ${tenant.pipedrive}` });
    expect(rows[0].message).not.toContain("Zürich");
    expect(rows[0].message).toContain("; see who else posts to this address"); // what to do is part of it
  });

  test("that is too large is refused, and a stranger's is not even read", async () => {
    const webhook = { ...webhookOf(1), padding: "x".repeat(1_100_000) };
    const answer = await postWebhook(base, tenant, webhook);
    expect(answer.status).toBe(413);
    expect((await bodyOf(answer)).error).toMatchObject({ code: "BODY_TOO_LARGE", hint: expect.any(String) });
    expect((await postWebhook(base, tenant, webhook, { basic: null })).status).toBe(401);
    expect(await server.count("inbox", tenant.id)).toBe(0);
  });

  test("is answered within the ring's limit although the queue hangs, and is accepted", async () => {
    const doorbells = { ...server.doorbells, ring: () => new Promise<void>(() => {}) };
    const options = { ringTimeoutMs: RING_TIMEOUT_MS, onError: () => {} };
    const hanging = await server.listen(() => ({ ringer: createRinger(server.lanes, doorbells, options) }));
    const from = performance.now();
    const answer = await postWebhook(hanging, tenant, webhookOf(4711));
    const took = performance.now() - from;
    expect(answer.status).toBe(200);
    expect(took).toBeGreaterThan(RING_TIMEOUT_MS - 20);
    expect(took).toBeLessThan(RING_TIMEOUT_MS + 1_000);
    expect(await server.count("inbox", tenant.id)).toBe(1);
  });

  test("is accepted although the queue cannot be reached, and its lane can be rung later", async () => {
    const failures: unknown[] = [];
    const ring = () => Promise.reject(new Error("connect ECONNREFUSED"));
    const doorbells = { ...server.doorbells, ring };
    const options = { ringTimeoutMs: RING_TIMEOUT_MS, onError: (error: unknown) => void failures.push(error) };
    const unreachable = await server.listen(() => ({ ringer: createRinger(server.lanes, doorbells, options) }));
    expect((await postWebhook(unreachable, tenant, webhookOf(4711))).status).toBe(200);
    expect(failures).toHaveLength(1);
    const { rows } = await server.pool.query("select due_inbound, rung_inbound from lane where tenant_id = $1", [
      tenant.id,
    ]);
    expect(rows).toEqual([{ due_inbound: expect.any(Date), rung_inbound: null }]);
  });

  test("leaves no trace of credentials or content in the log", () => {
    const log = server.lines.join("");
    expect(log).toContain("/webhooks/pipedrive/:connectionId");
    for (const secret of [tenant.basic.slice(6), tenant.pipedrive, "Zürich", "authorization"]) {
      expect(log).not.toContain(secret);
    }
  });
});

/** A server whose caches know nothing yet, as another process's. */
function startNewcomer(): Promise<string> {
  return server.listen(() => ({ connections: createConnections(server.db, server.tenants) }));
}
