import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectPipedrive } from "../../src/operations/connect.ts";
import { replay } from "../../src/operations/replay.ts";
import { eachBackend } from "../support/backends.ts";
import { type System, startSystem } from "../support/system.ts";
import { eventually } from "./channel.ts";

const [OURS, OTHERS] = ["harbourline", "kestrel-obs"] as const;
const WEBSITE = { [OURS]: "label:Website", [OTHERS]: "label:Company website" };
type Tenant = typeof OURS | typeof OTHERS;

eachBackend((backend) => {
  describe("what cannot be done", () => {
    let system: System;
    const twin = (tenant: Tenant) => system.of(tenant);
    const rows = async <T>(sql: string, values: unknown[] = []) =>
      (await system.database.pool.query(sql, values)).rows as T[];
    const findings = async (code: string) =>
      (await system.app.findings.list(OURS)).filter((finding) => finding.code === code);

    beforeAll(async () => {
      await backend.flush();
      system = await startSystem({ redisUrl: backend.redisUrl, tenants: [OURS, OTHERS] });
    }, 90_000);
    afterAll(() => system.close());

    async function partner(tenant: Tenant, name: string) {
      const site = `${name.toLowerCase()}.example`;
      const set = { name, [WEBSITE[tenant]]: site, "label:Allbound Status": "Active" };
      const { id } = await twin(tenant).edit("organization", set);
      let partnerId = "";
      await eventually("it is a partner", async () => {
        partnerId = String((await twin(tenant).record("organization", id)).labels["Allbound ID"] ?? "");
        return partnerId !== "";
      });
      return { id, partnerId };
    }
    const register = (tenant: Tenant, partnerId: string, first: string) =>
      twin(tenant).act({
        ...{ action: "register_contact", partner_id: partnerId, email: `${first}@${first}.example`.toLowerCase() },
        ...{ first_name: first, last_name: "Voss" },
      });
    const hasPerson = (tenant: Tenant, first: string) => async () =>
      (await twin(tenant).records("person")).some(({ name }) => name === `${first} Voss`);
    const mention = (id: number, n: number) => twin(OURS).edit("organization", { "label:Website": siteOf(id, n) }, id);
    const siteOf = (id: number | undefined, n: number) => `round${n}-${id}.example`;
    const told = async (partners: { id: number; partnerId: string }[], n: number) => {
      const sites = await Promise.all(partners.map(({ partnerId }) => websiteOf(partnerId)));
      return sites.every((site, i) => site === siteOf(partners[i]?.id, n));
    };
    const websiteOf = async (partnerId: string) =>
      (await twin(OURS).aggregates("partner")).find((one) => one.partner_id === partnerId)?.website;

    test("stops after its attempts with a finding, blocks nothing beside it, and one command replays it once it is mended", async () => {
      const [sick, ...sound] = [
        await partner(OURS, "Sickwind"),
        await partner(OURS, "Soundwind"),
        await partner(OURS, "Fitwind"),
      ];
      // The program refuses every command about one partner, for a reason of its own.
      const { contexts } = system.app;
      let refused = 0;
      system.app.contexts = async (...asked) => {
        const context = await contexts(...asked);
        const apply: typeof context.program.apply = (command) => {
          if (!("crm_org_id" in command) || command.crm_org_id !== sick?.id) return context.program.apply(command);
          refused += 1;
          return Promise.reject(new TypeError("something about this record that nobody expected"));
        };
        return { ...context, program: { ...context.program, apply } };
      };
      await twin(OURS).call("POST", "/clock", { advanceMs: 3_000 });
      for (const { id } of [sick, ...sound]) await mention(id, 1);
      await eventually("the sound ones are told", () => told(sound, 1));
      await eventually(
        "it gave up",
        async () => {
          await rows("update lane set due_inbound = now() where due_inbound > now() and lease_until is null");
          await system.app.ringer.ringDue(OURS);
          return (await findings("KEEPS_FAILING")).length === 1;
        },
        30_000,
      );
      expect(refused).toBe(10);
      await twin(OURS).call("POST", "/clock", { advanceMs: 3_000 });
      for (const { id } of sound) await mention(id, 2);
      await eventually("the sound ones go on", () => told(sound, 2));
      expect(refused).toBe(10);

      const [finding] = await findings("KEEPS_FAILING");
      const since = new Date(Date.now() - 600_000);
      expect(await replay(system.app, OURS, { since }, { dryRun: true })).toMatchObject({
        records: [{ name: `organization ${sick?.id}`, cause: expect.stringContaining("nobody expected") }],
        left: 0,
      });
      expect(await replay(system.app, OTHERS, { since })).toMatchObject({ records: [] });
      await system.quiet();
      expect(refused).toBe(10); // neither made anything due

      // Not mended yet: it is tried anew, and told of again.
      await replay(system.app, OURS, { finding: finding?.id ?? 0 });
      await eventually("it is tried again", async () => refused > 10);
      expect(await rows("select 1 from lane where stopped_at is not null")).toEqual([]);
      system.app.contexts = contexts;
      expect(
        await replay(system.app, OURS, { record: { object: "organization", crmId: sick?.id ?? 0 } }),
      ).toMatchObject({
        records: [{ name: `organization ${sick?.id}` }],
        tokens: 1,
      });
      await system.quiet();
      expect(await websiteOf(sick?.partnerId ?? "")).toBe(siteOf(sick?.id, 1));
      expect(await findings("KEEPS_FAILING")).toEqual([]);
      expect(await rows("select 1 from lane where attempts > 0 or stopped_at is not null")).toEqual([]);
      await expect(replay(system.app, OTHERS, { finding: finding?.id ?? 0 })).rejects.toMatchObject({
        code: "UNKNOWN_FINDING",
      });
    }, 90_000);

    test("records that a refusal stopped are all replayed by the time since then", async () => {
      const { partnerId } = await partner(OURS, "Ostwind");
      await twin(OURS).call("POST", "/faults", {
        ...{ match: { side: "pipedrive", method: "POST", path: "/persons$" }, kind: "status", status: 400, times: 50 },
        id: "refuse-people",
      });
      const since = new Date(Date.now() - 1_000);
      for (const first of ["Ada", "Bea", "Cleo"]) await register(OURS, partnerId, first);
      await eventually("they have stopped", async () => (await findings("REFUSED_BY_PIPEDRIVE")).length === 3);
      await system.quiet();
      await twin(OURS).call("DELETE", "/faults/refuse-people");
      const { records, left, tokens } = await replay(system.app, OURS, { since });
      expect(records.map(({ name }) => name.split(" ")[0])).toEqual(["contact", "contact", "contact"]);
      expect({ left, tokens }).toEqual({ left: 0, tokens: 0 });
      await system.quiet();
      for (const first of ["Ada", "Bea", "Cleo"]) expect(await hasPerson(OURS, first)()).toBe(true);
      expect(await findings("REFUSED_BY_PIPEDRIVE")).toEqual([]);
    }, 60_000);

    test("a revoked token pauses one connection, costs no attempts, and all goes on once it is connected anew", async () => {
      const ours = await partner(OURS, "Westwind");
      const before = await system.app.connections.current(OURS, "pipedrive");
      const domain = before?.companyDomain ?? "";
      const second = { name: "Second Admin", email: "second@harbourline.example", admin: true };
      const company = await twin(OURS).call<{ users: { email: string; api_token: string }[] }>("POST", "/companies", {
        domain,
        users: [second],
      });
      const token = company.users.find(({ email }) => email === second.email)?.api_token ?? "";
      const revoked = await fetch(`${system.twin.url}/api/v1/users/${before?.userId}`, {
        method: "PUT",
        headers: { "x-api-token": token, "content-type": "application/json" },
        body: JSON.stringify({ active_flag: false }),
      });
      expect(revoked.status).toBe(200);

      await register(OURS, ours.partnerId, "Dora");
      const connectionState = async () => (await system.app.connections.current(OURS, "pipedrive"))?.state;
      await eventually("the connection is paused", async () => (await connectionState()) === "paused");
      const [told] = await findings("CONNECTION_PAUSED");
      expect(told?.message).toMatch(/connect it again with credentials that work/);
      expect((await system.app.connections.current(OURS, "program"))?.state).toBe("active");
      // Both sides are still listened to, and the other tenant does not notice.
      await register(OURS, ours.partnerId, "Enya");
      await twin(OURS).edit("organization", { "label:Website": "westwind-neu.example" }, ours.id);
      await partner(OTHERS, "Suedwind"); // told to its program, and its id written back
      const unread = "select count(*)::int as n from inbox_lane where tenant_id = $1 and read_at is null";
      await eventually("what came is kept", async () => ((await rows<{ n: number }>(unread, [OURS]))[0]?.n ?? 0) >= 2);
      expect(await rows("select 1 from lane where attempts > 0 or stopped_at is not null")).toEqual([]);

      await connectPipedrive(system.app, {
        ...{ tenantId: OURS, environment: "rehearsal", baseUrl: system.twin.url, token },
        publicUrl: system.serverUrl,
      });
      await system.quiet();
      for (const first of ["Dora", "Enya"]) expect(await hasPerson(OURS, first)()).toBe(true);
      expect(await websiteOf(ours.partnerId)).toBe("westwind-neu.example");
      expect(await rows("select 1 from lane where attempts > 0 or stopped_at is not null")).toEqual([]);
      expect(await findings("CONNECTION_PAUSED")).toEqual([]);
    }, 60_000);
  });
});
