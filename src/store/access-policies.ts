import { sha256 } from "../access/canonical-json.ts";
import { sealContent, unsealContent } from "./access-content.ts";
import { nextVersion } from "./access-version.ts";
import type { Database } from "./database.ts";
import type { Tenants } from "./tenants.ts";

export interface StoredPolicy {
  version: number;
  /** As given. */
  text: string;
  sha256: string;
  loadedBy: string;
  loadedAt: Date;
}

const COLUMN = "access_policy.content";

/** Policies as they were loaded; the newest is in force. Only added: the database refuses to change one. */
export function createAccessPolicies(db: Database, tenants: Tenants) {
  const { accessPolicy: table } = db.prisma;

  return {
    /** @returns `changed: false` when this very text is in force already */
    async add(tenantId: string, text: string, loadedBy: string): Promise<{ version: number; changed: boolean }> {
      const content = sealContent(await tenants.key(tenantId), COLUMN, text);
      const digest = sha256(text);
      return db.prisma.$transaction(async (tx) => {
        const version = await nextVersion(tx, tenantId, "access_policy");
        const where = { tenantId_version: { tenantId, version: version - 1 } };
        const inForce = await tx.accessPolicy.findUnique({ where, select: { sha256: true } });
        if (inForce?.sha256 === digest) return { version: version - 1, changed: false };
        await tx.accessPolicy.create({ data: { tenantId, version, content, sha256: digest, loadedBy } });
        return { version, changed: true };
      });
    },

    /** The one in force, or one of before; null when there is none. */
    async get(tenantId: string, version?: number): Promise<StoredPolicy | null> {
      const row = await table.findFirst({ where: { tenantId, version }, orderBy: { version: "desc" } });
      if (!row) return null;
      const { tenantId: _, content, ...rest } = row;
      return { ...rest, text: unsealContent(await tenants.key(tenantId), COLUMN, content).toString("utf8") };
    },
  };
}

export type AccessPolicies = ReturnType<typeof createAccessPolicies>;
