import { z } from "zod";
import type { Database } from "./database.ts";

/** One call's price, as Pipedrive said or as documented. */
export interface Spent {
  /** Why: "live", "setup", "lookup" … */
  purpose: string;
  /** What: "organization.patch" … */
  operation: string;
  tokens: number;
}

export interface SpendTotal {
  connectionId: string;
  /** UTC, `YYYY-MM-DD`. */
  day: string;
  purpose: string;
  operation: string;
  tokens: number;
  calls: number;
}

interface Pending extends SpendTotal {
  tenantId: string;
}

// In key order, so that two processes flushing at once wait for each other instead of locking each other out.
const ADD_SQL = `
  insert into token_spend (connection_id, tenant_id, day, purpose, operation, tokens, calls)
  select s."connectionId", s."tenantId", s.day, s.purpose, s.operation, s.tokens, s.calls
  from jsonb_to_recordset($1::jsonb) s ("connectionId" uuid, "tenantId" text, day date, purpose text, operation text,
       tokens bigint, calls bigint)
  order by 1, 3, 4, 5
  on conflict (connection_id, day, purpose, operation)
  do update set tokens = token_spend.tokens + excluded.tokens, calls = token_spend.calls + excluded.calls`;

const TOTALS_SQL = `
  select connection_id, to_char(day, 'YYYY-MM-DD') as day, purpose, operation, tokens, calls from token_spend
  where tenant_id = $1 and ($2::date is null or day = $2) order by day, connection_id, purpose, operation`;

const totalRow = z
  .object({
    connection_id: z.string(),
    day: z.string(),
    purpose: z.string(),
    operation: z.string(),
    tokens: z.coerce.number(),
    calls: z.coerce.number(),
  })
  .transform(({ connection_id, ...rest }): SpendTotal => ({ connectionId: connection_id, ...rest }));

/**
 * The ledger of tokens spent. Calls are counted in memory and written down every second: a process that is killed
 * loses at most that, of a figure that is for people to read.
 *
 * @param options.onError a flush that failed; its counts stay for the next
 */
export function createSpend(
  db: Database,
  { onError, everyMs = 1_000 }: { onError(error: unknown): void; everyMs?: number },
) {
  let pending = new Map<string, Pending>();
  let flushing: Promise<void> = Promise.resolve();

  function add(entry: Pending): void {
    const key = JSON.stringify([entry.connectionId, entry.day, entry.purpose, entry.operation]);
    const known = pending.get(key);
    if (!known) return void pending.set(key, { ...entry });
    known.tokens += entry.tokens;
    known.calls += entry.calls;
  }

  async function write(): Promise<void> {
    if (pending.size === 0) return;
    const batch = [...pending.values()];
    pending = new Map();
    try {
      await db.pool.query(ADD_SQL, [JSON.stringify(batch)]);
    } catch (error) {
      for (const entry of batch) add(entry);
      onError(error);
    }
  }

  /** One at a time: a slow database is not asked again and again. */
  function flush(): Promise<void> {
    flushing = flushing.then(write);
    return flushing;
  }

  let due = false;
  const timer = setInterval(() => {
    if (due || pending.size === 0) return;
    due = true;
    void flush().finally(() => {
      due = false;
    });
  }, everyMs);
  timer.unref();

  return {
    record(connectionId: string, tenantId: string, { purpose, operation, tokens }: Spent): void {
      const day = new Date().toISOString().slice(0, 10);
      add({ connectionId, tenantId, day, purpose, operation, tokens, calls: 1 });
    },

    /** What was spent for a tenant, on one day (`YYYY-MM-DD`, UTC) or ever; this process's own up to now. */
    async totals(tenantId: string, day: string | null = null): Promise<SpendTotal[]> {
      await flush();
      return db.rows(totalRow, TOTALS_SQL, [tenantId, day]);
    },

    flush,

    /** Writes down what is left. To be called before the database closes. */
    async close(): Promise<void> {
      clearInterval(timer);
      await flush();
    },
  };
}

export type Spend = ReturnType<typeof createSpend>;
