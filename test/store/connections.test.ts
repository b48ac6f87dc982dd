import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { type Connections, createConnections } from "../../src/store/connections.ts";
import { createLanes } from "../../src/store/lanes.ts";
import { giveLiveMapping } from "../support/live-mapping.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

const pipedriveSecrets = { token: "pd-token", webhookUser: "pipedrive", webhookPassword: "pw" };
const programSecrets = { secrets: ["old", "new"] };

let store: TestStore;
let connections: Connections;
let tenantId: string;
let tenants = 0;

beforeAll(async () => {
  store = await openTestStore();
  connections = createConnections(store.db, store.tenants);
});
afterAll(() => store.stop());
beforeEach(async () => {
  tenants += 1;
  tenantId = `tenant-${tenants}`;
  await store.tenants.create({ id: tenantId, name: "" });
});

const pipedrive = (secrets = pipedriveSecrets) =>
  ({ tenantId, side: "pipedrive", environment: "sandbox", baseUrl: "https://acme.pipedrive.com", secrets }) as const;
const program = () =>
  ({
    tenantId,
    side: "program",
    environment: "sandbox",
    baseUrl: "https://program.example",
    secrets: programSecrets,
  }) as const;

describe("connections", () => {
  test("are shown without their secrets, which are stored sealed", async () => {
    const added = await connections.add({ ...pipedrive(), companyId: 8087566, companyDomain: "acme", userId: 3 });
    expect(added).toMatchObject({ side: "pipedrive", state: "active", companyId: 8087566, userId: 3, webhookIds: [] });
    expect(await connections.get(added.id)).toEqual(added);
    expect(JSON.stringify(await connections.list())).not.toContain("pd-token");
    expect(await connections.pipedriveSecrets(added.id)).toEqual(pipedriveSecrets);
    const rows = await store.db.rows(
      z.object({ secrets: z.instanceof(Buffer) }),
      "select secrets from connection where id = $1",
      [added.id],
    );
    expect(rows[0]?.secrets.includes("pd-token")).toBe(false);
  });

  test("need a tenant, and an id that exists", async () => {
    await expect(connections.add({ ...pipedrive(), tenantId: "nobody" })).rejects.toMatchObject({
      code: "UNKNOWN_TENANT",
    });
    expect(await connections.get("nothing")).toBeNull();
    const { id } = await connections.add(program());
    await expect(connections.pipedriveSecrets(id)).rejects.toMatchObject({ code: "UNKNOWN_CONNECTION" });
  });

  /** A pause by a run that began just now. */
  const told = (since = new Date()) => ({ since, finding: "nothing is sent any more" });

  test("of one side: the newest active one is in use", async () => {
    const first = await connections.add(pipedrive());
    const second = await connections.add(pipedrive());
    expect((await connections.active(tenantId, "pipedrive"))?.id).toBe(second.id);
    await connections.pause(second.id, "UNAUTHORIZED", told());
    expect((await connections.active(tenantId, "pipedrive"))?.id).toBe(first.id);
    expect(await connections.active(tenantId, "program")).toBeNull();
  });

  test("that are replaced are refused at once, those of the other side are not", async () => {
    const old = await connections.add(pipedrive());
    const other = await connections.add(program());
    expect(await connections.webhookCredentials(old.id)).toMatchObject({ user: "pipedrive", password: "pw" });
    const replaced = await connections.replace(pipedrive({ ...pipedriveSecrets, webhookPassword: "next" }));
    expect(await connections.webhookCredentials(old.id)).toBeNull();
    expect(await connections.webhookCredentials(replaced.id)).toMatchObject({ tenantId, password: "next" });
    expect(await connections.eventCredentials(tenantId)).toEqual({
      connectionId: other.id,
      tenantId,
      secrets: ["old", "new"],
    });
    await expect(connections.resume(old.id)).rejects.toMatchObject({ code: "CONNECTION_RETIRED" });
  });

  test("that are connecting take deliveries in, and are worked with only once they are complete", async () => {
    const working = await connections.add(pipedrive());
    const portal = await connections.add(program());
    const next = await connections.add({ ...pipedrive(), state: "connecting" });
    expect((await connections.active(tenantId, "pipedrive"))?.id).toBe(working.id);
    expect(await connections.webhookCredentials(next.id)).toMatchObject({ connectionId: next.id, tenantId });
    expect(await connections.webhookCredentials(working.id)).not.toBeNull();
    await connections.activate(next.id);
    expect((await connections.active(tenantId, "pipedrive"))?.id).toBe(next.id);
    expect(await connections.webhookCredentials(working.id)).toBeNull();
    expect(await connections.get(portal.id)).toMatchObject({ state: "active" });
  });

  test("that are given up leave the one in use alone, and cannot be taken into use", async () => {
    const working = await connections.add(pipedrive());
    const next = await connections.add({ ...pipedrive(), state: "connecting" });
    expect(await connections.giveUp(next.id)).toBe(true);
    expect(await connections.giveUp(working.id)).toBe(false);
    await expect(connections.activate(next.id)).rejects.toMatchObject({ code: "CONNECTION_OVERTAKEN" });
    expect((await connections.active(tenantId, "pipedrive"))?.id).toBe(working.id);
    expect(await connections.webhookCredentials(next.id)).toBeNull();
  });

  test("two that are completed at once: one is in use, the other one is told", async () => {
    const old = await connections.add(pipedrive());
    const [first, second] = [
      await connections.add({ ...pipedrive(), state: "connecting" }),
      await connections.add({ ...pipedrive(), state: "connecting" }),
    ];
    const ended = await Promise.allSettled([first, second].map(({ id }) => connections.activate(id)));
    expect(ended.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(ended.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "CONNECTION_OVERTAKEN" },
    });
    const states = (await connections.list(tenantId)).map(({ state }) => state).sort();
    expect(states).toEqual(["active", "retired", "retired"]);
    expect(await connections.get(old.id)).toMatchObject({ state: "retired" });
  });

  test("answer to changed secrets at once, and take events while they are paused", async () => {
    const { id } = await connections.add(program());
    await connections.eventCredentials(tenantId);
    await connections.saveSecrets(id, { secrets: ["new", "newer"] });
    await connections.pause(id, "UNREACHABLE", told());
    expect((await connections.eventCredentials(tenantId))?.secrets).toEqual(["new", "newer"]);
  });

  test("are paused for their first cause, until they are resumed", async () => {
    const { id } = await connections.add(pipedrive());
    expect(await connections.pause(id, "UNAUTHORIZED", told())).toBe(true);
    expect(await connections.pause(id, "UNREACHABLE", told())).toBe(false);
    expect(await connections.get(id)).toMatchObject({ state: "paused", pausedCause: "UNAUTHORIZED" });
    expect(await connections.resume(id)).toMatchObject({ state: "active", pausedCause: null, pausedAt: null });
    await expect(connections.resume("nothing")).rejects.toMatchObject({ code: "UNKNOWN_CONNECTION" });
  });

  test("tell of a pause by a finding, which is over when they are resumed", async () => {
    const { id } = await connections.add(pipedrive());
    const open = async () => {
      const sql = "select code, message from finding where subject = $1 and closed_at is null";
      return (await store.db.pool.query(sql, [`connection ${id}`])).rows;
    };
    await connections.pause(id, "UNAUTHORIZED", told());
    expect(await open()).toEqual([{ code: "CONNECTION_PAUSED", message: "nothing is sent any more" }]);
    await connections.resume(id);
    expect(await open()).toEqual([]);
  });

  test("tell of no pause any more once another one has taken their place", async () => {
    const open = async () =>
      (await store.db.pool.query("select code from finding where tenant_id = $1 and closed_at is null", [tenantId]))
        .rows;
    for (const replace of [
      () => connections.replace(pipedrive()),
      async () => connections.activate((await connections.add({ ...pipedrive(), state: "connecting" })).id),
    ]) {
      const { id } = await connections.add(pipedrive());
      await connections.pause(id, "UNAUTHORIZED", told());
      expect(await open()).toHaveLength(1);
      await replace();
      expect(await open()).toEqual([]);
    }
  });

  test("that were resumed are not paused again by what was under way before", async () => {
    const { id } = await connections.add(pipedrive());
    const before = told(new Date(Date.now() - 1_000));
    await connections.pause(id, "UNAUTHORIZED", told());
    await connections.resume(id);
    expect(await connections.pause(id, "UNAUTHORIZED", before)).toBe(false);
    expect(await connections.get(id)).toMatchObject({ state: "active" });
    expect(await connections.pause(id, "UNAUTHORIZED", told(new Date(Date.now() + 1_000)))).toBe(true);
  });

  test("hold their tenant's lanes back while paused or parked, and let them flow again", async () => {
    const lanes = createLanes(store.db, { leaseMs: 30_000, ringSlots: 8 });
    const { id } = await connections.add(pipedrive());
    await connections.add(program());
    await giveLiveMapping(store.db.pool, tenantId);
    const event = { source: "program", deliveryKey: "evt_1", payload: Buffer.alloc(0) } as const;
    const place = { object: "organization", crmId: 4711, kind: null, programId: null } as const;
    await lanes.accept({ tenantId, connectionId: id, ...event, ...place });
    await connections.pause(id, "UNAUTHORIZED", told());
    expect(await lanes.next(tenantId, "outbound")).toEqual([]);
    await connections.resume(id);
    await connections.park(id, new Date(Date.now() + 60_000), "BURST");
    expect(await lanes.next(tenantId, "outbound")).toEqual([]);
    await store.db.prisma.connection.update({ where: { id }, data: { parkedUntil: new Date(Date.now() - 1) } });
    expect(await lanes.next(tenantId, "outbound")).toMatchObject([{ tenantId, object: "organization", crmId: 4711 }]);
  });

  test("are parked for the longest of their waits", async () => {
    const { id } = await connections.add(pipedrive());
    const [soon, later] = [new Date("2099-01-01T00:00:00Z"), new Date("2099-01-02T00:00:00Z")];
    expect(await connections.park(id, later, "DAILY")).toBe(true);
    expect(await connections.park(id, soon, "BURST")).toBe(false);
    expect(await connections.get(id)).toMatchObject({ parkedUntil: later, parkedCause: "DAILY" });
  });

  test("remember the webhooks that Pipedrive has for them", async () => {
    const { id } = await connections.add(pipedrive());
    await connections.saveWebhookIds(id, [4710827, 4710828]);
    expect((await connections.get(id))?.webhookIds).toEqual([4710827, 4710828]);
  });
});
