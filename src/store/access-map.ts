import type { MapEntry } from "../access/matching.ts";
import type { Database } from "./database.ts";
import type { Tenants } from "./tenants.ts";

const COLUMN = "access_map_entry.content";

/** Whose accounts are, as people said it. Only added: the database refuses to change an entry. */
export function createAccessMap(db: Database, tenants: Tenants) {
  const { accessMapEntry: table } = db.prisma;

  return {
    async add(tenantId: string, entry: MapEntry): Promise<void> {
      const content = (await tenants.key(tenantId)).sealJson(COLUMN, entry);
      await table.create({ data: { tenantId, userId: BigInt(entry.userId), content } });
    },

    /** The newest entry of each account, by the account's id. */
    async inForce(tenantId: string): Promise<MapEntry[]> {
      const key = await tenants.key(tenantId);
      const orderBy = [{ userId: "asc" }, { id: "desc" }] as const;
      const rows = await table.findMany({ where: { tenantId }, distinct: ["userId"], orderBy: [...orderBy] });
      return rows.map(({ content }) => key.unsealJson<MapEntry>(COLUMN, content));
    },
  };
}

export type AccessMap = ReturnType<typeof createAccessMap>;
