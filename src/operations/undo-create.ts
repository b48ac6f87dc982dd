import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import { PRICES } from "../pipedrive/prices.ts";
import type { ReadRequest } from "../reconcile/rows.ts";
import type { Actor } from "../store/actor.ts";
import type { LinkView, RecordName } from "../store/records.ts";
import type { MappingPlan, Values } from "../sync/model.ts";
import { connectionOf } from "./ask-records.ts";
import { laneOf, nameText } from "./field-history.ts";
import { unlinkRecord } from "./link-records.ts";
import { idFields } from "./old-ids.ts";

export interface UndoneCreate {
  tenantId: string;
  record: string;
  done: boolean;
  /** What is untied from what. */
  unlinked: Pick<LinkView, "object" | "crmId" | "kind" | "programId">[];
  /** Labels of the fields in Pipedrive that are emptied. */
  cleared: string[];
  /** Of Pipedrive's daily allowance. */
  tokens: number;
  text: string;
}

/**
 * Takes back that the sync made a record, as far as that can be: it is untied, and our ids are emptied in Pipedrive, by
 * the workers. Neither side deletes anything, and the sync makes no other record in its place.
 *
 * @param how.confirm false: only says what would be done
 * @throws InputError UNKNOWN_TENANT, UNKNOWN_RECORD, NO_MAPPING, NOT_CREATED, NOT_CONNECTED, RECORD_BUSY
 */
export async function undoCreate(
  app: App,
  tenantId: string,
  name: RecordName,
  { confirm, by }: { confirm: boolean; by: Actor },
): Promise<UndoneCreate> {
  await laneOf(app, tenantId, name);
  const live = await app.mappings.live(tenantId);
  if (!live) throw new InputError("NO_MAPPING", `${tenantId} has no mapping in force`, "tenant");
  const [view, record] = [await app.records.find(tenantId, name), nameText(name)];
  const links = view?.links.filter(({ state, createdBy }) => state === "active" && createdBy === "create") ?? [];
  const [link] = links;
  if (!link) {
    const hint = `what was linked otherwise is untied by \`partnersync unlink\``;
    throw new InputError("NOT_CREATED", `${tenantId}: ${record} is not linked to what the sync made`, "id", hint);
  }
  const seen = (view?.lane.seenCrm as { values?: Values } | null)?.values ?? {};
  const lines = idFields(live.plan, link.object).filter(({ field }) => seen[field]);
  const found = {
    ...{ tenantId, record, done: confirm, unlinked: links.map(toPair), cleared: lines.map(({ label }) => label) },
    tokens: lines.length > 0 ? PRICES.get + PRICES.patch : 0,
  };
  if (confirm) await carryOut(app, tenantId, links, { by, plan: live.plan });
  return { ...found, text: describe(found) };
}

function toPair({ object, crmId, kind, programId }: LinkView) {
  return { object, crmId, kind, programId };
}

async function carryOut(app: App, tenantId: string, links: LinkView[], { by, plan }: { by: Actor; plan: MappingPlan }) {
  const connectionId = await connectionOf(app, tenantId, "pipedrive");
  const key = await app.tenants.key(tenantId);
  for (const link of links) await unlinkRecord(app, tenantId, toPair(link), by.name);
  for (const { object, crmId, programId, createdAt } of links.slice(0, 1)) {
    const clear = idFields(plan, object).map(({ key: custom }) => custom);
    const ask: ReadRequest = { asked: by.name, clear };
    await app.lanes.accept({
      ...{ tenantId, connectionId, source: "program", object, crmId, kind: null, programId: null },
      deliveryKey: `undo create ${object} ${crmId} ${programId} ${createdAt.getTime()}`,
      payload: key.sealJson("inbox.payload", ask),
    });
  }
  await app.ringer.ringDue(tenantId);
}

function describe({ tenantId, record, done, unlinked, cleared, tokens }: Omit<UndoneCreate, "text">): string {
  const pairs = unlinked.map((one) => `${one.object} ${one.crmId} and ${one.kind} ${one.programId}`).join(", ");
  const fields =
    cleared.length > 0 ? `${cleared.join(", ")} of it ${done ? "are" : "would be"} emptied in Pipedrive` : "";
  return [
    `${tenantId}: ${record}: ${pairs} ${done ? "are untied" : "would be untied"}`,
    ...(fields ? [`${fields} (${tokens} tokens)`] : []),
    "nothing is deleted on either side: remove what nobody needs by hand",
  ].join("\n");
}
