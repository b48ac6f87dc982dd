import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import pino from "pino";
import { startWorkers } from "../../workers/index.ts";
import { type BroughtUp, bringUp } from "../bring-up.ts";
import type { Config, Timings } from "../config.ts";
import { createServer } from "../http/server.ts";
import { createLogger, type Logger } from "../log.ts";
import { seedDatabase, seedFolder } from "../seed.ts";
import { forgetRehearsals } from "../store/rehearsals.ts";
import { startTwin } from "../twin/index.ts";
import { CUSTOMERS } from "./documents.ts";
import { choosePorts, type Ports } from "./ports.ts";
import { callTwin } from "./twin-http.ts";

/** Database, queue, twin, server and workers in this one process. */
export interface Everything extends BroughtUp {
  serverUrl: string;
  twinUrl: string;
  folder: string;
  logFile: string;
}

export interface EverythingOptions {
  seed: string;
  /** Forget what earlier runs of this seed left. */
  fresh: boolean;
  /** Tells people how far it is. */
  say(text: string): void;
}

/** What is taken up has to be put down again, last first. */
type Closing = () => Promise<unknown>;

/**
 * Starts everything a rehearsal needs. The server listens before the twin runs, since the twin at once sends what it
 * could not send when it ended; the workers start when both are there.
 *
 * @throws InputError; what was started by then is stopped again
 */
export async function startEverything(config: Config, options: EverythingOptions): Promise<Everything> {
  const closings: Closing[] = [];
  const close = async () => {
    for (const closing of closings.splice(0).reverse()) await closing();
  };
  try {
    return { ...(await start(config, options, closings)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(config: Config, { seed, fresh, say }: EverythingOptions, closings: Closing[]) {
  const folder = seedFolder(config, seed);
  await mkdir(folder, { recursive: true });
  const logFile = join(folder, "partnersync.log");
  const log = openLog(config, logFile, closings);

  say("database and queue …");
  const hasty = { ...config, timings: shortened(config.timings) };
  const running = await bringUp(hasty, log, { databaseName: seedDatabase(config, seed) });
  closings.push(running.close);
  const { app, database, queue } = running;
  say(`database: ${database}\nqueue:    ${queue}`);
  if (fresh) await beginAnew(running, folder);

  const ports = await choosePorts(folder);
  const server = createServer(app);
  closings.push(() => server.close());
  const serverUrl = await server.listen({ host: "127.0.0.1", port: ports.server });
  const twin = await openTwin(seed, running, folder, ports, say);
  closings.push(() => twin.close());
  const workers = startWorkers(app);
  closings.push(() => workers.close());
  say(`server:   ${serverUrl}\ntwin:     ${twin.url}`);
  return { ...running, serverUrl, twinUrl: twin.url, folder, logFile };
}

/**
 * Waits that make sense where all is in one process: when it is killed, no call of its can still take effect, and
 * nobody else holds its claims.
 */
function shortened(timings: Timings): Timings {
  const atMost = { leaseMs: 10_000, callTimeoutMs: 5_000, callMarginMs: 1_000, sweepMs: 1_000, graceMs: 2_000 };
  const shorter = Object.entries(atMost).map(([name, ms]) => [name, Math.min(ms, timings[name as keyof Timings])]);
  return { ...timings, ...Object.fromEntries(shorter) };
}

function openLog(config: Config, file: string, closings: Closing[]): Logger {
  const destination = pino.destination({ dest: file, sync: true });
  closings.push(async () => destination.end());
  return createLogger({ level: config.logLevel }, destination);
}

async function beginAnew({ app }: BroughtUp, folder: string): Promise<void> {
  await forgetRehearsals(app.database, [...CUSTOMERS]);
  for (const part of ["twin", "mappings"]) await rm(join(folder, part), { recursive: true, force: true });
}

/**
 * The twin and our database remember the same story or none: where one of them has lost it (another DATA_DIR or
 * database than last time), both begin anew.
 */
async function openTwin(seed: string, running: BroughtUp, folder: string, ports: Ports, say: (text: string) => void) {
  const open = () => startTwin({ seed, port: ports.twin, dataDir: join(folder, "twin") });
  const twin = await open();
  const { companies } = (await callTwin(`${twin.url}/_twin/companies`)) as { companies: unknown[] };
  const tenants = (await running.app.tenants.list()).filter(({ id }) => CUSTOMERS.some((customer) => customer === id));
  if (companies.length > 0 === tenants.length > 0) return twin;
  say("what was rehearsed before is known to only one side; both begin anew");
  await twin.close();
  await beginAnew(running, folder);
  return open();
}
