import { setTimeout as sleep } from "node:timers/promises";
import { syncRecord } from "../../src/operations/sync-record.ts";
import type { CrmObject, ProgramKind } from "../../src/sync/model.ts";
import { type Lost, resumePaused, type Scene } from "./scene.ts";

const QUIET_WITHIN_MS = 120_000; // for what hangs, not for what is slow on a busy machine
const LOOK_EVERY_MS = 80;
/** How long nothing may be written any more: several sweeps, and the longest wait of an open write. */
const STILL_MS = 1_200;

/**
 * Resolves when nothing is due, claimed, open or on its way any more. Meanwhile somebody is on call: what was paused
 * because it needs a person goes on.
 *
 * @param options.blocked whether a lane that waits for another record counts as open; while the word of that record may
 *   have been lost, it waits rightly
 * @throws Error naming what is still open
 */
export async function untilQuiet(scene: Scene, options: { blocked: "open" | "waits" }): Promise<void> {
  const giveUp = Date.now() + QUIET_WITHIN_MS;
  for (let looks = 0; looks < 3; ) {
    const open = await stillOpen(scene, options.blocked === "open").catch((error) => [
      { what: "cannot look", error: String(error) },
    ]);
    looks = open.length === 0 ? looks + 1 : 0;
    if (Date.now() > giveUp) throw new Error(`it never gets quiet: ${JSON.stringify(open.slice(0, 8), null, 1)}`);
    if (looks === 0) await resumePaused(scene);
    await sleep(LOOK_EVERY_MS);
  }
}

async function stillOpen({ rig, tenant, twin }: Scene, blockedToo: boolean): Promise<unknown[]> {
  const { rows } = await rig.pool.query(
    `select 'lane' as what, to_jsonb(l) - '{seen_crm,seen_program,times}'::text[] as row from lane l
       where tenant_id = $1 and (due_inbound is not null or due_outbound is not null
         or lease_until > clock_timestamp() or ($2 and blocked_kind is not null))
     union all select 'intent', to_jsonb(i) - 'body' from intent i where tenant_id = $1 and state = 'open'
     union all select 'unread', to_jsonb(u) from inbox_lane u join lane l on l.id = u.lane_id
       where l.tenant_id = $1 and u.read_at is null
     union all select 'effect', to_jsonb(e) - 'detail' from effect e where tenant_id = $1 and state = 'open'`,
    [tenant, blockedToo],
  );
  const pending = await twin.call<{ deliveries: { id: string }[] }>(
    "GET",
    `/deliveries?state=pending&tenant=${tenant}`,
  );
  return [...rows, ...pending.deliveries.map(({ id }) => ({ what: "delivery", id }))];
}

/**
 * Repairs what nobody was told of, and nothing else: the record of each notification that was dropped or given up is
 * looked at again by its `sync`. After a ban nobody knows which were lost, so all records are.
 *
 * @returns how many records
 */
export async function repairLost(scene: Scene): Promise<number> {
  const lost = await lostRecords(scene);
  await scene.rig.withApp(async (app) => {
    for (const name of lost) await syncRecord(app, scene.tenant, name);
  });
  return lost.length;
}

interface Listed {
  id: string;
  sender: string;
  state: string;
  subject: string;
  payload: { event?: { meta?: { entity: CrmObject; entity_id: string } } };
}

const KINDS = ["partner", "contact", "deal_registration"] as const;

/** Records with notifications that were dropped or given up, by what the twins remember. */
export async function lostRecords({ rig, tenant, twin, lost }: Scene): Promise<Lost[]> {
  const { deliveries } = await twin.call<{ deliveries: Listed[] }>("GET", `/deliveries?tenant=${tenant}`);
  const gone = deliveries.filter(({ state }) => state === "dropped" || state === "failed");
  const ids = new Map<string, ProgramKind>();
  for (const kind of KINDS) {
    for (const aggregate of await twin.aggregates(kind)) ids.set(idOf(aggregate, kind), kind);
  }
  const names = gone.map(({ sender, subject, payload }): Lost | null => {
    const kind = ids.get(subject);
    if (sender === "program") return kind ? { kind, programId: subject } : null;
    const meta = payload.event?.meta;
    return meta ? { object: meta.entity, crmId: Number(meta.entity_id) } : null;
  });
  const all = (await wasBanned(rig.twinUrl, tenant)) ? await everyRecord(twin) : [];
  const known = new Map(
    [...lost, ...names, ...all].filter((name) => name !== null).map((name) => [JSON.stringify(name), name]),
  );
  return [...known.values()];
}

function idOf(aggregate: Record<string, unknown>, kind: ProgramKind): string {
  const key = kind === "partner" ? "partner_id" : kind === "contact" ? "partner_user_id" : "registration_id";
  return String(aggregate[key]);
}

async function wasBanned(twinUrl: string, tenant: string): Promise<boolean> {
  const state = (await (await fetch(`${twinUrl}/_twin/state`)).json()) as {
    companies: { domain: string; everBanned: number }[];
  };
  return state.companies.some(({ domain, everBanned }) => domain === tenant && everBanned > 0);
}

async function everyRecord(twin: Scene["twin"]): Promise<Lost[]> {
  const objects = ["organization", "person", "deal"] as const;
  const lists = await Promise.all(
    objects.map(async (object) => (await twin.records(object)).map(({ id }) => ({ object, crmId: id }))),
  );
  return lists.flat();
}

/** Writes of either side, by the twins' own counts. */
async function written({ twin }: Scene): Promise<number> {
  const { byOperation } = await twin.spend();
  const calls = Object.entries(byOperation).filter(([name]) => /\.(create|update|delete)$/.test(name));
  return calls.reduce((sum, [, { calls: made }]) => sum + made, 0) + (await twin.commands()).total;
}

/** @returns how many writes came after everything had been said; 0 unless one of them causes another */
export async function writesAfterQuiet(scene: Scene): Promise<number> {
  const before = await written(scene);
  await sleep(STILL_MS);
  return (await written(scene)) - before;
}

/** Deals about whose close date people were asked. */
export async function undecidedDeals({ rig, tenant }: Scene): Promise<Set<number>> {
  const { rows } = await rig.pool.query<{ id: number }>(
    `select crm_id::int as id from conflict
      where tenant_id = $1 and state = 'open' and field = 'registration.expected_close_date'`,
    [tenant],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Lanes that gave a record up, and findings, by code. */
export async function notesOf({
  rig,
  tenant,
}: Scene): Promise<{ stopped: string[]; findings: Record<string, number> }> {
  const { rows: lanes } = await rig.pool.query(
    "select object, crm_id, kind, program_id, cause from lane where tenant_id = $1 and stopped_at is not null",
    [tenant],
  );
  const { rows: codes } = await rig.pool.query<{ code: string; count: number }>(
    "select code, count(*)::int as count from finding where tenant_id = $1 group by code",
    [tenant],
  );
  return {
    stopped: lanes.map((lane) => JSON.stringify(lane)),
    findings: Object.fromEntries(codes.map(({ code, count }) => [code, count])),
  };
}
