import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { serviceUrl } from "./service-url.ts";

export interface TestDatabase {
  url: string;
  pool: pg.Pool;
  /** Closes the pool and removes the database; other pools on it must be closed before. */
  drop(): Promise<void>;
}

/**
 * A database of a test file's own, with all migrations applied; copied from a template in well under a second.
 *
 * @param options.empty without migrations
 */
export async function freshDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const server = await serviceUrl("postgres");
  if (server === null) throw new Error("no PostgreSQL to test with");
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = options.empty ? "template0" : "template_partnersync";
  await onServer(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 10, options: "-c search_path=public,bullmq" });
  return {
    url: url.href,
    pool,
    async drop() {
      await pool.end();
      await onServer(server, async (client) => {
        await untilUnused(client, name);
        await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      });
    },
  };
}

/** A pool has ended before its sockets have: whoever is thrown out meanwhile reports an error after the test. */
async function untilUnused(client: pg.Client, name: string): Promise<void> {
  const giveUp = Date.now() + 2_000;
  const users = "SELECT 1 FROM pg_stat_activity WHERE datname = $1 LIMIT 1";
  while ((await client.query(users, [name])).rowCount && Date.now() < giveUp) await sleep(5);
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
