import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { pidExists } from "../../src/embedded/process-identity.ts";
import { migrate } from "../../src/store/migrate.ts";
import { startRedis } from "./redis-server.ts";

/*
 * Database and Redis of one test run. Jest's main process starts each when the first test asks for it, over HTTP,
 * since tests run in processes of their own; a run of pure tests starts neither.
 */

interface Service {
  url: string;
  stop(): Promise<void>;
}

const PREFIX = "partnersync-test-";

/** The database that each test file's own is copied from. */
export const TEMPLATE = "template_partnersync";

/** Called once per run by jest, in its main process. */
export async function startServices(): Promise<void> {
  // Not under the project: as root the server runs as somebody who may not be able to get there.
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const services: Record<string, () => Promise<Service | null>> = {
    "/postgres": onDemand(() => startPostgres(folder)),
    "/redis": onDemand(() => startRedis(folder)),
  };
  const started = new Set<Promise<Service | null>>();
  const server = createServer((request, answer) => {
    const service = services[request.url ?? ""]?.();
    if (service) started.add(service);
    void reply(answer, service);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  process.env.TEST_SERVICES_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  Object.assign(globalThis, {
    async stopTestServices() {
      server.close();
      server.closeAllConnections();
      for (const service of started) await (await service.catch(() => null))?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

function onDemand<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= start();
    return started;
  };
}

async function reply(answer: ServerResponse, service: Promise<Service | null> | undefined): Promise<void> {
  // Asked once per test file: a connection that is kept may close just as the next file takes it up.
  answer.setHeader("connection", "close");
  try {
    answer.end(JSON.stringify({ url: (await service)?.url ?? null }));
  } catch (error) {
    answer.writeHead(500).end(error instanceof Error ? error.stack : String(error));
  }
}

async function startPostgres(folder: string): Promise<Service> {
  await removeLeftovers();
  const database = await openEmbeddedPostgres({ dataDir: folder, durable: false });
  const template = new URL(database.url);
  template.pathname = `/${TEMPLATE}`;
  await inDatabase(database.url, (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
  const pool = new pg.Pool({ connectionString: template.href, max: 1 });
  await migrate(pool);
  await pool.end();
  return database;
}

async function inDatabase(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await work(client).finally(() => client.end());
}

/** Servers and folders of runs that were killed, as far as they can be removed: no run fails for what another one left. */
export async function removeLeftovers(within = tmpdir()): Promise<void> {
  for (const name of readdirSync(within).filter((entry) => entry.startsWith(PREFIX))) {
    if (pidExists(Number.parseInt(name.slice(PREFIX.length), 10))) continue;
    const folder = join(within, name);
    // Half removed, by a run that was killed at it or by one that is at it now: a server without its folder ends by itself.
    await stopServerOf(folder).catch(() => {});
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      console.error(`left from another test run, and cannot be removed: ${folder}`, error);
    }
  }
}

async function stopServerOf(folder: string): Promise<void> {
  const left = readdirSync(folder);
  if (!left.includes("postgres.lock") && !left.includes("postgres")) return;
  await (await openEmbeddedPostgres({ dataDir: folder, durable: false })).stop();
}
