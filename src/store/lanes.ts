import { z } from "zod";
import { DIRECTIONS, type Direction } from "../sync/model.ts";
import { APART_SQL } from "./apart.ts";
import { createBatcher } from "./batcher.ts";
import { CONFLICTS_SQL } from "./conflict-rows.ts";
import type { Database } from "./database.ts";
import { contentRow, toContent } from "./lane-content.ts";
import {
  type Claim,
  claimRow,
  type Delivery,
  id,
  type LaneContent,
  type LaneName,
  nameRow,
  type Settled,
  type Settlement,
  toClaim,
  when,
} from "./lane-rows.ts";

const CONTENT_SQL = `
  select l.id,
    (select coalesce(json_agg(r order by r.id), '[]') from (
      select i.id, i.source, i.delivery_key, i.payload, i.received_at from inbox_lane il join inbox i on i.id = il.inbox_id
      where il.lane_id = l.id and il.read_at is null order by i.id limit 500) r) as rows,
    (select coalesce(json_agg(k order by k.id), '[]') from link k where k.lane_id = l.id) as links,
    (select coalesce(json_agg(t order by t.id), '[]') from intent t where t.lane_id = l.id and t.state = 'open') as intents,
    (select coalesce(json_agg(e order by e.program_version), '[]') from effect e where e.lane_id = l.id and e.state = 'open') as effects,
    (${CONFLICTS_SQL}) as conflicts,
    ${APART_SQL}
  from lane l where l.id = any($1::bigint[])`;

const SETTLE_SQL = "select * from settle_lanes($1::jsonb)";
/** In one transaction, which most settles need not pay for. */
const SETTLE_AND_KEEP_SQL = `
  select s.*, case when s.settled then keep_conflicts($1::jsonb -> (s.nth - 1)) end from settle_lanes($1::jsonb) s`;

// Made once: a schema that is made anew for every query costs more than the query.
const settledRow = z.object({ nth: z.number(), settled: z.boolean(), due_in: when, due_out: when });
const acceptedRow = z.object({ lane: id.nullable() });
const inboxRow = z.object({ id });
const quietRow = z.object({ quiet: z.boolean() });

