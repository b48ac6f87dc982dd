import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createVault } from "../src/store/vault.ts";
import { definePart, type Part, portToKeep, until } from "./support/child.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";

/* Server and workers as processes, and what they need going away. */

const ENTRIES = { server: "src/server.ts", workers: "workers/main.ts" } as const;

const environment = (more: Record<string, string>) => ({
  PATH: process.env.PATH ?? "",
  HOME: process.env.HOME ?? "",
  MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
  DATA_DIR: tmpdir(),
  ...more,
});

describe("a process that cannot start", () => {
  test.each([
    ["server", { DATABASE_URL: "postgresql://ps:hidden-word@127.0.0.1:1/ps" }, "NO_DATABASE", "127.0.0.1:1/ps"],
    ["workers", { DATABASE_URL: "postgresql://ps:hidden-word@127.0.0.1:1/ps" }, "NO_DATABASE", "127.0.0.1:1/ps"],
    ["server", { DATABASE_URL: "mysql://ps:hidden-word@127.0.0.1:1/ps" }, "BAD_CONFIG", "DATABASE_URL"],
    ["workers", { NODE_ENV: "production" }, "NO_DATABASE_URL", "set DATABASE_URL"],
    [
      "workers",
      { NODE_ENV: "production", MASTER_KEY: "", DATABASE_URL: "postgresql://ps@127.0.0.1:1/ps" },
      "NO_MASTER_KEY",
      "openssl rand -base64 32",
    ],
  ] as const)("%s with %j says what is wrong and ends with 1", async (entry, more, code, words) => {
    const { status, said } = await runToEnd(entry, more);
    expect(status).toBe(1);
    expect(said).toContain(code);
    expect(said).toContain(words);
    expect(said).not.toMatch(/^ +at /m);
    expect(said).not.toContain("hidden-word");
  });

  const file = fileURLToPath(import.meta.url);
  test.each([
    ["a file for a folder", file],
    ["a folder in a file", `${file}/data`],
  ])("says DATA_DIR_UNUSABLE of %s, for the key and for the database", async (_, dataDir) => {
    for (const key of ["", environment({}).MASTER_KEY]) {
      const { status, said } = await runToEnd("server", { MASTER_KEY: key, DATA_DIR: dataDir });
      expect(status).toBe(1);
      expect(said).toMatch(/^✗ DATA_DIR_UNUSABLE: \/.* cannot be used: a file is where a folder has to be/);
      expect(said).toContain("where: DATA_DIR");
      expect(said).not.toMatch(/^ +at /m);
    }
  });

  test("says BAD_HOST of a name nobody knows and of another machine's address, PORT_TAKEN of a port in use", async () => {
    const database = await freshDatabase();
    const inTheWay = createServer().listen(0, "127.0.0.1");
    await once(inTheWay, "listening");
    const { port } = inTheWay.address() as AddressInfo;
    const start = (more: Record<string, string>) => runToEnd("server", { DATABASE_URL: database.url, ...more });
    for (const HOST of ["no-such-host.invalid", "192.0.2.1"]) {
      const { status, said } = await start({ HOST, PORT: "0" });
      expect([status, said]).toEqual([1, expect.stringContaining(`BAD_HOST: HOST ${HOST} is no address`)]);
    }
    const { status, said } = await start({ PORT: String(port) });
    expect([status, said]).toEqual([1, expect.stringContaining("PORT_TAKEN: listen EADDRINUSE")]);
    inTheWay.close();
    await database.drop();
  });

  test.each(["server", "workers"] as const)("%s refuses a database filled under another master key", async (entry) => {
    const database = await freshDatabase();
    const key = createVault(new Map([[1, Buffer.alloc(32, 9)]])).newTenantKey("acme");
    await database.pool.query("insert into tenant (id, name, data_key) values ('acme', 'acme', $1)", [key]);
    const { status, said } = await runToEnd(entry, { DATABASE_URL: database.url, PORT: "0" });
    await database.drop();
    expect(status).toBe(1);
    expect(said).toContain("WRONG_MASTER_KEY: the key of tenant acme does not open under MASTER_KEY_V1");
    expect(said).toContain("where: MASTER_KEY");
    expect(said).toContain("start with the MASTER_KEY this database was filled under");
    expect(said).not.toMatch(/^ +at /m);
  });
});

/** A process that is to end by itself, with what it said on stderr. */
async function runToEnd(entry: keyof typeof ENTRIES, more: Record<string, string>) {
  const child = spawn(process.execPath, ["scripts/run.mjs", ENTRIES[entry]], { env: environment(more) });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [status] = await once(child, "close");
  return { status, said };
}

describe("a database that goes away", () => {
  let database: TestDatabase;
  let door: Door;
  let parts: Record<keyof typeof ENTRIES, Part>;
  let serverUrl: string;

  beforeAll(async () => {
    database = await freshDatabase();
    door = await openDoor(new URL(database.url));
    const port = await portToKeep();
    serverUrl = `http://127.0.0.1:${port}`;
    const env = environment({ DATABASE_URL: door.url, PORT: String(port), SWEEP_MS: "100" });
    const define = (name: keyof typeof ENTRIES, ready: string) =>
      definePart({
        name,
        command: [process.execPath, "scripts/run.mjs", ENTRIES[name]],
        env,
        isReady: (said) => said.includes(ready),
      });
    parts = { server: define("server", '"listening"'), workers: define("workers", '"working"') };
    await Promise.all([parts.server.start(), parts.workers.start()]);
  }, 120_000);

  afterAll(async () => {
    for (const part of Object.values(parts ?? {})) await part.end();
    door?.shut();
    await database?.drop();
  });

  const ready = async () => (await fetch(`${serverUrl}/readyz`)).status;

  test("takes neither the server nor the workers down, and both go on when it is back", async () => {
    expect(await ready()).toBe(200);
    door.shut();
    await until("the server says it is not ready", async () => (await ready()) === 503);
    await until("the workers notice", () => parts.workers.said().includes("sweep failed"));
    expect((await fetch(`${serverUrl}/healthz`)).status).toBe(200);

    await door.open();
    await until("the server is ready again", async () => (await ready()) === 200);
  }, 120_000);

  test("both end with 0 within 15 seconds of SIGTERM, however often it comes", async () => {
    for (const part of Object.values(parts)) {
      const startedAt = Date.now();
      const pid = part.pid ?? 0;
      for (let i = 0; i < 30; i++) {
        process.kill(pid, "SIGTERM");
        await setImmediate(); // one that is still to be delivered would swallow the next
      }
      const { code } = await part.end("SIGTERM");
      expect(code).toBe(0);
      expect(Date.now() - startedAt).toBeLessThan(15_000);
    }
  }, 60_000);
});

/** A way to the database that can be shut. */
interface Door {
  url: string;
  shut(): void;
  open(): Promise<void>;
}

async function openDoor(database: URL): Promise<Door> {
  const port = await portToKeep();
  const through = new Set<Socket>();
  let server: Server;
  const door: Door = {
    url: Object.assign(new URL(database), { host: `127.0.0.1:${port}` }).href,
    shut() {
      server.close();
      for (const socket of through) socket.destroy();
      through.clear();
    },
    async open() {
      server = createServer((inside) => {
        const outside = connect(Number(database.port), database.hostname);
        for (const socket of [inside, outside]) {
          through.add(socket);
          socket.on("error", () => {}).on("close", () => [inside, outside].map((one) => one.destroy()));
        }
        inside.pipe(outside).pipe(inside);
      });
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
  };
  await door.open();
  return door;
}
