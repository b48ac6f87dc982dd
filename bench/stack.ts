import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "../src/app.ts";
import { bringUp } from "../src/bring-up.ts";
import { loadConfig } from "../src/config.ts";
import { createLogger } from "../src/log.ts";
import { type Baseline, startBaseline } from "./baseline.ts";
import { type Child, startChild } from "./child.ts";
import { createPoster, type Poster } from "./poster.ts";
import type { Surroundings } from "./surroundings.ts";
import { onboard, type Tenant } from "./tenant.ts";

export type BackendName = "postgres" | "redis";

/** Everything of one backend: server and workers as processes of their own, tenants with linked organizations. */
export interface Stack {
  backend: BackendName;
  app: App;
  poster: Poster;
  tenants: Tenant[];
  baseline: Baseline;
  /** Lanes with work left, rung or not. */
  dueLanes(): Promise<number>;
  /** Resolves when no lane is due or claimed any more and the twin has nothing left to send. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const LISTENING = /"url":"(?<url>[^"]+)".*"msg":"listening"/;
const WORKING = /"msg":"working"/;
const QUIET_TIMEOUT_MS = 120_000;

export async function startStack(backend: BackendName, around: Surroundings): Promise<Stack> {
  const { databaseUrl, redisUrl, folder, options } = around;
  const name = `bench_${backend}`;
  const env = {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    PORT: "0",
    DATABASE_URL: databaseOf(databaseUrl, name),
    REDIS_URL: (backend === "redis" && redisUrl) || "",
    MASTER_KEY: randomBytes(32).toString("base64"),
    BURST_TOKENS: "1000000000", // the twin has no limit either
    CONCURRENCY: String(options.concurrency),
  };
  const log = createLogger({ level: "silent" });
  const running = await bringUp(loadConfig({ ...env, DATABASE_URL: databaseUrl }), log, { databaseName: name });
  const { app } = running;
  const started: Child[] = [];
  const start = async (entry: string, role: string, ready: RegExp) => {
    const child = await startChild(entry, { folder, name: `${backend}-${role}`, env, ready });
    started.push(child);
    return child;
  };
  const server = await start("src/server.ts", "server", LISTENING);
  await start("workers/main.ts", "workers", WORKING);
  const serverUrl = server.said.url ?? "";
  const tenants: Tenant[] = [];
  for (let i = 1; i <= options.tenants; i++) {
    tenants.push(await onboard(app, around.twinUrl, serverUrl, `bench-${backend}-${i}`));
  }
  const baseline = await startBaseline({ backend, env, around, pool: app.database.pool });
  const poster = createPoster(serverUrl);
  const stack: Stack = {
    backend,
    app,
    poster,
    tenants,
    baseline,
    async dueLanes() {
      const { rows } = await app.database.pool.query<{ due: string }>(
        `select count(*) as due from lane where due_inbound is not null or due_outbound is not null
           or lease_until > clock_timestamp()`,
      );
      return Number(rows[0]?.due);
    },
    quiet: () => untilQuiet(stack),
    async close() {
      poster.close();
      await baseline.close();
      await Promise.all(started.map((child) => child.stop()));
      await running.close();
    },
  };
  return stack;
}

async function untilQuiet(stack: Stack): Promise<void> {
  const deadline = Date.now() + QUIET_TIMEOUT_MS;
  for (let quietRounds = 0; quietRounds < 3; ) {
    if (Date.now() > deadline) throw new Error(`${stack.backend}: ${await stack.dueLanes()} lanes are still due`);
    const busy = (await stack.dueLanes()) > 0 || (await pendingDeliveries(stack)) > 0;
    quietRounds = busy ? 0 : quietRounds + 1;
    await sleep(20);
  }
}

async function pendingDeliveries({ tenants: [tenant] }: Stack): Promise<number> {
  const state = await tenant?.twin.call<{ deliveries: { pending: number } }>("GET", "/state");
  return state?.deliveries.pending ?? 0;
}

function databaseOf(url: string, name: string): string {
  const database = new URL(url);
  database.pathname = `/${name}`;
  return database.href;
}
