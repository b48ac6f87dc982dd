/**
 * Runs a TypeScript entry point in this very process, so that signals and the exit code need no forwarding:
 *
 *   node scripts/run.mjs src/server.ts [arguments]
 *
 * Sets the project up first when something is missing, and stops (SIGTERM to itself) when its parent dies: a killed
 * `npm start` must not leave a database and workers behind.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { importSource } from "./import-source.mjs";
import { root, setup } from "./setup.mjs";

/**
 * @param {string} entry path from the project's root, e.g. "src/server.ts"
 * @param {string[]} args what the entry point finds in process.argv from index 2
 */
export async function run(entry, args) {
  stopWithParent();
  await setup();

  process.argv = [process.execPath, join(root, entry), ...args];
  await importSource(entry);
}

function stopWithParent() {
  const launchers = findLaunchers();
  const watch = setInterval(() => {
    if (findLaunchers() === launchers) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 500).unref();
}

/** Our parent; and where that is only npm's `sh -c`, which outlives a killed npm, npm itself. */
function findLaunchers() {
  const shell = readProc("cmdline").split("\0");
  if (!/(^|\/)(ba|da)?sh$/.test(shell[0]) || shell[1] !== "-c") return `${process.ppid}`;
  return `${process.ppid} ${readProc("stat").split(") ").at(-1).split(" ")[1]}`;
}

function readProc(file) {
  try {
    return readFileSync(`/proc/${process.ppid}/${file}`, "utf8");
  } catch {
    return ""; // no /proc on this system: its shells become the command instead of waiting for it
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [entry, ...args] = process.argv.slice(2);
  await run(entry, args);
}
