import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectProgram } from "../../src/operations/connect.ts";
import type { Connection } from "../../src/store/connection-rows.ts";
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
