import type { App } from "../app.ts";
import { NotFoundError } from "../errors.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { ReadRequest } from "../reconcile/rows.ts";
import type { RollOut } from "../store/roll-outs.ts";
import { ID_KIND, type OldId } from "../sync/mapping/live/existing.ts";
import { CRM_OBJECTS, type CrmObject, type MappingPlan, ROLE_OBJECT, ROLES } from "../sync/model.ts";
import { connectionOf } from "./ask-records.ts";
import { carriedId } from "./existing-records.ts";

export interface IdConflict extends Pick<OldId, "object" | "crmId"> {
  message: string;
}

const ASKED = "a roll-out";

/** Lists every record of the account: 10 tokens per 500. */
export async function findOldIds(app: App, { tenantId, plan }: Pick<RollOut, "tenantId" | "plan">): Promise<OldId[]> {
  const connection = await app.connections.active(tenantId, "pipedrive");
  const pipedrive = await app.clients.pipedrive(connection ?? (await neverActive(app, tenantId)));
  const found: OldId[] = [];
  for (const object of CRM_OBJECTS) {
    let cursor: string | undefined;
    do {
      const page = await withPatience(
        () => pipedrive.listUpdated(object, new Date(0), cursor ? { cursor } : {}, { purpose: "setup" }),
        {},
      );
      const ids = page.records.map(({ id }) => id);
      const linked = await app.rollOutReach.linkedAmong(tenantId, object, ids);
      for (const record of page.records) {
        const id = record.is_deleted === true || linked.has(record.id) ? null : carriedId(plan, object, record);
        if (id !== null) found.push({ object, crmId: record.id, id });
      }
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
  }
  return found;
}

async function neverActive(app: App, tenantId: string): Promise<never> {
  await connectionOf(app, tenantId, "pipedrive");
  throw new Error(`${tenantId}: its connection came back this very moment`);
}

/** What cannot be adopted as it is: one id on two records, of nothing the program knows, or of what has a record. */
export async function conflictsAmong(app: App, tenantId: string, old: readonly OldId[]): Promise<IdConflict[]> {
  const connection = await app.connections.active(tenantId, "program");
  const program = connection && (await app.clients.program(connection));
  const conflicts: IdConflict[] = [];
  for (const one of old) {
    const { object, crmId, id } = one;
    const said = (text: string) => {
      const message = `${tenantId}: ${object} ${crmId} carries ${shown(id)}, ${text}`;
      conflicts.push({ object, crmId, message });
    };
    const twin = old.find((other) => other !== one && other.object === object && other.id === id);
    if (twin) {
      said(`and so does ${object} ${twin.crmId}. Leave it on the right one.`);
      continue;
    }
    const known = await app.links.crmIdOf(tenantId, ID_KIND[object], id);
    if (known !== undefined) said(`which belongs to ${object} ${known}. Clear it.`);
    else if (program && !(await isKnown(() => program.get(ID_KIND[object], id))))
      said(`and the partner program has no such ${ID_KIND[object].replace("_", " ")}. Clear or correct it.`);
  }
  return conflicts;
}

async function isKnown(get: () => Promise<unknown>): Promise<boolean> {
  try {
    await withPatience(get, {});
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

/** An id is no secret, and may be anything that somebody once typed. */
function shown(id: string): string {
  return /^[a-z]{3}_[a-z0-9]{1,40}$/.test(id) ? id : "an id";
}

/**
 * Has the workers tie records to the aggregates whose ids they carry, or empty those fields. Asking twice does nothing.
 */
export async function orderOldIds(app: App, roll: RollOut, old: readonly OldId[]): Promise<void> {
  const { tenantId, plan, existingIds } = roll;
  const connectionId = await connectionOf(app, tenantId, "program");
  const key = await app.tenants.key(tenantId);
  for (const { object, crmId, id } of old) {
    const adopts = existingIds === "adopt";
    const order: ReadRequest = adopts
      ? { asked: ASKED, adopt: { object, crmId } }
      : { asked: ASKED, clear: idFields(plan, object).map(({ key: custom }) => custom) };
    const aggregate = { object: null, crmId: null, kind: ID_KIND[object], programId: id };
    await app.lanes.accept({
      tenantId,
      connectionId,
      source: "program",
      deliveryKey: `roll-out ${roll.id} ${existingIds} ${object} ${crmId}`,
      payload: key.sealJson("inbox.payload", order),
      ...(adopts ? aggregate : { object, crmId, kind: null, programId: null }),
      class: 2,
    });
  }
}

/** Where ids of ours stand on records of an object. */
export function idFields(plan: MappingPlan, object: CrmObject): { field: string; label: string; key: string }[] {
  return ROLES.filter((role) => ROLE_OBJECT[role] === object)
    .flatMap((role) => plan.roles[role])
    .flatMap(({ field, label, crm }) =>
      /^allbound_(deal_)?id$/.test(field) && "custom" in crm ? [{ field, label, key: crm.custom }] : [],
    );
}
