import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { eachBackend } from "../support/backends.ts";
import { until } from "../support/child.ts";
import { type Processes, startProcesses } from "../support/processes.ts";
import { readOutcome } from "./outcome.ts";
import { playScript } from "./script.ts";
import { SCRIPT_OUTCOME } from "./script-outcome.ts";

const CREATE = {
  match: { side: "pipedrive", method: "POST", path: "^/api/v2/organizations" },
  kind: "latency",
  ms: 900,
};

eachBackend((backend) => {
  describe("both sides dead and back", () => {
    let system: Processes;
    beforeAll(async () => {
      await backend.flush();
      system = await startProcesses({ redisUrl: backend.redisUrl });
    }, 120_000);
    afterAll(() => system?.close(), 30_000);

    /** A person changes the partner's website in Pipedrive. */
    async function moveWebsite(website: string): Promise<void> {
      const { twin } = system;
      const partner = (await twin.records("organization")).find(({ name }) => name === "Nordlicht AG");
      await twin.edit("organization", { "label:Website": website }, partner?.id);
    }

    async function untilToldOf(website: string): Promise<void> {
      await until(website, async () => (await system.twin.aggregates("partner"))[0]?.website === website);
    }

    /** Dies while a create is under way, and with a notification that it has not sent yet. */
    async function killTwin(): Promise<void> {
      const { twin, twinProcess } = system;
      const armed = async () => (await twin.call<{ faults: unknown[] }>("GET", "/faults")).faults;
      await until("a create under way", async () => (await armed()).length === 0);
      await system.deliveries({ pause: true });
      await moveWebsite("nordlicht-ag.example");
      await twinProcess.end();
    }

    async function untilParked(): Promise<void> {
      const parked = "select 1 from connection where state = 'active' and parked_until > now()";
      await until("a parked connection", async () => (await system.database.pool.query(parked)).rows.length > 0);
    }

    test("cost waiting, and nothing else", async () => {
      const { twin, twinProcess, database } = system;
      await playScript(twin, async (scene) => {
        if (scene === 1) {
          await moveWebsite("elsewhere.example");
          await untilToldOf("elsewhere.example");
          await system.fault(CREATE);
        }
        if (scene !== 2) return;
        await killTwin();
        await untilParked();
        const { rows } = await database.pool.query("select 1 from lane where attempts > 1 or stopped_at is not null");
        expect(rows).toEqual([]); // an outage is nothing that a record can help
        await twinProcess.start();
      });
      await system.quiet();
      expect(await readOutcome(system)).toEqual(SCRIPT_OUTCOME);
      const { deliveries } = await twin.call<{ deliveries: unknown[] }>("GET", "/deliveries?state=failed");
      expect(deliveries).toEqual([]);
    }, 240_000);
  });
});
