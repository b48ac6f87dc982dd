import { z } from "zod";
import type { Database } from "./database.ts";
import { id } from "./lane-rows.ts";

/** A tenant whose turn it is, held until the lease ends. */
export interface AccessTurn {
  tenantId: string;
  epoch: number;
  /** How often in a row it failed. */
  attempts: number;
}

/** Longer than the largest account takes to be read. A turn whose process died is somebody else's after that. */
const LEASE = "15 minutes";

const turnRow = z.object({ tenant_id: z.string(), epoch: id, attempts: z.number() });

/** When tenants are assessed next. All times are the database's: processes' clocks need not agree. */
export function createAccessSchedule(db: Database) {
  return {
    /**
     * Something changed: an assessment is due so long after. What changes until then is part of it; what changes during a
     * turn makes another one due.
     */
    async dueWithin(tenantId: string, ms: number): Promise<void> {
      await db.pool.query(
        `insert into access_schedule (tenant_id, due_at) values ($1, clock_timestamp() + $2::interval)
           on conflict (tenant_id) do update set due_at = least(access_schedule.due_at, excluded.due_at)`,
        [tenantId, `${ms} milliseconds`],
      );
    },

    /**
     * Takes the tenant that has been due for longest, if any: with a roster or a policy, at work, and connected.
     *
     * @param everyMs when it is due again, unless something changes
     */
    async take(everyMs: number): Promise<AccessTurn | null> {
      const [row] = await db.rows(
        turnRow,
        `update access_schedule set due_at = clock_timestamp() + $1::interval, epoch = epoch + 1,
             lease_until = clock_timestamp() + $2::interval
           where tenant_id = (
             select s.tenant_id from access_schedule s join tenant t on t.id = s.tenant_id
             where s.due_at <= clock_timestamp() and (s.lease_until is null or s.lease_until < clock_timestamp())
               and t.paused_at is null
               and (exists (select 1 from access_roster r where r.tenant_id = s.tenant_id)
                 or exists (select 1 from access_policy p where p.tenant_id = s.tenant_id))
               and exists (select 1 from connection c
                 where c.tenant_id = s.tenant_id and c.side = 'pipedrive' and c.state = 'active')
             order by s.due_at limit 1 for update of s skip locked)
           returning tenant_id, epoch, attempts`,
        [`${everyMs} milliseconds`, LEASE],
      );
      return row ? { tenantId: row.tenant_id, epoch: row.epoch, attempts: row.attempts } : null;
    },

    /** Ends a turn, unless it was lost to somebody else. @param retryMs it failed, and is due again after this */
    async end({ tenantId, epoch }: AccessTurn, retryMs: number | null = null): Promise<void> {
      await db.pool.query(
        `update access_schedule set lease_until = null, attempts = case when $3::interval is null then 0 else attempts + 1 end,
             due_at = least(due_at, clock_timestamp() + $3::interval)
           where tenant_id = $1 and epoch = $2`,
        [tenantId, epoch, retryMs === null ? null : `${retryMs} milliseconds`],
      );
    },
  };
}

export type AccessSchedule = ReturnType<typeof createAccessSchedule>;
