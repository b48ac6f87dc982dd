import { z } from "zod";
import { type BasePair, CRM_OBJECTS, PROGRAM_KINDS, ROLES } from "../sync/model.ts";
import { CONFLICT_STATES, type ConflictState, type Evidence, type Word } from "./conflict-rows.ts";
import type { Database } from "./database.ts";
import { id } from "./lane-rows.ts";
import type { Tenants } from "./tenants.ts";

const COLUMNS = `c.id, c.tenant_id as "tenantId", c.role, c.object, c.crm_id as "crmId", c.kind, c.program_id as "programId",
  c.field, c.state, c.verdict, c.winner, c.rule, c.revision, c.note, c.version, c.decided_by as "decidedBy",
  c.decided_at as "decidedAt", c.opened_at as "openedAt", c.last_at as "lastAt", c.closed_at as "closedAt"`;

const side = z.enum(["crm", "program"]).nullable();
const instant = z.date().nullable();
const row = z.object({
  id,
  tenantId: z.string(),
  role: z.enum(ROLES),
  object: z.enum(CRM_OBJECTS),
  crmId: id,
  kind: z.enum(PROGRAM_KINDS),
  programId: z.string(),
  field: z.string(),
  state: z.enum(CONFLICT_STATES),
  verdict: z.enum(["crm", "program", "undo", "restore"]).nullable(),
  winner: side,
  rule: z.string().nullable(),
  revision: z.number(),
  note: z.string().nullable(),
  version: z.number(),
  decidedBy: z.string().nullable(),
  decidedAt: instant,
  openedAt: z.date(),
  lastAt: z.date(),
  closedAt: instant,
});
const sealedRow = row.extend({
  evidence: z.instanceof(Buffer),
  bases: z.instanceof(Buffer).nullable(),
  link_state: z.string().nullable(),
  later: id.nullable(),
});
const saidRow = z.object({ said: z.boolean() });
const rewriteRow = z.object({
  role: z.enum(ROLES),
  field: z.string(),
  nearMisses: z.number(),
  pauses: z.number(),
  lastAt: z.date(),
});

/** A conflict without what its record holds. */
export type ConflictSummary = z.infer<typeof row>;

/** One with everything that it rests on. */
export interface ConflictView extends ConflictSummary {
  evidence: Evidence;
  /** Whether its link is still there, and what the sides agree on by now; null when nothing. */
  linked: boolean;
  base: BasePair | null;
  /** A later conflict of the same field; null: this is the last one. */
  later: number | null;
}

/** How often a field had to be written again because somebody had set it back. */
export type Rewrites = z.infer<typeof rewriteRow>;

export interface ConflictPage {
  /** Default: of any. */
  states?: readonly ConflictState[] | undefined;
  /** Of these fields only. */
  fields?: readonly string[] | undefined;
  before?: number | undefined;
  limit: number;
}

/** What a person says of a conflict, as the one looked at. */
export interface Saying {
  version: number;
  state: ConflictState;
  verdict: "crm" | "program" | "undo" | null;
  word: Word | null;
  by: string;
}

/** Fields on which both sides said something different: runs of their lanes write them, people decide on them. */
export function createConflicts(db: Database, tenants: Tenants) {
  return {
    /** The latest first. */
    async page(tenantId: string, { states, fields, before, limit }: ConflictPage): Promise<ConflictSummary[]> {
      return db.rows(
        row,
        `select ${COLUMNS} from conflict c where c.tenant_id = $1 and ($2::text[] is null or c.state = any ($2))
           and ($3::text[] is null or c.field = any ($3)) and ($4::bigint is null or c.id < $4) order by c.id desc limit $5`,
        [tenantId, states ?? null, fields ?? null, before ?? null, limit],
      );
    },

    /** @returns null when the tenant has no such conflict */
    async get(tenantId: string, conflictId: number): Promise<ConflictView | null> {
      const [found] = await db.rows(
        sealedRow,
        `select ${COLUMNS}, c.evidence, k.bases, k.state as link_state,
            (select max(o.id) from conflict o where o.link_id = c.link_id and o.field = c.field and o.id > c.id) as later
           from conflict c left join link k on k.id = c.link_id where c.tenant_id = $1 and c.id = $2`,
        [tenantId, conflictId],
      );
      if (!found) return null;
      const key = await tenants.key(tenantId);
      const { evidence, bases, link_state, ...summary } = found;
      const pairs = bases ? key.unsealJson<Record<string, BasePair>>("link.bases", bases) : {};
      return {
        ...summary,
        evidence: key.unsealJson("conflict.evidence", evidence),
        linked: link_state === "active",
        base: pairs[summary.field] ?? null,
      };
    },

    /**
     * A person's word, for the lane to carry out; its lane is due with it.
     *
     * @returns false when the conflict is no longer as that person saw it
     */
    async say(tenantId: string, conflictId: number, { version, state, verdict, word, by }: Saying): Promise<boolean> {
      const sealed = word && (await tenants.key(tenantId)).sealJson("conflict.word", word);
      const sql = "select say_of_conflict($1, $2, $3, $4, $5, $6, $7) as said";
      const [answer] = await db.rows(saidRow, sql, [tenantId, conflictId, version, state, verdict, sealed, by]);
      return answer?.said ?? false;
    },

    /** Per field, the most rewritten first. */
    async rewrites(tenantId: string): Promise<Rewrites[]> {
      return db.rows(
        rewriteRow,
        `select role, field, (count(*) filter (where not paused) - count(*) filter (where paused))::int as "nearMisses",
            (count(*) filter (where paused))::int as pauses, max(at) as "lastAt"
           from field_rewrite where tenant_id = $1 group by role, field order by count(*) desc, role, field`,
        [tenantId],
      );
    },
  };
}

export type Conflicts = ReturnType<typeof createConflicts>;
