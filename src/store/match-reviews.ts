import { z } from "zod";
import type { Candidate, Verdict } from "../sync/matching/verdict.ts";
import { PROGRAM_KINDS, type ProgramKind, ROLES, type Role } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { type Claim, id } from "./lane-rows.ts";
import type { Tenants } from "./tenants.ts";

export const MATCH_STATES = ["open", "decided", "done", "withdrawn"] as const;
export const MATCH_CHOICES = ["link", "create", "drop"] as const;
export type MatchChoice = (typeof MATCH_CHOICES)[number];
export type MatchCause = Extract<Verdict, { verdict: "review" }>["because"];

/** What was looked for, and every record that may be it, as they were. Sealed. */
export interface MatchEvidence {
  sought: Record<string, string | null>;
  candidates: Candidate[];
  /** Tokens that looking cost. */
  tokens: number;
}

/** Which aggregate's record was looked for, and in which role. */
export interface MatchSubject {
  kind: ProgramKind;
  programId: string;
  role: Role;
}

/**
 * Records that may be the one looked for. `open`: a person has to say; `decided`: the lane carries it out; `done`: it has;
 * `withdrawn`: looked for again, it was plain.
 */
export interface MatchReview extends MatchSubject {
  id: number;
  tenantId: string;
  because: MatchCause;
  state: (typeof MATCH_STATES)[number];
  choice: MatchChoice | null;
  /** The record to link. */
  crmId: number | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  openedAt: Date;
  endedAt: Date | null;
  evidence: MatchEvidence;
  /** Why, in the words of who decided. */
  comment: string | null;
}

export interface MatchDecision {
  choice: MatchChoice;
  crmId: number | null;
  by: string;
  comment: string | null;
}

/** What became of a decision; "busy" while a worker carries an earlier one out. */
export type Decided = "decided" | "busy" | "ended";

const EVIDENCE = "match_review.evidence";
const COMMENT = "match_review.comment";
const row = z.object({
  id,
  tenant_id: z.string(),
  kind: z.enum(PROGRAM_KINDS),
  program_id: z.string(),
  role: z.enum(ROLES),
  because: z.enum(["several", "suspected", "taken"]),
  state: z.enum(MATCH_STATES),
  choice: z.enum(MATCH_CHOICES).nullable(),
  crm_id: id.nullable(),
  decided_by: z.string().nullable(),
  decided_at: z.date().nullable(),
  opened_at: z.date(),
  ended_at: z.date().nullable(),
  evidence: z.instanceof(Buffer),
  comment: z.instanceof(Buffer).nullable(),
});
const idRow = z.object({ id });
const outcomeRow = z.object({ outcome: z.enum(["decided", "busy", "ended"]) });

// A finding of the lane is about the aggregate: its words are those of `subjectOf`.
const CLOSE_FINDING = `
  update finding f set closed_at = now() from changed c
    where f.tenant_id = c.tenant_id and f.code = 'MATCH_REVIEW' and f.closed_at is null
      and f.subject = c.kind || ' ' || c.program_id`;

/** Matches that wait for a person. The lane's own verbs carry its claim, and do nothing once that is lost. */
export function createMatchReviews(db: Database, tenants: Tenants) {
  const opened = async (rows: z.infer<typeof row>[]): Promise<MatchReview[]> =>
    Promise.all(rows.map(async (one) => toReview(one, await tenants.key(one.tenant_id))));

  return {
    /** The one that is open, or decided and not carried out yet. */
    async standing(tenantId: string, { kind, programId, role }: MatchSubject): Promise<MatchReview | null> {
      const rows = await db.rows(
        row,
        `select * from match_review where tenant_id = $1 and kind = $2 and program_id = $3 and role = $4
           and state in ('open', 'decided')`,
        [tenantId, kind, programId, role],
      );
      return (await opened(rows))[0] ?? null;
    },

    /** Asks a person; an open one gets the newer evidence. @returns null when the claim is lost */
    async open(
      claim: Claim,
      { kind, programId, role }: MatchSubject,
      { because, evidence }: Pick<MatchReview, "because" | "evidence">,
    ): Promise<number | null> {
      const sealed = (await tenants.key(claim.tenantId)).sealJson(EVIDENCE, evidence);
      const [made] = await db.rows(
        idRow,
        `insert into match_review as m (tenant_id, kind, program_id, role, because, evidence)
         select tenant_id, $3, $4, $5, $6, $7 from lane where id = $1 and epoch = $2 and lease_until > clock_timestamp()
         on conflict (tenant_id, kind, program_id, role) where state in ('open', 'decided') do update
           set because = excluded.because, evidence = excluded.evidence where m.state = 'open'
         returning id`,
        [claim.laneId, claim.epoch, kind, programId, role, because, sealed],
      );
      return made?.id ?? null;
    },

    /** A decision was carried out, or an open one is not wanted any more: nobody has to look. */
    async end(tenantId: string, matchId: number, state: "done" | "withdrawn"): Promise<void> {
      await db.pool.query(
        `with changed as (
           update match_review set state = $3, ended_at = now()
             where tenant_id = $1 and id = $2 and state in ('open', 'decided') returning *)
         ${CLOSE_FINDING}`,
        [tenantId, matchId, state],
      );
    },

    /**
     * Writes a decision down and makes the lane due, in one transaction. A decision may be changed until it is carried
     * out: not while a worker may be at it.
     */
    async decide(tenantId: string, matchId: number, { choice, crmId, by, comment }: MatchDecision): Promise<Decided> {
      const sealed = comment === null ? null : (await tenants.key(tenantId)).sealJson(COMMENT, comment);
      const [result] = await db.rows(outcomeRow, "select decide_match($1, $2, $3, $4, $5, $6) as outcome", [
        tenantId,
        matchId,
        choice,
        crmId,
        by,
        sealed,
      ]);
      return result?.outcome ?? "ended";
    },

    async get(tenantId: string, matchId: number): Promise<MatchReview | null> {
      const sql = "select * from match_review where tenant_id = $1 and id = $2";
      return (await opened(await db.rows(row, sql, [tenantId, matchId])))[0] ?? null;
    },

    /** The latest first. @param all ended ones too */
    async page(tenantId: string, { all, before, limit }: { all: boolean; before?: number; limit: number }) {
      const sql = `select * from match_review where tenant_id = $1 and ($2 or state in ('open', 'decided'))
        and ($3::bigint is null or id < $3) order by id desc limit $4`;
      return opened(await db.rows(row, sql, [tenantId, all, before ?? null, limit]));
    },
  };
}

export type MatchReviews = ReturnType<typeof createMatchReviews>;

function toReview(
  one: z.infer<typeof row>,
  key: { unsealJson(column: string, sealed: Uint8Array): unknown },
): MatchReview {
  return {
    id: one.id,
    tenantId: one.tenant_id,
    kind: one.kind,
    programId: one.program_id,
    role: one.role,
    because: one.because,
    state: one.state,
    choice: one.choice,
    crmId: one.crm_id,
    decidedBy: one.decided_by,
    decidedAt: one.decided_at,
    openedAt: one.opened_at,
    endedAt: one.ended_at,
    evidence: key.unsealJson(EVIDENCE, one.evidence) as MatchEvidence,
    comment: one.comment && (key.unsealJson(COMMENT, one.comment) as string),
  };
}