/** What every run does once: many lanes share a statement, and with it a transaction. */
function groupedVerbs(db: Database, leaseMs: number) {
  const lease = `${leaseMs} milliseconds`;

  const claim = createBatcher(async (asks: { laneId: number; direction: Direction }[]): Promise<(Claim | null)[]> => {
    // Both directions may ask for one lane at once: the first gets it, the other finds it taken.
    const first = new Map<number, Direction>();
    for (const ask of asks) if (!first.has(ask.laneId)) first.set(ask.laneId, ask.direction);
    const rows = await db.rows(claimRow, "select * from claim_lanes($1, $2, $3)", [
      [...first.keys()],
      [...first.values()],
      lease,
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return asks.map((ask) => {
      const row = byId.get(ask.laneId);
      if (!row || first.get(ask.laneId) !== ask.direction) return null;
      first.delete(ask.laneId);
      return toClaim(row, ask.direction, leaseMs);
    });
  });

  const content = createBatcher(async (ids: number[]): Promise<(LaneContent | null)[]> => {
    const rows = await db.rows(contentRow, CONTENT_SQL, [ids]);
    const byId = new Map(rows.map((row) => [row.id, toContent(row)]));
    return ids.map((laneId) => byId.get(laneId) ?? null);
  });

  const settle = createBatcher(async (settlements: Settlement[]): Promise<Settled[]> => {
    const all = settlements.map((one) => ({ ...one, conflicts: one.conflicts ?? [], rewrites: one.rewrites ?? [] }));
    const keeps = all.some(({ conflicts, rewrites }) => conflicts.length + rewrites.length > 0);
    const rows = await db.rows(settledRow, keeps ? SETTLE_AND_KEEP_SQL : SETTLE_SQL, [JSON.stringify(all)]);
    const byPosition = new Map(rows.map((row) => [row.nth, row]));
    return settlements.map((_, i) => {
      const row = byPosition.get(i + 1);
      return { settled: row?.settled ?? false, dueInbound: row?.due_in ?? null, dueOutbound: row?.due_out ?? null };
    });
  });

  return {
    claim: (laneId: number, direction: Direction) => claim({ laneId, direction }),
    content,
    settle,
  };
}

/** The lane table's verbs. Times are the database's; see the migration `lanes` for what each does and why. */
export function createLanes(db: Database, { leaseMs, ringSlots }: { leaseMs: number; ringSlots: number }) {
  return {
    ...groupedVerbs(db, leaseMs),

    /** One transaction: the row and its lane, due. Null when this delivery was accepted before. */
    async accept(delivery: Delivery): Promise<number | null> {
      const [row] = await db.rows(
        acceptedRow,
        "select accept_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::smallint) as lane",
        [
          delivery.tenantId,
          delivery.connectionId,
          delivery.source,
          delivery.deliveryKey,
          delivery.payload,
          delivery.object,
          delivery.crmId,
          delivery.kind,
          delivery.programId,
          delivery.class ?? 0,
        ],
      );
      return row?.lane ?? null;
    },

    /** Several, all of them or none. Those that were accepted before are left out. */
    async acceptAll(deliveries: Delivery[]): Promise<void> {
      const rows = deliveries.map(({ payload, ...rest }) => ({ ...rest, payload: payload.toString("base64") }));
      await db.pool.query(
        `select accept_delivery(d."tenantId", d."connectionId", d.source, d."deliveryKey", decode(d.payload, 'base64'),
             d.object, d."crmId", d.kind, d."programId", coalesce(d.class, 0::smallint))
           from jsonb_to_recordset($1) d ("tenantId" text, "connectionId" uuid, source text, "deliveryKey" text,
             payload text, object text, "crmId" bigint, kind text, "programId" text, class smallint)`,
        [JSON.stringify(rows)],
      );
    },

    /** Whether such a delivery was accepted before. */
    async isAccepted(tenantId: string, connectionId: string, deliveryKey: string): Promise<boolean> {
      const sql = "select id from inbox where tenant_id = $1 and connection_id = $2 and delivery_key = $3";
      return (await db.rows(inboxRow, sql, [tenantId, connectionId, deliveryKey])).length > 0;
    },

    /** Due lanes to ring for now, marked as rung. */
    async next(tenantId: string, direction: Direction): Promise<LaneName[]> {
      const rows = await db.rows(nameRow, "select * from next_lanes($1, $2, $3)", [tenantId, direction, ringSlots]);
      return rows.map((row) => ({ tenantId, ...row }));
    },

    /** A doorbell that found its lane taken or gone is used up; the lane stays as due as it was. */
    async unring(laneId: number, direction: Direction): Promise<void> {
      const column = direction === "inbound" ? "rung_inbound" : "rung_outbound";
      await db.pool.query(`update lane set ${column} = null where id = $1`, [laneId]);
    },

    /** True while no lane of the tenant is due, now or later, or being worked on. */
    async quiet(tenantId: string): Promise<boolean> {
      const [row] = await db.rows(
        quietRow,
        `select not exists (select 1 from lane where tenant_id = $1
           and (due_inbound is not null or due_outbound is not null or lease_until > clock_timestamp())) as quiet`,
        [tenantId],
      );
      return row?.quiet ?? true;
    },

    /** Tenants with due lanes that nobody rang for. */
    sweepTenants() {
      const row = z.object({ tenant_id: z.string(), direction: z.enum(DIRECTIONS) });
      return db.rows(
        row.transform((r) => ({ tenantId: r.tenant_id, direction: r.direction })),
        "select * from sweep_tenants()",
      );
    },

    /** Lanes rung for longer than `silenceMs` ago that nobody came for, marked as rung again. One process at a time asks. */
    async sweepSilent(direction: Direction, silenceMs: number): Promise<LaneName[]> {
      const row = z.object({ tenant_id: z.string() }).and(nameRow);
      const rows = await db.rows(row, "select * from sweep_silent($1, $2)", [direction, `${silenceMs} milliseconds`]);
      return rows.map(({ tenant_id, ...lane }) => ({ tenantId: tenant_id, ...lane }));
    },
  };
}

export type Lanes = ReturnType<typeof createLanes>;
