import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../errors.ts";
import type { MappingPlan } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { createExpiringCache } from "./expiring-cache.ts";
import type { Prisma } from "./generated/client.ts";
import { mappingPlan } from "./mapping-plan.ts";
import { unknownTenant } from "./tenants.ts";

/** The revision in force: the human document, and what it came to in the live account. */
export interface LiveMapping {
  revision: number;
  document: string;
  plan: MappingPlan;
  loadedBy: string;
  loadedAt: Date;
}

export interface NewRevision {
  tenantId: string;
  /** The file's text as loaded. */
  document: string;
  /** Names its tenant and revision too. */
  plan: MappingPlan;
  loadedBy: string;
}

/** A revision that is or was in force. */
export interface LoadedRevision {
  revision: number;
  state: "live" | "retired";
  /** With who approved it, where two people did. */
  loadedBy: string;
  loadedAt: Date;
  /** Of the document. */
  sha256: string;
}

/** A document that waits for a second person. */
export interface MappingProposal {
  tenantId: string;
  document: string;
  sha256: string;
  proposedById: string;
  proposedBy: string;
  proposedAt: Date;
}

/** Every lane asks for the live mapping: a load in another process is seen this much later. */
const LIVE_TTL_MS = 1_000;

/** Mapping revisions; one is live per tenant. The document of one never changes; loading it again renews its lock. */
export function createMappings(db: Database) {
  const cache = createExpiringCache<LiveMapping>({ ttlMs: LIVE_TTL_MS });

  async function read(tenantId: string): Promise<LiveMapping | null> {
    const row = await db.prisma.mappingRevision.findFirst({ where: { tenantId, state: "live" } });
    if (!row) return null;
    const { revision, document, loadedBy, loadedAt } = row;
    if (sha256(document) !== row.documentSha256) {
      const hint = "load the document again, so that it is checked against the account";
      throw new InputError(
        "LOCK_MISMATCH",
        `the lock of ${tenantId}, revision ${revision}, is of another document`,
        "document",
        hint,
      );
    }
    const plan = mappingPlan.safeParse(row.plan);
    if (plan.success) return { revision, document, plan: plan.data, loadedBy, loadedAt };
    const where = plan.error.issues[0]?.path.join(".");
    const hint = "load the document again: this version reads more of it than the one that stored it";
    throw new InputError(
      "PLAN_OUTDATED",
      `the stored plan of ${tenantId}, revision ${revision}, lacks ${where}`,
      where,
      hint,
    );
  }

  return {
    /**
     * Makes a revision live and retires the one before, in one transaction. The live document's lock is renewed.
     *
     * @returns `changed: false` when this very document is live already, with this very plan
     * @throws InputError REVISION_NOT_NEWER, UNKNOWN_TENANT
     */
    async saveLive(revision: NewRevision): Promise<{ revision: number; changed: boolean }> {
      try {
        return await db.prisma.$transaction((tx) => makeLive(tx, revision));
      } finally {
        cache.forget(revision.tenantId);
      }
    },

    /**
     * What lanes are decided by. Shared: not to be changed by whoever gets it.
     *
     * @returns null when no mapping was loaded yet
     * @throws InputError PLAN_OUTDATED
     */
    live: (tenantId: string): Promise<LiveMapping | null> => cache.get(tenantId, () => read(tenantId)),

    /** Renews the live revision's lock after the account's own labels; not when another one came into force meanwhile. */
    async follow(tenantId: string, { revision, loadedAt }: LiveMapping, plan: MappingPlan): Promise<void> {
      const where = { tenantId, revision, state: "live", loadedAt };
      await db.prisma.mappingRevision.updateMany({ where, data: { plan: plan as unknown as Prisma.InputJsonObject } });
      cache.forget(tenantId);
    },

    ...revisionsOf(db),
    ...proposalsOf(db),
  };
}

export type Mappings = ReturnType<typeof createMappings>;

