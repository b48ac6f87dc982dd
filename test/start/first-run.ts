import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));

export interface StepShown {
  name: string;
  tenant: string;
  ok: boolean;
  pipedrive: Record<string, unknown>;
  program: Record<string, unknown>;
  tokens: number;
  ms: number;
  played: boolean;
}

export interface RunShown {
  steps: StepShown[];
  totals: { changes: number; writes: number; tokens: number; echoes: number };
}

/** `npm start` in a process of its own. */
export interface FirstRun {
  /** What it has written to stderr. */
  said(): string;
  /** Resolves when stderr shows it. @throws when the process ends first */
  says(text: string | RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Its end, with what stood on stdout. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; out: string }>;
}

/** @param env besides PATH and HOME, which is all it needs */
export function startFirstRun(args: string[], env: Record<string, string>): FirstRun {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, out }));
  const shows = (text: string | RegExp) => (typeof text === "string" ? err.includes(text) : text.test(err));
  return {
    said: () => err,
    ended,
    kill: (signal) => void child.kill(signal),
    async says(text) {
      let over = false;
      void ended.then(() => {
        over = true;
      });
      while (!shows(text)) {
        if (over) throw new Error(`ended before it said ${text}:\n${err}`);
        await Promise.race([once(child.stderr, "data"), ended]);
      }
    },
  };
}
