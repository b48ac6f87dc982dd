import { Redis } from "ioredis";
import pg from "pg";
import { type App, openApp } from "./app.ts";
import type { Config } from "./config.ts";
import { openEmbeddedPostgres } from "./embedded/postgres.ts";
import { InputError } from "./errors.ts";
import type { Logger } from "./log.ts";
import { checkMasterKey } from "./store/master-key-check.ts";
import { migrate } from "./store/migrate.ts";
import { createVault } from "./store/vault.ts";

/** A process's app on a database that was reached and is up to date. */
export interface BroughtUp {
  app: App;
  /** For people: which database and which queue, without credentials. */
  database: string;
  queue: string;
  /** Closes the app, then gives the embedded database up. */
  close(): Promise<void>;
}

export interface BringUpOptions {
  /** Another database of the same server, made when missing; default: the one that is configured. */
  databaseName?: string;
  /** Refuse to start without the queue. Default true; the server's inbox can be written without it. */
  queueRequired?: boolean;
}

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * What every process does first: find the database (DATABASE_URL, or the embedded one), bring its schema up to date,
 * see whether the queue answers, open the app on them, and see that the master key is this database's.
 *
 * @throws InputError NO_DATABASE, NO_QUEUE, or what a migration refuses; MasterKeyError. Nothing is left open then
 */
export async function bringUp(config: Config, log: Logger, options: BringUpOptions = {}): Promise<BroughtUp> {
  const home = await findDatabase(config, log, options.databaseName);
  try {
    await migrateDatabase(home.url);
    await askQueue(config, log, options.queueRequired ?? true);
    const app = openApp({ ...config, databaseUrl: home.url }, log);
    await makeReady(app);
    return {
      app,
      database: `${config.databaseUrl ? "PostgreSQL" : "embedded PostgreSQL"} at ${placeOf(home.url)}`,
      queue: config.redisUrl ? `Redis at ${placeOf(config.redisUrl)}` : "PostgreSQL, in the same database",
      async close() {
        await app.close();
        await home.stop();
      },
    };
  } catch (error) {
    await home.stop();
    throw error;
  }
}

interface Home {
  url: string;
  stop(): Promise<void>;
}

async function findDatabase(config: Config, log: Logger, name: string | undefined): Promise<Home> {
  const home: Home = config.databaseUrl
    ? { url: config.databaseUrl, stop: async () => {} }
    : await openEmbeddedPostgres({ dataDir: config.dataDir, log: (message) => log.info(message) });
  if (name === undefined) return home;
  const url = new URL(home.url);
  url.pathname = `/${name}`;
  try {
    await makeDatabase(home.url, name);
    return { ...home, url: url.href };
  } catch (error) {
    await home.stop();
    throw error;
  }
}

async function makeDatabase(url: string, name: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
}

async function migrateDatabase(url: string): Promise<void> {
  await withClient(url, async () => {}); // says precisely what is wrong, where a pool would only wait
  const pool = new pg.Pool({ connectionString: url, max: 2, options: "-c search_path=public,bullmq" });
  pool.on("error", () => {});
  await migrate(pool).finally(() => pool.end());
}

/** @throws InputError NO_DATABASE when it cannot be reached or refuses us */
async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => {});
  try {
    await client.connect();
    await work(client);
  } catch (error) {
    throw new InputError(
      "NO_DATABASE",
      `the database at ${placeOf(url)} cannot be used: ${reasonOf(error)}`,
      "DATABASE_URL",
      "see that it runs and that DATABASE_URL is right; without DATABASE_URL an embedded database is used",
    );
  } finally {
    await client.end().catch(() => {});
  }
}

async function makeReady(app: App): Promise<void> {
  try {
    await checkMasterKey(app.database, createVault(app.config.masterKeys));
    await openQueues(app);
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** A queue in PostgreSQL that finds its database away at first would remember that for ever. */
async function openQueues({ doorbells }: App): Promise<void> {
  if (doorbells.backend !== "postgres") return;
  for (const queue of Object.values(doorbells.queues)) await queue.waitUntilReady();
}

async function askQueue({ redisUrl }: Config, log: Logger, required: boolean): Promise<void> {
  if (!redisUrl) return;
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  let said: unknown;
  redis.on("error", (error) => {
    said = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const problem = new InputError(
      "NO_QUEUE",
      `Redis at ${placeOf(redisUrl)} cannot be used: ${reasonOf(said ?? error)}`,
      "REDIS_URL",
      "see that it runs and that REDIS_URL is right; without REDIS_URL the queue is kept in PostgreSQL",
    );
    if (required) throw problem;
    log.error({ err: problem }, "the queue is away: changes are taken in, and worked on when it is back");
  } finally {
    redis.disconnect();
  }
}

/** Host, port and database of a connection string: what may be shown of it. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname === "/" ? "" : pathname}`;
}

/** Node reports several tried addresses as an error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error && error.message ? error.message : String(error);
}
