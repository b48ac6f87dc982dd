import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { definePart, type Part, portToKeep } from "../support/child.ts";
import { type Processes, startProcesses } from "../support/processes.ts";
import { redisProgram } from "../support/redis-server.ts";
import { readOutcome } from "./outcome.ts";
import { playScript } from "./script.ts";
import { SCRIPT_OUTCOME } from "./script-outcome.ts";

const folder = mkdtempSync(join(tmpdir(), "partnersync-redis-"));
const port = await portToKeep();
const url = `redis://127.0.0.1:${port}`;
const program = redisProgram(folder, port);
if (program === null && process.env.REQUIRE_REDIS === "1") throw new Error("REQUIRE_REDIS=1, and there is no Redis");

async function ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0, lazyConnect: true });
  redis.on("error", () => {});
  return redis
    .connect()
    .then(() => question(redis))
    .finally(() => redis.disconnect());
}

(program === null ? describe.skip : describe)("a Redis that loses everything in the middle of the script", () => {
  let redis: Part;
  let system: Processes;
  beforeAll(async () => {
    const { command, args, env } = program ?? { command: "", args: [], env: {} };
    const isReady = () =>
      ask((client) => client.ping()).then(
        () => true,
        () => false,
      );
    redis = definePart({ name: "redis", command: [command, ...args], env, isReady });
    await redis.start();
    system = await startProcesses({ redisUrl: url });
  }, 120_000);
  afterAll(async () => {
    await system?.close();
    await redis?.end();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  test("killed, gone for a while and back empty, then flushed: nothing is lost", async () => {
    await playScript(system.twin, async (scene) => {
      if (scene === 0) await ask((client) => client.flushall());
      if (scene === 1) await redis.end();
      if (scene === 2) await redis.start();
      if (scene === 3) await ask((client) => client.flushall());
    });
    await system.quiet();
    expect(await readOutcome(system)).toEqual(SCRIPT_OUTCOME);
  }, 240_000);
});
