import type { Round } from "./round.ts";
import type { Steps } from "./steps.ts";

/**
 * An unlinked record that carries the id of an open create is that create's: our own webhook may beat the answer, or
 * the answer was lost. The create's lane completes it without a lookup.
 */
export async function hintOpenCreate(round: Round, steps: Steps): Promise<void> {
  const { object, crmId, tenantId } = round.claim;
  if (!object || crmId === null || round.links.length > 0) return;
  for (const field of ["allbound_id", "allbound_deal_id"]) {
    const programId = round.crm?.values[field];
    if (typeof programId !== "string" || programId === "") continue;
    if (!(await steps.writes.hintCreate(tenantId, object, crmId, programId))) continue;
    round.did.push(`completes the create of ${programId}`);
    round.wokeOutbound = true;
  }
}
