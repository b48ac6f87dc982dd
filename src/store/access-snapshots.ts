import { readSnapshot, type Snapshot } from "../access/snapshot.ts";
import { sealContent, unsealContent } from "./access-content.ts";
import type { Database } from "./database.ts";
import type { AccessSnapshotModel } from "./generated/models.ts";
import type { Tenants } from "./tenants.ts";

/** A snapshot without what it shows. */
export interface SnapshotHead {
  id: string;
  connectionId: string;
  takenAt: Date;
  sha256: string;
  /** What reading it cost. */
  tokens: number;
}

export interface StoredSnapshot extends SnapshotHead {
  snapshot: Snapshot;
}

const COLUMN = "access_snapshot.content";
const HEAD = { id: true, connectionId: true, takenAt: true, sha256: true, tokens: true } as const;

/** Snapshots of who can get into an account. Only added: the database refuses to change one. */
export function createAccessSnapshots(db: Database, tenants: Tenants) {
  const { accessSnapshot: table } = db.prisma;

  async function open(row: AccessSnapshotModel): Promise<StoredSnapshot> {
    const key = await tenants.key(row.tenantId);
    const { id, connectionId, takenAt, sha256, tokens } = row;
    const snapshot = readSnapshot(unsealContent(key, COLUMN, row.content).toString("utf8"), sha256);
    return { id, connectionId, takenAt, sha256, tokens, snapshot };
  }

  return {
    async add(tenantId: string, connectionId: string, { content, text, sha256 }: Snapshot): Promise<SnapshotHead> {
      const sealed = sealContent(await tenants.key(tenantId), COLUMN, text);
      const head = { connectionId, takenAt: new Date(content.takenAt), sha256, tokens: content.tokens };
      return table.create({ data: { tenantId, ...head, content: sealed }, select: HEAD });
    },

    /** The newest; null before the first. @throws InputError SNAPSHOT_CHANGED when it is not the one that was taken */
    async latest(tenantId: string): Promise<StoredSnapshot | null> {
      const orderBy = [{ takenAt: "desc" }, { createdAt: "desc" }] as const;
      const row = await table.findFirst({ where: { tenantId }, orderBy: [...orderBy] });
      return row && open(row);
    },

    /** Null for one that another tenant has, or nobody. @throws InputError SNAPSHOT_CHANGED */
    async get(tenantId: string, id: string): Promise<StoredSnapshot | null> {
      const row = await table.findFirst({ where: { tenantId, id } });
      return row && open(row);
    },

    /** The latest first. */
    list: (tenantId: string, limit: number): Promise<SnapshotHead[]> =>
      table.findMany({ where: { tenantId }, select: HEAD, orderBy: { takenAt: "desc" }, take: limit }),
  };
}

export type AccessSnapshots = ReturnType<typeof createAccessSnapshots>;
