import type { Actor } from "./actor.ts";
import type { Database } from "./database.ts";
import { Prisma } from "./generated/client.ts";
import type { AuditModel } from "./generated/models.ts";

/**
 * | phase | |
 * | --- | --- |
 * | begun | somebody asked for it and was allowed to; without an end beside it, nobody knows how it went |
 * | done, failed | how what was begun went |
 * | refused | it was not allowed, or made no sense: nothing was begun |
 */
export type AuditPhase = "begun" | "done" | "failed" | "refused";

/** Who asks for what, and from where. */
export interface AuditedAct {
  actor: Actor;
  address: string | null;
  correlationId: string;
  /** e.g. `connection.resume`. */
  action: string;
  tenantId: string | null;
  /** What it is done to, e.g. `finding 12`. */
  target: string | null;
}

export interface AuditOutcome {
  phase: Exclude<AuditPhase, "begun">;
  /** Error code of what failed or was refused. */
  code?: string | undefined;
  /** Settings, names and states: neither secrets nor what records hold. */
  before?: unknown;
  after?: unknown;
}

/** A row of the trail. */
export interface AuditEntry {
  id: number;
  at: Date;
  phase: AuditPhase;
  begunId: number | null;
  operatorId: string | null;
  actor: string;
  role: string;
  via: string;
  tokenId: string | null;
  address: string | null;
  correlationId: string;
  action: string;
  tenantId: string | null;
  target: string | null;
  code: string | null;
  before: unknown;
  after: unknown;
}

export interface AuditQuery {
  /** Of these tenants only; null: all, and what concerns none. */
  tenants: readonly string[] | null;
  actor?: string | undefined;
  action?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Newest first, older than this id; or with `oldestFirst` newer than it. */
  past?: number | undefined;
  oldestFirst?: boolean;
  limit: number;
}

/** Who did what to whom. Rows are only ever added: the database refuses everything else. */
export function createAudit(db: Database) {
  const { audit: table } = db.prisma;

  async function add(
    act: AuditedAct,
    phase: AuditPhase,
    rest: Omit<AuditOutcome, "phase"> & { begunId?: number } = {},
  ) {
    const { actor, address, correlationId, action, tenantId, target } = act;
    const { operatorId, name, role, via, credentialId: tokenId } = actor;
    const { code, begunId, before, after } = rest;
    const row = await table.create({
      data: {
        ...{ phase, operatorId, actor: name, role, via, tokenId, address, correlationId, action, tenantId, target },
        code: code ?? null,
        begunId: begunId ?? null,
        before: toJson(before),
        after: toJson(after),
      },
      select: { id: true },
    });
    return Number(row.id);
  }

  return {
    /** Before anything is done: what cannot be written down is not done. @returns what `end` needs */
    begin: (act: AuditedAct): Promise<number> => add(act, "begun"),

    end: async (begunId: number, act: AuditedAct, { phase, ...rest }: AuditOutcome): Promise<void> =>
      void (await add(act, phase, { ...rest, begunId })),

    /** What changes nothing has one row. */
    note: async (act: AuditedAct, { phase, ...rest }: AuditOutcome): Promise<void> =>
      void (await add(act, phase, rest)),

    async list({ tenants, actor, action, from, to, past, oldestFirst, limit }: AuditQuery): Promise<AuditEntry[]> {
      const rows = await table.findMany({
        where: {
          ...(tenants && { tenantId: { in: [...tenants] } }),
          ...(actor !== undefined && { actor }),
          ...(action !== undefined && { action }),
          at: { ...(from && { gte: from }), ...(to && { lt: to }) },
          ...(past !== undefined && { id: oldestFirst ? { gt: past } : { lt: past } }),
        },
        orderBy: { id: oldestFirst ? "asc" : "desc" },
        take: limit,
      });
      return rows.map(toEntry);
    },
  };
}

export type Audit = ReturnType<typeof createAudit>;

function toEntry(row: AuditModel): AuditEntry {
  const begunId = row.begunId === null ? null : Number(row.begunId);
  return { ...row, id: Number(row.id), phase: row.phase as AuditPhase, begunId };
}

/** As it will be read: instants as text, and nothing where nothing is known. */
function toJson(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === undefined || value === null ? Prisma.DbNull : JSON.parse(JSON.stringify(value));
}
