import type { Finding, Run } from "../access/run.ts";
import type { Database } from "./database.ts";
import type { Prisma } from "./generated/client.ts";
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

/** A run of a large account that waits for the one before it. */
const LONGEST_MS = 60_000;

/** Findings of access runs: when each was first seen, and when it was gone. */
export function createAccessFindings(db: Database, tenants: Tenants) {
  async function read(tenantId: string, closed: boolean, from: Pick<typeof db.prisma, "accessFinding"> = db.prisma) {
    const key = await tenants.key(tenantId);
    const where = { tenantId, ...(!closed && { closedAt: null }) };
    const rows = await from.accessFinding.findMany({ where, orderBy: { id: "asc" } });
    return rows.map((row) => toFinding(row, key.unsealJson<Finding>(COLUMN, row.detail)));
  }

  return {
    /** Those that are not closed; with `closed` all there ever were. */
    list: (tenantId: string, { closed = false } = {}): Promise<AccessFinding[]> => read(tenantId, closed),

    /**
     * Keeps what a run found, and closes what it looked for and did not find any more. Runs are recorded one at a time.
     *
     * @returns null when a later run was quicker: what this one saw is over
     */
    async record(tenantId: string, run: Run): Promise<Recorded | null> {
      const key = await tenants.key(tenantId);
      const { findings } = run;
      const column = <K extends keyof Finding>(name: K) => findings.map((one) => one[name]);
      const columns = [column("key"), column("code"), column("severity"), column("state"), column("firstSeenAt")];
      const details = findings.map((one) => key.sealJson(COLUMN, one));
      const work = async (tx: Prisma.TransactionClient): Promise<Recorded | null> => {
        await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('access findings ' || ${tenantId}))`;
        const at = new Date(run.at);
        if (await tx.accessRun.findFirst({ where: { tenantId, at: { gt: at } }, select: { id: true } })) return null;
        const before = await read(tenantId, false, tx);
        await tx.$executeRawUnsafe(SEEN_SQL, tenantId, run.runId, at, ...columns, details);
        const closed = mended(before, run);
        const where = { tenantId, id: { in: closed.map(({ id }) => id) } };
        await tx.accessFinding.updateMany({ where, data: { state: "closed", closedAt: at } });
        const wereOpen = new Set(before.filter(({ state }) => state === "open").map((one) => one.key));
        const opened = findings.filter((one) => one.state === "open" && !wereOpen.has(one.key));
        return { opened, closed: closed.map((one) => one.key) };
      };
      return db.prisma.$transaction(work, { timeout: LONGEST_MS, maxWait: LONGEST_MS });
    },
  };
}

export type AccessFindings = ReturnType<typeof createAccessFindings>;

/** What a run looked for and did not find any more. What could not be assessed is not mended. */
function mended(before: AccessFinding[], { findings, checks, accounts, snapshot }: Run): AccessFinding[] {
  const seen = new Set(findings.map(({ key }) => key));
  const results = new Map(checks.map((one) => [one.id, one]));
  const rows = new Map(accounts.map((one) => [one.userId, one]));
  const blind = snapshot.notAssessed.some(({ part }) => part === "users");
  const wasLookedFor = ({ check, userId }: Finding) => {
    const result = results.get(check);
    if (!result || result.notAssessed === 0) return result !== undefined;
    if (userId === null || blind) return false;
    return !rows.get(userId)?.notAssessed.some((reason) => reason.startsWith(`${check}: `));
  };
  return before.filter(({ key, finding }) => !seen.has(key) && wasLookedFor(finding));
}

function toFinding(row: AccessFindingModel, finding: Finding): AccessFinding {
  const { key, runId, firstSeenAt, lastSeenAt, closedAt } = row;
  const state = row.state as AccessFinding["state"];
  return { id: Number(row.id), key, state, runId, firstSeenAt, lastSeenAt, closedAt, finding };
}
