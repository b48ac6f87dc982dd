import { InputError } from "../errors.ts";
import { TENANT_ID } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { createExpiringCache } from "./expiring-cache.ts";
import { isDuplicate } from "./prisma-errors.ts";
import type { TenantKey, Vault } from "./vault.ts";

/** One customer. */
export interface Tenant {
  id: string;
  name: string;
  pausedAt: Date | null;
  /** "document": the mapping in force says so (sync.paused); else who paused it. */
  pausedBy: string | null;
  /** Mappings take a second signed-in person to come into force. */
  fourEyes: boolean;
  createdAt: Date;
}

export interface TenantQuery {
  /** Of these only; null: of all. */
  only?: readonly string[] | null;
  /** Ids after this one. */
  after?: string | undefined;
  limit?: number;
}

/** Ids come from URLs and command lines: only what can be one is asked of the database. */
export function isTenantId(text: string): boolean {
  return TENANT_ID.test(text);
}

/** `pausedBy` of a tenant whose mapping says so. */
export const DOCUMENT = "document";

/** A forgotten tenant's key is gone from memory after this. */
const KEY_TTL_MS = 60_000;

/** Tenants and their data keys. */
export function createTenants(db: Database, vault: Vault) {
  const keys = createExpiringCache<TenantKey>({ ttlMs: KEY_TTL_MS });
  const shown = { id: true, name: true, pausedAt: true, pausedBy: true, fourEyes: true, createdAt: true } as const;

  /** Changes one. @throws InputError UNKNOWN_TENANT */
  async function change(
    tenantId: string,
    data: { pausedAt?: Date | null; pausedBy?: string | null; fourEyes?: boolean },
  ) {
    const [row] = await db.prisma.tenant.updateManyAndReturn({ where: { id: tenantId }, data, select: shown });
    if (!row) throw unknownTenant(tenantId);
    return row;
  }

  return {
    /** @throws InputError TENANT_ID_INVALID, TENANT_EXISTS */
    async create({ id, name }: { id: string; name: string }): Promise<Tenant> {
      if (!isTenantId(id)) {
        const hint = "use 2 to 40 lower-case letters, digits and hyphens, e.g. harbourline";
        throw new InputError("TENANT_ID_INVALID", `"${id}" cannot be a tenant's id`, "id", hint);
      }
      try {
        return await db.prisma.tenant.create({ data: { id, name, dataKey: vault.newTenantKey(id) }, select: shown });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const hint = "go on with `partnersync connect`, or choose another id; see `partnersync tenant list`";
        throw new InputError("TENANT_EXISTS", `tenant ${id} exists already`, "id", hint);
      }
    },

    /** By id. */
    list: ({ only = null, after, limit }: TenantQuery = {}): Promise<Tenant[]> =>
      db.prisma.tenant.findMany({
        where: { id: { ...(only && { in: [...only] }), ...(after !== undefined && { gt: after }) } },
        select: shown,
        orderBy: { id: "asc" },
        ...(limit !== undefined && { take: limit }),
      }),

    get: (tenantId: string): Promise<Tenant | null> =>
      db.prisma.tenant.findUnique({ where: { id: tenantId }, select: shown }),

    /** @throws InputError UNKNOWN_TENANT */
    async known(tenantId: string): Promise<Tenant> {
      const tenant = await this.get(tenantId);
      if (!tenant) throw unknownTenant(tenantId);
      return tenant;
    },

    /** A paused tenant's lanes stay due and are handed to nobody; what comes in is kept. @throws InputError UNKNOWN_TENANT */
    pause: (tenantId: string, by: string): Promise<Tenant> => change(tenantId, { pausedAt: new Date(), pausedBy: by }),

    /** @throws InputError UNKNOWN_TENANT */
    resume: (tenantId: string): Promise<Tenant> => change(tenantId, { pausedAt: null, pausedBy: null }),

    /** Has the mapping in force say whether the tenant is paused; a pause by a person stays theirs to end. */
    async pauseByDocument(tenantId: string, paused: boolean): Promise<void> {
      const where = { id: tenantId, ...(paused ? { pausedAt: null } : { pausedBy: DOCUMENT }) };
      const data = paused ? { pausedAt: new Date(), pausedBy: DOCUMENT } : { pausedAt: null, pausedBy: null };
      await db.prisma.tenant.updateMany({ where, data });
    },

    /** @throws InputError UNKNOWN_TENANT */
    setFourEyes: (tenantId: string, fourEyes: boolean): Promise<Tenant> => change(tenantId, { fourEyes }),

    /**
     * Does work that must not be under way twice for a tenant, by whatever process.
     *
     * @param what names the work, e.g. "fields provision"
     * @throws InputError UNDER_WAY when somebody is at it; what `work` throws
     */
    async alone<T>(tenantId: string, what: string, work: () => Promise<T>): Promise<T> {
      const client = await db.pool.connect();
      const name = [`partnersync ${tenantId} ${what}`];
      let lost: Error | undefined;
      try {
        const { rows } = await client.query("select pg_try_advisory_lock(hashtextextended($1, 0)) as got", name);
        if (!rows[0]?.got) throw underWay(tenantId, what);
        try {
          return await work();
        } finally {
          await client.query("select pg_advisory_unlock(hashtextextended($1, 0))", name).catch((error) => {
            lost = error; // the lock ends with the connection
          });
        }
      } finally {
        client.release(lost);
      }
    },

    /** What seals and opens this tenant's columns. @throws InputError UNKNOWN_TENANT @throws VaultError */
    async key(tenantId: string): Promise<TenantKey> {
      const key = await keys.get(tenantId, async () => {
        const row = await db.prisma.tenant.findUnique({ where: { id: tenantId }, select: { dataKey: true } });
        return row && vault.tenantKey(tenantId, row.dataKey);
      });
      if (!key) throw unknownTenant(tenantId);
      return key;
    },
  };
}

export type Tenants = ReturnType<typeof createTenants>;

function underWay(tenantId: string, what: string): InputError {
  const hint = "wait until that is done, then see what is left to do";
  return new InputError("UNDER_WAY", `${what} of ${tenantId} is under way already`, "tenant", hint);
}

export function unknownTenant(tenantId: string): InputError {
  const hint = "see `partnersync tenant list`";
  return new InputError("UNKNOWN_TENANT", `there is no tenant "${tenantId}"`, "tenant", hint);
}
