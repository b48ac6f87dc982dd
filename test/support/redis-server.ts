import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

/** Debian's redis-server and the libraries that a slim image lacks. */
const PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblua5.1-0", "liblzf1"];

interface Program {
  command: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Redis for one test run: REDIS_URL, else a server of our own from PATH or from Debian's packages, unpacked into
 * `.data/redis` without root.
 *
 * @param folder where the server may keep its files
 * @returns null, loudly, when this machine cannot have one
 */
export async function startRedis(folder: string): Promise<{ url: string; stop(): Promise<void> } | null> {
  if (process.env.REDIS_URL) return { url: process.env.REDIS_URL, stop: async () => {} };
  const dir = join(folder, "redis");
  const port = await freePort();
  const program = redisProgram(dir, port);
  if (program === null) {
    console.error("\n*** No Redis on this machine: everything about the Redis queue is SKIPPED (set REDIS_URL) ***\n");
    return null;
  }
  const log = openSync(join(dir, "redis.log"), "a");
  const child = spawn(program.command, program.args, { env: program.env, stdio: ["ignore", log, log] });
  const url = `redis://127.0.0.1:${port}`;
  await waitUntilUp(url, child);
  return { url, stop: () => stop(child) };
}

/**
 * How a Redis of one's own is started: one that remembers nothing once its process ends.
 *
 * @param dir made when missing
 * @returns null when this machine cannot have one
 */
export function redisProgram(dir: string, port: number): (Program & { args: string[] }) | null {
  const program = findProgram();
  if (program === null) return null;
  mkdirSync(dir, { recursive: true });
  const settings = { port, bind: "127.0.0.1", dir, save: "", databases: 64, "maxmemory-policy": "noeviction" };
  return { ...program, args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]) };
}

async function waitUntilUp(url: string, child: ChildProcess): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on("error", () => {}); // refused until it listens
  const ended = new Promise<never>((_, failed) => {
    child.once("exit", (code) => failed(new Error(`redis-server ended with ${code}`)));
    child.once("error", failed);
  });
  await Promise.race([client.ping(), ended]).finally(() => client.disconnect());
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((done) => child.once("exit", done));
  if (child.exitCode === null && child.kill("SIGTERM"))
    await Promise.race([ended, sleep(5_000, undefined, { ref: false })]);
  child.kill("SIGKILL");
}

function findProgram(): Program | null {
  const env = { ...process.env };
  if (spawnSync("redis-server", ["--version"]).status === 0) return { command: "redis-server", env };
  const unpacked = join(process.cwd(), ".data", "redis");
  if (!existsSync(unpacked)) unpack(unpacked);
  const command = join(unpacked, "usr", "bin", "redis-server");
  const libraries = join(unpacked, "usr", "lib");
  if (!existsSync(command)) return null;
  const folders = readdirSync(libraries, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  env.LD_LIBRARY_PATH = folders.map((entry) => join(libraries, entry.name)).join(":");
  return spawnSync(command, ["--version"], { env }).status === 0 ? { command, env } : null;
}

function unpack(target: string): void {
  const fresh = `${target}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    if (spawnSync("apt-get", ["download", ...PACKAGES], { cwd: fresh, timeout: 60_000 }).status !== 0) return;
    for (const file of readdirSync(fresh).filter((name) => name.endsWith(".deb"))) {
      if (spawnSync("dpkg", ["-x", file, "."], { cwd: fresh }).status !== 0) return;
    }
    renameSync(fresh, target);
  } catch {
    // another run was faster
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? done(address.port) : failed(new Error("no port"))));
    });
  });
}
