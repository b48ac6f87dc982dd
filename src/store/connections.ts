import { z } from "zod";
import { InputError, type Side } from "../errors.ts";
import {
  type Connection,
  type EventCredentials,
  INTAKE_ADDRESS,
  type IntakeCredentials,
  type IntakeSecrets,
  intakeSecrets,
  isConnectionId,
  type NewConnection,
  overtaken,
  type PipedriveSecrets,
  type ProgramSecrets,
  pipedriveSecrets,
  programSecrets,
  SECRETS_COLUMN,
  toConnection,
  unknownConnection,
  type WebhookCredentials,
} from "./connection-rows.ts";
import type { Database } from "./database.ts";
import { createExpiringCache } from "./expiring-cache.ts";
import type { ConnectionModel } from "./generated/models.ts";
import { type Tenants, unknownTenant } from "./tenants.ts";

/** Another process may have retired a connection or changed its secrets this long ago. */
const CREDENTIALS_TTL_MS = 5_000;
/** Code of the finding that tells of a paused connection. */
const PAUSED = "CONNECTION_PAUSED";
const subjectOf = (connectionId: string) => `connection ${connectionId}`;
const NEWEST = [{ createdAt: "desc" }, { id: "desc" }] as const;

interface Pause {
  /** Left out: whenever it was resumed. */
  since?: Date;
  finding: string;
  /** A person who wants it so. */
  by?: string;
}

interface ConnectionPage {
  /** Of these tenants only; null: of all. */
  only: readonly string[] | null;
  /** Replaced ones too. */
  retired: boolean;
  /** Tenant and id of the row before. */
  past?: [string, string] | undefined;
  limit: number;
}

