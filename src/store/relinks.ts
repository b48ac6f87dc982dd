import { z } from "zod";
import type { BasePair, CrmObject, ProgramKind, Role } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { type Claim, id } from "./lane-rows.ts";
import type { Tenants } from "./tenants.ts";

/** A record and an aggregate that stand, or stood, for each other. */
export interface Pair {
  object: CrmObject;
  crmId: number;
  kind: ProgramKind;
  programId: string;
}

export interface PairedLink extends Pair {
  id: number;
  laneId: number;
  role: Role;
  state: "active" | "orphaned";
}

/** What a pair was when it was unlinked. */
export interface FormerPair {
  bases: Record<string, BasePair>;
  removedBy: string | null;
  removedAt: Date;
}

const linkRow = z
  .object({
    id,
    lane_id: id,
    role: z.string(),
    object: z.string(),
    crm_id: id,
    kind: z.string(),
    program_id: z.string(),
    state: z.enum(["active", "orphaned"]),
  })
  .transform((row) => ({
    id: row.id,
    laneId: row.lane_id,
    role: row.role as Role,
    object: row.object as CrmObject,
    crmId: row.crm_id,
    kind: row.kind as ProgramKind,
    programId: row.program_id,
    state: row.state,
  }));
const tombstoneRow = z.object({
  bases: z.instanceof(Buffer).nullable(),
  removed_by: z.string().nullable(),
  removed_at: z.date(),
});
const laneRow = z.object({ lane: id });
const doneRow = z.object({ done: z.boolean() });

/** Links that end, and what remembers them. */
export function createRelinks(db: Database, tenants: Tenants) {
  return {
    /** Links of that role that the record or the aggregate is in; of a customer's role only the pair's own. */
    async around(tenantId: string, role: Role, { object, crmId, programId }: Pair): Promise<PairedLink[]> {
      const isOwn = role === "partner" || role === "partner_user" || role === "deal";
      return db.rows(
        linkRow,
        `select id, lane_id, role, object, crm_id, kind, program_id, state from link
           where tenant_id = $1 and role = $2 and object = $3
             and (case when $6 then crm_id = $4 or program_id = $5 else crm_id = $4 and program_id = $5 end) order by id`,
        [tenantId, role, object, crmId, programId, isOwn],
      );
    },

    /** Null when the pair was never unlinked, or is linked again. */
    async formerPair(tenantId: string, role: Role, { object, crmId, programId }: Pair): Promise<FormerPair | null> {
      const [row] = await db.rows(
        tombstoneRow,
        `select bases, removed_by, removed_at from link_tombstone
           where tenant_id = $1 and role = $2 and object = $3 and crm_id = $4 and program_id = $5`,
        [tenantId, role, object, crmId, programId],
      );
      if (!row) return null;
      const key = await tenants.key(tenantId);
      const bases = row.bases ? (key.unsealJson("link.bases", row.bases) as FormerPair["bases"]) : {};
      return { bases, removedBy: row.removed_by, removedAt: row.removed_at };
    },

    /** The pair may stand for each other again. */
    async forget(tenantId: string, role: Role, { object, crmId, programId }: Pair): Promise<void> {
      await db.pool.query(
        `delete from link_tombstone
           where tenant_id = $1 and role = $2 and object = $3 and crm_id = $4 and program_id = $5`,
        [tenantId, role, object, crmId, programId],
      );
      await db.pool.query("delete from merged_record where tenant_id = $1 and object = $2 and crm_id = $3", [
        tenantId,
        object,
        crmId,
      ]);
    },

    /** The lane of a record, made where there is none. */
    async laneOf(tenantId: string, { object, crmId }: Pick<Pair, "object" | "crmId">): Promise<number> {
      const [row] = await db.rows(laneRow, "select lane_for($1, $2, $3, null, null) as lane", [
        tenantId,
        object,
        crmId,
      ]);
      return row?.lane as number;
    },

    /** Unties a link of the claimed lane. False when the claim or the link is gone. @param by who asked for it */
    async unlink(claim: Claim, linkId: number, by: string): Promise<boolean> {
      const [row] = await db.rows(doneRow, "select unlink_record($1, $2, $3, $4) as done", [
        claim.laneId,
        claim.epoch,
        linkId,
        by,
      ]);
      return row?.done ?? false;
    },
  };
}

export type Relinks = ReturnType<typeof createRelinks>;
