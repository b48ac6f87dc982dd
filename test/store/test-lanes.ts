import { randomUUID } from "node:crypto";
import { openDatabase } from "../../src/store/database.ts";
import type { Claim, Delivery, Settlement } from "../../src/store/lane-rows.ts";
import { createLanes } from "../../src/store/lanes.ts";
import { createLinks } from "../../src/store/links.ts";
import { createWrites, type NewIntent, type NewLink } from "../../src/store/writes.ts";
import type { Direction } from "../../src/sync/model.ts";
import { freshDatabase } from "../support/database.ts";

/** A lease that no test waits for; what has to expire is made to with `expire`. */
export const LEASE_MS = 60_000;
export const RING_SLOTS = 8;

/** Lanes, writes and links over a database of a test file's own, and what tests have to see and do beside them. */
export async function openTestLanes(ownLeaseMs = LEASE_MS) {
  const database = await freshDatabase();
  const { pool } = database;
  const openers: ReturnType<typeof openDatabase>[] = [];

  /** The store as one process has it: batches are per process. */
  function openProcess(leaseMs = LEASE_MS) {
    const db = openDatabase(database.url, 6);
    openers.push(db);
    return {
      db,
      lanes: createLanes(db, { leaseMs, ringSlots: RING_SLOTS }),
      writes: createWrites(db, { callTimeoutMs: 10_000, callMarginMs: 5_000 }),
      links: createLinks(db),
    };
  }
  const own = openProcess(ownLeaseMs);

  /** A tenant that lacks nothing: mapping, and both sides connected. */
  async function addTenant(id: string = `t${randomUUID()}`) {
    const connections = { pipedrive: randomUUID(), program: randomUUID() };
    await pool.query("insert into tenant (id, name, data_key) values ($1, $1, '')", [id]);
    await pool.query(
      "insert into mapping_revision (tenant_id, revision, document, document_sha256, plan, state, loaded_by) values ($1, 1, '', '', '{}', 'live', 'test')",
      [id],
    );
    for (const [side, connection] of Object.entries(connections)) {
      await pool.query(
        "insert into connection (id, tenant_id, side, environment, base_url, secrets) values ($1, $2, $3, 'rehearsal', '', '')",
        [connection, id, side],
      );
    }
    return tenantOf(id, connections);
  }

  function tenantOf(id: string, connections: { pipedrive: string; program: string }) {
    /** A webhook about an organization, unless told otherwise. */
    const webhook = (delivery: Partial<Delivery> = {}): Delivery => ({
      tenantId: id,
      connectionId: connections.pipedrive,
      source: "pipedrive",
      deliveryKey: randomUUID(),
      payload: Buffer.from("sealed"),
      object: "organization",
      crmId: 1,
      kind: null,
      programId: null,
      ...delivery,
    });
    /** An event about a partner, unless told otherwise. */
    const event = (delivery: Partial<Delivery> = {}): Delivery =>
      webhook({
        connectionId: connections.program,
        source: "program",
        object: null,
        crmId: null,
        kind: "partner",
        programId: "prt_1",
        ...delivery,
      });
    const accept = async (delivery: Delivery): Promise<number> => {
      const lane = await own.lanes.accept(delivery);
      if (lane === null) throw new Error("accepted before");
      return lane;
    };
    return {
      id,
      connections,
      webhook,
      event,
      takeWebhook: (delivery?: Partial<Delivery>) => accept(webhook(delivery)),
      takeEvent: (delivery?: Partial<Delivery>) => accept(event(delivery)),
    };
  }

  return {
    ...own,
    pool,
    url: database.url,
    openProcess,
    addTenant,
    /** The row as it is, without its sealed parts. */
    async lane(id: number): Promise<LaneRow> {
      const { rows } = await pool.query(
        "select *, rang::int, epoch::int, due_inbound <= now() as now_inbound, due_outbound <= now() as now_outbound from lane where id = $1",
        [id],
      );
      return rows[0];
    },
    async claim(id: number, direction: Direction = "inbound"): Promise<Claim> {
      const claim = await own.lanes.claim(id, direction);
      if (!claim) throw new Error(`lane ${id} is taken`);
      return claim;
    },
    async expire(id: number): Promise<void> {
      await pool.query("update lane set lease_until = clock_timestamp() - interval '1 second' where id = $1", [id]);
    },
    async unread(id: number): Promise<number[]> {
      const { rows } = await pool.query(
        "select inbox_id::int from inbox_lane where lane_id = $1 and read_at is null order by 1",
        [id],
      );
      return rows.map((row) => row.inbox_id);
    },
    /** Resolves when a session of this database waits for another's lock, or after 10 s. */
    async somebodyWaits(): Promise<void> {
      const deadline = performance.now() + 10_000;
      const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      while ((await pool.query(waiting)).rows.length === 0 && performance.now() < deadline);
    },
    async stop() {
      for (const db of openers) await db.close();
      await database.drop();
    },
  };
}

export type TestLanes = Awaited<ReturnType<typeof openTestLanes>>;
export type TestTenant = Awaited<ReturnType<TestLanes["addTenant"]>>;

export interface LaneRow {
  rang: number;
  epoch: number;
  attempts: number;
  class: number;
  cause: string | null;
  object: string | null;
  crm_id: string | null;
  kind: string | null;
  program_id: string | null;
  due_inbound: Date | null;
  due_outbound: Date | null;
  now_inbound: boolean | null;
  now_outbound: boolean | null;
  rung_inbound: Date | null;
  rung_outbound: Date | null;
  lease_until: Date | null;
  stopped_at: Date | null;
  blocked_kind: string | null;
  blocked_id: string | null;
  seen_crm: Buffer | null;
  seen_program: Buffer | null;
}

/** What a run that found nothing left to do concludes. */
export function settlement(claim: Claim, conclusions: Partial<Settlement> = {}): Settlement {
  return {
    lane: claim.laneId,
    epoch: claim.epoch,
    direction: claim.direction,
    rang: claim.rang,
    read: [],
    seen_crm: null,
    seen_program: null,
    times: claim.times,
    due: { inbound: null, outbound: null },
    blocked: null,
    stopped: false,
    attempts: 0,
    cause: null,
    links: [],
    intents: [],
    history: [],
    findings: [],
    effects: [],
    effects_done: [],
    ...conclusions,
  };
}

export function newIntent(intent: Partial<NewIntent> = {}): NewIntent {
  return {
    type: "patch",
    direction: "outbound",
    role: "partner",
    object: "organization",
    crmId: 1,
    programId: null,
    key: randomUUID(),
    body: Buffer.from("sealed"),
    revision: 1,
    counted: null,
    ...intent,
  };
}

export function newLink(link: Partial<NewLink> = {}): NewLink {
  return {
    role: "partner",
    object: "organization",
    crmId: 1,
    kind: "partner",
    programId: "prt_1",
    createdBy: "program",
    bases: null,
    seenCrm: null,
    intentId: null,
    identities: [],
    ...link,
  };
}
