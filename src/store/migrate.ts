import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runMigrations as runQueueMigrations } from "bullmq";
import type pg from "pg";
import { InputError } from "../errors.ts";

/** The advisory lock that Prisma's own `migrate deploy` takes: both can be started at once. */
const PRISMA_LOCK = 72707369;

interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file, hex: what Prisma records. */
  checksum: string;
}

/**
 * Brings the database up to date: our own migrations, recorded as Prisma does, then those of BullMQ's PostgreSQL
 * backend (schema `bullmq`). Any number of processes may call it at once; one applies, the others wait and find
 * nothing left to do.
 *
 * @param options.dir folder of migrations; default: `prisma/migrations` of this project
 * @returns names of the migrations that this call applied
 * @throws InputError when an applied migration was edited, or an earlier one failed
 */
export async function migrate(pool: pg.Pool, options: { dir?: string } = {}): Promise<string[]> {
  const migrations = await readMigrations(options.dir ?? migrationsFolder());
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [PRISMA_LOCK]);
    const applied = await applyMissing(client, migrations);
    await runQueueMigrations(client);
    await client.query("SELECT pg_advisory_unlock($1)", [PRISMA_LOCK]);
    client.release();
    return applied;
  } catch (error) {
    client.release(true); // the lock goes with the session
    throw error;
  }
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const folders = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = folders.map((folder) => folder.name).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(dir, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** Sources and build output lie at different depths below the project's root. */
function migrationsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "prisma", "migrations"))) {
    if (dirname(folder) === folder) throw new Error("prisma/migrations is not where the program is installed");
    folder = dirname(folder);
  }
  return join(folder, "prisma", "migrations");
}

async function applyMissing(client: pg.PoolClient, migrations: Migration[]): Promise<string[]> {
  const recorded = await readRecorded(client);
  const applied: string[] = [];
  for (const migration of migrations) {
    const checksum = recorded.get(migration.name);
    if (checksum === undefined) {
      await apply(client, migration);
      applied.push(migration.name);
    } else if (checksum !== migration.checksum) {
      throw new InputError(
        "MIGRATION_EDITED",
        `migration ${migration.name} was changed after it had been applied to this database`,
        `prisma/migrations/${migration.name}`,
        "restore the file as it was, and put the change into a new migration",
      );
    }
  }
  return applied;
}

/** Name → checksum of what the database has. Makes Prisma's table when it is missing. */
async function readRecorded(client: pg.PoolClient): Promise<Map<string, string>> {
  await client.query(`CREATE TABLE IF NOT EXISTS public._prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`);
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    "SELECT migration_name, checksum, finished_at FROM public._prisma_migrations WHERE rolled_back_at IS NULL",
  );
  const failed = rows.find((row) => row.finished_at === null);
  if (failed) {
    throw new InputError(
      "MIGRATION_FAILED",
      `migration ${failed.migration_name} failed halfway on this database`,
      `prisma/migrations/${failed.migration_name}`,
      "mend the database, then: npm run prisma -- migrate resolve --applied (or --rolled-back) <name>",
    );
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

/** In one transaction with its record: a migration that fails leaves nothing behind. */
async function apply(client: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query("SET LOCAL search_path TO public"); // a pool for BullMQ looks into its schema first
    await client.query(sql);
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw new Error(`migration ${name} failed`, { cause: error });
  }
}
