import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a process may take to come up on a busy machine. */
export const UP_WITHIN_MS = 60_000;

/** Looking costs both who looks and who is looked at the time in which they could get on. */
const LOOK_EVERY_MS = 50;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One process that a test starts, kills and starts again. */
export interface Part {
  readonly name: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
  /** Resolves when it is ready for work. @throws with what it said when it ends before, or never gets ready */
  start(): Promise<void>;
  /** Sends a signal and waits for its end: SIGKILL, unless told otherwise. */
  end(signal?: NodeJS.Signals): Promise<Exit>;
  /** Everything it wrote to stderr, over all its lives; the latest 4,000 characters. */
  said(): string;
}

export interface PartOptions {
  name: string;
  /** The program and its arguments. */
  command: [string, ...string[]];
  /** Read at each start. */
  env: NodeJS.ProcessEnv;
  /** Where it runs; default: here. */
  cwd?: string;
  /** A file that also gets everything it says. */
  logFile?: string;
  /** Asked again and again until it is true. @param said what this life of the process wrote to stderr */
  isReady(said: string): boolean | Promise<boolean>;
}

/** A process that is not running yet. */
export function definePart(options: PartOptions): Part {
  const { name, command, env, cwd, logFile, isReady } = options;
  const [program, ...args] = command;
  let said = "";
  let running: { child: ChildProcess; exited: Promise<Exit>; saidFrom: number } | null = null;
  const life = () => said.slice(running?.saidFrom ?? 0);

  async function untilReady(exited: Promise<Exit>): Promise<void> {
    const giveUp = Date.now() + UP_WITHIN_MS;
    let exit: Exit | null = null;
    void exited.then((how) => {
      exit = how;
    });
    while (!(await isReady(life()))) {
      if (exit) throw new Error(`${name} ended with ${JSON.stringify(exit)} instead of getting ready:\n${said}`);
      if (Date.now() > giveUp) throw new Error(`${name} is not ready after ${UP_WITHIN_MS} ms:\n${said}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  return {
    name,
    get pid() {
      return running?.child.pid;
    },
    async start() {
      if (running) throw new Error(`${name} is running already`);
      const child = spawn(program, args, { env, cwd, stdio: ["ignore", "ignore", "pipe"] });
      const exited = new Promise<Exit>((done, failed) => {
        child.once("error", failed);
        child.once("close", (code, signal) => done({ code, signal }));
      });
      running = { child, exited, saidFrom: said.length };
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (logFile) appendFileSync(logFile, text);
      });
      await untilReady(exited);
    },
    async end(signal = "SIGKILL") {
      if (!running) return { code: null, signal: null };
      const { child, exited } = running;
      child.kill(signal);
      const exit = await exited;
      running = null;
      return exit;
    },
    said: () => said.slice(-4_000),
  };
}

/**
 * A port of 127.0.0.1 that can be listened on again and again. Not one that the system hands out: while its owner is
 * dead, any outgoing connection on this machine could be given that.
 */
export async function portToKeep(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer().once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

/** Waits until `look` answers something true and answers that. @throws naming `what` when it never does */
export async function until<T>(what: string, look: () => Promise<T> | T, withinMs = 60_000): Promise<NonNullable<T>> {
  const giveUp = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > giveUp) throw new Error(`after ${withinMs} ms still not: ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}
