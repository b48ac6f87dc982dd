import { spawn } from "node:child_process";
import {
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join, parse } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Binaries } from "./binaries.ts";
import { readIfThere } from "./mutex.ts";
import { commandLineOf, pidExists } from "./process-identity.ts";
import type { ServerUser } from "./server-user.ts";

/** One PostgreSQL data folder and how its server is run. */
export interface Cluster {
  folder: string;
  /** Where the server's own messages go. */
  logFile: string;
  user: ServerUser;
  /** False gives up crash safety for speed: for tests. */
  durable: boolean;
}

export interface RunningServer {
  pid: number;
  port: number;
}

/** The superuser and the database that the embedded server has. */
export const NAME = "partnersync";

const STARTS_IN_MS = 60_000; // crash recovery of a large database included
const STOPS_IN_MS = 20_000;
const POLL_MS = 20;

/** Major version of an existing data folder; undefined when there is none. */
export function clusterVersion(folder: string): number | undefined {
  const version = readIfThere(join(folder, "PG_VERSION"));
  return version === null ? undefined : Number.parseInt(version, 10);
}

/**
 * Creates the data folder: UTF-8 and a fixed locale whatever the environment says. It appears complete or not at all.
 *
 * @param password of the superuser
 */
export async function createCluster(cluster: Cluster, binaries: Binaries, password: string): Promise<void> {
  const parent = dirname(cluster.folder);
  const prefix = "postgres.new-";
  for (const left of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
    rmSync(join(parent, left), { recursive: true, force: true, maxRetries: 3 }); // of an initdb cut short
  }
  const fresh = join(parent, `${prefix}${process.pid}-${Date.now()}`);
  const data = join(fresh, "data");
  const passwordFile = join(fresh, "password");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const path of [fresh, data, passwordFile]) {
    if (cluster.user) chownSync(path, cluster.user.uid, cluster.user.gid);
  }
  const args = [`--pgdata=${data}`, `--username=${NAME}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  args.push("--encoding=UTF8", ...localeArgs(binaries), ...(cluster.durable ? [] : ["--no-sync"]));
  await runToEnd(binaries.initdb, args, cluster);
  renameSync(data, cluster.folder);
  rmSync(fresh, { recursive: true, force: true });
}

function localeArgs({ major }: Binaries): string[] {
  if (major >= 17) return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  return [process.platform === "linux" ? "--locale=C.UTF-8" : "--locale=C"];
}

async function runToEnd(program: string, args: string[], cluster: Cluster): Promise<void> {
  const child = launch(program, args, cluster);
  const code = await new Promise((done, failed) => child.on("error", failed).on("exit", done));
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${lastLines(cluster.logFile)}`);
}

/** The environment says nothing: locale and connection variables of the shell would leak into the server. */
function launch(program: string, args: string[], { user, logFile }: Cluster) {
  const log = openSync(logFile, "a", 0o600);
  try {
    return spawn(program, args, {
      ...user,
      env: { LC_ALL: "C", TZ: "UTC", SYSTEMROOT: "C:\\Windows" },
      cwd: parse(program).root, // a folder that this user can enter
      detached: true, // Ctrl-C is for us: we stop the server after our own work has ended
      stdio: ["ignore", log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** The server that runs on this folder, once it accepts connections; null when none does. */
export async function findServer(cluster: Cluster): Promise<RunningServer | null> {
  const giveUp = Date.now() + STARTS_IN_MS;
  while (Date.now() < giveUp) {
    const server = readPidFile(cluster);
    if (server === null || !isServer(server.pid, cluster)) return null;
    if (server.status === "ready") return { pid: server.pid, port: server.port };
    await sleep(POLL_MS);
  }
  throw new Error(`PostgreSQL in ${cluster.folder} does not become ready: ${lastLines(cluster.logFile)}`);
}

/**
 * Starts a server on the loopback interface, and waits until it accepts connections.
 *
 * @param before the port it had, taken again where it is free: whoever was connected finds it there
 */
export async function startServer(cluster: Cluster, binaries: Binaries, before: number | null): Promise<RunningServer> {
  rmSync(join(cluster.folder, "postmaster.pid"), { force: true }); // findServer saw that nobody runs
  if ((statSync(cluster.logFile, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) rmSync(cluster.logFile);
  for (let attempt = 1; ; attempt++) {
    const port = (attempt === 1 && before !== null && (await freePort(before).catch(() => null))) || (await freePort());
    const server = await tryStart(cluster, binaries, port);
    if (server) return server;
    const problem = lastLines(cluster.logFile);
    const portTaken = /could not bind|could not create any TCP/.test(problem); // between our look and the server's
    if (!portTaken || attempt === 5) throw new Error(`PostgreSQL does not start: ${problem}`);
  }
}

async function tryStart(cluster: Cluster, binaries: Binaries, port: number): Promise<RunningServer | null> {
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: 200,
    ...(cluster.durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = launch(binaries.postgres, ["-D", cluster.folder, ...args], cluster);
  child.unref();
  let ended = false;
  child.on("exit", () => (ended = true)).on("error", () => (ended = true));
  const giveUp = Date.now() + STARTS_IN_MS;
  while (!ended && Date.now() < giveUp) {
    const server = readPidFile(cluster);
    if (server?.pid === child.pid && server?.status === "ready") return { pid: server.pid, port };
    await sleep(POLL_MS);
  }
  if (!ended) child.kill("SIGKILL");
  return null;
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk, no process is left. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const server = readPidFile(cluster);
  if (server === null || !isServer(server.pid, cluster)) return;
  // Fast, then immediate (recovers at the next start), then by force.
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (pidExists(server.pid)) process.kill(server.pid, signal);
    const giveUp = Date.now() + STOPS_IN_MS;
    while (Date.now() < giveUp) {
      if (!isServer(server.pid, cluster)) return;
      await sleep(POLL_MS);
    }
  }
  throw new Error(`PostgreSQL (pid ${server.pid}) in ${cluster.folder} does not stop`);
}

/** Whether this pid is the server of this folder; a pid file outlives a crash, and its pid may be another program's. */
function isServer(pid: number, { folder }: Cluster): boolean {
  if (!pidExists(pid)) return false;
  return process.platform === "win32" || commandLineOf(pid).includes(folder);
}

function readPidFile({ folder }: Cluster): (RunningServer & { status: string | undefined }) | null {
  const lines = readIfThere(join(folder, "postmaster.pid"))?.split("\n");
  if (!lines?.[0]) return null;
  return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() };
}

/** @param wanted that port and no other. @throws when it is taken */
function freePort(wanted = 0): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on("error", failed);
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? done(address.port) : failed(new Error("no port"))));
    });
  });
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-8).join("\n");
}
