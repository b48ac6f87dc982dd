import { z } from "zod";
import type { PausedField } from "../sync/decide.ts";
import type { BasePair, CrmObject, ProgramKind, Role } from "../sync/model.ts";
import type { Database } from "./database.ts";
import type { Finding, Findings } from "./findings.ts";
import type { HistoryModel, IntentModel, LaneModel, LinkModel } from "./generated/models.ts";
import { pausedField } from "./lane-rows.ts";
import type { Tenants } from "./tenants.ts";
import type { TenantKey } from "./vault.ts";

/** How a person names a record: by its id in Pipedrive, or by its id in the partner program. */
export type RecordName = { object: CrmObject; crmId: number } | { kind: ProgramKind; programId: string };

/** All that is known of one record, opened for people to read. */
export interface RecordView {
  tenantId: string;
  lane: LaneView;
  links: LinkView[];
  /** Deliveries that no run has folded yet. */
  unread: number;
  openIntents: IntentView[];
  /** The last 20, newest first. */
  history: HistoryView[];
  /** Open ones. */
  findings: Finding[];
}

export interface LaneView {
  id: number;
  object: CrmObject | null;
  crmId: number | null;
  kind: ProgramKind | null;
  programId: string | null;
  class: "live" | "backfill" | "reconcile";
  dueInbound: Date | null;
  dueOutbound: Date | null;
  leaseUntil: Date | null;
  attempts: number;
  blockedOn: { kind: string; id: string } | null;
  stoppedAt: Date | null;
  cause: string | null;
  settledAt: Date | null;
  /** What was last seen of each side; null when nothing was. */
  seenCrm: unknown;
  seenProgram: unknown;
}

export interface LinkView {
  role: Role;
  object: CrmObject;
  crmId: number;
  kind: ProgramKind;
  programId: string;
  createdBy: string;
  state: "active" | "orphaned";
  bases: Record<string, BasePair>;
  pausedFields: PausedField[];
  /** Fields that a person has to decide, or whose values both stand. */
  conflicts: { id: number; field: string; state: string }[];
  /** Fields that were written a second time within minutes because somebody had set them back, and how often. */
  nearMisses: Record<string, number>;
  createdAt: Date;
}

export interface IntentView {
  id: number;
  type: string;
  direction: string;
  role: string | null;
  object: string | null;
  crmId: number | null;
  programId: string | null;
  revision: number;
  openedAt: Date;
  deadline: Date;
}

export interface HistoryView {
  at: Date;
  role: string;
  programId: string | null;
  field: string;
  event: string;
  winner: string | null;
  rule: string | null;
  /** Of the mapping by which it was decided. */
  revision: number;
  intentId: number | null;
  /** Values and bases; null when pruned. */
  content: unknown;
}

const MOST_HISTORY = 20;
const CLASSES = ["live", "backfill", "reconcile"] as const;

/** What `record <object> <id>` shows. */
export function createRecords(db: Database, tenants: Tenants, findings: Findings) {
  const { prisma } = db;

  return {
    /** @returns null when the tenant has no lane of this record @throws InputError UNKNOWN_TENANT */
    async find(tenantId: string, name: RecordName): Promise<RecordView | null> {
      const key = await tenants.key(tenantId);
      const lane = await prisma.lane.findFirst({ where: { tenantId, ...name } });
      if (!lane) return null;
      const where = { tenantId, laneId: lane.id };
      const links = await prisma.link.findMany({ where, orderBy: { id: "asc" } });
      const ofLinks = { tenantId, linkId: { in: links.map(({ id }) => id) } };
      const [conflicts, rewrites, unread, intents, history, open] = await Promise.all([
        prisma.conflict.findMany({ where: { ...ofLinks, state: { in: ["open", "apart"] } }, orderBy: { id: "asc" } }),
        prisma.fieldRewrite.findMany({ where: { ...ofLinks, paused: false } }),
        prisma.inboxLane.count({ where: { ...where, readAt: null } }),
        prisma.intent.findMany({ where: { ...where, state: "open" }, orderBy: { id: "asc" } }),
        prisma.history.findMany({ where, orderBy: { id: "desc" }, take: MOST_HISTORY }),
        findings.list(tenantId, { laneId: Number(lane.id) }),
      ]);
      return {
        tenantId,
        lane: toLane(lane, key),
        links: links.map((row) => ({
          ...toLink(row, key),
          conflicts: conflicts
            .filter(({ linkId }) => linkId === row.id)
            .map(({ id, field, state }) => ({ id: Number(id), field, state })),
          nearMisses: countsOf(rewrites.filter(({ linkId }) => linkId === row.id)),
        })),
        unread,
        openIntents: intents.map(toIntent),
        history: history.map((row) => toHistory(row, key)),
        findings: open,
      };
    },

    /** How many deliveries of either side spoke of a record so far. */
    async deliveriesOf(tenantId: string, { object, crmId }: { object: CrmObject; crmId: number }): Promise<number> {
      const lane = await prisma.lane.findFirst({ where: { tenantId, object, crmId }, select: { id: true } });
      return lane ? prisma.inboxLane.count({ where: { tenantId, laneId: lane.id } }) : 0;
    },
  };
}

export type Records = ReturnType<typeof createRecords>;

function toLane(row: LaneModel, key: TenantKey): LaneView {
  const { blockedKind, blockedId } = row;
  return {
    id: Number(row.id),
    object: row.object as CrmObject | null,
    crmId: toNumber(row.crmId),
    kind: row.kind as ProgramKind | null,
    programId: row.programId,
    class: CLASSES[row.class] ?? "live",
    dueInbound: row.dueInbound,
    dueOutbound: row.dueOutbound,
    leaseUntil: row.leaseUntil,
    attempts: row.attempts,
    blockedOn: blockedKind !== null && blockedId !== null ? { kind: blockedKind, id: blockedId } : null,
    stoppedAt: row.stoppedAt,
    cause: row.cause,
    settledAt: row.settledAt,
    seenCrm: row.seenCrm && key.unsealJson("lane.seen_crm", row.seenCrm),
    seenProgram: row.seenProgram && key.unsealJson("lane.seen_program", row.seenProgram),
  };
}

function countsOf(rewrites: { field: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { field } of rewrites) counts[field] = (counts[field] ?? 0) + 1;
  return counts;
}

function toLink(row: LinkModel, key: TenantKey): Omit<LinkView, "conflicts" | "nearMisses"> {
  return {
    role: row.role as Role,
    object: row.object as CrmObject,
    crmId: Number(row.crmId),
    kind: row.kind as ProgramKind,
    programId: row.programId,
    createdBy: row.createdBy,
    state: row.state as LinkView["state"],
    bases: row.bases ? key.unsealJson("link.bases", row.bases) : {},
    pausedFields: z.array(pausedField).parse(row.pausedFields),
    createdAt: row.createdAt,
  };
}

function toIntent(row: IntentModel): IntentView {
  const { type, direction, role, object, programId, revision, openedAt, deadline } = row;
  const [id, crmId] = [Number(row.id), toNumber(row.crmId)];
  return { id, type, direction, role, object, crmId, programId, revision, openedAt, deadline };
}

function toHistory(row: HistoryModel, key: TenantKey): HistoryView {
  const { at, role, programId, field, event, winner, rule, revision } = row;
  const content = row.content && key.unsealJson("history.content", row.content);
  return { at, role, programId, field, event, winner, rule, revision, intentId: toNumber(row.intentId), content };
}

function toNumber(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
