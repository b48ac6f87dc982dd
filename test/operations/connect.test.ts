import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ConnectionError } from "../../src/errors.ts";
import { connectPipedrive } from "../../src/operations/connect.ts";
import type { Pipedrive } from "../../src/pipedrive/port.ts";
import type { Connection } from "../../src/store/connection-rows.ts";
import { type System, startSystem } from "../support/system.ts";

/* An account is connected again, by a system whose first connection works. */

const TENANT = "harbourline";
let system: System;
let token: string;

beforeAll(async () => {
  system = await startSystem({ tenants: [TENANT] });
});
afterAll(() => system?.close());

beforeEach(async () => {
  const { id } = await inUse();
  ({ token } = await system.app.connections.pipedriveSecrets(id));
});

const connectAgain = () =>
  connectPipedrive(system.app, {
    tenantId: TENANT,
    environment: "rehearsal",
    baseUrl: system.twin.url,
    token,
    publicUrl: system.serverUrl,
  });

async function inUse(): Promise<Connection> {
  const connection = await system.app.connections.active(TENANT, "pipedrive");
  if (!connection) throw new Error("no connection is in use");
  return connection;
}
const client = async (): Promise<Pipedrive> => system.app.clients.pipedrive(await inUse());
/** Where the account sends its changes, without our own address. */
async function subscribed(): Promise<string[]> {
  const there = await (await client()).listWebhooks();
  return [...new Set(there.map(({ subscription_url }) => subscription_url.slice(system.serverUrl.length)))].sort();
}
const addressOf = ({ id }: Connection) => `/webhooks/pipedrive/${id}`;
const fault = (order: Record<string, unknown>) => {
  const match = { side: "pipedrive", method: "POST", path: "webhooks" };
  return system.of(TENANT).call("POST", "/faults", { match, times: 1, ...order });
};
async function partnerNamed(name: string): Promise<boolean> {
  await system.of(TENANT).edit("organization", { name, "label:Allbound Status": "Active" });
  await system.quiet();
  return (await system.of(TENANT).aggregates("partner")).some((partner) => partner.name === name);
}

/** A connection whose maker died while it was made. */
const halfMade = ({ companyId, companyDomain }: Pick<Connection, "companyId" | "companyDomain">) =>
  system.app.connections.add({
    tenantId: TENANT,
    side: "pipedrive",
    environment: "rehearsal",
    baseUrl: system.twin.url,
    companyId,
    companyDomain,
    secrets: { token, webhookUser: "somebody", webhookPassword: "something" },
    state: "connecting",
  });

describe("connecting again", () => {
  test("that is refused leaves the connection that works as it is, and nothing of its own", async () => {
    const before = await inUse();
    await fault({ kind: "latency", ms: 1 }); // the first subscription is made
    await fault({ kind: "status", status: 403 });
    await expect(connectAgain()).rejects.toMatchObject({ problem: "FORBIDDEN" });
    expect(await inUse()).toEqual(before);
    expect(await subscribed()).toEqual([addressOf(before)]);
    const states = (await system.app.connections.list(TENANT)).map(({ side, state }) => `${side} ${state}`).sort();
    expect(states).toEqual(["pipedrive active", "pipedrive retired", "program active"]);
    expect(await partnerNamed("Still connected")).toBe(true);
  });

  test("removes a subscription whose answer was lost", async () => {
    const before = await inUse();
    await fault({ kind: "lost_answer" });
    await expect(connectAgain()).rejects.toThrow("subscribing to the organization changes of 127.0.0.1");
    expect(await subscribed()).toEqual([addressOf(before)]);
  });

  test("takes the place of the one before, whose changes meanwhile are not lost", async () => {
    const before = await inUse();
    await fault({ kind: "latency", ms: 400 });
    const connecting = connectAgain();
    const between = partnerNamed("Made meanwhile");
    const made = await connecting;
    expect(await between).toBe(true);
    expect((await inUse()).id).toBe(made.id);
    expect(made).toMatchObject({
      state: "active",
      webhookIds: Array.from({ length: 4 }, () => expect.any(Number)),
    });
    expect(await system.app.connections.get(before.id)).toMatchObject({ state: "retired" });
    expect(await subscribed()).toEqual([addressOf(made)]);
    expect(await partnerNamed("Made afterwards")).toBe(true);
  });

  test("does not end what has come into use although nobody heard of it", async () => {
    const { app } = system;
    const { activate } = app.connections;
    app.connections.activate = async (id) => {
      await activate.call(app.connections, id);
      throw new Error("the answer was lost");
    };
    await expect(connectAgain()).rejects.toThrow("the answer was lost");
    app.connections.activate = activate;
    expect(await subscribed()).toContain(addressOf(await inUse()));
  });
});

