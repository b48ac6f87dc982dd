import type { PoolClient } from "pg";
import { z } from "zod";
import type { Database } from "./database.ts";
import { CHAIN_START, type ChainedRow, chainOf, digestOf } from "./history-chain.ts";
import { id } from "./lane-rows.ts";

/** How many rows one transaction seals. */
const BATCH = 1_000;

const COLUMNS = `id, tenant_id as "tenantId", role, program_id as "programId", field, event, winner, rule, revision,
  intent_id as "intentId", at, content, salt`;

const bytes = z.instanceof(Buffer);
const chainedRow = z.object({
  ...{ id, tenantId: z.string(), role: z.string(), programId: z.string().nullable(), field: z.string() },
  ...{ event: z.string(), winner: z.string().nullable(), rule: z.string().nullable(), revision: z.number() },
  ...{ intentId: id.nullable(), at: z.date(), content: bytes.nullable(), salt: bytes.nullable() },
});
const sealedRow = chainedRow.extend({ position: id, digest: bytes, chain: bytes });
const headRow = z.object({ tenantId: z.string(), position: id, chain: bytes, sealedAt: z.date() });
const countRow = z.object({ unsealed: id });

const HEAD = `select tenant_id as "tenantId", position, chain, sealed_at as "sealedAt" from history_chain`;

/** How far a tenant's history is sealed. Kept elsewhere, position and chain prove later that nothing before was changed. */
export interface SealHead {
  position: number;
  /** Hex. */
  chain: string;
  sealedAt: Date;
}

/** A page of a tenant's chain, held against its rows. */
export interface SealCheck {
  /** Rows that were looked at. */
  checked: number;
  /** Of them without content any more. */
  pruned: number;
  /** Written and not sealed yet. */
  unsealed: number;
  head: SealHead | null;
  /** The first row that does not fit; null: all do. */
  broken: { position: number; historyId: number | null; why: string } | null;
  /** Behind which position the next page begins; null behind the last one. */
  next: number | null;
}

/** The chains of digests over committed history, one per tenant. */
export function createHistorySeals(db: Database) {
  return {
    /**
     * Chains what was committed since, in one process at a time. A row that commits late is chained when it is seen,
     * whatever its id.
     *
     * @returns how many rows were sealed
     */
    async seal(): Promise<number> {
      let sealed = 0;
      for (let last = BATCH; last === BATCH; sealed += last) last = await inTransaction(db, sealBatch);
      return sealed;
    },

    /** @param after position of the last row of the page before; 0 at first */
    async check(tenantId: string, after: number, limit: number): Promise<SealCheck> {
      // The head first: rows that are sealed meanwhile lie behind it.
      const [head] = await db.rows(headRow, `${HEAD} where tenant_id = $1`, [tenantId]);
      const rows = await db.rows(
        sealedRow,
        `select ${COLUMNS}, position, digest, chain from history
          where tenant_id = $1 and position >= $2 and position <= $3 order by position limit $4`,
        [tenantId, after, head?.position ?? Number.MAX_SAFE_INTEGER, limit + 2],
      );
      const [{ unsealed = 0 } = {}] = await db.rows(
        countRow,
        "select count(*) as unsealed from history where tenant_id = $1 and position is null and digest is null",
        [tenantId],
      );
      const behind = rows.filter(({ position }) => position > after);
      const [page, isLast] = [behind.slice(0, limit), behind.length <= limit];
      const before = rows.find(({ position }) => position === after)?.chain;
      const broken =
        after > 0 && !before
          ? { position: after, historyId: null, why: GONE }
          : (firstMisfit(page, after, before ?? CHAIN_START) ?? (isLast ? shortOf(head, page.at(-1), after) : null));
      const pruned = page.filter(({ content, salt }) => content === null && salt === null).length;
      const shown = head && { position: head.position, chain: head.chain.toString("hex"), sealedAt: head.sealedAt };
      const next = broken || isLast ? null : (page.at(-1)?.position ?? null);
      return { checked: page.length, pruned, unsealed, head: shown ?? null, broken, next };
    },

    /** The chain at a position, hex; null when no row is there. */
    async chainAt(tenantId: string, position: number): Promise<string | null> {
      const row = z.object({ chain: bytes });
      const sql = "select chain from history where tenant_id = $1 and position = $2";
      const [found] = await db.rows(row, sql, [tenantId, position]);
      return found?.chain.toString("hex") ?? null;
    },
  };
}

