import { join } from "node:path";
import { Redis } from "ioredis";
import { definePart, type Part } from "../support/child.ts";
import { redisProgram } from "../support/redis-server.ts";

/**
 * A Redis of our own, which forgets everything when it ends.
 *
 * @throws Error when this machine cannot have one
 */
export function defineRedis(folder: string, port: number): { part: Part; url: string } {
  const url = `redis://127.0.0.1:${port}`;
  const program = redisProgram(join(folder, "redis"), port);
  if (program === null) throw new Error("there is no Redis on this machine: --backend postgres");
  const isReady = () =>
    askRedis(url, (redis) => redis.ping()).then(
      () => true,
      () => false,
    );
  const { command, args, env } = program;
  return { url, part: definePart({ name: "redis", command: [command, ...args], env, isReady }) };
}

/** One question on a connection of its own. @throws when Redis is away */
export async function askRedis<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0, lazyConnect: true });
  redis.on("error", () => {});
  return redis
    .connect()
    .then(() => question(redis))
    .finally(() => redis.disconnect());
}
