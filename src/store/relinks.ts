import { z } from "zod";
import type { BasePair, CrmObject, ProgramKind, Role } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { historyValues, keepingHistory } from "./kept-history.ts";
import { type Claim, type HistoryRow, id } from "./lane-rows.ts";
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
const kindRow = z.object({ kind: z.string() });
const mergedRow = z.object({ outcome: z.enum(["merged", "nothing", "taken", "occupied", "lost"]) });
const followedRow = z.object({ outcome: z.enum(["moved", "alias", "both", "taken", "lost"]) });
export type Merged = z.infer<typeof mergedRow>["outcome"];
export type Followed = z.infer<typeof followedRow>["outcome"];
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

    /** The link of an aggregate to a record of its own, whatever its state; undefined while there is none. */
    async ownLinkOf(tenantId: string, kind: ProgramKind, programId: string): Promise<PairedLink | undefined> {
      const [link] = await db.rows(
        linkRow,
        `select id, lane_id, role, object, crm_id, kind, program_id, state from link
           where tenant_id = $1 and kind = $2 and program_id = $3 and role in ('partner', 'partner_user', 'deal')`,
        [tenantId, kind, programId],
      );
      return link;
    },

    /** What an id is the id of, as far as links tell; undefined for one that no link has. */
    async kindOf(tenantId: string, programId: string): Promise<ProgramKind | undefined> {
      const [row] = await db.rows(kindRow, "select kind from link where tenant_id = $1 and program_id = $2 limit 1", [
        tenantId,
        programId,
      ]);
      return row?.kind as ProgramKind | undefined;
    },

    /** Links of a record that was merged into the claimed lane's own come to it; see the migration `merge_records`. */
    async merge(claim: Claim, loserId: number, history: HistoryRow): Promise<Merged> {
      const sql = keepingHistory("select merge_records($1, $2, $3) as outcome", 4, "done.outcome = 'merged'");
      const values = [claim.laneId, claim.epoch, loserId, ...historyValues(claim, history)];
      const [row] = await db.rows(mergedRow, sql, values);
      return row?.outcome ?? "lost";
    },

    /** The claimed lane's partner went into another one in the program; see the migration `merge_records`. */
    async followPartner(claim: Claim, from: string, into: string, history: HistoryRow): Promise<Followed> {
      const sql = keepingHistory("select follow_partner($1, $2, $3, $4) as outcome", 5, "done.outcome = 'moved'");
      const values = [claim.laneId, claim.epoch, from, into, ...historyValues(claim, history)];
      const [row] = await db.rows(followedRow, sql, values);
      return row?.outcome ?? "lost";
    },

    /** Nothing is written to either record until one of them does not carry the id any more. */
    async quarantine(
      tenantId: string,
      { object, crmId, otherId, programId }: Pick<Pair, "object" | "crmId" | "programId"> & { otherId: number },
    ): Promise<void> {
      const values = [tenantId, object, crmId, otherId, programId];
      await db.pool.query("select quarantine_records($1, $2, $3, $4, $5)", values);
    },

    /** The record, and whatever carried the same id, go on. */
    async release(tenantId: string, { object, crmId }: Pick<Pair, "object" | "crmId">): Promise<void> {
      await db.pool.query("select release_records($1, $2, $3)", [tenantId, object, crmId]);
    },

    /** Unties a link of the claimed lane. False when the claim or the link is gone. @param by who asked for it */
    async unlink(claim: Claim, linkId: number, by: string, history: HistoryRow): Promise<boolean> {
      const sql = keepingHistory("select unlink_record($1, $2, $3, $4) as done", 5, "done.done");
      const values = [claim.laneId, claim.epoch, linkId, by, ...historyValues(claim, history)];
      const [row] = await db.rows(doneRow, sql, values);
      return row?.done ?? false;
    },
  };
}

export type Relinks = ReturnType<typeof createRelinks>;
