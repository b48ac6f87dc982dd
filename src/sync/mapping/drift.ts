import type { AccountField, AccountSnapshot } from "../account.ts";
import { type CrmObject, type FieldPlan, type MappingPlan, ROLE_OBJECT, ROLES, type Role } from "../model.ts";
import { fold, OBJECT_NAMES, toTypeWord } from "./words.ts";

/** What level L5 finds: the account was changed under a mapping in force. */
export const DRIFT_CODES = [
  "DRIFT_FIELD_GONE",
  "DRIFT_RENAMED",
  "DRIFT_TYPE",
  "DRIFT_OPTION",
  "DRIFT_STAGE",
  "DRIFT_RIGHTS",
] as const;
/** No look at definitions sees it, or sees it mended: only a write tells. */
export const LOST_RIGHT = "DRIFT_RIGHTS" satisfies DriftCode;
export type DriftCode = (typeof DRIFT_CODES)[number];

/** Something about one mapped field that is not as it was when the mapping was loaded. */
export interface Drift {
  code: DriftCode;
  /** Every role that the field serves: one place in Pipedrive may carry an id of two. */
  role: Role;
  field: string;
  /** The field stands still until this is mended: `error`. Else it flows on: `warning`. */
  pauses: boolean;
  /** What happened and what would mend it; names no value. */
  message: string;
}

/** As much of an account as drift is told by. */
export type DriftAccount = Pick<AccountSnapshot, "fields" | "pipelines" | "stages">;

/** Deals' stages travel by this field. */
export const STAGE_FIELD = "sales.stage_key";

/**
 * Compares a plan in force with the account as it is now. Fields are known by their keys and options by their ids, so
 * that a new label alone pauses nothing.
 */
export function driftOf(plan: MappingPlan, account: DriftAccount): Drift[] {
  const fields = ROLES.flatMap((role) => plan.roles[role].flatMap((field) => fieldDrift(plan, role, field, account)));
  return [...fields, ...stageDrift(plan, account)];
}

/**
 * The plan with the labels that the account has now, and with the options that were added: each is told once. Whatever
 * `driftOf` pauses keeps its old label, by which people know it.
 *
 * @returns null when nothing is new
 */
export function followLabels(plan: MappingPlan, account: DriftAccount): MappingPlan | null {
  const paused = new Set(driftOf(plan, account).flatMap((one) => (one.pauses ? [`${one.role}.${one.field}`] : [])));
  let isNew = false;
  const roles = { ...plan.roles };
  for (const role of ROLES) {
    roles[role] = plan.roles[role].map((field) => {
      const live = paused.has(`${role}.${field.field}`) ? undefined : definitionOf(field, ROLE_OBJECT[role], account);
      const next = live ? following(field, live) : field;
      if (next !== field) isNew = true;
      return next;
    });
  }
  return isNew ? { ...plan, roles } : null;
}

function following(field: FieldPlan, live: AccountField): FieldPlan {
  const added = addedOptions(field, live).map(({ id }) => Number(id));
  const renamed = field.label !== live.field_name || renamedOptions(field, live).length > 0;
  if (!renamed && added.length === 0) return field;
  const labels = new Map((live.options ?? []).map(({ id, label }) => [Number(id), label]));
  return {
    ...field,
    label: live.field_name,
    ...(field.options && { options: field.options.map((one) => ({ ...one, label: labels.get(one.id) ?? one.label })) }),
    ...(added.length > 0 && { unpaired: [...(field.unpaired ?? []), ...added] }),
  };
}

function fieldDrift(plan: MappingPlan, role: Role, field: FieldPlan, account: DriftAccount): Drift[] {
  if (!("custom" in field.crm)) return [];
  const object = ROLE_OBJECT[role];
  const name = `${OBJECT_NAMES[object]} "${field.label}"`;
  const found = (code: DriftCode, pauses: boolean, text: string): Drift => {
    const message = `${plan.tenantId}: ${name} ${text}`;
    return { code, role, field: field.field, pauses, message };
  };
  const live = definitionOf(field, object, account);
  if (!live) {
    const text =
      "is no longer shown by Pipedrive: it was deleted, or hidden from the connection's user. The field is paused. Give that user the right to it, or load a mapping with the key of the field that took its place.";
    return [found("DRIFT_FIELD_GONE", true, text)];
  }
  if (live.field_type !== field.crm.crmType) {
    const types = `is of type ${toTypeWord(live.field_type)} now, not ${toTypeWord(field.crm.crmType)}`;
    return [found("DRIFT_TYPE", true, `${types}. The field is paused until a mapping that fits is loaded.`)];
  }
  return [...labelDrift(plan, field, live, object, found), ...optionDrift(field, live, found)];
}

type Found = (code: DriftCode, pauses: boolean, text: string) => Drift;

