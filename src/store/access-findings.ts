import type { Finding, Run } from "../access/run.ts";
import type { Database } from "./database.ts";
import type { AccessFindingModel } from "./generated/models.ts";
import type { Tenants } from "./tenants.ts";

/** A finding of runs over time. */
export interface AccessFinding {
  id: number;
  key: string;
  state: "open" | "excepted" | "closed";
  /** The last run that saw it. */
  runId: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
  closedAt: Date | null;
  /** As that run told it. */
  finding: Finding;
}

/** What a run changed. */
export interface Recorded {
  /** Open in this run, and not before. */
  opened: Finding[];
  /** Keys of what is mended. */
  closed: string[];
}

const COLUMN = "access_finding.detail";

const SEEN_SQL = `
  insert into access_finding (tenant_id, key, code, severity, state, run_id, first_seen_at, last_seen_at, detail)
  select $1, key, code, severity, state, $2, first_seen_at, $3, detail
  from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::bytea[])
    as seen (key, code, severity, state, first_seen_at, detail)
  on conflict (tenant_id, key) where closed_at is null
  do update set severity = excluded.severity, state = excluded.state, run_id = excluded.run_id,
    last_seen_at = excluded.last_seen_at, detail = excluded.detail`;

/** Findings of access runs: when each was first seen, and when it was gone. */
export function createAccessFindings(db: Database, tenants: Tenants) {
  const { accessFinding: table } = db.prisma;

  async function read(tenantId: string, closed: boolean): Promise<AccessFinding[]> {
    const key = await tenants.key(tenantId);
    const where = { tenantId, ...(!closed && { closedAt: null }) };
    const rows = await table.findMany({ where, orderBy: { id: "asc" } });
    return rows.map((row) => toFinding(row, key.unsealJson<Finding>(COLUMN, row.detail)));
  }

  return {
    /** Those that are not closed; with `closed` all there ever were. */
    list: (tenantId: string, { closed = false } = {}): Promise<AccessFinding[]> => read(tenantId, closed),

    /** Keeps what a run found, and closes what it looked for and did not find any more. */
    async record(tenantId: string, run: Run): Promise<Recorded> {
      const key = await tenants.key(tenantId);
      const before = await read(tenantId, false);
      const { findings } = run;
      const column = <K extends keyof Finding>(name: K) => findings.map((one) => one[name]);
      const seenKeys = new Set(column("key"));
      const closed = before.filter((one) => !seenKeys.has(one.key) && wasLookedFor(one.finding, run));
      const client = await db.pool.connect();
      try {
        await client.query("begin");
        await client.query(SEEN_SQL, [
          ...[tenantId, run.runId, run.at],
          ...[column("key"), column("code"), column("severity"), column("state"), column("firstSeenAt")],
          findings.map((one) => key.sealJson(COLUMN, one)),
        ]);
        const sql = "update access_finding set state = 'closed', closed_at = $2 where id = any ($1::bigint[])";
        await client.query(sql, [closed.map(({ id }) => id), run.at]);
        await client.query("commit");
        client.release();
      } catch (error) {
        client.release(true); // its transaction goes with it
        throw error;
      }
      const wereOpen = new Set(before.filter(({ state }) => state === "open").map((one) => one.key));
      const opened = findings.filter((one) => one.state === "open" && !wereOpen.has(one.key));
      return { opened, closed: closed.map((one) => one.key) };
    },
  };
}

export type AccessFindings = ReturnType<typeof createAccessFindings>;

/** What could not be assessed is not mended. */
function wasLookedFor({ check, userId }: Finding, { checks, accounts, snapshot }: Run): boolean {
  const result = checks.find(({ id }) => id === check);
  if (!result || result.notAssessed === 0) return result !== undefined;
  if (userId === null || snapshot.notAssessed.some(({ part }) => part === "users")) return false;
  const account = accounts.find((one) => one.userId === userId);
  return !account?.notAssessed.some((reason) => reason.startsWith(`${check}: `));
}

function toFinding(row: AccessFindingModel, finding: Finding): AccessFinding {
  const { key, runId, firstSeenAt, lastSeenAt, closedAt } = row;
  const state = row.state as AccessFinding["state"];
  return { id: Number(row.id), key, state, runId, firstSeenAt, lastSeenAt, closedAt, finding };
}
