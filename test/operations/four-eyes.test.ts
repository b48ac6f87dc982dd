import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { approveMapping, putMapping } from "../../src/operations/approve-mapping.ts";
import { type Actor, localActor, type OperatorRole } from "../../src/store/actor.ts";
import { type System, startSystem } from "../support/system.ts";

const TENANT = "harbourline";

let system: System;
/** Of the mapping in force. */
let document: { revision: number; approved_by?: string };

const person = (name: string, role: OperatorRole = "approver"): Actor => ({
  ...{ operatorId: randomUUID(), name, email: `${name}@example.com`, role, tenants: null },
  ...{ via: "session", credentialId: null },
});
const [ada, ben, local] = [person("ada", "operator"), person("ben"), localActor("ada")];

beforeAll(async () => {
  system = await startSystem({ workers: false });
});
afterAll(() => system.close());
beforeEach(async () => {
  const live = await system.app.mappings.live(TENANT);
  document = JSON.parse(live?.document ?? "{}");
  await system.app.tenants.setFourEyes(TENANT, true);
});

const put = (by: Actor, changes: object = {}) =>
  putMapping(system.app, TENANT, JSON.stringify({ ...document, revision: document.revision + 1, ...changes }), by);
const sha256 = async () => (await system.app.mappings.proposal(TENANT)).sha256;
const approve = async (by: Actor, of?: string) => approveMapping(system.app, TENANT, of ?? (await sha256()), by);
const inForce = async () => (await system.app.mappings.live(TENANT))?.revision;

describe("where a tenant wants four eyes", () => {
  test("a document is checked, and waits", async () => {
    const before = await inForce();
    expect(await put(ada)).toMatchObject({ outcome: "proposed", revision: document.revision + 1 });
    expect(await inForce()).toBe(before);
    expect(await system.app.mappings.proposal(TENANT)).toMatchObject({ proposedBy: "ada" });
    await expect(put(ada, { revision: "no number" })).rejects.toMatchObject({ name: "MappingRefusedError" });
    await expect(putMapping(system.app, "kestrel-obs", "{}", ada)).rejects.toMatchObject({ code: "UNKNOWN_TENANT" });
  });

  test("it is not approved by who proposed it, whatever they are called meanwhile, and by whatever way", async () => {
    const before = await inForce();
    await put(ada);
    for (const self of [ada, { ...ada, name: "somebody else", role: "admin", via: "token" } as const]) {
      await expect(approve(self)).rejects.toMatchObject({ code: "FOUR_EYES" });
    }
    expect(await inForce()).toBe(before);
    expect(await sha256()).toMatch(/^[0-9a-f]{64}$/);
  });

  test("it comes into force when somebody else approves it, once", async () => {
    await put(ada);
    const proposed = await sha256();
    expect(await approve(ben)).toMatchObject({ outcome: "in force", revision: document.revision + 1 });
    expect(await inForce()).toBe(document.revision + 1);
    expect(await system.app.mappings.live(TENANT)).toMatchObject({ loadedBy: "ada, approved by ben" });
    await expect(approve(ben, proposed)).rejects.toMatchObject({ code: "NO_PROPOSAL" });
  });

  test("one that was changed after it was read is not approved", async () => {
    await put(ada);
    const read = await sha256();
    await put(ada, { revision: document.revision + 2 });
    await expect(approve(ben, read)).rejects.toMatchObject({ code: "PROPOSAL_CHANGED" });
    expect(await inForce()).toBe(document.revision);
  });

  test("one that somebody else proposed anew is theirs: who approves has to be another again", async () => {
    await put(ada);
    await put(ben);
    await expect(approve(ben)).rejects.toMatchObject({ code: "FOUR_EYES" });
    expect(await approve(ada)).toMatchObject({ outcome: "in force" });
  });

  test("the local command line proposes and approves nothing: nobody knows who it is", async () => {
    await expect(put(local)).rejects.toMatchObject({ code: "NOBODY_SIGNED_IN" });
    await put(ada);
    await expect(approve(local)).rejects.toMatchObject({ code: "NOBODY_SIGNED_IN" });
    expect(await inForce()).toBe(document.revision);
  });

  test("it is checked anew when it is approved", async () => {
    await put(ada);
    await system.app.tenants.setFourEyes(TENANT, false);
    await put(ada, { revision: document.revision + 5 });
    await expect(approve(ben)).rejects.toMatchObject({ code: "REVISION_NOT_NEWER" });
  });
});

test("where a tenant does not, a document comes into force at once", async () => {
  await system.app.tenants.setFourEyes(TENANT, false);
  expect(await put(local)).toMatchObject({ outcome: "in force" });
  expect(await inForce()).toBe(document.revision + 1);
});
