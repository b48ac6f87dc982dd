import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { eachBackend } from "../support/backends.ts";
import { until } from "../support/child.ts";
import { type Processes, startProcesses } from "../support/processes.ts";
import { readOutcome } from "./outcome.ts";
import { playScript } from "./script.ts";
import { SCRIPT_OUTCOME } from "./script-outcome.ts";

/** Statements that wait to store a delivery, while the inbox is locked. */
const ACCEPTING = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
  and query like '%accept_delivery(%' order by pid`;

eachBackend((backend) => {
  describe("the server killed in the middle of deliveries", () => {
    let system: Processes;
    beforeAll(async () => {
      await backend.flush();
      system = await startProcesses({ redisUrl: backend.redisUrl });
    }, 120_000);
    afterAll(() => system?.close(), 30_000);

    /** Back up, with the waits before a second and third attempt over. */
    async function comeBack(): Promise<void> {
      await system.server.start();
      await system.twin.call("POST", "/clock", { advanceMs: 35_000 });
    }

    test("loses nothing of the script and does nothing twice", async () => {
      await playScript(system.twin, async (scene) => {
        if (scene !== 1 && scene !== 3) return; // ten failures in all would get a webhook banned
        await system.server.end();
        await comeBack();
      });
      await system.quiet();
      expect(await readOutcome(system)).toEqual(SCRIPT_OUTCOME);
    }, 240_000);

    test("stored and never answered, or neither: each delivery counts once", async () => {
      const { twin, server, database } = system;
      const { pool } = database;
      const changedBefore = (await twin.commands()).changed;
      const rows = async () => Number((await pool.query("select count(*) from inbox")).rows[0].count);
      const made = await Promise.all([1, 2, 3, 4].map((i) => twin.edit("organization", { name: `Kontor ${i}` })));
      await system.quiet();
      const rowsBefore = await rows();

      const holder = await pool.connect();
      try {
        await holder.query("begin");
        await holder.query("lock table inbox in share row exclusive mode");
        await Promise.all(made.map(({ id }) => twin.edit("organization", { "label:Allbound Status": "Active" }, id)));
        await until("four deliveries being stored", async () => (await pool.query(ACCEPTING)).rows.length === 4);
        await sleep(300); // long enough for an answer that would not wait for the store
        await server.end();
        await pool.query(`select pg_terminate_backend(pid) from (${ACCEPTING} limit 2) half`);
      } finally {
        await holder.query("rollback"); // what the dead server asked for last is carried out now
        holder.release();
      }
      await until("the other half stored", async () => (await rows()) === rowsBefore + 2);
      await comeBack();
      await system.quiet();

      const partners = await twin.aggregates("partner");
      for (const { id, labels } of await Promise.all(made.map(({ id }) => twin.record("organization", id)))) {
        const own = partners.filter(({ crm }) => (crm as { org_id: number }).org_id === id);
        expect(own.map(({ partner_id }) => partner_id)).toEqual([labels["Allbound ID"]]);
      }
      expect((await twin.commands()).changed - changedBefore).toBe(4);
      const { deliveries } = await twin.call<{ deliveries: { state: string }[] }>("GET", "/deliveries");
      expect(deliveries.filter(({ state }) => state !== "delivered")).toEqual([]);
      expect(await rows()).toBe(deliveries.length);
    }, 180_000);
  });
});
