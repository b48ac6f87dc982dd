import { z } from "zod";
import type { Database } from "./database.ts";

const tenantRow = z.object({ tenant_id: z.string() });
const doneRow = z.object({ done_at: z.date() });

/** A look that has begun is another process's for this long, in seconds. */
const TAKEN_S = 120;

/** When each tenant's account was last compared with its mapping. Times are the database's. */
export function createDriftLooks(db: Database) {
  return {
    /** The next round looks at this tenant, unless its last look is younger than that. */
    async want(tenantId: string, notWithinMs: number): Promise<void> {
      const sql = `insert into drift_look (tenant_id, wanted_at, done_at)
          values ($1, clock_timestamp(), clock_timestamp() - interval '1 second')
        on conflict (tenant_id) do update set wanted_at = clock_timestamp()
          where (drift_look.wanted_at is null or drift_look.wanted_at <= drift_look.done_at)
            and (drift_look.begun_at is null or drift_look.done_at < now() - make_interval(secs => $2::float8 / 1000))`;
      await db.pool.query(sql, [tenantId, notWithinMs]);
    },

    /**
     * Tenants whose time has come, each handed to one process. A mapping that was just loaded was just compared: its
     * first look comes a whole period later.
     */
    async take(everyMs: number): Promise<string[]> {
      await db.pool.query(
        `insert into drift_look (tenant_id) select tenant_id from mapping_revision where state = 'live'
         on conflict do nothing`,
      );
      const rows = await db.rows(
        tenantRow,
        `update drift_look d set begun_at = clock_timestamp()
         where (d.wanted_at > d.done_at or d.done_at < now() - make_interval(secs => $1::float8 / 1000))
           and (d.begun_at is null or d.begun_at <= d.done_at or d.begun_at < now() - make_interval(secs => ${TAKEN_S}))
           and exists (select 1 from tenant t where t.id = d.tenant_id and t.paused_at is null)
           and exists (select 1 from mapping_revision m where m.tenant_id = d.tenant_id and m.state = 'live')
           and exists (select 1 from connection c where c.tenant_id = d.tenant_id and c.side = 'pipedrive'
             and c.state = 'active' and (c.parked_until is null or c.parked_until <= now()))
         returning d.tenant_id`,
        [everyMs],
      );
      return rows.map(({ tenant_id }) => tenant_id);
    },

    /** A look has ended. What was asked for while it ran is looked at again. */
    async done(tenantId: string): Promise<void> {
      const sql = `insert into drift_look (tenant_id, begun_at) values ($1, clock_timestamp())
        on conflict (tenant_id) do update set done_at = clock_timestamp(),
          wanted_at = case when drift_look.wanted_at > drift_look.begun_at then drift_look.wanted_at end`;
      await db.pool.query(sql, [tenantId]);
    },

    /** When the last look ended; null when there was none. */
    async lastAt(tenantId: string): Promise<Date | null> {
      const [row] = await db.rows(
        doneRow,
        "select done_at from drift_look where tenant_id = $1 and begun_at is not null",
        [tenantId],
      );
      return row?.done_at ?? null;
    },
  };
}

export type DriftLooks = ReturnType<typeof createDriftLooks>;
