import type { App } from "../app.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { CrmRecord, Pipedrive } from "../pipedrive/port.ts";
import { PRICES } from "../pipedrive/prices.ts";
import { isUnmapped } from "../sync/canonical.ts";
import { crmValues } from "../sync/codec.ts";
import type { ExistingRecords } from "../sync/mapping/live/existing.ts";
import { CRM_OBJECTS, type CrmObject, type MappingPlan, ROLE_OBJECT, ROLES } from "../sync/model.ts";

/** So many records of each object are looked at: a page, oldest change first. */
const LOOKED_AT = 500;
export const EXISTING_PRICE = CRM_OBJECTS.length * PRICES.listUpdated;

/**
 * Looks for ids and statuses on records that nothing is linked to, on the first page of each object: 30 tokens.
 *
 * @returns with the unlinked records that it saw
 * @throws the errors of `Pipedrive`
 */
export async function lookAtExisting(
  app: App,
  plan: MappingPlan,
  pipedrive: Pipedrive,
  purpose: string,
): Promise<{ existing: ExistingRecords; unlinked: Record<CrmObject, CrmRecord[]> }> {
  const existing: ExistingRecords = {
    looked: { organization: 0, person: 0, deal: 0 },
    more: [],
    ids: [],
    statuses: {},
  };
  const unlinked: Record<CrmObject, CrmRecord[]> = { organization: [], person: [], deal: [] };
  for (const object of CRM_OBJECTS) {
    const list = () => pipedrive.listUpdated(object, new Date(0), { limit: LOOKED_AT }, { purpose });
    const page = await withPatience(list, {});
    existing.looked[object] = page.records.length;
    if (page.cursor !== null) existing.more.push(object);
    const ids = page.records.map(({ id }) => id);
    const linked = await app.rollOutReach.linkedAmong(plan.tenantId, object, ids);
    unlinked[object] = page.records.filter(({ id, is_deleted }) => !linked.has(id) && is_deleted !== true);
    for (const record of unlinked[object]) {
      const id = carriedId(plan, object, record);
      if (id !== null) existing.ids.push({ object, crmId: record.id, id });
    }
  }
  for (const record of unlinked.organization) {
    const { status } = carried(plan, record);
    if (status !== null) existing.statuses[status] = (existing.statuses[status] ?? 0) + 1;
  }
  return { existing, unlinked };
}

/** The mapped status of an Organization, and the id it carries; null where there is none. */
export function carried(plan: MappingPlan, record: CrmRecord): { status: string | null; id: string | null } {
  const values = crmValues(plan.roles.partner, record, plan);
  const { "partner.status": status, allbound_id: id } = values;
  const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";
  return { status: isText(status) && !isUnmapped(status) ? status : null, id: isText(id) ? id : null };
}

/** Ids that a record of an object carries in any of its roles. */
export function carriedId(plan: MappingPlan, object: CrmObject, record: CrmRecord): string | null {
  const role = ROLES.find(
    (one) => ROLE_OBJECT[one] === object && plan.roles[one].some(({ field }) => field === "allbound_id"),
  );
  if (!role) return null;
  const id = crmValues(plan.roles[role], record, plan).allbound_id;
  return typeof id === "string" && id.trim() !== "" ? id.trim() : null;
}
