import { z } from "zod";
import type { Database } from "./database.ts";

/** What is known of a request that came with an Idempotency-Key. */
export type Repeated =
  /** It is new, or what was begun under this key has died: do it. */
  | { state: "new" }
  | { state: "running" }
  | { state: "answered"; status: number; answer: unknown }
  /** The key belongs to another request. */
  | { state: "other" };

const KEPT_H = 24;
/** A request that has not ended after this never will: its process is gone. */
const DEAD_AFTER_S = 120;

const keptRow = z.object({ same: z.boolean(), status: z.number().nullable(), answer: z.unknown() });

const BEGIN_SQL = `
  insert into idempotency_key as k (caller, key, fingerprint, begun_at) values ($1, $2, $3, now())
  on conflict (caller, key) do update set fingerprint = excluded.fingerprint, begun_at = now(), status = null, answer = null
    where k.begun_at < now() - make_interval(hours => $4)
       or (k.status is null and k.fingerprint = excluded.fingerprint and k.begun_at < now() - make_interval(secs => $5))
  returning true as same, null::int as status, null as answer`;

/** Answers kept by caller and Idempotency-Key, for a day. */
export function createIdempotency(db: Database) {
  return {
    async begin(caller: string, key: string, fingerprint: Buffer<ArrayBuffer>): Promise<Repeated> {
      const begun = await db.pool.query(BEGIN_SQL, [caller, key, fingerprint, KEPT_H, DEAD_AFTER_S]);
      if ((begun.rowCount ?? 0) > 0) return { state: "new" };
      const [kept] = await db.rows(
        keptRow,
        "select fingerprint = $3 as same, status, answer from idempotency_key where caller = $1 and key = $2",
        [caller, key, fingerprint],
      );
      if (!kept) return { state: "running" }; // forgotten in this very moment: the client tries again
      if (!kept.same) return { state: "other" };
      return kept.status === null
        ? { state: "running" }
        : { state: "answered", status: kept.status, answer: kept.answer };
    },

    /** What to answer from now on. What is too old goes. */
    async keep(caller: string, key: string, status: number, answer: unknown): Promise<void> {
      await db.pool.query(
        `with old as (delete from idempotency_key where begun_at < now() - make_interval(hours => $5))
         update idempotency_key set status = $3, answer = $4 where caller = $1 and key = $2`,
        [caller, key, status, JSON.stringify(answer), KEPT_H],
      );
    },

    /** It came to nothing, and may be tried again. What is too old goes as well. */
    async forget(caller: string, key: string): Promise<void> {
      await db.pool.query(
        "delete from idempotency_key where (caller = $1 and key = $2) or begun_at < now() - make_interval(hours => $3)",
        [caller, key, KEPT_H],
      );
    },
  };
}

export type Idempotency = ReturnType<typeof createIdempotency>;
