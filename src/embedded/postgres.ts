import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pg from "pg";
import { dataDirUnusable } from "../data-dir.ts";
import { InputError } from "../errors.ts";
import { findBinaries } from "./binaries.ts";
import { type Cluster, clusterVersion, createCluster, findServer, NAME, startServer, stopServer } from "./cluster.ts";
import { readIfThere, withMutex } from "./mutex.ts";
import { isAlive, processIdentity } from "./process-identity.ts";
import { letPass, serverUser } from "./server-user.ts";

export interface EmbeddedPostgres {
  /** Connection string of a superuser, loopback only. Holds the password: not for logs. */
  url: string;
  /** Whether this call started the server, or took it over from a process that died. */
  owned: boolean;
  /** Gives the server up; the last process to do so shuts it down. May be called twice. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Folder that keeps the data, e.g. ".data"; made when missing. */
  dataDir: string;
  log?: (message: string) => void;
  /** False gives up crash safety for speed: for tests. Default true. */
  durable?: boolean;
}

/**
 * Brings up PostgreSQL for this machine alone, without anything installed: the data live in `dataDir/postgres`, the
 * server listens on a free port of the loopback interface and asks for a password kept in `dataDir`.
 *
 * Processes that open the same folder share one server. Each is registered in `dataDir/postgres.users`; the last one
 * to stop shuts the server down, and one that was killed does not count.
 *
 * @throws InputError when there are no PostgreSQL programs to run, or the folder cannot be used
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => {});
  const users = join(dataDir, "postgres.users");
  try {
    mkdirSync(users, { recursive: true });
    return await withMutex(join(dataDir, "postgres.lock"), async () => {
      const cluster = clusterOf(dataDir, options.durable ?? true);
      const password = passwordOf(dataDir, cluster);
      const running = clusterVersion(cluster.folder) ? await findServer(cluster) : null;
      const owned = running === null || liveUsers(users).length === 0;
      const { port } = running ?? (await start(cluster, { dataDir, password }, log));
      if (running) log(`joined the embedded PostgreSQL on port ${port}`);
      const url = `postgresql://${NAME}:${password}@127.0.0.1:${port}/${NAME}`;
      await ensureDatabase(url);
      const ticket = join(users, randomUUID());
      writeFileSync(ticket, processIdentity());
      return { url, owned, stop: () => release(dataDir, ticket, cluster, log) };
    });
  } catch (error) {
    throw dataDirUnusable(error) ?? error;
  }
}

async function start(
  cluster: Cluster,
  { dataDir, password }: { dataDir: string; password: string },
  log: (message: string) => void,
) {
  const version = clusterVersion(cluster.folder);
  const binaries = findBinaries(cluster.user, version);
  if (version === undefined) {
    log(`creating a PostgreSQL ${binaries.major} database in ${cluster.folder}`);
    await createCluster(cluster, binaries, password);
  }
  const portFile = join(dataDir, "postgres.port");
  const server = await startServer(cluster, binaries, Number(readIfThere(portFile)) || null);
  writeFileSync(portFile, String(server.port));
  log(`started the embedded PostgreSQL ${binaries.major} on port ${server.port}`);
  return server;
}

async function release(dataDir: string, ticket: string, cluster: Cluster, log: (message: string) => void) {
  const users = join(dataDir, "postgres.users");
  await withMutex(join(dataDir, "postgres.lock"), async () => {
    rmSync(ticket, { force: true });
    if (liveUsers(users).length > 0) return;
    await stopServer(cluster);
    log("stopped the embedded PostgreSQL");
  });
}

/** Tickets of processes that still run; those of dead ones are thrown away. */
function liveUsers(users: string): string[] {
  return readdirSync(users).filter((ticket) => {
    const live = isAlive(readIfThere(join(users, ticket)) ?? "");
    if (!live) rmSync(join(users, ticket), { force: true });
    return live;
  });
}

/**
 * Where the data are. As root the server runs as somebody who may not be able to enter `dataDir` (a 0700 home): they
 * then live under /var/lib, and `dataDir/postgres.place` remembers where.
 */
function clusterOf(dataDir: string, durable: boolean): Cluster {
  const placeFile = join(dataDir, "postgres.place");
  const inside = join(dataDir, "postgres");
  let folder = readIfThere(placeFile)?.trim() || inside;
  const user = serverUser(folder);
  if (folder === inside && !letPass(dataDir, user)) {
    const parent = join("/var/lib/partnersync", createHash("sha256").update(dataDir).digest("hex").slice(0, 12));
    mkdirSync(parent, { recursive: true, mode: 0o755 });
    folder = join(parent, "postgres");
    writeFileSync(placeFile, folder);
  }
  return { folder, logFile: join(dataDir, "postgres.log"), user, durable };
}

function passwordOf(dataDir: string, cluster: Cluster): string {
  const file = join(dataDir, "postgres.password");
  const kept = readIfThere(file);
  if (kept) return kept;
  if (clusterVersion(cluster.folder)) {
    throw new InputError(
      "NO_DATABASE",
      `${file} is gone, and with it the way into ${cluster.folder}`,
      "DATA_DIR",
      "put the file back, or remove both and start anew",
    );
  }
  const password = randomBytes(24).toString("base64url");
  writeFileSync(file, password, { mode: 0o600, flush: true });
  return password;
}

async function ensureDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = "/postgres";
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
  } finally {
    await client.end();
  }
}
