import { createHash } from "node:crypto";
import { z } from "zod";
import type { Database } from "./database.ts";

/** So many wrong ones in a row cost nothing: people mistype. */
const FREE = 4;
/** The wait doubles from a second on. */
const MOST_WAIT_S = 15 * 60;
/** After this long without another, all is forgotten. */
const FORGOTTEN_AFTER_H = 24;

const waitRow = z.object({ wait_ms: z.coerce.number() });

/**
 * Makes guessing slow: each wrong sign-in in a row for one name from one address doubles the wait before the next is even
 * looked at. Per name and address, so that nobody can lock somebody else out; addresses as such are limited by their rate.
 */
export function createGuessing(db: Database) {
  return {
    /** Milliseconds until the next try is looked at; 0: now. */
    async waitMs(name: string, address: string): Promise<number> {
      const sql = `select greatest(0, extract(epoch from free_at - now()) * 1000) as wait_ms from sign_in_failure where subject = $1`;
      const [row] = await db.rows(waitRow, sql, [subjectOf(name, address)]);
      return Math.floor(row?.wait_ms ?? 0); // what the column rounds up is no wait
    },

    /** Another wrong one. @returns milliseconds until the next is looked at */
    async failed(name: string, address: string): Promise<number> {
      const [row] = await db.rows(
        waitRow,
        `insert into sign_in_failure as f (subject, failures, last_at, free_at) values ($1, 1, now(), now())
         on conflict (subject) do update set last_at = now(),
           failures = case when f.last_at < now() - make_interval(hours => $4) then 1 else f.failures + 1 end,
           free_at = now() + make_interval(secs => case
             when f.failures < $2 or f.last_at < now() - make_interval(hours => $4) then 0 else least($3, power(2, least(f.failures - $2, 30))) end)
         returning greatest(0, extract(epoch from free_at - now()) * 1000) as wait_ms`,
        [subjectOf(name, address), FREE, MOST_WAIT_S, FORGOTTEN_AFTER_H],
      );
      return Math.floor(row?.wait_ms ?? 0); // what the column rounds up is no wait
    },

    /** Signed in: what was mistyped before is forgotten, and so is what is too old to matter. */
    async succeeded(name: string, address: string): Promise<void> {
      await db.pool.query(
        "delete from sign_in_failure where subject = $1 or last_at < now() - make_interval(hours => $2)",
        [subjectOf(name, address), FORGOTTEN_AFTER_H],
      );
    },
  };
}

export type Guessing = ReturnType<typeof createGuessing>;

/** Hashed: names that were tried may be anything, passwords typed into the wrong field included. */
function subjectOf(name: string, address: string): string {
  return createHash("sha256")
    .update(JSON.stringify([name.toLowerCase(), address]))
    .digest("base64url");
}
