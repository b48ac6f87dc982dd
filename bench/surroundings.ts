import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { openEmbeddedPostgres } from "../src/embedded/postgres.ts";
import { startRedis } from "../test/support/redis-server.ts";
import { startChild } from "./child.ts";
import type { BenchOptions } from "./options.ts";
import { type Recorder, startRecorder } from "./recorder.ts";

/** What both backends are measured with: one PostgreSQL, one Redis, one twin, all of them our own. */
export interface Surroundings {
  options: BenchOptions;
  /** For logs; gone at the end. */
  folder: string;
  databaseUrl: string;
  /** Null on a machine without Redis. */
  redisUrl: string | null;
  twinUrl: string;
  recorder: Recorder;
  close(): Promise<void>;
}

/**
 * @throws Error when REDIS_URL names a database that is in use: the queues' names are those of production
 */
export async function startSurroundings(options: BenchOptions): Promise<Surroundings> {
  // Not under the project: as root the database runs as somebody who may not be able to get there.
  const folder = mkdtempSync(join(tmpdir(), "partnersync-bench-"));
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const postgres = await openEmbeddedPostgres({ dataDir: folder });
    closing.push(() => postgres.stop());
    const redis = options.backends.includes("redis") ? await startRedis(folder) : null;
    if (redis) {
      closing.push(() => redis.stop());
      await refuseUsed(redis.url);
      closing.push(() => empty(redis.url)); // as we found it: it may be another's
    }
    const recorder = await startRecorder();
    closing.push(() => recorder.close());
    const ready = /"url":"(?<url>[^"]+)"/;
    const twin = await startChild("bench/twin-process.ts", { folder, name: "twin", env: {}, ready });
    closing.push(() => twin.stop());
    const twinUrl = twin.said.url ?? "";
    return { options, folder, databaseUrl: postgres.url, redisUrl: redis?.url ?? null, twinUrl, recorder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function refuseUsed(url: string): Promise<void> {
  const client = new Redis(url);
  const keys = await client.dbsize().finally(() => client.disconnect());
  if (keys > 0)
    throw new Error("the database of REDIS_URL is in use; name an empty one, e.g. redis://127.0.0.1:6379/9");
}

async function empty(url: string): Promise<void> {
  const client = new Redis(url);
  await client.flushdb().finally(() => client.disconnect());
}