/** What was, and is, in force, as rows. */
function revisionsOf(db: Database) {
  return {
    /** The latest revision that was in force before that one; null when there is none. */
    async formerRevision(tenantId: string, revision: number): Promise<number | null> {
      const where = { tenantId, state: "retired", revision: { lt: revision } };
      const row = await db.prisma.mappingRevision.findFirst({ where, orderBy: { revision: "desc" } });
      return row?.revision ?? null;
    },

    /** Of the mapping in force, also where nobody can work by it; null when none is. */
    async liveRevision(tenantId: string): Promise<number | null> {
      const where = { tenantId, state: "live" };
      const row = await db.prisma.mappingRevision.findFirst({ where, select: { revision: true } });
      return row?.revision ?? null;
    },

    /** The revisions of a tenant, the newest first. @param before those below this one */
    async revisions(tenantId: string, { before, limit }: { before?: number | undefined; limit: number }) {
      const rows = await db.prisma.mappingRevision.findMany({
        where: { tenantId, ...(before !== undefined && { revision: { lt: before } }) },
        select: { revision: true, state: true, loadedBy: true, loadedAt: true, documentSha256: true },
        orderBy: { revision: "desc" },
        take: limit,
      });
      return rows.map(({ documentSha256, ...row }) => ({ ...row, sha256: documentSha256 }) as LoadedRevision);
    },

    /** @throws InputError UNKNOWN_REVISION */
    async revision(tenantId: string, revision: number): Promise<LoadedRevision & { document: string }> {
      const where = { tenantId_revision: { tenantId, revision } };
      const row = await db.prisma.mappingRevision.findUnique({ where, omit: { plan: true } });
      if (!row) throw unknownRevision(tenantId, revision);
      const { state, loadedBy, loadedAt, document } = row;
      return {
        revision,
        state: state as LoadedRevision["state"],
        loadedBy,
        loadedAt,
        sha256: row.documentSha256,
        document,
      };
    },
  };
}

/** What waits for a second person. */
function proposalsOf(db: Database) {
  return {
    /** Keeps a document until a second person approves it; it takes the place of one that was proposed before. */
    async propose({ tenantId, document, ...by }: Omit<MappingProposal, "sha256" | "proposedAt">): Promise<void> {
      const data = { document, documentSha256: sha256(document), ...by, proposedAt: new Date() };
      await db.prisma.mappingProposal.upsert({ where: { tenantId }, create: { tenantId, ...data }, update: data });
    },

    /** @throws InputError NO_PROPOSAL */
    async proposal(tenantId: string): Promise<MappingProposal> {
      const row = await db.prisma.mappingProposal.findUnique({ where: { tenantId } });
      if (!row) throw noProposal(tenantId);
      const { documentSha256, ...rest } = row;
      return { ...rest, sha256: documentSha256 };
    },

    /** Ends the proposal of this very document. */
    async withdraw(tenantId: string, documentSha256: string): Promise<void> {
      await db.prisma.mappingProposal.deleteMany({ where: { tenantId, documentSha256 } });
    },
  };
}

async function makeLive(tx: Prisma.TransactionClient, { tenantId, document, plan, loadedBy }: NewRevision) {
  // Two loads at once: the second sees what the first made live.
  const tenant = await tx.$queryRaw<unknown[]>`select 1 from tenant where id = ${tenantId} for update`;
  if (tenant.length === 0) throw unknownTenant(tenantId);

  const { revision } = plan;
  const json = plan as unknown as Prisma.InputJsonObject;
  const documentSha256 = sha256(document);
  const live = await tx.mappingRevision.findFirst({ where: { tenantId, state: "live" } });
  if (live?.revision === revision && live.documentSha256 === documentSha256) {
    if (isDeepStrictEqual(live.plan, JSON.parse(JSON.stringify(plan)))) return { revision, changed: false };
    // The account has changed since, or what this version reads of a document: the lock is made anew.
    const data = { plan: json, loadedBy, loadedAt: new Date() };
    await tx.mappingRevision.update({ where: { tenantId_revision: { tenantId, revision } }, data });
    return { revision, changed: true };
  }
  if (live && revision <= live.revision) throw notNewer(tenantId, revision, live.revision);

  if (live) {
    const where = { tenantId_revision: { tenantId, revision: live.revision } };
    await tx.mappingRevision.update({ where, data: { state: "retired" } });
  }
  await tx.mappingRevision.create({
    data: { tenantId, revision, document, documentSha256, plan: json, state: "live", loadedBy },
  });
  return { revision, changed: true };
}

function unknownRevision(tenantId: string, revision: number): InputError {
  const hint = `see which there are: partnersync mapping history ${tenantId}`;
  return new InputError("UNKNOWN_REVISION", `${tenantId} has no revision ${revision}`, "revision", hint);
}

function noProposal(tenantId: string): InputError {
  const hint = "where a tenant wants four eyes, `partnersync mapping load` proposes a document";
  return new InputError("NO_PROPOSAL", `no document of ${tenantId} waits to be approved`, "tenant", hint);
}

function notNewer(tenantId: string, revision: number, live: number): InputError {
  const message = `revision ${revision} of ${tenantId} is not newer than the live revision ${live}`;
  return new InputError("REVISION_NOT_NEWER", message, "revision", `set "revision" to ${live + 1}`);
}

function sha256(document: string): string {
  return createHash("sha256").update(document).digest("hex");
}
