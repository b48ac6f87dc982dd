import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectProgram, rotateProgramSecret } from "../../src/operations/connect.ts";
import type { Connection } from "../../src/store/connection-rows.ts";
import { postEvent } from "../http/test-server.ts";
import { type System, startSystem } from "../support/system.ts";

const TENANT = "harbourline";
const newSecret = () => randomBytes(24).toString("base64url");
let system: System;
let secret: string;

beforeAll(async () => {
  system = await startSystem({ tenants: [TENANT] });
  [secret = ""] = await secrets();
});
afterAll(() => system?.close());

async function inUse(): Promise<Connection> {
  const connection = await system.app.connections.active(TENANT, "program");
  if (!connection) throw new Error("no connection is in use");
  return connection;
}
const secrets = async () => (await system.app.connections.programSecrets((await inUse()).id)).secrets;
/** What the program takes; the first signs its events. */
const programTakes = (...known: string[]) =>
  system.of(TENANT).call("PUT", `/program/${TENANT}`, {
    secrets: known,
    events_url: `${system.serverUrl}/events/${TENANT}`,
  });
/** Whether we take in what is signed with this secret. */
async function takesIn(signedWith: string): Promise<boolean> {
  const answer = await postEvent(system.serverUrl, TENANT, { hello: "there" }, { secret: signedWith });
  return answer.status !== 401;
}
/** Whether a partner made in Pipedrive reaches the program, which takes a signed command. */
async function travels(name: string): Promise<boolean> {
  await system.of(TENANT).edit("organization", { name, "label:Allbound Status": "Active" });
  await system.quiet();
  return (await system.of(TENANT).aggregates("partner")).some((partner) => partner.name === name);
}

describe("a partner program", () => {
  const wish = { tenantId: TENANT, environment: "rehearsal", secrets: [newSecret()] } as const;
  test.each([
    ["refuses the signature", () => `${system.twin.url}/program/${TENANT}`, { problem: "UNAUTHORIZED" }],
    ["is not at this address", () => `${system.twin.url}/program/nowhere`, { code: "NOT_FOUND_THERE" }],
    ["does not answer", () => "http://127.0.0.1:1/program", { problem: "UNREACHABLE" }],
  ])("that %s is not connected, and the one before stays", async (_, baseUrl, expected) => {
    const before = await system.app.connections.list(TENANT);
    const connecting = connectProgram(system.app, { ...wish, secrets: [...wish.secrets], baseUrl: baseUrl() });
    await expect(connecting).rejects.toMatchObject({
      ...expected,
      message: expect.stringMatching(/^trying out the partner program at 127\.0\.0\.1:\d+: /),
    });
    expect(await system.app.connections.list(TENANT)).toEqual(before);
    expect(await secrets()).toEqual([secret]);
  });
});

describe("a new signing secret", () => {
  const [second, third] = [newSecret(), newSecret()];

  test("that the program does not take yet changes nothing", async () => {
    const rotating = rotateProgramSecret(system.app, TENANT, second);
    await expect(rotating).rejects.toMatchObject({
      problem: "UNAUTHORIZED",
      message: expect.stringContaining("trying out the new secret"),
    });
    expect(await secrets()).toEqual([secret]);
  });

  test("signs from then on, while events signed with the one before are taken in", async () => {
    const { id } = await inUse();
    await programTakes(secret, second);
    expect((await rotateProgramSecret(system.app, TENANT, second)).id).toBe(id);
    expect(await secrets()).toEqual([second, secret]);
    expect([await takesIn(second), await takesIn(secret)]).toEqual([true, true]);
    await programTakes(second); // a command signed with the one before would be refused
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // as long as a worker may remember the one before
    expect(await travels("Signed with the second")).toBe(true);
  });

  test("drops the oldest, and is not the one that signs already", async () => {
    await expect(rotateProgramSecret(system.app, TENANT, second)).rejects.toMatchObject({ code: "SECRET_UNCHANGED" });
    await programTakes(second, third);
    await rotateProgramSecret(system.app, TENANT, third);
    expect(await secrets()).toEqual([third, second]);
    expect([await takesIn(third), await takesIn(second), await takesIn(secret)]).toEqual([true, true, false]);
  });

  test("needs a connection and enough characters", async () => {
    await system.app.tenants.create({ id: "alone", name: "" });
    await expect(rotateProgramSecret(system.app, "alone", third)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    await expect(rotateProgramSecret(system.app, "nobody", third)).rejects.toMatchObject({ code: "UNKNOWN_TENANT" });
    await expect(rotateProgramSecret(system.app, TENANT, "short")).rejects.toMatchObject({ code: "SECRET_TOO_SHORT" });
  });
});
