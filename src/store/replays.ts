import { z } from "zod";
import { CRM_OBJECTS, PROGRAM_KINDS } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { id } from "./lane-rows.ts";
import type { RecordName } from "./records.ts";

/** A record whose work can be begun again. */
export interface Replayable {
  laneId: number;
  name: RecordName;
  /** Why it stopped; null when it has not. */
  cause: string | null;
  stoppedAt: Date | null;
}

const laneRow = z.object({
  id,
  object: z.enum(CRM_OBJECTS).nullable(),
  crm_id: id.nullable(),
  kind: z.enum(PROGRAM_KINDS).nullable(),
  program_id: z.string().nullable(),
  cause: z.string().nullable(),
  stopped_at: z.date().nullable(),
});
const findingRow = z.object({ lane_id: id.nullable() });
const countRow = z.object({ n: z.number() });
const COLUMNS = "l.id, l.object, l.crm_id, l.kind, l.program_id, l.cause, l.stopped_at";

/** Which records a replay begins again. */
export function createReplays(db: Pick<Database, "rows" | "pool">) {
  return {
    /** The record that a finding is about; null when it is about none, undefined when the tenant has no such finding. */
    async ofFinding(tenantId: string, findingId: number): Promise<Replayable | null | undefined> {
      const sql = "select lane_id from finding where tenant_id = $1 and id = $2";
      const [finding] = await db.rows(findingRow, sql, [tenantId, findingId]);
      if (!finding) return undefined;
      const lane = `select ${COLUMNS} from lane l where l.tenant_id = $1 and l.id = $2`;
      const [row] = await db.rows(laneRow, lane, [tenantId, finding.lane_id]);
      return row ? toReplayable(row) : null;
    },

    /** Null when the tenant knows nothing of it. */
    async ofRecord(tenantId: string, name: RecordName): Promise<Replayable | null> {
      const [column, of, named] =
        "object" in name
          ? ["object", "crm_id", [name.object, name.crmId]]
          : ["kind", "program_id", [name.kind, name.programId]];
      const sql = `select ${COLUMNS} from lane l where l.tenant_id = $1 and l.${column} = $2 and l.${of} = $3`;
      const [row] = await db.rows(laneRow, sql, [tenantId, ...named]);
      return row ? toReplayable(row) : null;
    },

    /** Records that have stopped since then, the first one first, and how many there are in all. */
    async stoppedSince(tenantId: string, since: Date, most: number): Promise<{ records: Replayable[]; all: number }> {
      const where = "l.tenant_id = $1 and l.stopped_at >= $2";
      const sql = `select ${COLUMNS} from lane l where ${where} order by l.stopped_at, l.id limit $3`;
      const rows = await db.rows(laneRow, sql, [tenantId, since, most]);
      const [count] = await db.rows(countRow, `select count(*)::int as n from lane l where ${where}`, [
        tenantId,
        since,
      ]);
      return { records: rows.map(toReplayable), all: count?.n ?? 0 };
    },

    /** Findings that told why these had stopped: what is not mended raises them again. */
    async closeStops(tenantId: string, records: readonly Pick<Replayable, "laneId" | "cause">[]): Promise<void> {
      await db.pool.query(
        `update finding f set closed_at = now() from unnest($2::bigint[], $3::text[]) stopped (lane, cause)
         where f.tenant_id = $1 and f.lane_id = stopped.lane and f.closed_at is null and f.severity = 'error'
           and (f.code = 'KEEPS_FAILING' or f.message = stopped.cause)`,
        [tenantId, records.map(({ laneId }) => laneId), records.map(({ cause }) => cause)],
      );
    },
  };
}

export type Replays = ReturnType<typeof createReplays>;

function toReplayable({ id: laneId, object, crm_id, kind, program_id, cause, stopped_at }: z.infer<typeof laneRow>) {
  const name: RecordName =
    object && crm_id !== null ? { object, crmId: crm_id } : { kind: kind ?? "partner", programId: program_id ?? "" };
  return { laneId, name, cause, stoppedAt: stopped_at };
}
