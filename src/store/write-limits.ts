import { z } from "zod";
import { InputError } from "../errors.ts";
import { DIRECTIONS, type Direction } from "../sync/model.ts";
import type { Database } from "./database.ts";
import type { Claim } from "./lane-rows.ts";
import type { Tenants } from "./tenants.ts";

export const WRITE_KINDS = ["changed", "cleared", "created"] as const;
export type WriteKind = (typeof WRITE_KINDS)[number];

/** So many records, or that share (in percent) of the linked ones: whichever is more. */
export interface Limit {
  number: number;
  share: number;
}

/** How much a tenant's writes may touch within a window, in either direction. */
export interface WriteLimits extends Record<WriteKind, Limit> {
  windowMinutes: number;
}

/** Of tenants that have not set any: an evening's work of a team passes, a bulk edit of everything does not. */
export const DEFAULT_LIMITS: WriteLimits = {
  windowMinutes: 10,
  changed: { number: 250, share: 10 },
  cleared: { number: 50, share: 2 },
  created: { number: 250, share: 10 },
};

/** What a write does to a record: the limits count each record once per kind and window. */
export interface CountedWrite {
  /** As people name it, e.g. "organization 4711". */
  record: string;
  kinds: WriteKind[];
  /** Labels. */
  fields: string[];
}

/** One field of a write that was not made. */
export interface HeldField {
  label: string;
  before: unknown;
  after: unknown;
}

export interface HeldWrite {
  direction: Direction;
  record: string;
  fields: HeldField[];
  at: Date;
}

/** How the writes of one direction stand. */
export interface Breaker {
  direction: Direction;
  /** When they were paused because there were too many; null: they flow. */
  trippedAt: Date | null;
  kind: WriteKind | null;
  /** Records that were written before, and how many were allowed. */
  counted: number | null;
  most: number | null;
  /** Records with work for that direction. */
  waiting: number;
  openUntil: Date | null;
}

export const TOO_MANY_WRITES = "TOO_MANY_WRITES";
const CONTENT_COLUMN = "held_write.content";
const MOST_HELD = 20;
/** Longer than any window. */
const KEPT = "2 days";
export const LONGEST_WINDOW_MINUTES = 1_440;

const limitRow = z.object({
  window_minutes: z.number(),
  ...{ changed: z.number(), changed_share: z.number(), cleared: z.number(), cleared_share: z.number() },
  ...{ created: z.number(), created_share: z.number() },
});
const setRow = limitRow.extend({ set_by: z.string() });
const breakerRow = z.object({
  direction: z.enum(DIRECTIONS),
  trippedAt: z.date().nullable(),
  kind: z.enum(WRITE_KINDS).nullable(),
  counted: z.number().nullable(),
  most: z.number().nullable(),
  waiting: z.number(),
  openUntil: z.date().nullable(),
});
const directionRow = z.object({ direction: z.enum(DIRECTIONS) });
const heldRow = z.object({
  direction: z.enum(DIRECTIONS),
  record: z.string(),
  content: z.instanceof(Buffer),
  at: z.date(),
});

/** A row of `write_limit`, as `open_intents` takes the defaults. */
export function toLimitRow({ windowMinutes, changed, cleared, created }: WriteLimits): z.infer<typeof limitRow> {
  return {
    window_minutes: windowMinutes,
    ...{ changed: changed.number, changed_share: changed.share, cleared: cleared.number, cleared_share: cleared.share },
    ...{ created: created.number, created_share: created.share },
  };
}

