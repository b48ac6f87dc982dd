import { z } from "zod";
import type { PausedField } from "../sync/decide.ts";
import type { CrmObject, Direction, ProgramKind, Role } from "../sync/model.ts";
import { type Apart, id } from "./apart.ts";
import type { ConflictRow, RewriteRow, StoredConflict } from "./conflict-rows.ts";

export { id } from "./apart.ts";

export const when = z.date().nullable();

/** How people and doorbells name a lane. */
export interface LaneName {
  laneId: number;
  tenantId: string;
  object: CrmObject | null;
  crmId: number | null;
  kind: ProgramKind | null;
  programId: string | null;
}

/** A lease on one lane. Every later write to the store carries lane and epoch, and fails once the lease is lost. */
export interface Claim extends LaneName {
  epoch: number;
  direction: Direction;
  /** How often the lane had rung at claim: a release that finds more keeps the lane due. */
  rang: number;
  attempts: number;
  /** It has stopped, in this direction or the other. */
  stopped: boolean;
  leaseUntil: Date;
  /** When it was claimed, on the database's clock. */
  claimedAt: Date;
  /** When each direction was due at claim: the claimed one by now, the other maybe later. */
  due: Record<Direction, Date | null>;
  times: { crm: Record<string, string>; program: Record<string, string> };
  seenCrm: Buffer | null;
  seenProgram: Buffer | null;
}

/** What a claim works on: unread rows, links, open intents and effects. Sealed parts stay sealed here. */
export interface LaneContent {
  rows: { id: number; source: "pipedrive" | "program"; deliveryKey: string; payload: Buffer; receivedAt: Date }[];
  links: StoredLink[];
  intents: StoredIntent[];
  effects: { id: number; effect: string; programVersion: number; detail: Buffer | null }[];
  conflicts: StoredConflict[];
  apart: Apart;
}

export interface StoredLink {
  id: number;
  role: Role;
  object: CrmObject;
  crmId: number;
  kind: ProgramKind;
  programId: string;
  createdBy: string;
  state: "active" | "orphaned";
  bases: Buffer | null;
  baseVersion: number;
  recent: Buffer | null;
  restored: string[];
  pausedFields: PausedField[];
}

export interface StoredIntent {
  id: number;
  type: "create" | "patch" | "command" | "note";
  direction: Direction;
  role: Role | null;
  object: CrmObject | null;
  crmId: number | null;
  programId: string | null;
  key: string;
  body: Buffer;
  deadline: Date;
  openedAt: Date;
  hintCrmId: number | null;
}

/** What one run of a lane concluded, as `settle_lanes` takes it. Sealed parts are base64. */
export interface Settlement {
  lane: number;
  epoch: number;
  direction: Direction;
  rang: number;
  read: number[];
  seen_crm: string | null;
  seen_program: string | null;
  times: Claim["times"];
  due: { inbound: string | null; outbound: string | null };
  blocked: { kind: string; id: string } | null;
  stopped: boolean;
  attempts: number;
  cause: string | null;
  links: {
    id: number;
    bases: string;
    base_version: number;
    recent: string | null;
    restored: string[];
    paused_fields: PausedField[];
    state: "active" | "orphaned";
  }[];
  intents: { id: number; state: "done" | "failed" }[];
  history: HistoryRow[];
  findings: FindingRow[];
  effects: { kind: string; program_id: string; effect: string; program_version: number; detail: string | null }[];
  effects_done: { id: number; state: "done" | "skipped" }[];
  /** Absent = nothing. */
  conflicts?: ConflictRow[];
  rewrites?: RewriteRow[];
}

export interface HistoryRow {
  role: string;
  program_id: string | null;
  field: string;
  event: "seen" | "written" | "agreed" | "conflict" | "linked" | "unlinked" | "merged" | "created" | "refused";
  winner: "crm" | "program" | null;
  rule: string | null;
  revision: number;
  intent_id: number | null;
  content: string | null;
  salt: string | null;
}

export interface FindingRow {
  code: string;
  severity: "error" | "warning" | "info";
  field: string | null;
  message: string;
  subject: string;
  detail: string | null;
}

export interface Delivery {
  tenantId: string;
  connectionId: string;
  source: "pipedrive" | "program";
  deliveryKey: string;
  payload: Buffer;
  object: CrmObject | null;
  crmId: number | null;
  kind: ProgramKind | null;
  programId: string | null;
  /** 0 live, 1 backfill, 2 reconcile */
  class?: 0 | 1 | 2;
}

export interface Settled {
  settled: boolean;
  dueInbound: Date | null;
  dueOutbound: Date | null;
}

export const nameRow = z
  .object({
    lane_id: id,
    object: z.string().nullable(),
    crm_id: id.nullable(),
    kind: z.string().nullable(),
    program_id: z.string().nullable(),
  })
  .transform((row) => ({
    laneId: row.lane_id,
    object: row.object as CrmObject | null,
    crmId: row.crm_id,
    kind: row.kind as ProgramKind | null,
    programId: row.program_id,
  }));

export const claimRow = z.object({
  id,
  tenant_id: z.string(),
  object: z.string().nullable(),
  crm_id: id.nullable(),
  kind: z.string().nullable(),
  program_id: z.string().nullable(),
  epoch: id,
  rang: id,
  attempts: z.number(),
  stopped_at: when,
  lease_until: z.date(),
  due_inbound: when,
  due_outbound: when,
  seen_crm: z.instanceof(Buffer).nullable(),
  seen_program: z.instanceof(Buffer).nullable(),
  times: z.object({ crm: z.record(z.string(), z.string()), program: z.record(z.string(), z.string()) }),
});

export const pausedField = z.object({ field: z.string(), until: z.enum(["crm", "program"]) });
/** A claimed row as the claim it is. */
export function toClaim(row: z.infer<typeof claimRow>, direction: Direction, leaseMs: number): Claim {
  return {
    laneId: row.id,
    tenantId: row.tenant_id,
    object: row.object as CrmObject | null,
    crmId: row.crm_id,
    kind: row.kind as ProgramKind | null,
    programId: row.program_id,
    epoch: row.epoch,
    direction,
    rang: row.rang,
    attempts: row.attempts,
    stopped: row.stopped_at !== null,
    leaseUntil: row.lease_until,
    claimedAt: new Date(row.lease_until.getTime() - leaseMs),
    due: { inbound: row.due_inbound, outbound: row.due_outbound },
    times: row.times,
    seenCrm: row.seen_crm,
    seenProgram: row.seen_program,
  };
}
