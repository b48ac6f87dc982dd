import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import pg from "pg";
import { migrate } from "../../src/store/migrate.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";

const folder = mkdtempSync(join(tmpdir(), "partnersync-migrations-"));
let db: TestDatabase;

beforeEach(async () => {
  db = await freshDatabase({ empty: true });
});
afterEach(() => db.drop());
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder of migrations: name → SQL. */
function migrations(files: Record<string, string>): string {
  const dir = mkdtempSync(join(folder, "m-"));
  for (const [name, sql] of Object.entries(files)) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, "migration.sql"), sql);
  }
  return dir;
}

const two = { "1_a": "CREATE TABLE a (id int)", "2_b": "CREATE TABLE b (id int); INSERT INTO b VALUES (1)" };

describe("migrate", () => {
  test("applies what is missing, in order, and BullMQ's own; the next call finds nothing to do", async () => {
    const dir = migrations(two);
    expect(await migrate(db.pool, { dir })).toEqual(["1_a", "2_b"]);
    expect(await migrate(db.pool, { dir })).toEqual([]);
    const { rows } = await db.pool.query("SELECT to_regclass('bullmq.migration') IS NOT NULL AS queue");
    expect(rows).toEqual([{ queue: true }]);
  });

  test("called by many processes at once, applies each migration once", async () => {
    const dir = migrations(two);
    const pools = Array.from({ length: 6 }, () => new pg.Pool({ connectionString: db.url, max: 1 }));
    const applied = await Promise.all(pools.map((pool) => migrate(pool, { dir })));
    await Promise.all(pools.map((pool) => pool.end()));
    expect(applied.filter((names) => names.length > 0)).toEqual([["1_a", "2_b"]]);
    expect((await db.pool.query("SELECT * FROM b")).rowCount).toBe(1);
  });

  test("lands in the public schema although the pool looks into the queue's first", async () => {
    const pool = new pg.Pool({ connectionString: db.url, max: 1, options: "-c search_path=bullmq,public" });
    await migrate(pool);
    await migrate(pool, { dir: migrations({ "9_z": "CREATE TABLE z (id int)" }) });
    await pool.end();
    expect((await db.pool.query("SELECT to_regclass('public.z')::text AS z")).rows).toEqual([{ z: "z" }]);
  });

  test("that fails leaves nothing behind, names the migration, and can be tried again", async () => {
    const broken = migrations({ ...two, "3_c": "CREATE TABLE c (id int); SELECT 1 / 0" });
    await expect(migrate(db.pool, { dir: broken })).rejects.toThrow("migration 3_c failed");
    expect((await db.pool.query("SELECT to_regclass('c') AS c")).rows).toEqual([{ c: null }]);
    const mended = migrations({ ...two, "3_c": "CREATE TABLE c (id int)" });
    expect(await migrate(db.pool, { dir: mended })).toEqual(["3_c"]);
  });

  test("refuses a migration that was edited after it had been applied", async () => {
    await migrate(db.pool, { dir: migrations(two) });
    const edited = migrations({ ...two, "1_a": "CREATE TABLE a (id bigint)" });
    await expect(migrate(db.pool, { dir: edited })).rejects.toMatchObject({
      name: "InputError",
      code: "MIGRATION_EDITED",
      message: expect.stringContaining("1_a"),
    });
  });

  test("refuses to go on after one that Prisma recorded as failed", async () => {
    const dir = migrations(two);
    await migrate(db.pool, { dir });
    await db.pool.query("UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_b'");
    await expect(migrate(db.pool, { dir })).rejects.toMatchObject({ code: "MIGRATION_FAILED" });
  });
});

describe("Prisma's own CLI", () => {
  const prisma = (...args: string[]) => runPrisma(args, db.url);

  test("finds nothing to do after migrate, and no drift between schema and database", async () => {
    await migrate(db.pool);
    expect(await prisma("migrate", "status")).toMatchObject({ code: 0, text: expect.stringContaining("up to date") });
    expect(await prisma("migrate", "deploy")).toMatchObject({ code: 0, text: expect.stringContaining("No pending") });
    const diff = ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma/schema.prisma", "--exit-code"];
    expect(await prisma(...diff)).toMatchObject({ code: 0 });
  }, 120_000);

  test("and migrate agree the other way round, and the migrations build what the schema says", async () => {
    expect(await prisma("migrate", "deploy")).toMatchObject({ code: 0 });
    expect(await migrate(db.pool)).toEqual([]);
    const diff = ["migrate", "diff", "--from-migrations", "prisma/migrations", "--to-schema", "prisma/schema.prisma"];
    expect(await prisma(...diff, "--exit-code")).toMatchObject({ code: 0 });
  }, 120_000);
});

function runPrisma(args: string[], url: string): Promise<{ code: number | null; text: string }> {
  const env = { ...process.env, DATABASE_URL: url };
  const child = spawn(process.execPath, ["scripts/prisma.mjs", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return new Promise((done) => child.on("close", (code) => done({ code, text })));
}