test("a token that may not be told of users' changes is connected all the same, and that is told", async () => {
  const { app } = system;
  const { pipedrive } = app.clients;
  app.clients.pipedrive = async (connection) => {
    const real = await pipedrive(connection);
    const createWebhook: Pipedrive["createWebhook"] = async (webhook, why) => {
      if (webhook.event_object !== "user") return real.createWebhook(webhook, why);
      throw new ConnectionError("pipedrive", "FORBIDDEN", "Pipedrive: createWebhook is not allowed");
    };
    return { ...real, createWebhook };
  };
  const made = await connectAgain().finally(() => {
    app.clients.pipedrive = pipedrive;
  });
  expect(made).toMatchObject({ state: "active", webhookIds: Array.from({ length: 3 }, () => expect.any(Number)) });
  expect(made.notes).toEqual([expect.stringContaining("access is assessed by the schedule only")]);
});

describe("the subscriptions of earlier connections", () => {
  test("are removed with the new token, whatever became of the connection", async () => {
    const { app } = system;
    const paused = await inUse();
    const secrets = await app.connections.pipedriveSecrets(paused.id);
    await app.connections.saveSecrets(paused.id, { ...secrets, token: "f".repeat(40) }); // it is dead by now
    await app.connections.pause(paused.id, "UNAUTHORIZED", { since: new Date(), finding: "paused" });
    const made = await connectAgain();
    expect(made.notes).toEqual([]);
    expect(await subscribed()).toEqual([addressOf(made)]);
    const others = (await app.connections.list(TENANT)).filter(({ id }) => id !== made.id);
    expect(others.flatMap(({ webhookIds }) => webhookIds)).toEqual([]);
  });

  test("are removed although their maker died before it wrote them down", async () => {
    const { app } = system;
    const half = await halfMade(await inUse());
    await (await client()).createWebhook({
      name: "half made",
      subscription_url: `${system.serverUrl}${addressOf(half)}`,
      event_action: "*",
      event_object: "deal",
      http_auth_user: "somebody",
      http_auth_password: "something",
    });
    const made = await connectAgain();
    expect(await app.connections.get(half.id)).toMatchObject({ state: "retired" });
    expect(await subscribed()).toEqual([addressOf(made)]);
  });

  test("that cannot be removed now are told, and removed the next time", async () => {
    const before = await inUse();
    await fault({ match: { side: "pipedrive", method: "DELETE", path: "webhooks" }, kind: "status", status: 503 });
    const made = await connectAgain();
    expect(made.notes).toEqual([expect.stringMatching(/could not be deleted: .* Connecting again tries once more/)]);
    expect(await subscribed()).toContain(addressOf(before));
    const next = await connectAgain();
    expect(next.notes).toEqual([]);
    expect(await subscribed()).toEqual([addressOf(next)]);
  });

  test("in another company are left to a person there", async () => {
    const { app } = system;
    const elsewhere = await halfMade({ companyId: 1, companyDomain: "somebody-else" });
    await app.connections.saveWebhookIds(elsewhere.id, [4711, 4712]);
    const { notes } = await connectAgain();
    expect(notes).toEqual([expect.stringContaining("subscriptions 4711, 4712")]);
    expect(notes[0]).toContain("somebody-else");
    expect((await app.connections.get(elsewhere.id))?.webhookIds).toEqual([4711, 4712]);
  });
});

test("a token that is refused is told as what was looked up, and where", async () => {
  token = "0".repeat(40);
  await expect(connectAgain()).rejects.toMatchObject({
    problem: "UNAUTHORIZED",
    message: expect.stringMatching(/^Pipedrive: looking up the token's user at 127\.0\.0\.1:\d+ is impossible: /),
    cause: { problem: "UNAUTHORIZED" },
  });
});
