import type { Wanted } from "./decide-links.ts";
import type { Round } from "./round.ts";
import type { LostField } from "./rows.ts";

/*
 * A field that the connection's user may not write any more stands still for the whole tenant, and no definition tells
 * when the right is back: only a write does. Records that want it wait for it, and a look at the account lets one of them
 * try. What is kept ends the pause; what is not is told again, and costs that one write.
 */

/** This run may write these fields, as far as they stand still for a lost right. @returns false: it is for outbound */
export function letTry(round: Round, fields: LostField[]): boolean {
  if (round.claim.direction === "inbound") {
    round.deferred += 1;
    round.again.add("outbound");
    return false;
  }
  const roles = { ...round.tenant.plan.roles };
  for (const role of new Set(fields.map((one) => one.role))) {
    roles[role] = roles[role].map((plan) => {
      if (plan.paused !== "right" || !fields.some((one) => one.role === role && one.field === plan.field)) return plan;
      round.tried.push({ role, field: plan.field });
      const { paused: _, ...flowing } = plan;
      return flowing;
    });
  }
  round.tenant = { ...round.tenant, plan: { ...round.tenant.plan, roles } };
  return true;
}

/** The lane waits for a field that it would write if it might. */
export function waitForRight(round: Round, { lacking }: Pick<Wanted, "lacking">): void {
  const [first] = lacking;
  if (first) round.waitsFor ??= { kind: "field", id: `${first.role}.${first.field}` };
}

/** Fields that were tried in this run and kept what was written. */
export function regained({ tried, kept }: Pick<Round, "tried" | "kept">): LostField[] {
  return tried.filter((one) => kept.some(({ role, field }) => role === one.role && field === one.field));
}
