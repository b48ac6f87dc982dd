import { z } from "zod";
import type { CrmObject, ProgramKind, Role } from "../sync/model.ts";
import { CRM_OBJECTS, PROGRAM_KINDS, ROLES } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { id } from "./lane-rows.ts";
import type { RecordName } from "./records.ts";
import type { Tenants } from "./tenants.ts";

/** What happened to a field of a record, opened. */
export interface HistoryEntry {
  id: number;
  at: Date;
  object: CrmObject | null;
  crmId: number | null;
  kind: ProgramKind | null;
  programId: string | null;
  role: Role;
  field: string;
  /** seen: changed by somebody else than us; refused: an order that was not carried out. */
  event: string;
  winner: string | null;
  rule: string | null;
  /** Of the mapping by which it was decided. */
  revision: number;
  intentId: number | null;
  /** Place in the tenant's chain of digests; null: not sealed yet. */
  position: number | null;
  /** Values and who set them; null when pruned. */
  content: Record<string, unknown> | null;
}

/** Which part of a tenant's history, and in what order. */
export interface HistoryQuery {
  /** One record's only. */
  laneId?: number | undefined;
  /** Of these fields only, and how the record came to be linked in their roles. */
  fields?: readonly { role: Role; field: string }[] | undefined;
  from?: Date | undefined;
  /** Up to, and without, this instant. */
  to?: Date | undefined;
  /** The page behind the row of this time and id. */
  past?: [Date, number] | undefined;
  /** Else the newest. */
  oldestFirst?: boolean;
  limit: number;
}

/** The field under which a record's linking stands. */
export const LINK_FIELD = "link";

const row = z.object({
  ...{ id, at: z.date(), object: z.enum(CRM_OBJECTS).nullable(), crmId: id.nullable() },
  ...{ kind: z.enum(PROGRAM_KINDS).nullable(), programId: z.string().nullable(), role: z.enum(ROLES) },
  ...{ field: z.string(), event: z.string(), winner: z.string().nullable(), rule: z.string().nullable() },
  ...{ revision: z.number(), intentId: id.nullable(), position: id.nullable() },
  content: z.instanceof(Buffer).nullable(),
});

const select = (order: "asc" | "desc") => `
  select h.id, h.at, l.object, l.crm_id as "crmId", l.kind, coalesce(h.program_id, l.program_id) as "programId", h.role,
    h.field, h.event, h.winner, h.rule, h.revision, h.intent_id as "intentId", h.position, h.content
  from history h left join lane l on l.id = h.lane_id and l.tenant_id = h.tenant_id
  where h.tenant_id = $1 and ($2::bigint is null or h.lane_id = $2)
    and ($3::text[] is null or h.role || '.' || h.field = any($3))
    and ($4::timestamptz is null or h.at >= $4) and ($5::timestamptz is null or h.at < $5)
    and ($6::timestamptz is null or (h.at, h.id) ${order === "asc" ? ">" : "<"} ($6, $7))
  order by h.at ${order}, h.id ${order} limit $8`;

const laneRow = z.object({ id });

/** What happened to fields, and why. Written by lanes when they settle. */
export function createHistory(db: Database, tenants: Tenants) {
  return {
    /** @throws InputError UNKNOWN_TENANT */
    async list(tenantId: string, query: HistoryQuery): Promise<HistoryEntry[]> {
      const { laneId, fields, from, to, past, oldestFirst = false, limit } = query;
      const key = await tenants.key(tenantId);
      const names = fields?.flatMap(({ role, field }) => [`${role}.${field}`, `${role}.${LINK_FIELD}`]) ?? null;
      const values = [tenantId, laneId ?? null, names, from ?? null, to ?? null, past?.[0] ?? null, past?.[1] ?? null];
      const found = await db.rows(row, select(oldestFirst ? "asc" : "desc"), [...values, limit]);
      return found.map(({ content, ...rest }) => ({
        ...rest,
        content: content && key.unsealJson<Record<string, unknown>>("history.content", content),
      }));
    },

    /** The lane of a record, under which its history stands; null when nothing is known of it. */
    async laneOf(tenantId: string, name: RecordName): Promise<number | null> {
      const byRecord = "object" in name;
      const sql = byRecord
        ? "select id from lane where tenant_id = $1 and object = $2 and crm_id = $3"
        : "select id from lane where tenant_id = $1 and kind = $2 and program_id = $3";
      const values = byRecord ? [name.object, name.crmId] : [name.kind, name.programId];
      const [found] = await db.rows(laneRow, sql, [tenantId, ...values]);
      return found?.id ?? null;
    },
  };
}

export type History = ReturnType<typeof createHistory>;
