import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type DatabaseProxy, openDatabaseProxy } from "./database-proxy.ts";
import { bodyOf, eventOf, postEvent, postWebhook, startTestServer, type TestServer, webhookOf } from "./test-server.ts";

let server: TestServer;
let proxy: DatabaseProxy;
let base: string;

beforeAll(async () => {
  server = await startTestServer({
    through: async (url) => {
      proxy = await openDatabaseProxy(url);
      return proxy.url;
    },
  });
  base = await server.listen(() => ({}), { answerTimeoutMs: 1_500 });
});
afterAll(async () => {
  await server.stop();
  await proxy.cut();
});

test("while the database is away deliveries are answered 503, and afterwards they are accepted again", async () => {
  const tenant = await server.addTenant("harbourline");
  const cold = await server.addTenant("kestrel-obs");
  const token = await server.tokenOf();
  const webhook = webhookOf(4711);
  expect((await postWebhook(base, tenant, webhookOf(4710))).status).toBe(200);

  await proxy.cut();
  for (const send of [
    () => postWebhook(base, tenant, webhook),
    () => postWebhook(base, cold, webhook),
    () => postEvent(base, cold.id, eventOf(cold.id)),
    () => fetch(`${base}/`, { headers: { authorization: `Bearer ${token}` } }),
    () => fetch(`${base}/queues`, { headers: { authorization: `Bearer ${token}` } }),
    () => fetch(`${base}/readyz`),
  ]) {
    const answer = await send();
    const body = await bodyOf(answer);
    expect([answer.status, body.error.code]).toEqual([503, "DATABASE_AWAY"]);
    expect(JSON.stringify(body)).not.toContain("127.0.0.1");
  }
  expect((await fetch(`${base}/healthz`)).status).toBe(200);

  await proxy.mend();
  const again = await postWebhook(base, tenant, webhook);
  expect([again.status, await bodyOf(again)]).toEqual([200, { accepted: true }]);
  expect((await fetch(`${base}/readyz`)).status).toBe(200);
});

test("a database that takes questions and never answers is answered 503 in time", async () => {
  const tenant = await server.addTenant("frozen");
  expect((await postWebhook(base, tenant, webhookOf(1))).status).toBe(200);
  proxy.freeze();
  const answer = await postWebhook(base, tenant, webhookOf(2));
  expect([answer.status, (await bodyOf(answer)).error.code]).toEqual([503, "TOO_SLOW"]);
  await proxy.cut();
  await proxy.mend();
  expect((await postWebhook(base, tenant, webhookOf(2))).status).toBe(200);
});
