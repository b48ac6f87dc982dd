import { InputError } from "../errors.ts";
import type { ConnectionCredentials } from "./connection-credentials.ts";
import {
  type Connection,
  isConnectionId,
  type NewConnection,
  overtaken,
  toConnection,
  unknownConnection,
} from "./connection-rows.ts";
import type { Database } from "./database.ts";

/** Code of the finding that tells of a paused connection. */
const PAUSED = "CONNECTION_PAUSED";
const subjectOf = (connectionId: string) => `connection ${connectionId}`;

interface Pause {
  /** Left out: whenever it was resumed. */
  since?: Date;
  finding: string;
  /** A person who wants it so. */
  by?: string;
}

/** How connections come into use, stop, go on and end: the states of `connection-rows.ts`. */
export function createConnectionStates(
  db: Database,
  credentials: Pick<ConnectionCredentials, "forget" | "toRow">,
  get: (connectionId: string) => Promise<Connection | null>,
) {
  const table = db.prisma.connection;

  return {
    /** Adds one and retires the others of its side: their webhooks and signatures are refused from now on. */
    async replace(connection: NewConnection): Promise<Connection> {
      const data = await credentials.toRow(connection);
      const { tenantId, side } = data;
      const [, , row] = await db.prisma.$transaction([
        table.updateMany({ where: { tenantId, side, state: { not: "retired" } }, data: { state: "retired" } }),
        closePausedOfRetired(db.prisma, tenantId),
        table.create({ data }),
      ]);
      credentials.forget(row, { others: true });
      return toConnection(row);
    },

    /**
     * Takes one that was connecting into use and retires the others of its side, both or neither. Its deliveries were
     * taken in before and go on to be.
     *
     * @throws InputError UNKNOWN_CONNECTION, CONNECTION_OVERTAKEN when another one was taken into use meanwhile
     */
    async activate(connectionId: string): Promise<void> {
      const connection = await get(connectionId);
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
      credentials.forget(connection, { others: true });
    },

    /**
     * Gives up one that was connecting. Nobody has worked with it, so nothing else changes.
     *
     * @returns false when it is in use: then it is left alone
     */
    async giveUp(connectionId: string): Promise<boolean> {
      const where = { id: connectionId, state: { in: ["connecting", "retired"] } };
      const rows = await table.updateManyAndReturn({ where, data: { state: "retired" } });
      for (const row of rows) credentials.forget(row);
      return rows.length > 0;
    },

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
      const connection = await get(connectionId);
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
  };
}

/** Nothing waits for a connection any more that another one has taken the place of. */
function closePausedOfRetired(prisma: Pick<Database["prisma"], "$executeRaw">, tenantId: string) {
  return prisma.$executeRaw`update finding f set closed_at = now() from connection c
    where f.tenant_id = ${tenantId} and f.code = ${PAUSED} and f.closed_at is null
      and c.tenant_id = f.tenant_id and c.state = 'retired' and f.subject = 'connection ' || c.id`;
}
