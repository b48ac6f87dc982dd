import type { Side } from "../errors.ts";
import { createConnectionCredentials } from "./connection-credentials.ts";
import { type Connection, isConnectionId, type NewConnection, toConnection } from "./connection-rows.ts";
import { createConnectionStates } from "./connection-states.ts";
import type { Database } from "./database.ts";
import type { Tenants } from "./tenants.ts";

const NEWEST = [{ createdAt: "desc" }, { id: "desc" }] as const;

interface ConnectionPage {
  /** Of these tenants only; null: of all. */
  only: readonly string[] | null;
  /** Replaced ones too. */
  retired: boolean;
  /** Tenant and id of the row before. */
  past?: [string, string] | undefined;
  limit: number;
}

/** Connections of both sides: their rows, what they show (credentials), and whether they are worked with (states). */
export function createConnections(db: Database, tenants: Tenants) {
  const table = db.prisma.connection;
  const { toRow, forget, ...credentials } = createConnectionCredentials(db, tenants);

  async function get(connectionId: string): Promise<Connection | null> {
    const row = isConnectionId(connectionId) ? await table.findUnique({ where: { id: connectionId } }) : null;
    return row && toConnection(row);
  }

  return {
    ...credentials,
    ...createConnectionStates(db, { toRow, forget }, get),
    get,

    /** Adds one beside those there are; the newest active one of a side is in use. @throws InputError UNKNOWN_TENANT */
    async add(connection: NewConnection): Promise<Connection> {
      const row = await table.create({ data: await toRow(connection) });
      forget(row);
      return toConnection(row);
    },

    /** All of a tenant, or of everybody, oldest first; retired ones too. */
    async list(tenantId?: string): Promise<Connection[]> {
      const rows = await table.findMany({ where: { tenantId }, orderBy: [{ tenantId: "asc" }, { createdAt: "asc" }] });
      return rows.map(toConnection);
    },

    /** By tenant. */
    async page({ only, retired, past, limit }: ConnectionPage): Promise<Connection[]> {
      const [tenantId, id] = past ?? [];
      if (id !== undefined && !isConnectionId(id)) return [];
      const rows = await table.findMany({
        where: {
          ...(only && { tenantId: { in: [...only] } }),
          ...(!retired && { state: { not: "retired" } }),
          ...(past && { OR: [{ tenantId: { gt: tenantId } }, { tenantId, id: { gt: id } }] }),
        },
        orderBy: [{ tenantId: "asc" }, { id: "asc" }],
        take: limit,
      });
      return rows.map(toConnection);
    },

    /** The one in use, also while it is paused. Null when the side is not connected. */
    async current(tenantId: string, side: Side): Promise<Connection | null> {
      const state = { in: ["active", "paused"] };
      const row = await table.findFirst({ where: { tenantId, side, state }, orderBy: [...NEWEST] });
      return row && toConnection(row);
    },

    /** The one in use. Null when the side is not connected, or paused. */
    async active(tenantId: string, side: Side): Promise<Connection | null> {
      const row = await table.findFirst({ where: { tenantId, side, state: "active" }, orderBy: [...NEWEST] });
      return row && toConnection(row);
    },

    /** The webhook subscriptions that Pipedrive has for this connection. */
    async saveWebhookIds(connectionId: string, webhookIds: number[]): Promise<void> {
      await table.update({ where: { id: connectionId }, data: { webhookIds: webhookIds.map(BigInt) } });
    },
  };
}

export type Connections = ReturnType<typeof createConnections>;
