import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { commandLineOf, processIdentity } from "../../src/embedded/process-identity.ts";
import { InputError } from "../../src/errors.ts";
import { startTwin, type Twin } from "../../src/twin/index.ts";
import { eventually } from "./pipedrive-rig.ts";

const script = join(import.meta.dirname, "pipedrive-process.ts");
let dataDir: string;
let child: ChildProcess | undefined;
let twins: Twin[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "twin-"));
  twins = [];
});
afterEach(async () => {
  child?.kill("SIGKILL");
  for (const twin of twins) await twin.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(): Promise<Twin> {
  const twin = await startTwin({ seed: "killed", dataDir });
  twins.push(twin);
  return twin;
}

/** Starts a command that runs a twin; resolves once that listens. @returns the twin's pid */
async function start(command: string, args: string[]): Promise<number> {
  child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return Number.parseInt(readFileSync(join(dataDir, "twin.pid"), "utf8"), 10);
}

test("a second twin on a folder is refused by name of the first, and has it once that has closed", async () => {
  const first = await open();
  const refusal = await open().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(InputError);
  expect((refusal as InputError).message).toBe(`a twin of this process remembers in ${dataDir} already`);
  await first.close();
  await open();
  await first.close(); // again: the folder is the other's by now
  await expect(open()).rejects.toThrow(InputError);
});

test("a twin of another process holds its folder until it is killed", async () => {
  const pid = await start(process.execPath, ["--import", "tsx", script, dataDir]);
  await expect(open()).rejects.toThrow(`a twin of process ${pid} remembers in ${dataDir} already`);
  child?.kill("SIGKILL");
  await once(child as ChildProcess, "exit");
  await open();
});

test("a killed twin that nobody waits for locks nobody out", async () => {
  // `sleep` takes the place of the shell that started the twin, and never asks after it: as a container's first process.
  const command = `"$0" --import tsx "$1" "$2" & exec sleep 60`;
  const pid = await start("sh", ["-c", command, process.execPath, script, dataDir]);
  process.kill(pid, "SIGKILL");
  await eventually(() => commandLineOf(pid) === "");
  await open();
});

test("another process with the pid of a dead holder is not taken for it", async () => {
  writeFileSync(join(dataDir, "twin.pid"), processIdentity().replace(/ .*/, " an earlier start"));
  await open();
});

test("a twin that cannot start leaves its folder", async () => {
  await (await open()).close();
  appendFileSync(join(dataDir, "twin.jsonl"), "torn\n");
  await expect(open()).rejects.toThrow("is not JSON");
  await expect(open()).rejects.toThrow("is not JSON");
});