/** How much a tenant's writes may touch, and whether they were paused because it was more. */
export function createWriteLimits(db: Database, tenants: Pick<Tenants, "key">) {
  return {
    /** @returns who set them; null: nobody, they are the defaults */
    async get(tenantId: string): Promise<{ limits: WriteLimits; setBy: string | null }> {
      const columns = Object.keys(setRow.shape).join(", ");
      const [row] = await db.rows(setRow, `select ${columns} from write_limit where tenant_id = $1`, [tenantId]);
      if (!row) return { limits: DEFAULT_LIMITS, setBy: null };
      const limits = {
        windowMinutes: row.window_minutes,
        changed: { number: row.changed, share: row.changed_share },
        cleared: { number: row.cleared, share: row.cleared_share },
        created: { number: row.created, share: row.created_share },
      };
      return { limits, setBy: row.set_by };
    },

    /** In force for the next write. @param limits null: the defaults again */
    async set(tenantId: string, limits: WriteLimits | null, by: string): Promise<void> {
      if (!limits) return void (await db.prisma.writeLimit.deleteMany({ where: { tenantId } }));
      const data = {
        windowMinutes: limits.windowMinutes,
        ...{ changed: limits.changed.number, changedShare: limits.changed.share },
        ...{ cleared: limits.cleared.number, clearedShare: limits.cleared.share },
        ...{ created: limits.created.number, createdShare: limits.created.share, setBy: by, setAt: new Date() },
      };
      await db.prisma.writeLimit.upsert({ where: { tenantId }, create: { tenantId, ...data }, update: data });
    },

    /** Both directions. */
    breakers: (tenantId: string): Promise<Breaker[]> =>
      db.rows(
        breakerRow,
        `select d.direction, b.tripped_at as "trippedAt", case when b.tripped_at is not null then b.kind end as kind,
           case when b.tripped_at is not null then b.counted end as counted,
           case when b.tripped_at is not null then b.most end as most,
           (select count(*)::int from lane l where l.tenant_id = $1
             and case d.direction when 'inbound' then l.due_inbound else l.due_outbound end is not null) as waiting,
           case when b.open_until > now() then b.open_until end as "openUntil"
         from unnest(array['inbound', 'outbound']) d (direction)
         left join breaker b on b.tenant_id = $1 and b.direction = d.direction order by 1`,
        [tenantId],
      ),

    /** A write that was not made, for people to see what they would let go on. Some of each pause are kept. */
    async hold({ tenantId, direction }: Claim, record: string, fields: HeldField[]): Promise<void> {
      const sealed = (await tenants.key(tenantId)).sealJson(CONTENT_COLUMN, fields);
      const labels = fields.map(({ label }) => label);
      await db.pool.query(
        `insert into held_write (tenant_id, direction, record, fields, content)
         select $1, $2, $3, $4, $5 where (select count(*) from held_write where tenant_id = $1 and direction = $2) < ${MOST_HELD}
         on conflict (tenant_id, direction, record) do update set fields = excluded.fields, content = excluded.content`,
        [tenantId, direction, record, labels, sealed],
      );
    },

    /** With values: for those who may see them. */
    async held(tenantId: string): Promise<HeldWrite[]> {
      const key = await tenants.key(tenantId);
      const sql = "select direction, record, content, at from held_write where tenant_id = $1 order by at, record";
      const rows = await db.rows(heldRow, sql, [tenantId]);
      return rows.map(({ content, ...row }) => ({
        ...row,
        fields: key.unsealJson(CONTENT_COLUMN, content) as HeldField[],
      }));
    },

    /**
     * What is due by now goes on, with all that it leads to, and counting begins anew; with `openMinutes` nothing is
     * limited for so long.
     *
     * @param direction null: both
     * @returns the directions that were paused
     * @throws InputError NOT_PAUSED when none was, and there is nothing to open
     */
    async resume(
      tenantId: string,
      { direction, openMinutes, by }: { direction: Direction | null; openMinutes: number | null; by: string },
    ): Promise<Direction[]> {
      const asked = direction ? [direction] : [...DIRECTIONS];
      const sql = `with resumed as (
          update breaker set tripped_at = null, resumed_at = clock_timestamp(), resumed_by = $3
            where tenant_id = $1 and direction = any ($2) and tripped_at is not null returning direction),
        told as (
          update finding set closed_at = now() where tenant_id = $1 and code = '${TOO_MANY_WRITES}' and closed_at is null
            and subject in (select case direction when 'inbound' then 'writes to the partner program' else 'writes to Pipedrive' end
              from resumed)),
        seen as (delete from held_write where tenant_id = $1 and direction in (select direction from resumed))
        select direction from resumed order by 1`;
      const resumed = (await db.rows(directionRow, sql, [tenantId, asked, by])).map((row) => row.direction);
      if (openMinutes !== null) {
        const open = `insert into breaker (tenant_id, direction, open_until)
          select $1, d, clock_timestamp() + make_interval(mins => $3) from unnest($2::text[]) d
          on conflict (tenant_id, direction) do update set open_until = excluded.open_until`;
        await db.pool.query(open, [tenantId, asked, openMinutes]);
      } else if (resumed.length === 0) {
        const hint = `see \`partnersync limits show ${tenantId}\`; --minutes lifts the limits ahead of a planned change`;
        throw new InputError("NOT_PAUSED", `the writes of ${tenantId} are not paused by its limits`, "tenant", hint);
      }
      return resumed;
    },

    /** What no window reaches any more. */
    async forgetOld(): Promise<void> {
      await db.pool.query(`delete from counted_write where at < now() - interval '${KEPT}'`);
    },
  };
}

export type WriteLimitsStore = ReturnType<typeof createWriteLimits>;
