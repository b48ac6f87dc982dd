import { agrees, isAdditive } from "./agreement.ts";
import { isMoney, isUnmapped } from "./canonical.ts";
import { type CodecContext, hasOptionIds, readCrm, type Wire } from "./codec-crm.ts";
import type { FieldPlan, Money, Value } from "./model.ts";

export interface CrmWrite {
  plan: FieldPlan;
  value: Value;
}

export interface EncodeContext extends CodecContext {
  /**
   * The record as it is right before the write: lists of e-mails and phones are added to, and Pipedrive replaces them
   * whole. null when the record is being created; without it (undefined) lists are left out of the body.
   */
  present?: Wire | null;
}

/**
 * Values → body of a `POST` or `PATCH`. Custom fields go into `custom_fields`; null clears; what Pipedrive cannot
 * express (an unknown option, user or stage) and what it holds already (an e-mail in the list) is left out, so that the
 * body may be empty.
 */
export function encodeCrm(writes: CrmWrite[], ctx: EncodeContext): Wire {
  const body: Wire = {};
  const custom: Wire = {};
  for (const { plan, value } of writes) {
    if (isUnmapped(value)) continue;
    if (isAdditive(plan)) addTo(body, plan, value, ctx);
    else if ("system" in plan.crm) Object.assign(body, encodeSystem(plan, plan.crm.system, value, ctx));
    else {
      const wire = encodeOne(plan, value, ctx);
      if (wire !== undefined) custom[plan.crm.custom] = wire;
    }
  }
  return Object.keys(custom).length ? { ...body, custom_fields: custom } : body;
}

function encodeSystem(plan: FieldPlan, system: string, value: Value, ctx: EncodeContext): Wire {
  // Amount and currency are two keys of a deal; one without the other would be another amount of money.
  if (isMoney(value)) return { [system]: Number(value.amount), currency: value.currency };
  const wire = encodeOne(plan, value, ctx);
  return wire === undefined ? {} : { [system]: wire };
}

/** The wire form of one value; undefined when Pipedrive has none. */
function encodeOne(plan: FieldPlan, value: Value, ctx: EncodeContext): unknown {
  if (value === null || value === "") return null;
  if (hasOptionIds(plan)) return toOptions(plan, value);
  const crmType = "custom" in plan.crm ? plan.crm.crmType : null;
  if (isMoney(value)) return crmType === "double" ? Number(value.amount) : toMoney(value);
  switch (plan.type) {
    case "staff":
      return ctx.users.find((user) => user.active && user.email.toLowerCase() === String(value).toLowerCase())?.id;
    case "stage":
      return toStage(value, ctx);
    default:
      return crmType === "double" ? toNumber(value) : value;
  }
}

function toOptions(plan: FieldPlan, value: Value): unknown {
  const keys = Array.isArray(value) ? value : [value];
  const ids = keys.map((key) => plan.options?.find((option) => option.program === key)?.id);
  if (ids.some((id) => id === undefined)) return undefined;
  const isSet = plan.type === "options" || ("custom" in plan.crm && plan.crm.crmType === "set");
  return isSet ? (ids.length ? ids : null) : ids[0];
}

/** Several Pipedrive stages may stand for one program stage: the deal stays in its pipeline where that has one. */
function toStage(value: Value, ctx: EncodeContext): number | undefined {
  const fitting = ctx.stages.map.filter((stage) => stage.program === value);
  return (fitting.find((stage) => stage.pipelineId === ctx.present?.pipeline_id) ?? fitting[0])?.stageId;
}

/** Adds a value at the end of the list in the body, else of the list that is there. Nothing is removed or reordered. */
function addTo(body: Wire, plan: FieldPlan, value: Value, ctx: EncodeContext): void {
  if (!("system" in plan.crm) || ctx.present === undefined) return;
  const key = plan.crm.system;
  const list = body[key] ?? (ctx.present === null ? [] : ctx.present[key]);
  if (!Array.isArray(list)) return; // a list we may not see would be replaced by ours alone
  const present = readCrm(plan, { [key]: list }, ctx) ?? null;
  const missing = (Array.isArray(value) ? value : [value]).filter((one) => !agrees(plan, present, one));
  if (!missing.length) return;
  const items = missing.map((one, i) => ({ value: one, primary: list.length + i === 0, label: "work" }));
  body[key] = [...list, ...items];
}

function toMoney(money: Money): Wire {
  return { value: Number(money.amount), currency: money.currency };
}

function toNumber(value: Value): number | undefined {
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
