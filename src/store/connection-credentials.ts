import { z } from "zod";
import type { Side } from "../errors.ts";
import {
  type EventCredentials,
  INTAKE_ADDRESS,
  type IntakeCredentials,
  type IntakeSecrets,
  intakeSecrets,
  isConnectionId,
  type NewConnection,
  type PipedriveSecrets,
  type ProgramSecrets,
  pipedriveSecrets,
  programSecrets,
  SECRETS_COLUMN,
  unknownConnection,
  type WebhookCredentials,
} from "./connection-rows.ts";
import type { Database } from "./database.ts";
import { createExpiringCache } from "./expiring-cache.ts";
import type { ConnectionModel } from "./generated/models.ts";
import { type Tenants, unknownTenant } from "./tenants.ts";

/** Another process may have retired a connection or changed its secrets this long ago. */
const CREDENTIALS_TTL_MS = 5_000;
const NEWEST = [{ createdAt: "desc" }, { id: "desc" }] as const;

/** What connections show and have to be shown. It is sealed under the tenant's key, and opened for whoever needs it. */
export function createConnectionCredentials(db: Database, tenants: Tenants) {
  const table = db.prisma.connection;
  const webhooks = createExpiringCache<WebhookCredentials>({ ttlMs: CREDENTIALS_TTL_MS });
  const events = createExpiringCache<EventCredentials>({ ttlMs: CREDENTIALS_TTL_MS });
  const intakes = createExpiringCache<IntakeCredentials>({ ttlMs: CREDENTIALS_TTL_MS });

  async function open<S extends z.ZodType>(row: ConnectionModel, schema: S): Promise<z.infer<S>> {
    const key = await tenants.key(row.tenantId);
    return schema.parse(key.unsealJson(SECRETS_COLUMN, row.secrets));
  }

  async function openById<S extends z.ZodType>(connectionId: string, side: Side, schema: S): Promise<z.infer<S>> {
    const row = isConnectionId(connectionId) ? await table.findUnique({ where: { id: connectionId, side } }) : null;
    if (!row) throw unknownConnection(connectionId);
    return open(row, schema);
  }

  /** The newest one of the program that takes deliveries in. */
  function programOf(tenantId: string): Promise<ConnectionModel | null> {
    const where = { tenantId, side: "program", state: { not: "retired" } };
    return table.findFirst({ where, orderBy: [...NEWEST] });
  }

  async function seal(tenantId: string, side: Side, secrets: unknown) {
    return (await tenants.key(tenantId)).sealJson(SECRETS_COLUMN, schemaOf(side).parse(secrets));
  }

  /** What was read of this one is out of date; with `others`, of its tenant's other connections too. */
  function forget({ id, tenantId }: { id: string; tenantId: string }, { others = false } = {}): void {
    if (others) webhooks.clear();
    webhooks.forget(id);
    events.forget(tenantId);
    intakes.forget(tenantId);
  }

  return {
    forget,

    /** As the table holds it. @throws InputError UNKNOWN_TENANT */
    async toRow({ secrets, ...connection }: NewConnection) {
      const { tenantId, side } = connection;
      if (!(await tenants.get(tenantId))) throw unknownTenant(tenantId);
      return { ...connection, secrets: await seal(tenantId, side, secrets) };
    },

    /** @throws InputError UNKNOWN_CONNECTION, also for one of the other side */
    pipedriveSecrets: (connectionId: string): Promise<PipedriveSecrets> =>
      openById(connectionId, "pipedrive", pipedriveSecrets),

    /** @throws InputError UNKNOWN_CONNECTION, also for one of the other side */
    programSecrets: (connectionId: string): Promise<ProgramSecrets> =>
      openById(connectionId, "program", programSecrets),

    /** Of a program that can only post. @throws InputError UNKNOWN_CONNECTION */
    intakeSecrets: (connectionId: string): Promise<IntakeSecrets> => openById(connectionId, "program", intakeSecrets),

    /** Changes the secrets in place, as in a rotation. @throws InputError UNKNOWN_CONNECTION */
    async saveSecrets(connectionId: string, secrets: PipedriveSecrets | ProgramSecrets | IntakeSecrets): Promise<void> {
      const row = isConnectionId(connectionId) ? await table.findUnique({ where: { id: connectionId } }) : null;
      if (!row) throw unknownConnection(connectionId);
      const sealed = await seal(row.tenantId, row.side as Side, secrets);
      await table.update({ where: { id: connectionId }, data: { secrets: sealed } });
      forget(row);
    },

    /**
     * What a webhook of this connection has to show; a few seconds old at most. Connecting and paused ones take in.
     *
     * @returns null for an unknown or retired connection, or one of the program
     */
    webhookCredentials: (connectionId: string): Promise<WebhookCredentials | null> =>
      webhooks.get(connectionId, async () => {
        if (!isConnectionId(connectionId)) return null;
        const where = { id: connectionId, side: "pipedrive", state: { not: "retired" } };
        const row = await table.findUnique({ where });
        if (!row) return null;
        const { webhookUser: user, webhookPassword: password } = await open(row, pipedriveSecrets);
        return { connectionId, tenantId: row.tenantId, user, password };
      }),

    /** What an event of this tenant has to be signed with, likewise. Null for an unknown tenant or none connected. */
    eventCredentials: (tenantId: string): Promise<EventCredentials | null> =>
      events.get(tenantId, async () => {
        const row = await programOf(tenantId);
        if (!row || row.baseUrl === INTAKE_ADDRESS) return null;
        return { connectionId: row.id, tenantId, secrets: (await open(row, programSecrets)).secrets };
      }),

    /** What a post of this tenant's program has to show, likewise. Null unless its program is one that can only post. */
    intakeCredentials: (tenantId: string): Promise<IntakeCredentials | null> =>
      intakes.get(tenantId, async () => {
        const row = await programOf(tenantId);
        if (row?.baseUrl !== INTAKE_ADDRESS) return null;
        return { connectionId: row.id, tenantId, pairs: (await open(row, intakeSecrets)).intake };
      }),
  };
}

export type ConnectionCredentials = ReturnType<typeof createConnectionCredentials>;

function schemaOf(side: Side) {
  return side === "pipedrive" ? pipedriveSecrets : z.union([programSecrets, intakeSecrets]);
}
