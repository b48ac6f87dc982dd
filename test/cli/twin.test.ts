import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Rehearsal } from "../../src/cli/twin-rehearsal.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { cli, json } from "./cli-under-test.ts";

/* A document is rehearsed with what `twin --with` prints, and with nothing else. The tests follow each other. */

interface Shown {
  url: string;
  rehearsals: Rehearsal[];
}

const environment = { ...process.env };
const children: ChildProcess[] = [];
let database: TestDatabase;
let folder: string;
let shown: Shown;

async function startTwin(...args: string[]): Promise<{ shown: Shown; end(): Promise<void> }> {
  const command = ["scripts/run.mjs", "src/cli/index.ts", "--json", "twin", ...args];
  const child = spawn(process.execPath, command, { env: process.env, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  while (!out.endsWith("}\n")) await once(child.stdout, "data");
  const end = async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { shown: JSON.parse(out) as Shown, end };
}

/** Runs a printed command line as a shell would: words without quotes, variables before the program. */
async function runPrinted(line: string) {
  const [before = "", after = ""] = line.split("npm run cli -- ");
  const variables = [...before.matchAll(/(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value] as const);
  Object.assign(process.env, Object.fromEntries(variables));
  const ran = await cli(after.split(" "));
  for (const [name] of variables) delete process.env[name];
  return ran;
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "partnersync-twin-"));
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: folder, PORT: "9", LOG_LEVEL: "warn" });
  delete process.env.REDIS_URL;
  delete process.env.PUBLIC_URL;
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  process.env = environment;
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

describe("twin --with", () => {
  test("sets up company and program of each document, and prints commands that connect them", async () => {
    const twin = await startTwin("--with", "mappings/harbourline.json", "--with", "mappings/kestrel-obs.json");
    shown = twin.shown;
    expect(shown.rehearsals.map(({ tenant }) => tenant)).toEqual(["harbourline", "kestrel-obs"]);
    for (const { commands } of shown.rehearsals) {
      for (const command of commands) {
        const { code, err } = await runPrinted(command);
        expect({ command, code, err }).toEqual({ command, code: 0, err: "" });
      }
    }
    const tenants = await json<{ mappingRevision: number; connections: { state: string }[] }[]>(["tenant", "list"]);
    expect(tenants.map(({ connections }) => connections.map(({ state }) => state))).toEqual([
      ["active", "active"],
      ["active", "active"],
    ]);
    expect(tenants.every(({ mappingRevision }) => mappingRevision >= 1)).toBe(true);
    await twin.end();
  });

  test("is the same again at its next start, so that what was connected stays connected", async () => {
    const again = await startTwin("--with", "mappings/harbourline.json");
    expect(again.shown.url).toBe(shown.url);
    expect(again.shown.rehearsals[0]).toEqual(shown.rehearsals[0]);
    const [, address = "", , type = "", , body = ""] =
      /^curl -s (\S+) (-H) '([^']+)' (-d) '([^']+)'$/.exec(again.shown.rehearsals[0]?.tryIt ?? "") ?? [];
    expect(type).toContain("content-type");
    const headers = { "content-type": "application/json" };
    expect((await fetch(address, { method: "POST", headers, body })).status).toBe(200);
    await again.end();
  });

  test("refuses a document with what is wrong in it, before anything is started", async () => {
    const file = join(folder, "wrong.json");
    const text = await readFile("mappings/harbourline.json", "utf8");
    await writeFile(file, text.replace('"EUR"', '"Euro"'));
    const { code, err } = await cli(["twin", "--with", file]);
    expect([code, err]).toEqual([1, expect.stringContaining("VALUE_INVALID at $.rules.default_currency (line")]);
  });
});
