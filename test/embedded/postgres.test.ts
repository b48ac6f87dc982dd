import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { openEmbeddedPostgres } from "../../src/embedded/postgres.ts";
import { commandLineOf } from "../../src/embedded/process-identity.ts";

const asRoot = process.getuid?.() === 0;
const children: ChildProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) {
    await (await openEmbeddedPostgres({ dataDir: folder, durable: false })).stop();
    const place = join(folder, "postgres.place");
    if (existsSync(place)) rmSync(dirname(readFileSync(place, "utf8")), { recursive: true });
    rmSync(dirname(folder), { recursive: true });
  }
});

/** A data folder, with a space in its path as some people's have; cleared away afterwards. */
function dataFolder(parentMode = 0o755): string {
  const parent = mkdtempSync(join(tmpdir(), "partnersync embedded-"));
  chmodSync(parent, parentMode);
  const folder = join(parent, "data");
  mkdirSync(folder, { mode: 0o700 });
  folders.push(folder);
  return folder;
}

const open = (dataDir: string) => openEmbeddedPostgres({ dataDir, durable: false });

async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

const serverPid = (folder: string) =>
  Number.parseInt(readFileSync(join(folder, "postgres", "postmaster.pid"), "utf8"), 10);

/** Not for a process that has ended and only waits for its parent to notice. */
const runs = (pid: number) => commandLineOf(pid) !== "";

/** Another process that has the database open; `close` lets it go in good order. */
async function otherProcess(folder: string) {
  const args = ["scripts/run.mjs", "test/support/hold-postgres.ts", folder];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const close = async () => {
    child.stdin.end();
    await once(child, "exit");
  };
  const kill = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { ...(JSON.parse(line) as { url: string; owned: boolean }), close, kill };
}

describe("the embedded database", () => {
  test("counts characters, not bytes, allows many connections, and asks for its password", async () => {
    const database = await open(dataFolder());
    expect(database.owned).toBe(true);
    expect(await query(database.url, "SELECT length('Zürich 株式会社')")).toBe(11);
    expect(await query(database.url, "SHOW max_connections")).toBe("200");
    expect(await query(database.url, "SHOW listen_addresses")).toBe("127.0.0.1");
    const stranger = new URL(database.url);
    stranger.password = "guess";
    await expect(query(stranger.href, "SELECT 1")).rejects.toThrow("password authentication failed");
    await database.stop();
  });

  test("keeps its data and password over a restart, and leaves no process behind", async () => {
    const folder = dataFolder();
    const first = await open(folder);
    await query(first.url, "CREATE TABLE kept AS SELECT 7 AS n");
    const pid = serverPid(folder);
    await first.stop();
    expect(runs(pid)).toBe(false);

    const second = await open(folder);
    expect(await query(second.url, "SELECT n FROM kept")).toBe(7);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    expect(statSync(join(folder, "postgres.password")).mode & 0o777).toBe(0o600);
    await second.stop();
  });

  test("is one server for several processes, and stops with the last of them", async () => {
    const folder = dataFolder();
    const opened = await Promise.all([otherProcess(folder), otherProcess(folder), open(folder)]);
    const [a, b, here] = opened;
    expect(new Set(opened.map(({ url }) => url)).size).toBe(1);
    expect(opened.filter(({ owned }) => owned)).toHaveLength(1);

    await a.close();
    await here.stop();
    expect(await query(b.url, "SELECT 1")).toBe(1);
    const pid = serverPid(folder);
    await b.close();
    expect(runs(pid)).toBe(false);
  });

  test("is taken over from a process that was killed, and stopped by the one that took it over", async () => {
    const folder = dataFolder();
    const killed = await otherProcess(folder);
    await killed.kill();
    const pid = serverPid(folder);
    expect(runs(pid)).toBe(true);

    const heir = await open(folder);
    expect(heir).toMatchObject({ url: killed.url, owned: true });
    await heir.stop();
    expect(runs(pid)).toBe(false);
  });

  test("starts again after the server itself was killed", async () => {
    const folder = dataFolder();
    const first = await open(folder);
    const pid = serverPid(folder);
    process.kill(pid, "SIGKILL");
    while (runs(pid)) await new Promise((next) => setImmediate(next));
    const second = await open(folder);
    expect(second.url).toBe(first.url); // where those who are still there look for it
    expect(await query(second.url, "SELECT 1")).toBe(1);
    await second.stop();
    await first.stop();
  });

  test("comes back at another port where its own was taken meanwhile", async () => {
    const folder = dataFolder();
    const first = await open(folder);
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), "127.0.0.1");
    await once(squatter, "listening");
    const second = await open(folder);
    expect(second.url).not.toBe(first.url);
    expect(await query(second.url, "SELECT 1")).toBe(1);
    await second.stop();
    squatter.close();
  });

  test("does not take another program, which has the pid of a stale pid file, for its server", async () => {
    const folder = dataFolder();
    await (await open(folder)).stop();
    const lines = [process.pid, join(folder, "postgres"), 1, 5432, "", "127.0.0.1", "", "ready"];
    writeFileSync(join(folder, "postgres", "postmaster.pid"), lines.join("\n"));
    const database = await open(folder);
    expect(await query(database.url, "SELECT 1")).toBe(1);
    await database.stop();
  });

  test("gets past an initdb that was cut short and the lock of a process that died", async () => {
    const folder = dataFolder();
    mkdirSync(join(folder, "postgres.new-1-1", "data"), { recursive: true });
    writeFileSync(join(folder, "postgres.new-1-1", "data", "PG_VERSION"), "18\n");
    writeFileSync(join(folder, "postgres.lock"), `${process.pid} a-start-long-ago`);
    const database = await open(folder);
    expect(await query(database.url, "SELECT 1")).toBe(1);
    await database.stop();
    expect(readdirSync(folder).filter((name) => name.includes("new") || name.includes("lock"))).toEqual([]);
  });

  test("says what to do when the data folder has lost its password", async () => {
    const folder = dataFolder();
    await (await open(folder)).stop();
    const password = join(folder, "postgres.password");
    const kept = readFileSync(password, "utf8");
    rmSync(password);
    await expect(open(folder)).rejects.toMatchObject({
      name: "InputError",
      hint: expect.stringContaining("put the file back"),
    });
    writeFileSync(password, kept);
  });

  const rootsTest = "finds, as root, a place that its unprivileged server can enter";
  if (asRoot)
    test(rootsTest, async () => {
      const folder = dataFolder(0o700);
      const first = await open(folder);
      await query(first.url, "CREATE TABLE kept AS SELECT 7 AS n");
      await first.stop();
      expect(existsSync(join(folder, "postgres"))).toBe(false);
      const second = await open(folder);
      expect(await query(second.url, "SELECT n FROM kept")).toBe(7);
      await second.stop();
    });
});
