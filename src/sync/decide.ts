import { decideField } from "./decide-field.ts";
import type { DecideInput, Decision } from "./decision.ts";

export { agreePair, agrees } from "./agreement.ts";
export { isBack, newerSide, repeatsOf } from "./decide-field.ts";
export type * from "./decision.ts";

/**
 * What both sides should look like, from base pairs and what was seen of each side. Pure: the same input gives the
 * same decision, on whichever worker and however often.
 *
 * Each field is decided by itself (`decide-field.ts`), so that a field nobody can write does not hold up the others.
 * A decision is carried out one write at a time; a base advances by `agreed`, or by `agreePair` once its write is
 * acknowledged. Deciding again with the answers folded in writes nothing.
 */
export function decide(input: DecideInput): Decision {
  const decision: Decision = { outbound: [], inbound: [], agreed: {}, conflicts: [], undecided: [], findings: [] };
  for (const plan of input.plan) {
    const field = decideField(plan, input);
    if (field.outbound) decision.outbound.push(field.outbound);
    if (field.inbound) decision.inbound.push(field.inbound);
    if (field.agreed) decision.agreed[plan.field] = field.agreed;
    if (field.conflict) decision.conflicts.push(field.conflict);
    if (field.undecided) decision.undecided.push(field.undecided);
    decision.findings.push(...(field.findings ?? []));
  }
  return decision;
}
