/**
 * `npm run prisma -- <command>`: Prisma's CLI, with two things seen to. Without the native schema engine (it is
 * downloaded by an install script, which we do not run) our stand-in takes its place; and without DATABASE_URL the
 * commands that need a database get the embedded one in DATA_DIR. In production none is embedded, as in src/config.ts.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { importSource } from "./import-source.mjs";
import { prismaEnvironment, root, setup } from "./setup.mjs";

const args = process.argv.slice(2);
await setup();

const env = prismaEnvironment();
if (!process.env.PRISMA_SCHEMA_ENGINE_BINARY && hasNativeEngine()) delete env.PRISMA_SCHEMA_ENGINE_BINARY;

let database;
if (!process.env.DATABASE_URL && ["migrate", "db", "studio"].includes(args[0])) {
  if (process.env.NODE_ENV === "production") {
    process.stderr.write("✗ NO_DATABASE_URL: DATABASE_URL is not set, and this is production\n");
    process.exit(1);
  }
  const { openEmbeddedPostgres } = await importSource("src/embedded/postgres.ts");
  const dataDir = process.env.DATA_DIR ? resolve(process.env.DATA_DIR) : join(root, ".data");
  database = await openEmbeddedPostgres({ dataDir });
  env.DATABASE_URL = database.url;
}
try {
  process.exitCode = await runPrisma();
} finally {
  await database?.stop();
}

function hasNativeEngine() {
  const engines = join(root, "node_modules", "@prisma", "engines");
  return readdirSync(engines).some((file) => file.startsWith("schema-engine-"));
}

function runPrisma() {
  const cli = join(root, "node_modules", "prisma", "build", "index.js");
  const child = spawn(process.execPath, [cli, ...args], { cwd: root, env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("exit", (code) => done(code ?? 1));
  });
}
