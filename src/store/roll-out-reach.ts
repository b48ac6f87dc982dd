import { z } from "zod";
import { CRM_OBJECTS, type CrmObject, PROGRAM_KINDS, type ProgramKind, ROLES, type Role } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { id } from "./lane-rows.ts";

const roleRow = z.object({ role: z.enum(ROLES), n: z.number() });
const kindRow = z.object({ kind: z.enum(PROGRAM_KINDS), n: z.number() });
const recordRow = z.object({ object: z.enum(CRM_OBJECTS), crm_id: id });
const countRow = z.object({ n: z.number() });
const codeRow = z.object({ code: z.string(), message: z.string() });
const linkRow = z.object({
  lane_id: id,
  role: z.enum(ROLES),
  crm_id: id,
  program_id: z.string(),
  bases: z.instanceof(Buffer).nullable(),
});
const crmIdRow = z.object({ crm_id: id });

const waitingRow = z.object({
  kind: z.enum(PROGRAM_KINDS),
  program_id: z.string(),
  seen_program: z.instanceof(Buffer).nullable(),
});

/** An aggregate that the program told of; what was seen of it is sealed. */
export interface WaitingAggregate {
  kind: ProgramKind;
  programId: string;
  seenProgram: Buffer | null;
}

export interface SampledLink {
  laneId: number;
  role: Role;
  crmId: number;
  programId: string;
  bases: Buffer | null;
}

/** What a roll-out asks the store: how many records it reaches, and how far they are. */
export function createRollOutReach(db: Pick<Database, "rows">) {
  return {
    /** Linked records by role. */
    async linked(tenantId: string): Promise<Partial<Record<Role, number>>> {
      const sql =
        "select role, count(distinct crm_id)::int as n from link where tenant_id = $1 and state = 'active' group by role";
      return Object.fromEntries((await db.rows(roleRow, sql, [tenantId])).map(({ role, n }) => [role, n]));
    },

    /** Linked records, each counted once however many registrations name it. */
    async linkedRecords(tenantId: string): Promise<number> {
      const sql =
        "select count(*)::int as n from (select distinct object, crm_id from link where tenant_id = $1 and state = 'active') r";
      return (await db.rows(countRow, sql, [tenantId]))[0]?.n ?? 0;
    },

    /** Aggregates that the program told of and that have no record in Pipedrive yet. */
    async withoutRecord(tenantId: string): Promise<Partial<Record<ProgramKind, number>>> {
      const sql = `select kind, count(*)::int as n from lane where tenant_id = $1 and kind is not null and crm_id is null
        group by kind`;
      return Object.fromEntries((await db.rows(kindRow, sql, [tenantId])).map(({ kind, n }) => [kind, n]));
    },

    /** Some of those, the longest known first, with what was last seen of them. */
    async waitingSample(tenantId: string, most: number): Promise<WaitingAggregate[]> {
      const sql = `select kind, program_id, seen_program from lane
        where tenant_id = $1 and kind is not null and crm_id is null order by id limit $2`;
      const rows = await db.rows(waitingRow, sql, [tenantId, most]);
      return rows.map((row) => ({ kind: row.kind, programId: row.program_id, seenProgram: row.seen_program }));
    },

    /** Some linked records of an object, no matter which, the same each time; with their links. */
    async sample(tenantId: string, object: CrmObject, most: number): Promise<SampledLink[]> {
      const rows = await db.rows(
        linkRow,
        `select k.lane_id, k.role, k.crm_id, k.program_id, k.bases from link k
         where k.tenant_id = $1 and k.object = $2 and k.state = 'active' and k.crm_id in (
           select crm_id from link where tenant_id = $1 and object = $2 and state = 'active'
           group by crm_id order by md5(crm_id::text) limit $3)
         order by k.crm_id, k.id`,
        [tenantId, object, most],
      );
      return rows.map(({ lane_id, crm_id, program_id, ...row }) => ({
        ...row,
        laneId: lane_id,
        crmId: crm_id,
        programId: program_id,
      }));
    },

    /** Some linked records, of every object in turn. */
    async trial(tenantId: string, most: number): Promise<{ object: CrmObject; crmId: number }[]> {
      const rows = await db.rows(
        recordRow,
        `select object, crm_id from (
           select object, crm_id, row_number() over (partition by object order by md5(crm_id::text)) as nth
           from (select distinct object, crm_id from link where tenant_id = $1 and state = 'active') l) r
         order by nth, object limit $2`,
        [tenantId, most],
      );
      return rows.map(({ object, crm_id }) => ({ object, crmId: crm_id }));
    },

    /** Records of these that are linked already. */
    async linkedAmong(tenantId: string, object: CrmObject, ids: readonly number[]): Promise<Set<number>> {
      const sql = "select distinct crm_id from link where tenant_id = $1 and object = $2 and crm_id = any ($3)";
      return new Set((await db.rows(crmIdRow, sql, [tenantId, object, ids])).map(({ crm_id }) => crm_id));
    },

    /** How many of these records still have something to be done now or later. */
    async unsettled(tenantId: string, records: readonly { object: CrmObject; crmId: number }[]): Promise<number> {
      const sql = `select count(*)::int as n from lane l
        join jsonb_to_recordset($2::jsonb) r (object text, "crmId" bigint) on l.object = r.object and l.crm_id = r."crmId"
        where l.tenant_id = $1 and (l.due_inbound is not null or l.due_outbound is not null or l.lease_until > clock_timestamp())`;
      return (await db.rows(countRow, sql, [tenantId, JSON.stringify(records)]))[0]?.n ?? 0;
    },

    /** Records that were asked to be looked at, behind live work, and were not yet. */
    async waiting(tenantId: string): Promise<number> {
      const sql = `select count(*)::int as n from lane where tenant_id = $1 and class = 2
        and (due_inbound is not null or due_outbound is not null or lease_until > clock_timestamp())`;
      return (await db.rows(countRow, sql, [tenantId]))[0]?.n ?? 0;
    },

    /** Errors met since then, of the tenant as a whole or of one of these records (null: of any). */
    async errorsSince(
      tenantId: string,
      since: Date,
      records: readonly { object: CrmObject; crmId: number }[] | null,
    ): Promise<{ code: string; message: string }[]> {
      return db.rows(
        codeRow,
        `select f.code, f.message from finding f left join lane l on l.id = f.lane_id
         where f.tenant_id = $1 and f.severity = 'error' and f.closed_at is null and f.last_at >= $2
           and f.code <> 'ROLL_OUT_PAUSED'
           and (f.lane_id is null or $3::jsonb is null or exists (
             select 1 from jsonb_to_recordset($3::jsonb) r (object text, "crmId" bigint)
             where r.object = l.object and r."crmId" = l.crm_id))
         order by f.last_at limit 20`,
        [tenantId, since, records && JSON.stringify(records)],
      );
    },
  };
}

export type RollOutReach = ReturnType<typeof createRollOutReach>;
