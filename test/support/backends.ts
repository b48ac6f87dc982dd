import { describe } from "@jest/globals";
import { Redis } from "ioredis";
import { serviceUrl } from "./service-url.ts";

/** One of the two homes of the queue. */
export interface Backend {
  name: "PostgreSQL" | "Redis";
  /** What belongs into `config.redisUrl`. A Redis database of this test file's worker, not shared with another's. */
  redisUrl: string | undefined;
  /** Empties the Redis queue; with PostgreSQL a fresh database is empty anyway. */
  flush(): Promise<void>;
}

const redisUrl = await redisForTests();

/**
 * Redis for this test file, or null when this machine has none. With REQUIRE_REDIS=1 its absence is a failure.
 */
export async function redisForTests(): Promise<string | null> {
  const server = await serviceUrl("redis");
  if (server === null && process.env.REQUIRE_REDIS === "1") throw new Error("REQUIRE_REDIS=1, and there is no Redis");
  if (server === null || process.env.REDIS_URL) return server;
  return `${server}/${process.env.JEST_WORKER_ID ?? 0}`;
}

/** Runs a block of tests on both backends; the one on Redis is skipped, loudly, on a machine without Redis. */
export function eachBackend(block: (backend: Backend) => void): void {
  describe("on PostgreSQL", () => block({ name: "PostgreSQL", redisUrl: undefined, flush: async () => {} }));
  const redis: Backend = { name: "Redis", redisUrl: redisUrl ?? undefined, flush };
  (redisUrl === null ? describe.skip : describe)("on Redis", () => block(redis));
}

async function flush(): Promise<void> {
  if (redisUrl === null) return;
  const client = new Redis(redisUrl);
  await client.flushdb();
  client.disconnect();
}