/** Connections of both sides; their secrets are sealed under the tenant's key. */
export function createConnections(db: Database, tenants: Tenants) {
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

  async function toRow({ secrets, ...connection }: NewConnection) {
    if (!(await tenants.get(connection.tenantId))) throw unknownTenant(connection.tenantId);
    const key = await tenants.key(connection.tenantId);
    return { ...connection, secrets: key.sealJson(SECRETS_COLUMN, schemaOf(connection.side).parse(secrets)) };
  }

  function forget(connection: { id: string; tenantId: string }): void {
    webhooks.forget(connection.id);
    events.forget(connection.tenantId);
    intakes.forget(connection.tenantId);
  }

  return {
    /** Adds one beside those there are; the newest active one of a side is in use. @throws InputError UNKNOWN_TENANT */
    async add(connection: NewConnection): Promise<Connection> {
      const row = await table.create({ data: await toRow(connection) });
      forget(row);
      return toConnection(row);
    },

    /** Adds one and retires the others of its side: their webhooks and signatures are refused from now on. */
    async replace(connection: NewConnection): Promise<Connection> {
      const data = await toRow(connection);
      const { tenantId, side } = data;
      const [, , row] = await db.prisma.$transaction([
        table.updateMany({ where: { tenantId, side, state: { not: "retired" } }, data: { state: "retired" } }),
        closePausedOfRetired(db.prisma, tenantId),
        table.create({ data }),
      ]);
      webhooks.clear();
      forget(row);
      return toConnection(row);
    },

    /**
     * Takes one that was connecting into use and retires the others of its side, both or neither. Its deliveries were
     * taken in before and go on to be.
     *
     * @throws InputError UNKNOWN_CONNECTION, CONNECTION_OVERTAKEN when another one was taken into use meanwhile
     */
    async activate(connectionId: string): Promise<void> {
      const connection = await this.get(connectionId);
      if (!connection) throw unknownConnection(connectionId);
      const { id, tenantId, side } = connection;
      await db.prisma.$transaction(async (tx) => {
        // Two at once would each retire the other: the second sees what the first did.
        await tx.$queryRaw`select 1 from tenant where id = ${tenantId} for no key update`;
        const where = { id, state: "connecting" };
        const { count } = await tx.connection.updateMany({ where, data: { state: "active" } });
        if (count === 0) throw overtaken(id);
        const others = { tenantId, side, id: { not: id }, state: { not: "retired" } };
        await tx.connection.updateMany({ where: others, data: { state: "retired" } });
        await closePausedOfRetired(tx, tenantId);
      });
      webhooks.clear();
      forget(connection);
    },

    /**
     * Gives up one that was connecting. Nobody has worked with it, so nothing else changes.
     *
     * @returns false when it is in use: then it is left alone
     */
    async giveUp(connectionId: string): Promise<boolean> {
      const where = { id: connectionId, state: { in: ["connecting", "retired"] } };
      const { count } = await table.updateMany({ where, data: { state: "retired" } });
      webhooks.forget(connectionId);
      return count > 0;
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

    async get(connectionId: string): Promise<Connection | null> {
      const row = isConnectionId(connectionId) ? await table.findUnique({ where: { id: connectionId } }) : null;
      return row && toConnection(row);
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
      const sealed = (await tenants.key(row.tenantId)).sealJson(
        SECRETS_COLUMN,
        schemaOf(row.side as Side).parse(secrets),
      );
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

    /**
     * Nothing is sent over this connection until it is resumed; what comes in is kept. A finding tells people.
     *
     * @param since when the call that failed could begin, on the database's clock: what it met may have been mended since
     * @param finding what happened and what would mend it, for people
     * @param by a person, who may take over what the sync has paused
     * @returns false when it was not active (somebody else has paused it for a cause of theirs), or resumed after `since`
     */
    async pause(connectionId: string, cause: string, { since, finding, by }: Pause): Promise<boolean> {
      const told = await db.prisma.$executeRaw`
        with paused as (
          update connection set state = 'paused', paused_cause = ${cause}, paused_by = ${by ?? null}, paused_at = now()
            where id = ${connectionId}::uuid and (resumed_at is null or resumed_at < ${since ?? "infinity"}::timestamptz)
              and (state = 'active' or (state = 'paused' and ${by ?? null}::text is not null))
            returning tenant_id)
        insert into finding (tenant_id, code, severity, subject, message)
          select tenant_id, ${PAUSED}, 'error', ${subjectOf(connectionId)}, ${finding} from paused
          on conflict (tenant_id, code, subject) where closed_at is null
          do update set last_at = now(), count = finding.count + 1, message = excluded.message`;
      return told > 0;
    },

    /**
     * The cause is mended. Lanes have stayed due meanwhile and used no attempts, so ringing for the tenant's due lanes
     * is all there is left to do.
     *
     * @throws InputError UNKNOWN_CONNECTION, CONNECTION_RETIRED
     */
    async resume(connectionId: string): Promise<Connection> {
      if (isConnectionId(connectionId)) {
        // On the database's clock, as claims are: it is compared with theirs.
        await db.prisma.$executeRaw`
          with resumed as (
            update connection set state = 'active', paused_cause = null, paused_by = null, paused_at = null, resumed_at = clock_timestamp()
              where id = ${connectionId}::uuid and state = 'paused' returning tenant_id)
          update finding f set closed_at = now() from resumed r
            where f.tenant_id = r.tenant_id and f.code = ${PAUSED} and f.subject = ${subjectOf(connectionId)}
              and f.closed_at is null`;
      }
      const connection = await this.get(connectionId);
      if (!connection) throw unknownConnection(connectionId);
      if (connection.state === "retired") {
        const hint = "connect again: a newer connection has taken its place";
        throw new InputError("CONNECTION_RETIRED", `connection ${connectionId} is retired`, "connection", hint);
      }
      return connection;
    },

    /** Nothing is sent before `until`. Only ever extends: the longest of several waits counts. */
    async park(connectionId: string, until: Date, cause: string): Promise<boolean> {
      const shorter = [{ parkedUntil: null }, { parkedUntil: { lt: until } }];
      const data = { parkedUntil: until, parkedCause: cause };
      return (await table.updateMany({ where: { id: connectionId, OR: shorter }, data })).count > 0;
    },

    /** The webhook subscriptions that Pipedrive has for this connection. */
    async saveWebhookIds(connectionId: string, webhookIds: number[]): Promise<void> {
      await table.update({ where: { id: connectionId }, data: { webhookIds: webhookIds.map(BigInt) } });
    },
  };
}

export type Connections = ReturnType<typeof createConnections>;

/** Nothing waits for a connection any more that another one has taken the place of. */
function closePausedOfRetired(prisma: Pick<Database["prisma"], "$executeRaw">, tenantId: string) {
  return prisma.$executeRaw`update finding f set closed_at = now() from connection c
    where f.tenant_id = ${tenantId} and f.code = ${PAUSED} and f.closed_at is null
      and c.tenant_id = f.tenant_id and c.state = 'retired' and f.subject = 'connection ' || c.id`;
}

function schemaOf(side: Side) {
  return side === "pipedrive" ? pipedriveSecrets : z.union([programSecrets, intakeSecrets]);
}
