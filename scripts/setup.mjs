/**
 * Makes a fresh clone ready to run: installs the dependencies and generates the Prisma client, each only when missing
 * or stale. Plain JavaScript on Node alone, since nothing is installed yet when it runs. Prints to stderr only.
 *
 *   node scripts/setup.mjs           or: import { setup } from "./setup.mjs"
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./lock.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const lockfile = join(root, "package-lock.json");
const modules = join(root, "node_modules");
const schema = join(root, "prisma", "schema.prisma");
const generated = join(root, "src", "store", "generated");
const installStamp = join(modules, ".partnersync-installed");
const generateStamp = join(generated, ".partnersync-generated");

/** Brings dependencies and the generated client up to date. Cheap (two hashes) when there is nothing to do. */
export async function setup() {
  if (isInstalled() && isGenerated()) return;
  mkdirSync(join(root, ".data"), { recursive: true });
  await withLock(join(root, ".data", "setup.lock"), async () => {
    if (!isInstalled()) await install();
    if (!isGenerated()) await generate();
  });
}

/** The environment for Prisma's CLI: never downloads an engine, never phones home, and finds this very Node. */
export function prismaEnvironment() {
  return {
    ...process.env,
    PATH: [dirname(process.execPath), process.env.PATH].filter(Boolean).join(delimiter),
    PRISMA_SCHEMA_ENGINE_BINARY:
      process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? join(root, "scripts", "schema-engine-shim.mjs"),
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
  };
}

function isInstalled() {
  const wanted = hashOf(lockfile);
  if (stampOf(installStamp) === wanted) return true;
  if (!matchesLockfile()) return false;
  writeFileSync(installStamp, wanted); // somebody ran npm themselves, rightly
  return true;
}

/** Whether every package that this machine needs is installed at the version of package-lock.json. */
function matchesLockfile() {
  const hidden = join(modules, ".package-lock.json"); // npm's own record of what it installed
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, "utf8")).packages;
  return Object.entries(JSON.parse(readFileSync(lockfile, "utf8")).packages).every(
    ([path, { version, optional }]) =>
      path === "" || installed[path]?.version === version || (optional && !installed[path]),
  );
}

async function install() {
  process.stderr.write("Installing dependencies (once) ...\n");
  // Nothing here needs an install script; without them nothing is compiled or downloaded beside the packages.
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npm = process.env.npm_execpath;
  if (npm?.endsWith("npm-cli.js")) await run(process.execPath, [npm, ...args], process.env);
  else await run("npm", args, process.env);
  writeFileSync(installStamp, hashOf(lockfile));
}

function isGenerated() {
  return !existsSync(schema) || stampOf(generateStamp) === generateKey();
}

async function generate() {
  const key = generateKey();
  process.stderr.write("Generating the database client ...\n");
  await run(process.execPath, [join(modules, "prisma", "build", "index.js"), "generate"], prismaEnvironment());
  writeFileSync(generateStamp, key); // last: a generation that was cut short is made again
}

function generateKey() {
  return `${hashOf(schema)} ${hashOf(join(root, "prisma.config.ts"))} ${hashOf(lockfile)}`;
}

function hashOf(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function stampOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === "win32" && command === "npm"; // npm is npm.cmd there
    const child = spawn(command, args, { cwd: root, env, shell, stdio: ["ignore", 2, 2] });
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}`)),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setup().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
