import type { Claim, HistoryRow } from "../../src/store/lane-rows.ts";
import { createRelinks } from "../../src/store/relinks.ts";
import type { Tenants } from "../../src/store/tenants.ts";
import type { NewLink } from "../../src/store/writes.ts";
import { newLink, openTestLanes, settlement } from "./test-lanes.ts";

const CUSTOMER = { role: "customer_org", kind: "deal_registration" } as const;

/** What ends or moves links, with a line of history that is the same each time. */
export function noting({ unlink, merge, followPartner }: ReturnType<typeof createRelinks>) {
  const history: HistoryRow = {
    ...{ role: "partner", program_id: null, field: "link", event: "linked", winner: null, rule: null },
    ...{ revision: 1, intent_id: null, content: null, salt: null },
  };
  return {
    unlink: (claim: Claim, linkId: number, by: string) => unlink(claim, linkId, by, history),
    merge: (claim: Claim, loserId: number) => merge(claim, loserId, history),
    followPartner: (claim: Claim, from: string, into: string) => followPartner(claim, from, into, history),
  };
}

/** Records and aggregates that stand for each other, what ends or moves that, and what is left of it then. */
export async function openTestLinks() {
  const store = await openTestLanes();
  let tenant = await store.addTenant();
  const rows = async (sql: string, ...values: unknown[]) => (await store.pool.query(sql, [tenant.id, ...values])).rows;

  async function link(claim: Claim, more: Partial<NewLink> = {}): Promise<number> {
    const linked = await store.writes.link(claim, newLink(more));
    if (linked.outcome !== "linked") throw new Error(linked.outcome);
    return linked.id;
  }

  const relinks = createRelinks(store.db, null as unknown as Tenants); // what is tried opens nothing sealed
  return {
    ...store,
    relinks: { ...relinks, ...noting(relinks) },
    /** Begins with a tenant of its own. */
    async next() {
      tenant = await store.addTenant();
      return tenant;
    },
    /** The tenant is $1. */
    rows,
    link,
    /** Organization `crmId`, whose lane is that of partner `programId`; nothing of either is unread or due. */
    async partner(crmId: number, programId: string): Promise<{ lane: number; link: number }> {
      const lane = await tenant.takeEvent({ programId });
      const claim = await store.claim(lane, "outbound");
      const made = await link(claim, { crmId, programId, bases: Buffer.from(`bases of ${programId}`) });
      await store.lanes.settle(settlement(claim, { read: await store.unread(lane) }));
      await rows("update lane set due_inbound = null, due_outbound = null where tenant_id = $1 and id = $2", lane);
      return { lane, link: made };
    },
    /** A registration whose customer is Organization `crmId`. @param identity what was reserved for it, if anything */
    async customer(crmId: number, programId: string, identity?: string): Promise<Claim> {
      const claim = await store.claim(await tenant.takeEvent({ kind: "deal_registration", programId }), "outbound");
      const identities = identity === undefined ? [] : [Buffer.from(identity)];
      if (identities.length > 0) await store.writes.reserve(claim, "customer_org", identities);
      await link(claim, { ...CUSTOMER, crmId, programId, identities });
      return claim;
    },
    async laneOf(crmId: number): Promise<number> {
      return Number((await rows("select id from lane where tenant_id = $1 and crm_id = $2", crmId))[0]?.id);
    },
    linksOf: (crmId: number) =>
      rows(
        `select id::int, role, program_id, state, lane_id::int as lane from link
           where tenant_id = $1 and crm_id = $2 order by id`,
        crmId,
      ),
    tombstones: () =>
      rows(
        `select crm_id::int, program_id, reason, removed_by, bases from link_tombstone
           where tenant_id = $1 order by crm_id`,
      ),
    reserved: () =>
      rows(
        `select convert_from(identity, 'utf8') as identity, crm_id::int from reservation
           where tenant_id = $1 order by identity`,
      ),
    async isDue(lane: number) {
      const { now_inbound, now_outbound } = await store.lane(lane);
      return { inbound: now_inbound ?? false, outbound: now_outbound ?? false };
    },
  };
}

export type TestLinks = Awaited<ReturnType<typeof openTestLinks>>;

export const sealed = (text: string) => Buffer.from(text).toString("base64");
