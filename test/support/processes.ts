import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, openApp } from "../../src/app.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { createLogger } from "../../src/log.ts";
import { definePart, type Part, portToKeep, until } from "./child.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";
import { onboard, type SystemOptions } from "./system.ts";
import type { TwinClient } from "./twin-client.ts";

/** Twin, server and workers as processes of their own, each of which can die and come back. One tenant: harbourline. */
export interface Processes {
  twinProcess: Part;
  server: Part;
  worker: Part;
  /** The twin's side of the tenant. */
  twin: TwinClient;
  /** An app on the same database, to look into it; it runs nothing. */
  app: App;
  database: TestDatabase;
  /** What the twin has for its deliveries. */
  deliveries(order: Record<string, unknown>): Promise<void>;
  /** Arms a fault in the twin. */
  fault(fault: Record<string, unknown>): Promise<void>;
  /** Resolves when nothing is due, claimed, open or on its way any more. */
  quiet(): Promise<void>;
  /** Ends everything, whatever state it is in. */
  close(): Promise<void>;
}

/** Lowered so that recovery can be waited for; the relations between them are those of production. */
const TIMINGS = { LEASE_MS: 3_000, CALL_TIMEOUT_MS: 1_000, CALL_MARGIN_MS: 300, SWEEP_MS: 200, GRACE_MS: 1_500 };

const TENANT = "harbourline";
const QUIET_WITHIN_MS = 60_000;

export async function startProcesses(
  options: Pick<SystemOptions, "redisUrl"> & { timings?: Partial<typeof TIMINGS> } = {},
): Promise<Processes> {
  const folder = await mkdtemp(join(tmpdir(), "partnersync-processes-"));
  const database = await freshDatabase();
  const env = environment(folder, database.url, { ...TIMINGS, ...options.timings }, options.redisUrl);
  const config = { ...loadConfig(env), databaseUrl: database.url } satisfies Config;
  const [twinUrl, serverUrl] = [`http://127.0.0.1:${await portToKeep()}`, `http://127.0.0.1:${await portToKeep()}`];
  const parts = defineParts(env, { twinUrl, serverUrl, folder });
  const app = openApp(config, createLogger({ level: "silent" }));
  const close = async () => {
    await Promise.all(Object.values(parts).map((part) => part.end()));
    await app.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(Object.values(parts).map((part) => part.start()));
    const twin = await onboard(app, { url: twinUrl }, serverUrl, TENANT);
    return {
      ...parts,
      twin,
      app,
      database,
      deliveries: (order) => twin.call("POST", "/deliveries", order),
      fault: (fault) => twin.call("POST", "/faults", fault),
      quiet: () => untilQuiet({ twinUrl, database, parts: Object.values(parts) }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function environment(folder: string, databaseUrl: string, timings: typeof TIMINGS, redisUrl?: string) {
  const { PATH, HOME } = process.env;
  const numbers = Object.fromEntries(Object.entries(timings).map(([name, value]) => [name, String(value)]));
  return {
    PATH,
    HOME,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl ?? "",
    DATA_DIR: folder,
    MASTER_KEY: randomBytes(32).toString("base64"),
    LOG_LEVEL: "info",
    BURST_TOKENS: "100000",
    ...numbers,
  };
}

function defineParts(env: NodeJS.ProcessEnv, at: { twinUrl: string; serverUrl: string; folder: string }) {
  const portOf = (url: string) => new URL(url).port;
  // As `npm run` starts them; they end by themselves when the test run is killed.
  const run = (...args: string[]): [string, ...string[]] => [process.execPath, "scripts/run.mjs", ...args];
  const twinArgs = ["--json", "--seed", "processes", "twin", "--port", portOf(at.twinUrl)];
  return {
    twinProcess: definePart({
      name: "twin",
      command: run("src/cli/index.ts", ...twinArgs, "--data-dir", join(at.folder, "twin")),
      env,
      isReady: () => answers(`${at.twinUrl}/healthz`),
    }),
    server: definePart({
      name: "server",
      command: run("src/server.ts"),
      env: { ...env, PORT: portOf(at.serverUrl) },
      isReady: () => answers(`${at.serverUrl}/readyz`),
    }),
    worker: definePart({
      name: "worker",
      command: run("workers/main.ts"),
      env,
      isReady: (said) => said.includes('"msg":"working"'),
    }),
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

interface Watched {
  twinUrl: string;
  database: TestDatabase;
  parts: Part[];
}

/** Nothing open in three looks in a row: between two tables, or between both sides, something may be missed in one. */
async function untilQuiet(watched: Watched): Promise<void> {
  let open: unknown[] = [];
  let looks = 0;
  const look = async () => {
    open = [...(await unsettled(watched.database)), ...(await pendingDeliveries(watched.twinUrl))];
    looks = open.length === 0 ? looks + 1 : 0;
    return looks >= 3;
  };
  await until("quiet", look, QUIET_WITHIN_MS).catch((error) => {
    const said = watched.parts.map((part) => `--- ${part.name}\n${part.said()}`).join("\n");
    throw new Error(`still open: ${JSON.stringify(open, null, 1)}\n${said}`, { cause: error });
  });
}

/** Lanes that are due, claimed or blocked, writes of open outcome, effects to be carried out, connections that wait. */
async function unsettled({ pool }: TestDatabase): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select 'lane' as what, to_jsonb(l) - '{seen_crm,seen_program,times}'::text[] as row from lane l
       where due_inbound is not null or due_outbound is not null or lease_until > clock_timestamp()
         or blocked_kind is not null
     union all select 'intent', to_jsonb(i) - 'body' from intent i where state = 'open'
     union all select 'unread', to_jsonb(u) from inbox_lane u where read_at is null
     union all select 'effect', to_jsonb(e) - 'detail' from effect e where state = 'open'`,
  );
  return rows;
}

async function pendingDeliveries(twinUrl: string): Promise<unknown[]> {
  const response = await fetch(`${twinUrl}/_twin/deliveries?state=pending`).catch(() => null);
  if (!response?.ok) return ["the twin does not answer"];
  const { deliveries } = (await response.json()) as { deliveries: { id: string; attempts: number }[] };
  return deliveries.map(({ id, attempts }) => ({ what: "delivery", id, attempts }));
}
