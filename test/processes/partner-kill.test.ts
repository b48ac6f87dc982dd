import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { random } from "../../src/twin/random.ts";
import { type Processes, startProcesses } from "../support/processes.ts";
import type { ReadableRecord } from "../support/twin-client.ts";
import { endDuringCall, KILL_MOMENTS, type KillMoment, killAfter } from "./kill-moments.ts";

/** Another every time; `KILL_SEED=… npm test -- test/processes/partner-kill` repeats one. */
const SEED = process.env.KILL_SEED ?? String(Date.now() % 1_000_000);
const LATEST_MS = 300;
const AT_ONCE = 4;

interface CommandLog {
  log: { command: string; outcome: string; answer: { result?: { crm?: { org_id?: number } } } }[];
}

// What happens from the claim to the settle is the store's business, whatever rings; beside Redis, worker-kills kills at any time.
describe("an organization that gets a status becomes one partner", () => {
  let system: Processes;
  beforeAll(async () => {
    system = await startProcesses();
  }, 120_000);
  afterAll(() => system?.close(), 30_000);

  let count = 0;

  /** Gives new organizations a status while the worker is killed, starts another, and waits until all is said. */
  async function survive(kill: KillMoment, howMany: number): Promise<ReadableRecord[]> {
    const { twin, worker } = system;
    const made = await Promise.all(
      Array.from({ length: howMany }, () => {
        count += 1;
        const website = `https://nordlicht-${count}.example`;
        return twin.edit("organization", { name: `Nordlicht ${count}`, "label:Website": website });
      }),
    );
    await system.quiet();
    await kill(system, () =>
      Promise.all(made.map(({ id }) => twin.edit("organization", { "label:Allbound Status": "Active" }, id))),
    );
    await worker.start();
    await system.quiet();
    return made;
  }

  async function patches(): Promise<number> {
    return (await system.twin.spend()).byOperation["organizations.update"]?.calls ?? 0;
  }

  async function expectOnePartnerEach(organizations: ReadableRecord[]): Promise<void> {
    const { twin, app } = system;
    const partners = await twin.aggregates("partner");
    const { log } = await twin.call<CommandLog>("GET", "/program/harbourline/commands");
    for (const { id } of organizations) {
      const own = partners.filter(({ crm }) => (crm as { org_id: number }).org_id === id);
      expect(own).toHaveLength(1);
      expect((await twin.record("organization", id)).labels["Allbound ID"]).toBe(own[0]?.partner_id);
      const changes = log.filter(({ outcome, answer }) => outcome === "changed" && answer.result?.crm?.org_id === id);
      expect(changes).toHaveLength(1);
    }
    expect(log.filter(({ outcome }) => outcome === "refused")).toEqual([]);
    expect(await app.findings.list("harbourline")).toEqual([]);
  }

  test.each(Object.entries(KILL_MOMENTS))(
    "when the worker is killed %s",
    async (_, moment) => {
      const before = await patches();
      const made = await survive(moment, 1);
      await expectOnePartnerEach(made);
      expect(await patches()).toBe(before + 1);
    },
    120_000,
  );

  test("when the worker is told to stop: it finishes what is under way and gives every lane back", async () => {
    let exit: unknown;
    let tookMs = 0;
    let claimed: unknown[] = [];
    const made = await survive(async (_, change) => {
      await endDuringCall(system, change, async ({ worker, database }) => {
        const startedAt = Date.now();
        exit = await worker.end("SIGTERM");
        tookMs = Date.now() - startedAt;
        claimed = (await database.pool.query("select 1 from lane where lease_until > clock_timestamp()")).rows;
      });
    }, 2);
    expect(exit).toEqual({ code: 0, signal: null });
    expect(tookMs).toBeLessThan(15_000);
    expect(claimed).toEqual([]);
    await expectOnePartnerEach(made);
  }, 120_000);

  const draw = random(SEED, "partner-kill");
  const ms = draw.int(0, LATEST_MS);
  test(`when the worker is killed ${ms} ms after several were edited (KILL_SEED=${SEED})`, async () => {
    const before = await patches();
    const made = await survive(killAfter(ms), AT_ONCE);
    await expectOnePartnerEach(made);
    expect(await patches()).toBe(before + AT_ONCE);
  }, 120_000);
});