function labelDrift(plan: MappingPlan, field: FieldPlan, live: AccountField, object: CrmObject, found: Found): Drift[] {
  if (live.field_name === field.label) return [];
  const others = ROLES.filter((role) => ROLE_OBJECT[role] === object).flatMap((role) => plan.roles[role]);
  const isAnothers = others.some(
    ({ label, crm }) => fold(label) === fold(live.field_name) && placeOf(crm) !== placeOf(field.crm),
  );
  const now = `is called "${live.field_name}" now`;
  if (isAnothers) {
    const text = `${now}, which is how the mapping knows another field. It is paused, since the two may have been exchanged. Name it as before, or load a mapping that says which is which.`;
    return [found("DRIFT_RENAMED", true, text)];
  }
  return [found("DRIFT_RENAMED", false, `${now}. It flows on; write the new label into the mapping document.`)];
}

function optionDrift(field: FieldPlan, live: AccountField, found: Found): Drift[] {
  if (!field.options) return [];
  const ids = new Set((live.options ?? []).map(({ id }) => Number(id)));
  const gone = field.options.filter(({ id }) => !ids.has(id)).map(({ label }) => label);
  if (gone.length > 0) {
    const text = `has no option ${listed(gone)} any more. The field is paused, so that records emptied by that change nothing in the program. Add the option and load a mapping again.`;
    return [found("DRIFT_OPTION", true, text)];
  }
  const renamed = renamedOptions(field, live).map(([before, now]) => `"${before}" is "${now}"`);
  const added = field.direction === "program_to_crm" ? [] : addedOptions(field, live).map(({ label }) => label);
  if (renamed.length + added.length === 0) return [];
  const said = [
    renamed.length > 0 &&
      `has renamed options: ${renamed.slice(0, 10).join(", ")}. They are known by their ids and flow on; write the new labels into the mapping document.`,
    added.length > 0 &&
      `has new options: ${listed(added)}. The mapping pairs them with nothing: a record with such a choice is left as it is. Pair or remove them.`,
  ];
  return [found("DRIFT_OPTION", false, said.filter(Boolean).join(" It also "))];
}

function renamedOptions({ options = [] }: FieldPlan, live: AccountField): [before: string, now: string][] {
  const labels = new Map((live.options ?? []).map(({ id, label }) => [Number(id), label]));
  return options.flatMap(({ id, label }): [string, string][] => {
    const now = labels.get(id);
    return now !== undefined && now !== label ? [[label, now]] : [];
  });
}

function addedOptions({ options, unpaired = [] }: FieldPlan, live: AccountField) {
  if (!options) return [];
  const known = new Set([...options.map(({ id }) => id), ...unpaired]);
  return (live.options ?? []).filter(({ id }) => !known.has(Number(id)));
}

/** Stages that the mapping names: one that is archived takes Deals nowhere. */
function stageDrift(plan: MappingPlan, { pipelines, stages }: DriftAccount): Drift[] {
  if (!plan.roles.deal.some(({ field }) => field === STAGE_FIELD)) return [];
  const { entry, onApproved, map } = plan.stages;
  const open = new Set(pipelines.filter(({ is_deleted }) => !is_deleted).map(({ id }) => id));
  const live = new Map(stages.filter(({ is_deleted }) => !is_deleted).map((stage) => [stage.id, stage]));
  const named = [...new Set([entry, ...(onApproved ? [onApproved] : []), ...map].map(({ stageId }) => stageId))];
  const gone = named.filter((id) => !open.has(live.get(id)?.pipeline_id ?? 0));
  if (gone.length === 0) return [];
  const names = gone.map((id) => {
    const name = stages.find((stage) => stage.id === id)?.name;
    return name === undefined ? meaningOf(plan, id) : `"${name}"`;
  });
  const message = `${plan.tenantId}: stages of the mapping, or their pipelines, were archived: ${names.slice(0, 10).join(", ")}. Stages of Deals are paused, and new Deals wait. Restore them, or load a mapping with stages that exist.`;
  return [{ code: "DRIFT_STAGE", role: "deal", field: STAGE_FIELD, pauses: true, message }];
}

/** An archived stage is listed no more, and a plan knows no names: what the stage stands for tells people which it is. */
function meaningOf({ stages: { entry, onApproved, map } }: MappingPlan, id: number): string {
  const said = [
    ...(entry.stageId === id ? ["where new Deals begin"] : []),
    ...(onApproved?.stageId === id ? ["where approved Deals go"] : []),
    ...map.filter(({ stageId }) => stageId === id).map(({ program }) => `"${program}" in the program`),
  ];
  return `the one with the id ${id} (${said.join(", ")})`;
}

function definitionOf({ crm }: FieldPlan, object: CrmObject, { fields }: DriftAccount): AccountField | undefined {
  return "custom" in crm ? fields[object].find(({ field_code }) => field_code === crm.custom) : undefined;
}

function placeOf(crm: FieldPlan["crm"]): string {
  return "custom" in crm ? crm.custom : crm.system;
}

function listed(labels: readonly string[]): string {
  return labels
    .slice(0, 10)
    .map((label) => `"${label}"`)
    .join(", ");
}
