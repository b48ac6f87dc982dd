import { availableParallelism, cpus } from "node:os";
import { Redis } from "ioredis";
import pg from "pg";

/** What the figures were measured on. */
export interface Machine {
  cores: number;
  cpu: string;
  node: string;
  postgres: string;
  /** Null when nothing was measured on Redis. */
  redis: string | null;
}

export async function describeMachine(databaseUrl: string, redisUrl: string | null): Promise<Machine> {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    node: process.version,
    postgres: await postgresVersion(databaseUrl),
    redis: redisUrl && (await redisVersion(redisUrl)),
  };
}

async function postgresVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>("show server_version").finally(() => client.end());
  return rows[0]?.server_version ?? "unknown";
}

async function redisVersion(url: string): Promise<string> {
  const client = new Redis(url);
  const info = await client.info("server").finally(() => client.disconnect());
  return /redis_version:(\S+)/.exec(info)?.[1] ?? "unknown";
}
