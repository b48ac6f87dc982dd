import { z } from "zod";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import type { Database } from "./database.ts";
import type { FindingModel } from "./generated/models.ts";
import { id } from "./lane-rows.ts";
import type { Tenants } from "./tenants.ts";

export type Severity = "error" | "warning" | "info";

/** Something a person has to look at. */
export interface Finding {
  id: number;
  tenantId: string;
  code: string;
  severity: Severity;
  laneId: number | null;
  field: string | null;
  /** Names tenant, object, id and field, never values. */
  message: string;
  subject: string;
  /** Unsealed. */
  detail: unknown;
  /** How often it was met since it was opened. */
  count: number;
  firstAt: Date;
  lastAt: Date;
  closedAt: Date | null;
}

export interface NewFinding {
  tenantId: string;
  code: string;
  severity: Severity;
  message: string;
  /** What it is about; one is open per tenant, code and subject. */
  subject: string;
  laneId?: number | null;
  field?: string | null;
  /** Values that a person needs to mend it; sealed. */
  detail?: unknown;
}

export interface FindingPage {
  /** Of these tenants only; null: of all. */
  only: readonly string[] | null;
  /** Closed ones too. */
  closed: boolean;
  /** Older than the finding of this time and id. */
  past?: [Date, number] | undefined;
  limit: number;
}

const RAISE_SQL = `
  insert into finding (tenant_id, code, severity, lane_id, field, message, subject, detail)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (tenant_id, code, subject) where closed_at is null
  do update set last_at = now(), count = finding.count + 1, message = excluded.message`;

const RAISE_ALL_SQL = `
  insert into finding (tenant_id, code, severity, message, subject, detail)
  select $1, code, severity, message, subject, detail
  from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])
    as raised (code, severity, message, subject, detail)
  on conflict (tenant_id, code, subject) where closed_at is null
  do update set last_at = now(), count = finding.count + 1, message = excluded.message, severity = excluded.severity,
    detail = excluded.detail`;

const recordRow = z.object({ object: z.enum(CRM_OBJECTS), crm_id: id });

const DETAIL_COLUMN = "finding.detail";

/** Findings outside a lane's settle, which raises its own in the same way. */
export function createFindings(db: Database, tenants: Tenants) {
  const table = db.prisma.finding;

  return {
    /** Opens one, or counts another occurrence of the one that is open. */
    async raise(finding: NewFinding): Promise<void> {
      const { tenantId, code, severity, laneId = null, field = null, message, subject, detail } = finding;
      const sealed = detail === undefined ? null : (await tenants.key(tenantId)).sealJson(DETAIL_COLUMN, detail);
      await db.pool.query(RAISE_SQL, [tenantId, code, severity, laneId, field, message, subject, sealed]);
    },

    /** Many of one tenant at once, each with a subject of its own. */
    async raiseAll(tenantId: string, findings: Omit<NewFinding, "tenantId" | "laneId" | "field">[]): Promise<void> {
      if (findings.length === 0) return;
      const key = await tenants.key(tenantId);
      const column = (name: "code" | "severity" | "message" | "subject") => findings.map((one) => one[name]);
      const details = findings.map(({ detail }) => key.sealJson(DETAIL_COLUMN, detail ?? null));
      const columns = [column("code"), column("severity"), column("message"), column("subject"), details];
      await db.pool.query(RAISE_ALL_SQL, [tenantId, ...columns]);
    },

    /** What these are about is mended. */
    async closeAbout(tenantId: string, subjects: string[]): Promise<void> {
      const where = { tenantId, subject: { in: subjects }, closedAt: null };
      await table.updateMany({ where, data: { closedAt: new Date() } });
    },

    /** Open ones, the latest first; with `all` closed ones too. `laneId` narrows to one record. */
    async list(tenantId: string, options: { all?: boolean; laneId?: number } = {}): Promise<Finding[]> {
      const key = await tenants.key(tenantId);
      const where = { tenantId, laneId: options.laneId, ...(options.all ? {} : { closedAt: null }) };
      const rows = await table.findMany({ where, orderBy: [{ lastAt: "desc" }, { id: "desc" }] });
      return rows.map((row) => toFinding(row, (sealed) => key.unsealJson(DETAIL_COLUMN, sealed)));
    },

    /** The latest first. */
    async page({ only, closed, past, limit }: FindingPage): Promise<Finding[]> {
      const [lastAt, id] = past ?? [];
      const rows = await table.findMany({
        where: {
          ...(only && { tenantId: { in: [...only] } }),
          ...(!closed && { closedAt: null }),
          ...(past && { OR: [{ lastAt: { lt: lastAt } }, { lastAt, id: { lt: id } }] }),
        },
        orderBy: [{ lastAt: "desc" }, { id: "desc" }],
        take: limit,
      });
      return Promise.all(
        rows.map(async (row) => {
          const key = await tenants.key(row.tenantId);
          return toFinding(row, (sealed) => key.unsealJson(DETAIL_COLUMN, sealed));
        }),
      );
    },

    /** A person has dealt with it. False when the tenant has no such open finding. */
    async close(tenantId: string, findingId: number): Promise<boolean> {
      const where = { tenantId, id: findingId, closedAt: null };
      return (await table.updateMany({ where, data: { closedAt: new Date() } })).count > 0;
    },

    /** Pipedrive records that have an open finding of one of these codes. */
    async recordsWith(tenantId: string, codes: string[]): Promise<{ object: CrmObject; crmId: number }[]> {
      const rows = await db.rows(
        recordRow,
        `select distinct l.object, l.crm_id from finding f join lane l on l.id = f.lane_id
           where f.tenant_id = $1 and f.code = any ($2) and f.closed_at is null and l.object is not null`,
        [tenantId, codes],
      );
      return rows.map(({ object, crm_id }) => ({ object, crmId: crm_id }));
    },

    /** What was found about a tenant, not about one record, is over. @param subject default: every subject */
    async closeOfTenant(tenantId: string, codes: readonly string[], subject?: string): Promise<void> {
      const where = { tenantId, code: { in: [...codes] }, laneId: null, closedAt: null, ...(subject && { subject }) };
      await table.updateMany({ where, data: { closedAt: new Date() } });
    },

    /** What was not met again since may be over: it is opened again if it is not. */
    async closeOlder(tenantId: string, codes: string[], since: Date): Promise<void> {
      const where = { tenantId, code: { in: codes }, closedAt: null, lastAt: { lt: since } };
      await table.updateMany({ where, data: { closedAt: new Date() } });
    },
  };
}

export type Findings = ReturnType<typeof createFindings>;

function toFinding(row: FindingModel, open: (sealed: Uint8Array) => unknown): Finding {
  return {
    ...row,
    id: Number(row.id),
    laneId: row.laneId === null ? null : Number(row.laneId),
    severity: row.severity as Severity,
    detail: row.detail && open(row.detail),
  };
}
