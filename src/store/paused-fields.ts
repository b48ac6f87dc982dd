import { z } from "zod";
import { CRM_OBJECTS, ROLES, type Role } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { createExpiringCache } from "./expiring-cache.ts";

/** A field that stands still for a whole tenant. */
export interface TenantPausedField {
  tenantId: string;
  role: Role;
  field: string;
  /** A finding's code, or "person". */
  cause: string;
  pausedBy: string | null;
  pausedAt: Date;
  /** It flows again; its records have yet to be looked at. */
  resumedAt: Date | null;
}

export type FieldName = Pick<TenantPausedField, "role" | "field">;

/** Every lane asks: a pause by another process is seen this much later. */
const TTL_MS = 1_000;
const COLUMNS = `tenant_id as "tenantId", role, field, cause, paused_by as "pausedBy", paused_at as "pausedAt", resumed_at as "resumedAt"`;

const row = z.object({
  tenantId: z.string(),
  role: z.enum(ROLES),
  field: z.string(),
  cause: z.string(),
  pausedBy: z.string().nullable(),
  pausedAt: z.date(),
  resumedAt: z.date().nullable(),
});
const crmName = z.object({ object: z.enum(CRM_OBJECTS), crmId: z.coerce.number() });
type CrmName = z.infer<typeof crmName>;
const tenantRow = z.object({ tenant_id: z.string() });

/** Fields that stand still for a whole tenant, and those that flow again but whose records were not looked at yet. */
export function createPausedFields(db: Database) {
  const cache = createExpiringCache<TenantPausedField[]>({ ttlMs: TTL_MS });
  const read = (tenantId: string) =>
    db.rows(row, `select ${COLUMNS} from paused_field where tenant_id = $1 order by role, field`, [tenantId]);

  return {
    /** Those that stand still, at most a second old. */
    async inForce(tenantId: string): Promise<TenantPausedField[]> {
      const all = (await cache.get(tenantId, () => read(tenantId))) ?? [];
      return all.filter(({ resumedAt }) => resumedAt === null);
    },

    list: read,

    /** @returns false when it stood still already; a person's pause outlasts what the sync finds */
    async pause(tenantId: string, { role, field }: FieldName, cause: string, by: string | null): Promise<boolean> {
      const paused = await db.rows(
        row,
        `insert into paused_field as p (tenant_id, role, field, cause, paused_by) values ($1, $2, $3, $4, $5)
         on conflict (tenant_id, role, field) do update
           set cause = excluded.cause, paused_by = excluded.paused_by, paused_at = now(), resumed_at = null
           where p.resumed_at is not null or (excluded.cause = 'person' and p.cause <> 'person')
         returning ${COLUMNS}`,
        [tenantId, role, field, cause, by],
      );
      cache.forget(tenantId);
      return paused.length > 0;
    },

    /**
     * It flows again for every worker within two seconds; its records are looked at after that.
     *
     * @param cause only what was paused for it
     */
    async resume(tenantId: string, { role, field }: FieldName, cause: string | null = null): Promise<boolean> {
      const sql = `update paused_field set resumed_at = now() where tenant_id = $1 and role = $2 and field = $3
        and resumed_at is null and ($4::text is null or cause = $4)`;
      const { rowCount } = await db.pool.query(sql, [tenantId, role, field, cause]);
      cache.forget(tenantId);
      return (rowCount ?? 0) > 0;
    },

    /** Tenants with fields that every worker lets flow again, and whose records have yet to be looked at. */
    async toFinish(afterMs: number): Promise<string[]> {
      const sql =
        "select distinct tenant_id from paused_field where resumed_at < now() - make_interval(secs => $1::float8 / 1000)";
      return (await db.rows(tenantRow, sql, [afterMs])).map(({ tenant_id }) => tenant_id);
    },

    /** All of that field's records have been looked at, or are going to be. Not when it was paused again meanwhile. */
    async finish({ tenantId, role, field, resumedAt }: TenantPausedField): Promise<void> {
      const sql = "delete from paused_field where tenant_id = $1 and role = $2 and field = $3 and resumed_at = $4";
      await db.pool.query(sql, [tenantId, role, field, resumedAt]);
    },

    /** A record that waits for this field, the one that has waited longest; null when none does. */
    async firstWaiting(tenantId: string, { role, field }: FieldName): Promise<CrmName | null> {
      const sql = `select object, crm_id as "crmId" from lane where tenant_id = $1 and blocked_kind = 'field' and blocked_id = $2
        and crm_id is not null and lease_until is null order by settled_at, id limit 1`;
      return (await db.rows(crmName, sql, [tenantId, `${role}.${field}`]))[0] ?? null;
    },

    /** Records that could not be made without this field go on. */
    async wake(tenantId: string, { role, field }: FieldName): Promise<void> {
      await db.pool.query("select wake_waiters($1, 'field', array[$2])", [tenantId, `${role}.${field}`]);
    },

    /** Everything seen of an object is decided anew, for no tokens. */
    async decideAnew(tenantId: string, object: string): Promise<void> {
      await db.pool.query("select decide_anew($1, $2)", [tenantId, object]);
    },
  };
}

export type PausedFields = ReturnType<typeof createPausedFields>;
