/**
 * Runs a TypeScript entry point in this very process, so that signals and the exit code need no forwarding:
 *
 *   node scripts/run.mjs src/server.ts [arguments]
 *
 * Sets the project up first when something is missing, and stops (SIGTERM to itself) when its parent dies: a killed
 * `npm start` must not leave a database and workers behind.
 */
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root, setup } from "./setup.mjs";

/**
 * @param {string} entry path from the project's root, e.g. "src/server.ts"
 * @param {string[]} args what the entry point finds in process.argv from index 2
 */
export async function run(entry, args) {
  const parent = process.ppid;
  await setup();
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, 500).unref();

  const path = join(root, entry);
  process.argv = [process.execPath, path, ...args];
  const { register } = await import("tsx/esm/api");
  register();
  await import(pathToFileURL(path).href);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [entry, ...args] = process.argv.slice(2);
  await run(entry, args);
}
