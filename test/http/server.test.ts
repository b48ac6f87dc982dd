import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { openDoorbells } from "../../src/queues/doorbells.ts";
import { bearer, bodyOf, postWebhook, startTestServer, type TestServer, webhookOf } from "./test-server.ts";

let server: TestServer;
let base: string;
let tokens: Record<"viewer" | "operator", string>;

beforeAll(async () => {
  server = await startTestServer();
  base = await server.listen();
  tokens = {
    viewer: await server.tokenOf({ role: "viewer" }, "vera"),
    operator: await server.tokenOf({ role: "operator" }),
  };
});
afterAll(() => server.stop());

const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`me:${token}`).toString("base64")}` });

describe("every route but webhooks, events and health", () => {
  test.each(["/", "/queues", "/queues/", "/queues/api/queues", "/queues/static/favicon.ico", "/nothing-here"])(
    "needs a token: %s",
    async (path) => {
      for (const headers of [{}, bearer("psop_guess"), basic(tokens.viewer)]) {
        const answer = await fetch(base + path, { headers });
        expect(answer.status).toBe(401);
        expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
        expect((await bodyOf(answer)).error).toMatchObject({ code: "SIGN_IN", correlationId: expect.any(String) });
      }
    },
  );

  test("takes a token as bearer", async () => {
    const answer = await fetch(base, { headers: bearer(tokens.viewer) });
    expect(answer.status).toBe(200);
    expect(await bodyOf(answer)).toMatchObject({ signedInAs: { name: "vera", role: "viewer", tenants: null } });
  });

  test("shows a browser where to sign in, and no program", async () => {
    const html = { accept: "text/html,*/*;q=0.8" };
    for (const path of ["/", "/queues/?a=1&b=2", "/nothing-here"]) {
      const answer = await fetch(base + path, { headers: html, redirect: "manual" });
      const to = `/sign-in?next=${encodeURIComponent(path)}`;
      expect([answer.status, answer.headers.get("location")]).toEqual([303, to]);
    }
    expect((await fetch(base, { method: "POST", headers: html, redirect: "manual" })).status).toBe(401);
    expect((await fetch(base, { headers: { ...html, ...bearer("psop_guess") }, redirect: "manual" })).status).toBe(401);
  });

  test("is asked for a token whatever the method, and is not found with one", async () => {
    expect((await fetch(`${base}/webhooks/pipedrive`, { method: "POST" })).status).toBe(401);
    const answer = await fetch(`${base}/nothing-here`, { headers: bearer(tokens.viewer) });
    expect([answer.status, (await bodyOf(answer)).error.code]).toEqual([404, "NOT_FOUND"]);
  });
});

describe("the queue board", () => {
  const jobs = "/queues/api/queues?activeQueue=inbound-pipedrive-changes&status=latest&page=1&jobsPerPage=10";

  test("shows a job by the name of its record, under headers it can live with", async () => {
    const tenant = await server.addTenant("harbourline");
    await postWebhook(base, tenant, webhookOf(4711));
    const answer = await fetch(base + jobs, { headers: bearer(tokens.viewer) });
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain("harbourline organization 4711");
    expect(text).not.toContain("Zürich");

    const page = await fetch(`${base}/queues`, { headers: bearer(tokens.viewer) });
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    const html = await page.text();
    const script = /src="(static\/js\/main[^"]+)"/.exec(html)?.[1];
    expect(html).toContain('<base href="/queues/"');
    const loaded = await fetch(`${base}/queues/${script}`, { headers: bearer(tokens.viewer) });
    expect([loaded.status, loaded.headers.get("content-type")]).toEqual([200, expect.stringContaining("javascript")]);
  });

  test("lets viewers look, and operators change", async () => {
    const pause = (token: string, headers = {}) =>
      fetch(`${base}/queues/api/queues/inbound-pipedrive-changes/pause`, {
        method: "PUT",
        headers: { ...bearer(token), ...headers },
      });
    const refused = await pause(tokens.viewer);
    expect([refused.status, (await bodyOf(refused)).error.code]).toEqual([403, "ROLE_NEEDED"]);
    expect(await server.doorbells.queues.inbound.isPaused()).toBe(false);
    expect((await pause(tokens.operator)).status).toBe(200);
    expect(await server.doorbells.queues.inbound.isPaused()).toBe(true);
    await server.doorbells.queues.inbound.resume();
  });

  test("names a Redis that is away within a second, to those who are signed in", async () => {
    const redisUrl = "redis://127.0.0.1:1";
    const doorbells = openDoorbells({ redisUrl, pool: server.pool, onError: () => {} });
    const { server: away, url } = await server.open(() => ({ doorbells }));
    for (const path of ["/queues", jobs]) {
      const asked = Date.now();
      const answer = await fetch(url + path, { headers: bearer(tokens.viewer) });
      const { error } = await bodyOf(answer);
      expect(Date.now() - asked).toBeLessThan(1_000);
      expect([answer.status, error.code]).toEqual([503, "QUEUE_AWAY"]);
      expect(error.message).toMatch(/^the queue \(Redis\) is away: Redis is /);
      expect(error.hint).toContain("see that Redis at REDIS_URL runs");
    }
    expect((await fetch(`${url}/queues`)).status).toBe(401);
    await away.close();
    await doorbells.close();
  });

  test("tells nothing of the queue's server", async () => {
    expect((await fetch(`${base}/queues/api/redis/stats`, { headers: bearer(tokens.operator) })).status).toBe(403);
  });
});

describe("health", () => {
  test("needs no token, and readiness leaves nothing in the inbox", async () => {
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    const answer = await fetch(`${base}/readyz`);
    expect([answer.status, await bodyOf(answer)]).toEqual([
      200,
      { ready: true, queue: { backend: "postgres", state: "ok" } },
    ]);
    expect(await server.count("inbox", "")).toBe(0);
  });

  test("is ready although the queue is away, and says so", async () => {
    const away = await server.listen(({ doorbells }) => ({
      doorbells: { ...doorbells, backend: "redis", state: async () => "Redis is reconnecting" },
    }));
    const answer = await fetch(`${away}/readyz`);
    const queue = { backend: "redis", state: "Redis is reconnecting" };
    expect([answer.status, await bodyOf(answer)]).toEqual([200, { ready: true, queue }]);
    const hanging = await server.listen(({ doorbells }) => ({
      doorbells: { ...doorbells, state: () => new Promise<string>(() => {}) },
    }));
    expect((await bodyOf(await fetch(`${hanging}/readyz`))).queue.state).toBe("does not answer");
  });

  test("does not call a queue in PostgreSQL well whose database is away", async () => {
    const away = () => Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
    const asked = jest.spyOn(server.db.pool, "query").mockImplementation(away);
    try {
      const url = await server.listen(({ database }) => ({
        database: { ...database, pool: { connect: away } as never },
      }));
      const answer = await fetch(`${url}/readyz`);
      const queue = { backend: "postgres", state: "PostgreSQL cannot be reached" };
      expect([answer.status, (await bodyOf(answer)).queue]).toEqual([503, queue]);
    } finally {
      asked.mockRestore();
    }
  });

  test("is not ready when the inbox cannot be written, although the database answers", async () => {
    await server.pool.query("alter table inbox rename to inbox_gone");
    try {
      const answer = await fetch(`${base}/readyz`);
      expect([answer.status, (await bodyOf(answer)).ready]).toEqual([503, false]);
    } finally {
      await server.pool.query("alter table inbox_gone rename to inbox");
    }
  });
});

describe("errors", () => {
  test("nobody expected leave as an envelope without a stack, and are logged under its correlation id", async () => {
    const broken = await server.listen(({ tokens: known }) => ({
      tokens: {
        ...known,
        verify: async () => {
          throw new Error("at line 7: secret detail");
        },
      },
    }));
    for (const path of ["/", "/queues/api/queues"]) {
      const answer = await fetch(broken + path, { headers: bearer(tokens.viewer) });
      const text = await answer.text();
      expect(answer.status).toBe(500);
      expect(text).not.toContain("line 7");
      const { error } = JSON.parse(text);
      expect(error).toMatchObject({ code: "INTERNAL", message: "something went wrong here" });
      expect(server.lines.some((line) => line.includes(error.correlationId) && line.includes("line 7"))).toBe(true);
    }
  });

  test("before a route is found have the same form", async () => {
    const answer = await fetch(`${base}/webhooks/pipedrive/%E0%A4%A`, { method: "POST" });
    expect([answer.status, (await bodyOf(answer)).error.code]).toEqual([400, "BAD_URL"]);
  });
});

test("closing lets a request under way end, and takes no new ones", async () => {
  const tenant = await server.addTenant("closing");
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived = () => {};
  const underWay = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { server: closing, url } = await server.open(({ lanes }) => ({
    lanes: {
      ...lanes,
      accept: async (delivery) => {
        arrived();
        await held;
        return lanes.accept(delivery);
      },
    },
  }));
  const answer = postWebhook(url, tenant, webhookOf(1));
  await underWay;
  const closed = closing.close();
  release();
  expect((await answer).status).toBe(200);
  await closed;
  const refused = new Promise((resolve) => {
    connect(Number(new URL(url).port), "127.0.0.1").on("error", resolve);
  });
  expect(await refused).toMatchObject({ code: "ECONNREFUSED" });
});
