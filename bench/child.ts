import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** One of the processes that are measured: started like in production, its output kept in a file. */
export interface Child {
  /** What the process said of itself when it was up: the groups of `ready`. */
  said: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * @param ready what its log shows once it is up
 * @throws Error with the end of its log when it ends before, or is not up within a minute
 */
export async function startChild(
  entry: string,
  options: { folder: string; name: string; env: NodeJS.ProcessEnv; ready: RegExp },
): Promise<Child> {
  const file = join(options.folder, `${options.name}.log`);
  const log = openSync(file, "a");
  const args = [
    ...process.execArgv.filter((arg) => arg.startsWith("--cpu-prof")),
    join(ROOT, "scripts", "run.mjs"),
    entry,
  ];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...options.env };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", log, log] });
  closeSync(log);
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const text = readFileSync(file, "utf8");
    const said = options.ready.exec(text);
    if (said) return { said: { ...said.groups }, stop: () => stop(child) };
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop(child);
      throw new Error(`${options.name} did not start:\n${text.slice(-2_000)}`);
    }
    await sleep(50);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await Promise.race([ended, sleep(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  child.kill("SIGKILL");
}
