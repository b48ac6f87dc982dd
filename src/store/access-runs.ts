import { canonicalJson } from "../access/canonical-json.ts";
import type { Run } from "../access/run.ts";
import { sealContent, unsealContent } from "./access-content.ts";
import { type RunSummary, runSummary, toRunSummary } from "./access-summary.ts";
import type { Database } from "./database.ts";
import type { AccessRunModel } from "./generated/models.ts";
import type { Tenants } from "./tenants.ts";

/** A run without its accounts and findings. */
export interface RunHead {
  id: string;
  /** The moment assessed. */
  at: Date;
  snapshotId: string;
  rosterVersion: number | null;
  policyVersion: number | null;
  toolVersion: string;
  summary: RunSummary;
}

export interface StoredAccessRun extends RunHead {
  run: Run;
}

/** What a run was made of. */
export type RunInputs = Pick<RunHead, "snapshotId" | "rosterVersion" | "policyVersion">;

const COLUMN = "access_run.content";
const HEAD = {
  ...{ id: true, at: true, snapshotId: true, rosterVersion: true, policyVersion: true },
  ...{ toolVersion: true, summary: true },
} as const;
const NEWEST = [{ at: "desc" }, { id: "desc" }] as const;

/** Assessments, with what each was made of. Only added: the database refuses to change one. */
export function createAccessRuns(db: Database, tenants: Tenants) {
  const { accessRun: table } = db.prisma;

  async function open(row: AccessRunModel): Promise<StoredAccessRun> {
    const { tenantId, content, ...head } = row;
    const text = unsealContent(await tenants.key(tenantId), COLUMN, content).toString("utf8");
    return { ...toHead(head), run: JSON.parse(text) as Run };
  }

  return {
    async add(tenantId: string, run: Run, inputs: RunInputs): Promise<RunHead> {
      const content = sealContent(await tenants.key(tenantId), COLUMN, canonicalJson(run));
      const { runId: id, at, toolVersion } = run;
      const summary = { ...toRunSummary(run) };
      const data = { tenantId, id, at: new Date(at), toolVersion, ...inputs, summary, content };
      return toHead(await table.create({ data, select: HEAD }));
    },

    /** The newest, or the one named; null when the tenant has none. */
    async get(tenantId: string, id?: string): Promise<StoredAccessRun | null> {
      const row = await table.findFirst({ where: { tenantId, id }, orderBy: [...NEWEST] });
      return row && open(row);
    },

    /** The latest first. */
    async list(tenantId: string, limit: number): Promise<RunHead[]> {
      const rows = await table.findMany({ where: { tenantId }, select: HEAD, orderBy: [...NEWEST], take: limit });
      return rows.map(toHead);
    },
  };
}

export type AccessRuns = ReturnType<typeof createAccessRuns>;

function toHead(row: Omit<RunHead, "summary"> & { summary: unknown }): RunHead {
  return { ...row, summary: runSummary.parse(row.summary) };
}
