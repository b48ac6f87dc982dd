import { NotFoundError } from "../errors.ts";
import { isEmpty } from "../sync/canonical.ts";
import type { FieldPlan } from "../sync/model.ts";
import { pauseField } from "./field-findings.ts";
import { activeLinks, type Round, type RoundLink, raise, subjectOf } from "./round.ts";
import type { Steps } from "./steps.ts";

/**
 * Before an emptied drop-down counts as what a person did, its live definition is looked at (1 token, kept for a minute):
 * deleting an option, or the field, empties it on every record at once. Then the field pauses and nothing follows.
 */
export async function checkEmptiedOptions(round: Round, steps: Steps): Promise<void> {
  for (const link of activeLinks(round)) {
    for (const field of round.tenant.plan.roles[link.role].filter((plan) => wasEmptied(plan, link, round))) {
      const missing = await whatIsMissing(round, steps, field, link);
      if (!missing) continue;
      pauseField(link, { field: field.field, until: "crm" });
      raise(round, {
        code: missing === "field" ? "DRIFT_FIELD_GONE" : "DRIFT_OPTION",
        severity: "error",
        field: field.field,
        message: `${round.claim.tenantId}: ${subjectOf(round)}: ${field.label} is empty because its ${missing} was deleted in Pipedrive; the field is paused and nothing was changed in the program. Make it again there, load a mapping with it, and choose the value on the record again.`,
      });
    }
  }
}

function isPaused({ pausedFields }: RoundLink, { field }: FieldPlan): boolean {
  return pausedFields.some((paused) => paused.field === field);
}

function wasEmptied(plan: FieldPlan, link: RoundLink, round: Round): boolean {
  const now = round.crm?.values[plan.field];
  const before = link.bases[plan.field]?.crm;
  if (plan.paused || !plan.options || plan.direction === "program_to_crm" || isPaused(link, plan)) return false;
  return now !== undefined && isEmpty(plan.type, now) && before !== undefined && !isEmpty(plan.type, before);
}

/** What of the value that was there does not exist any more. */
async function whatIsMissing(
  round: Round,
  steps: Steps,
  plan: FieldPlan,
  link: RoundLink,
): Promise<"field" | "option" | null> {
  if (!("custom" in plan.crm)) return null;
  const key = plan.crm.custom;
  try {
    const definition = await steps.remote(() => round.tenant.definition(link.object, key, steps.call));
    const before = [link.bases[plan.field]?.crm].flat();
    const ids = plan.options?.filter((option) => before.includes(option.program)).map((option) => option.id) ?? [];
    const live = new Set((definition.options ?? []).map((option) => Number(option.id)));
    return ids.every((id) => live.has(id)) ? null : "option";
  } catch (error) {
    if (error instanceof NotFoundError) return "field";
    throw error;
  }
}
