import { isDeepStrictEqual } from "node:util";
import { canonical, isEmpty, sameValue } from "./canonical.ts";
import type { BasePair, FieldPlan, Value } from "./model.ts";

/** The program field whose emptying in Pipedrive means something of its own. */
const STATUS = "partner.status";

/** True when a side answers exactly what it answered before. Raw on purpose: each side is held against its own half. */
export function sameRaw(a: Value, b: Value): boolean {
  return isDeepStrictEqual(a, b);
}

/** E-mails and phones of a Person are lists that belong to its people: we add to them, never remove or reorder. */
export function isAdditive(plan: FieldPlan): boolean {
  return "system" in plan.crm && (plan.crm.system === "emails" || plan.crm.system === "phones");
}

/**
 * What the Pipedrive value stands for in the program. Only an emptied partner status differs from itself: the link
 * stays and the partner becomes inactive. Nothing is stored for that, so `{ crm: null, program: "inactive" }` is a
 * base pair like any other.
 */
export function meaningOf(plan: FieldPlan, crm: Value, base: BasePair | undefined): Value {
  const clears = plan.direction === "crm_to_program" || (plan.direction === "both" && base !== undefined);
  return plan.field === STATUS && clears && isEmpty(plan.type, crm) ? "inactive" : crm;
}

/** True when both sides say the same about a field; of a list it is enough that it holds the program's value. */
export function agrees(plan: FieldPlan, crm: Value, program: Value): boolean {
  if (!isAdditive(plan)) return sameValue(plan.type, crm, program);
  const wanted = listOf(plan, program);
  const present = listOf(plan, crm);
  return wanted.every((value) => present.includes(value));
}

function listOf(plan: FieldPlan, value: Value): string[] {
  const form = canonical(plan.type, value);
  if (form === null) return [];
  return Array.isArray(form) ? form : [String(form)];
}

/**
 * The base pair that an acknowledged write settles.
 *
 * @param plan            the field written
 * @param sent            the value sent (of `FieldWrite.value`)
 * @param answeredCrm     Pipedrive's half: its answer to an outbound write, `FieldWrite.source` of an inbound one
 * @param answeredProgram the program's half: its answer to an inbound write, `FieldWrite.source` of an outbound one
 * @param exact           true for the direct answer to the call, which says how that side keeps the value; false for a
 *                        lookup, listing or webhook, which may show somebody else's value and counts only if it equals
 *                        what was sent
 * @returns null when the base has to stay as it is: an answer is missing, or it is not the value that was sent
 */
export function agreePair(
  plan: FieldPlan,
  sent: Value,
  answeredCrm: Value | undefined,
  answeredProgram: Value | undefined,
  exact: boolean,
): BasePair | null {
  if (answeredCrm === undefined || answeredProgram === undefined) return null;
  const pair = { crm: answeredCrm, program: answeredProgram };
  if (exact) return pair;
  const shown = agrees(plan, meaningOf(plan, pair.crm, pair), sent) && sameValue(plan.type, pair.program, sent);
  return shown ? pair : null;
}