export type HistorySeals = ReturnType<typeof createHistorySeals>;

async function inTransaction<T>(db: Database, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  try {
    await client.query("begin");
    const done = await work(client);
    await client.query("commit");
    return done;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

async function sealBatch(client: PoolClient): Promise<number> {
  const lock = "select pg_try_advisory_xact_lock(hashtextextended('partnersync seal', 0)) as ours";
  if (!(await client.query(lock)).rows[0].ours) return 0;
  // Rows that are being moved to another lane wait for the next round: nobody waits for the sealer, nor it for them.
  const { rows: found } = await client.query(
    `select ${COLUMNS} from history where digest is null order by id limit ${BATCH} for update skip locked`,
  );
  if (found.length === 0) return 0;
  const rows = z.array(chainedRow).parse(found);
  const heads = new Map<string, { position: number; chain: Uint8Array }>();
  const tenants = [...new Set(rows.map(({ tenantId }) => tenantId))];
  const { rows: known } = await client.query(`${HEAD} where tenant_id = any($1)`, [tenants]);
  for (const { tenantId, position, chain } of z.array(headRow).parse(known)) heads.set(tenantId, { position, chain });

  const seals = rows.map((row) => {
    const head = heads.get(row.tenantId) ?? { position: 0, chain: CHAIN_START };
    const digest = digestOf(row);
    const position = head.position + 1;
    const chain = chainOf(head.chain, position, row, digest);
    heads.set(row.tenantId, { position, chain });
    return { id: row.id, position, digest, chain };
  });
  await client.query(
    `update history h set position = s.position, digest = s.digest, chain = s.chain
       from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) s (id, position, digest, chain) where h.id = s.id`,
    [seals.map((s) => s.id), seals.map((s) => s.position), seals.map((s) => s.digest), seals.map((s) => s.chain)],
  );
  await client.query(
    `insert into history_chain (tenant_id, position, chain)
       select * from unnest($1::text[], $2::bigint[], $3::bytea[])
     on conflict (tenant_id) do update set position = excluded.position, chain = excluded.chain, sealed_at = now()`,
    [tenants, tenants.map((t) => heads.get(t)?.position), tenants.map((t) => heads.get(t)?.chain)],
  );
  return rows.length;
}

const GONE = "a row that was sealed here is gone";

type Sealed = z.output<typeof sealedRow>;

function firstMisfit(page: Sealed[], after: number, start: Uint8Array): SealCheck["broken"] {
  let before = start;
  let expected = after + 1;
  for (const row of page) {
    if (row.position !== expected) return { position: expected, historyId: null, why: GONE };
    const misfit = misfitOf(row, before);
    if (misfit) return { position: row.position, historyId: row.id, why: misfit };
    before = row.chain;
    expected += 1;
  }
  return null;
}

function misfitOf(row: Sealed, before: Uint8Array): string | null {
  const isPruned = row.content === null && row.salt === null;
  if (!isPruned && !row.digest.equals(digestOf(row))) return "its content is not what was sealed";
  const { position, chain, digest, ...said } = row;
  const isChained = chain.equals(chainOf(before, position, said satisfies ChainedRow, digest));
  return isChained ? null : "it, or its place in the order, is not what was sealed";
}

function shortOf(head: z.output<typeof headRow> | undefined, last: Sealed | undefined, after: number) {
  const position = last?.position ?? after;
  if (!head) return position > 0 ? { position, historyId: null, why: "the end of the chain is gone" } : null;
  if (position < head.position) return { position: position + 1, historyId: null, why: GONE };
  const fits = !last || last.chain.equals(head.chain);
  return fits ? null : { position, historyId: last.id, why: "the chain ends otherwise than it was sealed" };
}
