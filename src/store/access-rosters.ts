import { sha256 } from "../access/canonical-json.ts";
import { sealContent, unsealContent } from "./access-content.ts";
import { nextVersion } from "./access-version.ts";
import type { Database } from "./database.ts";
import type { Tenants } from "./tenants.ts";

/** A roster without the people on it. */
export interface RosterHead {
  version: number;
  sha256: string;
  /** IANA name. */
  timeZone: string;
  asOf: Date;
  rows: number;
  importedBy: string;
  importedAt: Date;
}

export interface StoredRoster extends RosterHead {
  /** As given. */
  bytes: Uint8Array;
}

export type NewRoster = Pick<StoredRoster, "bytes" | "timeZone" | "asOf" | "rows" | "importedBy">;

const COLUMN = "access_roster.content";
const HEAD = {
  ...{ version: true, sha256: true, timeZone: true, asOf: true, rows: true },
  ...{ importedBy: true, importedAt: true },
} as const;

/** Rosters as they were given; the newest is in force. Only added: the database refuses to change one. */
export function createAccessRosters(db: Database, tenants: Tenants) {
  const { accessRoster: table } = db.prisma;

  return {
    async add(tenantId: string, { bytes, ...rest }: NewRoster): Promise<RosterHead> {
      const content = sealContent(await tenants.key(tenantId), COLUMN, bytes);
      return db.prisma.$transaction(async (tx) => {
        const version = await nextVersion(tx, tenantId, "access_roster");
        const data = { tenantId, version, content, sha256: sha256(bytes), ...rest };
        return tx.accessRoster.create({ data, select: HEAD });
      });
    },

    /** The one in force; null before the first. */
    head: (tenantId: string): Promise<RosterHead | null> =>
      table.findFirst({ where: { tenantId }, select: HEAD, orderBy: { version: "desc" } }),

    /** The one in force, or one of before; null when there is none. */
    async get(tenantId: string, version?: number): Promise<StoredRoster | null> {
      const row = await table.findFirst({ where: { tenantId, version }, orderBy: { version: "desc" } });
      if (!row) return null;
      const { tenantId: _, content, ...head } = row;
      return { ...head, bytes: unsealContent(await tenants.key(tenantId), COLUMN, content) };
    },
  };
}

export type AccessRosters = ReturnType<typeof createAccessRosters>;
