import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { random } from "../../src/twin/random.ts";
import { eachBackend } from "../support/backends.ts";
import type { Part } from "../support/child.ts";
import { type Processes, startProcesses } from "../support/processes.ts";
import { readOutcome } from "./outcome.ts";
import { playScript } from "./script.ts";
import { SCRIPT_OUTCOME } from "./script-outcome.ts";

/** Another every time; `KILL_SEED=… npm test -- test/processes/worker-kills` repeats one. */
const SEED = process.env.KILL_SEED ?? String(Date.now() % 1_000_000);
const KILLS = 3;

/** Kills a process that has just come up, again and again; the last one lives. */
async function keepKilling(part: Part, waitsMs: number[]): Promise<void> {
  for (const ms of waitsMs) {
    await sleep(ms);
    await part.end();
    await part.start();
  }
}

describe("without a kill", () => {
  let system: Processes;
  beforeAll(async () => {
    system = await startProcesses();
  }, 120_000);
  afterAll(() => system?.close(), 30_000);

  test("the script comes to its outcome", async () => {
    await playScript(system.twin);
    await system.quiet();
    expect(await readOutcome(system)).toEqual(SCRIPT_OUTCOME);
  }, 180_000);
});

eachBackend((backend) => {
  describe("while the worker is killed again and again", () => {
    let system: Processes;
    beforeAll(async () => {
      await backend.flush();
      system = await startProcesses({ redisUrl: backend.redisUrl });
    }, 120_000);
    afterAll(() => system?.close(), 30_000);

    const draw = random(SEED, backend.name);
    const waitsMs = Array.from({ length: KILLS }, () => draw.int(50, 900));
    test(`the script comes to the same outcome (kills after ${waitsMs.join(", ")} ms, KILL_SEED=${SEED})`, async () => {
      await Promise.all([playScript(system.twin), keepKilling(system.worker, waitsMs)]);
      await system.quiet();
      expect(await readOutcome(system)).toEqual(SCRIPT_OUTCOME);
    }, 240_000);
  });
});
