import { type CodecContext, isWire, omittedWhenEmpty, readCrm, valuesOf, type Wire, wireAt } from "./codec-crm.ts";
import type { FieldPlan, Value, Values } from "./model.ts";

export interface WebhookValues {
  values: Values;
  /** Fields whose value only a read of the record can tell. They are absent from `values`. */
  needsRead: string[];
  /** Planned fields that `previous` names: what this change was about, as far as the plan cares. */
  changed: string[];
  /** True when every planned field has a value, so that no read is needed to decide. */
  knownComplete: boolean;
}

/**
 * A webhook's record → common form, by what an absence means there: a webhook shows set custom fields only.
 *
 * | the field's key is | then its value |
 * | --- | --- |
 * | in `data` | is that |
 * | in neither, on a change | has not changed: what is known, else unknown |
 * | in `previous` only | has to be read, unless it is already known to be empty |
 * | a custom one, absent on a create | is empty |
 *
 * @param data     the record after the change, custom field values made plain
 * @param previous what the change replaced, in the same form; null for a create, and only then
 * @param known    what was last known of the record; null at first contact
 */
export function webhookValues(
  plan: FieldPlan[],
  data: Wire,
  previous: Wire | null,
  known: Values | null,
  ctx: CodecContext,
): WebhookValues {
  const shown = (field: FieldPlan) => wireAt(field.crm, data) !== undefined;
  const named = (field: FieldPlan) => previous !== null && isNamed(field, previous);
  const gone = (field: FieldPlan) => !shown(field) && named(field) && known?.[field.field] !== null;
  const values = valuesOf(plan, (field) => {
    if (shown(field)) return readCrm(field, data, ctx);
    if (previous === null) return atCreation(field, data);
    return gone(field) ? undefined : known?.[field.field];
  });
  return {
    values,
    needsRead: plan.filter(gone).map((field) => field.field),
    changed: plan.filter(named).map((field) => field.field),
    knownComplete: plan.every((field) => values[field.field] !== undefined),
  };
}

/** What a change replaced, of the planned fields that it names, in common form. */
export function replacedValues(plan: FieldPlan[], data: Wire, previous: Wire, ctx: CodecContext): Values {
  const [now, then] = [data.custom_fields, previous.custom_fields];
  const custom = { ...(isWire(now) && now), ...(isWire(then) && then) };
  const before = { ...data, ...previous, custom_fields: custom };
  return valuesOf(
    plan.filter((field) => isNamed(field, previous)),
    (field) => readCrm(field, before, ctx),
  );
}

/** A deal's amount is two keys: either of them changes it. */
function isNamed({ crm }: FieldPlan, previous: Wire): boolean {
  const currency = "system" in crm && crm.system === "value" && previous.currency !== undefined;
  return currency || wireAt(crm, previous) !== undefined;
}

function atCreation(field: FieldPlan, data: Wire): Value | undefined {
  return "custom" in field.crm ? null : omittedWhenEmpty(field, data);
}
