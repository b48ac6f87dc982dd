/**
 * `npm run mutation -- [paths]`: how many mutants of these files the pure tests notice, all of src/sync by default.
 * Paths are Stryker's: files, globs, or lines as in `src/sync/decide.ts:10-20`.
 */
import { spawn } from "node:child_process";
import os from "node:os";
import { join } from "node:path";
import { root, setup } from "./setup.mjs";

await setup();
os.setPriority(10); // it takes minutes, and nobody waits for it

const paths = process.argv.slice(2);
const stryker = join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
const child = spawn(process.execPath, [stryker, "run", ...(paths.length > 0 ? ["--mutate", paths.join(",")] : [])], {
  cwd: root,
  stdio: "inherit",
  env: { FAST_CHECK_SEED: "20261129", FAST_CHECK_MOST_RUNS: "60", ...process.env },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
