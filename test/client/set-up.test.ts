import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Api, answerOf, createApi, overNetwork } from "../../src/client/client.ts";
import { readAccount } from "../../src/pipedrive/account.ts";
import { createPipedriveClient } from "../../src/pipedrive/client.ts";
import { accountShape } from "../../src/sync/mapping/account-shape.ts";
import { fillKeysByLabel } from "../../src/sync/mapping/fill.ts";
import { documentOf, type System, startSystem } from "../support/system.ts";
import { type TwinClient, twinClient } from "../support/twin-client.ts";

/* The main job, set up by the client that is made of the API's own document. */

const path = { tenant: "harbourline" };
let system: System;
let api: Api;
let twin: TwinClient;
let token: string;
let document: string;
const secret = randomBytes(24).toString("base64url");

beforeAll(async () => {
  system = await startSystem({ tenants: [] });
  const { app, serverUrl } = system;
  await app.operators.add({ name: "otto", role: "operator" });
  const issued = await app.tokens.issue("otto", { name: "tests", ttlMs: 60_000 });
  api = createApi(serverUrl, overNetwork(issued.token));

  const sheet = documentOf(await readFile("mappings/harbourline.json", "utf8"));
  const { companyDomain, users, fields, pipelines } = accountShape(sheet);
  twin = twinClient(system.twin.url, companyDomain, "harbourline");
  const people = users.map(({ name, email, admin }) => ({ name, email, admin }));
  const company = { domain: companyDomain, plan: "ultimate", users: people, fields, pipelines };
  ({ api_token: token } = await twin.call<{ api_token: string }>("POST", "/companies", company));
  await twin.call("PUT", "/program/harbourline", { secrets: [secret], events_url: `${serverUrl}/events/harbourline` });
  const client = createPipedriveClient({ baseUrl: system.twin.url, token, timeoutMs: 5_000, onSpend: () => {} });
  document = JSON.stringify(fillKeysByLabel(sheet, await readAccount(client)).document);
});
afterAll(() => system?.close());

test("tenant, both connections and the mapping", async () => {
  const { url } = system.twin;
  const environment = "rehearsal" as const;
  const added = await answerOf(api.POST("/api/tenants", { body: { id: "harbourline", name: "Harbourline Security" } }));
  expect(added).toMatchObject({ id: "harbourline", pausedAt: null });

  const pipedrive = { url, environment, token, publicUrl: system.serverUrl };
  const connected = await answerOf(
    api.POST("/api/tenants/{tenant}/connections/pipedrive", { params: { path }, body: pipedrive }),
  );
  expect(connected).toMatchObject({
    state: "active",
    webhookIds: Array.from({ length: 4 }, () => expect.any(Number)),
  });

  const program = { url: `${url}/program/harbourline`, environment, secret };
  await answerOf(api.POST("/api/tenants/{tenant}/connections/program", { params: { path }, body: program }));

  const put = await answerOf(api.PUT("/api/tenants/{tenant}/mapping", { params: { path }, body: { document } }));
  expect(put).toMatchObject({ revision: 1, outcome: "in force", findings: [] });
});

test("then a status that is chosen in Pipedrive makes a partner, and its id comes back", async () => {
  const { id } = await twin.edit("organization", { name: "Nordlicht GmbH", "label:Allbound Status": "Active" });
  await system.quiet();
  const [partner] = await twin.aggregates("partner");
  expect(partner).toMatchObject({ name: "Nordlicht GmbH" });
  const { labels } = await twin.record("organization", id);
  expect(labels["Allbound ID"]).toBe(partner?.partner_id);
  const call = { params: { path: { ...path, object: "organization" as const, id: String(id) } } };
  const { text } = await answerOf(api.GET("/api/tenants/{tenant}/records/{object}/{id}", call));
  expect(text).toContain(`organization ${id} in Pipedrive = partner ${partner?.partner_id} in the program`);
});

test("a refused document is told finding by finding", async () => {
  const wrong = document.replace("Allbound Status", "Allbound State").replace('"revision":1', '"revision":2');
  const call = { params: { path }, body: { document: wrong } };
  await expect(answerOf(api.PUT("/api/tenants/{tenant}/mapping", call))).rejects.toMatchObject({
    status: 422,
    code: "KEY_LABEL_MISMATCH",
    findings: expect.arrayContaining([expect.objectContaining({ code: "KEY_LABEL_MISMATCH", line: 1 })]),
  });
});
