import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import type { z } from "zod";
import { PrismaClient } from "./generated/client.ts";

/** The store's two ways to the same database: Prisma for everyday rows, SQL for the hot paths. */
export interface Database {
  pool: pg.Pool;
  prisma: PrismaClient;
  /**
   * Runs one statement and parses every row: what SQL answers is checked like any other input. Each connection parses
   * and plans a text once, so the texts have to be few: values travel as parameters.
   */
  rows<S extends z.ZodType>(schema: S, sql: string, params?: unknown[]): Promise<z.infer<S>[]>;
  close(): Promise<void>;
}

const names = new Map<string, string>();

/** Of a prepared statement: the same for the same text, within PostgreSQL's 63 characters. */
function nameOf(sql: string): string {
  const name = names.get(sql) ?? createHash("sha256").update(sql).digest("base64url");
  names.set(sql, name);
  return name;
}

/**
 * Opens the one pool of this process; Prisma and BullMQ's PostgreSQL backend share it.
 *
 * @param max connections at most; BullMQ pins one per worker for LISTEN, so keep it well above the number of workers
 */
export function openDatabase(url: string, max = 24): Database {
  // Jobs of the queue's backend live in a schema of their own, which its statements expect on the search path.
  const pool = new pg.Pool({ connectionString: url, max, options: "-c search_path=public,bullmq", keepAlive: true });
  // A connection that breaks is replaced by the pool, and what is asked of it fails; without a listener it would end the
  // process. The pool's own hears of idle ones only, not of those that somebody has taken out for a transaction.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema: "public" }) });
  return {
    pool,
    prisma,
    async rows(schema, sql, params = []) {
      const result = await pool.query({ name: nameOf(sql), text: sql, values: params });
      return result.rows.map((row) => schema.parse(row));
    },
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
