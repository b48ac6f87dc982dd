import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { type App, openApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { type EmbeddedPostgres, openEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { pidExists } from "../../src/embedded/process-identity.ts";
import { createLogger } from "../../src/log.ts";
import { migrate } from "../../src/store/migrate.ts";
import { definePart, type Part, portToKeep, until } from "../support/child.ts";
import type { Backend } from "./options.ts";
import type { Previous } from "./previous.ts";
import { defineRedis } from "./redis.ts";

/** Everything of one backend, each a process of its own: database, queue, both twins, server and two workers. */
export interface Rig {
  backend: Backend;
  /** Data and logs. */
  folder: string;
  twinUrl: string;
  serverUrl: string;
  twin: Part;
  server: Part;
  workers: [Part, Part];
  /** A worker of an earlier version; null where there is none. */
  previous: Part | null;
  /** Null when the queue is in PostgreSQL. */
  redis: { part: Part; url: string } | null;
  database: { kill(): Promise<void>; restart(): Promise<void>; start(): Promise<void> };
  /** To look into the database. */
  pool: pg.Pool;
  /** How far the second worker's clock is ahead when it starts next, in ms. */
  skewWorker(aheadMs: number): void;
  /** Starts a part, again and again while what it needs is still away, as a supervisor does. */
  revive(part: Part): Promise<void>;
  /** An app on the same database and master key, as a command has it. */
  withApp<T>(work: (app: App) => Promise<T>): Promise<T>;
  /** Both twins begin anew, with nothing on their clocks. */
  freshTwin(): Promise<void>;
  close(): Promise<void>;
}

/** Lowered so that recovery can be waited for; the relations between them are those of production. */
const TIMINGS = { LEASE_MS: 3_000, CALL_TIMEOUT_MS: 1_000, CALL_MARGIN_MS: 300, SWEEP_MS: 200, GRACE_MS: 1_500 };
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SKEW = fileURLToPath(new URL("skewed-clock.mjs", import.meta.url));

/** @param folder for data and logs, made by the caller. @throws when a process does not come up */
export async function startRig(backend: Backend, folder: string, previous: Previous | null): Promise<Rig> {
  const redis = backend === "redis" ? defineRedis(folder, await portToKeep()) : null;
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const database = await openDatabase(folder);
    closing.push(() => database.close());
    await redis?.part.start();
    closing.push(async () => redis?.part.end());
    const env = environment(folder, database.url, redis?.url);
    const urls = { twin: `http://127.0.0.1:${await portToKeep()}`, server: `http://127.0.0.1:${await portToKeep()}` };
    const parts = defineParts(env, urls, folder, previous);
    const all = [parts.twin, parts.server, ...parts.workers, ...(parts.previous ? [parts.previous] : [])];
    closing.push(() => Promise.all(all.map((part) => part.end())));
    const pool = new pg.Pool({ connectionString: database.url, max: 4 });
    pool.on("error", () => {}); // the database dies now and then
    closing.push(() => pool.end());
    for (const part of [parts.twin, parts.server, ...parts.workers]) await revive(part);
    return {
      backend,
      folder,
      twinUrl: urls.twin,
      serverUrl: urls.server,
      ...parts,
      redis,
      database,
      pool,
      revive,
      async withApp(work) {
        const app = openApp({ ...loadConfig(env), databaseUrl: database.url }, createLogger({ level: "silent" }));
        return work(app).finally(() => app.close());
      },
      async freshTwin() {
        await parts.twin.end();
        rmSync(join(folder, "twin"), { recursive: true, force: true });
        await parts.twin.start();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function revive(part: Part): Promise<void> {
  for (let attempt = 1; part.pid === undefined; attempt++) {
    await part.start().catch(async (error) => {
      await part.end();
      if (attempt === 10) throw error;
      await sleep(300);
    });
  }
}

type Environment = Record<string, string | undefined>;

function environment(folder: string, databaseUrl: string, redisUrl: string | undefined): Environment {
  const { PATH, HOME } = process.env;
  return {
    PATH,
    HOME,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl ?? "",
    DATA_DIR: join(folder, "data"),
    MASTER_KEY: randomBytes(32).toString("base64"),
    LOG_LEVEL: "info",
    BURST_TOKENS: "100000",
    ...Object.fromEntries(Object.entries(TIMINGS).map(([name, value]) => [name, String(value)])),
  };
}

function defineParts(
  env: Environment,
  urls: { twin: string; server: string },
  folder: string,
  previous: Previous | null,
) {
  const logFile = (name: string) => join(folder, `${name}.log`);
  const run = (root: string, ...args: string[]): [string, ...string[]] => [
    process.execPath,
    join(root, "scripts", "run.mjs"),
    ...args,
  ];
  const worker = (name: string, root: string, own: Environment) =>
    definePart({
      name,
      command: run(root, "workers/main.ts"),
      env: own,
      cwd: root,
      logFile: logFile(name),
      isReady: (said) => said.includes('"msg":"working"'),
    });
  const skewed: Environment = { ...env, NODE_OPTIONS: `--import=${SKEW}`, CLOCK_AHEAD_MS: "0" };
  const twinArgs = ["--json", "--seed", "chaos", "twin", "--port", new URL(urls.twin).port];
  return {
    twin: definePart({
      name: "twin",
      command: run(ROOT, "src/cli/index.ts", ...twinArgs, "--data-dir", join(folder, "twin")),
      env,
      logFile: logFile("twin"),
      isReady: () => answers(`${urls.twin}/healthz`),
    }),
    server: definePart({
      name: "server",
      command: run(ROOT, "src/server.ts"),
      env: { ...env, PORT: new URL(urls.server).port },
      logFile: logFile("server"),
      isReady: () => answers(`${urls.server}/readyz`),
    }),
    workers: [worker("worker-0", ROOT, env), worker("worker-1", ROOT, skewed)] satisfies [Part, Part],
    previous: previous && worker("worker-previous", previous.folder, env),
    skewWorker(aheadMs: number) {
      skewed.CLOCK_AHEAD_MS = String(aheadMs);
    },
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** The embedded database, as a first run has it, with all its crash safety: it is going to need that. */
async function openDatabase(folder: string) {
  const dataDir = join(folder, "database");
  let opened: EmbeddedPostgres = await openEmbeddedPostgres({ dataDir });
  const { url } = opened;
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  await migrate(pool).finally(() => pool.end());
  const pidOf = async () => {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ at: string }>("select current_setting('data_directory') as at");
    await client.end();
    return Number.parseInt(readFileSync(join(rows[0]?.at ?? "", "postmaster.pid"), "utf8"), 10);
  };
  const pid = { now: await pidOf() };
  const gone = (pids: number[]) => until("the end of the database", () => !pids.some(runs));
  const start = async () => {
    const before = opened;
    opened = await openEmbeddedPostgres({ dataDir });
    if (opened.url !== url) throw new Error("the database came back somewhere else");
    pid.now = await pidOf();
    await before.stop(); // a ticket of the server that died; the one that runs has ours
  };
  return {
    url,
    /** At once and with all its processes, as when the power fails. */
    async kill() {
      const pids = [pid.now, ...childrenOf(pid.now)];
      for (const one of pids) if (runs(one)) process.kill(one, "SIGKILL");
      await gone(pids);
    },
    /** As an upgrade does it: everyone is disconnected, nothing is lost. */
    async restart() {
      process.kill(pid.now, "SIGINT");
      await gone([pid.now]);
      await start();
    },
    start,
    close: () => opened.stop(),
  };
}

/** Not one that has ended and only waits for its parent to notice. */
function runs(pid: number): boolean {
  if (!pidExists(pid)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}
