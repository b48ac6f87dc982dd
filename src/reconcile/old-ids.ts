import { NotFoundError } from "../errors.ts";
import { isEmpty } from "../sync/canonical.ts";
import type { CrmObject } from "../sync/model.ts";
import { close } from "./acknowledge.ts";
import { carryOut } from "./carry-out.ts";
import { seeProgram, seeRecord } from "./fold.ts";
import { linkTo } from "./link-to.ts";
import { remember } from "./remember.ts";
import { activeLinks, isFormer, type Round } from "./round.ts";
import { type ReadRequest, requestOf } from "./rows.ts";
import type { Steps } from "./steps.ts";
import { planOfObject } from "./tenant.ts";

/** The record that this aggregate is to be tied to, because it carries its id; undefined when nobody asked for that. */
export function adoptionAsked(round: Round): { object: CrmObject; crmId: number } | undefined {
  return orders(round).find(({ adopt }) => adopt)?.adopt;
}

/**
 * An Organization that carries the id of a partner without a record is that partner, and does not enter a second time.
 *
 * @returns whether it was tied to it
 */
export async function adoptCarried(round: Round, steps: Steps): Promise<boolean> {
  const { tenantId, crmId } = round.claim;
  const id = round.crm?.values.allbound_id;
  if (crmId === null || typeof id !== "string" || id.trim() === "") return false;
  if (isFormer(round, { role: "partner", crmId, programId: id })) return false;
  if ((await steps.links.crmIdOf(tenantId, "partner", id)) !== undefined) return false;
  try {
    seeProgram(round, await steps.remote(() => round.tenant.program.get("partner", id)), new Date().toISOString());
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
  await linkTo(round, steps, { role: "partner", crmId, programId: id, createdBy: "adopt" });
  round.again.add("outbound");
  return true;
}

/**
 * Empties fields that hold ids of an earlier trial, on a record that stands for nothing yet. Whatever is linked by then
 * keeps its ids.
 */
export async function clearOldIds(round: Round, steps: Steps): Promise<void> {
  const { object, crmId } = round.claim;
  const keys = orders(round).flatMap(({ clear = [] }) => clear);
  if (keys.length === 0 || !object || crmId === null || !round.crm || round.crm.deleted) return;
  if (activeLinks(round).length > 0) return;
  const plans = planOfObject(round.tenant.plan, object).filter(({ crm, type, field, paused }) => {
    const value = round.crm?.values[field];
    return "custom" in crm && keys.includes(crm.custom) && !paused && value !== undefined && !isEmpty(type, value);
  });
  if (plans.length === 0) return;
  const custom = Object.fromEntries(plans.flatMap(({ crm }) => ("custom" in crm ? [[crm.custom, null]] : [])));
  const request = { custom_fields: custom };
  const before = round.crm.values;
  const { intent, answer } = await carryOut(round, steps, {
    type: "patch",
    direction: "outbound",
    target: { role: null, object, crmId, programId: round.claim.programId },
    body: { request, fields: [] },
    send: (call) => round.tenant.pipedrive.patch(object, crmId, request, call),
  });
  seeRecord(round, answer);
  close(round, intent, "done");
  const role = object === "organization" ? "partner" : object === "person" ? "partner_user" : "deal";
  for (const { field } of plans) {
    const content = { sent: null, answered: round.crm.values[field] ?? null, before: before[field] ?? null };
    remember(round, { role, field, rule: "clear" }, { event: "written", intentId: intent.id, content });
  }
  round.did.push("emptied old ids");
}

/** An order that was not carried out is there again at the next try: nothing else remembers it. */
export function keepOrders(round: Round): void {
  const open = new Set(round.rows.filter((row) => isOrder(requestOf(row))).map(({ id }) => id));
  round.folded = round.folded.filter((id) => !open.has(id));
}

/** Somebody has said what is to become of the ids that this record carries. */
export function hasOrders(round: Round): boolean {
  return orders(round).length > 0;
}

function orders(round: Round): ReadRequest[] {
  return round.rows.map(requestOf).filter((request) => request !== null && isOrder(request)) as ReadRequest[];
}

function isOrder(request: ReadRequest | null): boolean {
  return request?.adopt !== undefined || request?.clear !== undefined;
}
