import type { Aggregate } from "../sync/model.ts";
import { record, text } from "./identity.ts";
import { type Round, raise, subjectOf } from "./round.ts";
import type { Steps } from "./steps.ts";

/** The Pipedrive user who owns what we create: the partner's manager where the mapping says so, else the fallback. */
export async function ownerOf(round: Round, steps: Steps): Promise<number> {
  const { rules, users } = round.tenant.plan;
  if (rules.ownerFrom === "none") return rules.fallbackOwnerId;
  const partnerId = text(record(round.program?.data).partner_id) ?? "";
  const partner = round.program?.kind === "partner" ? round.program : await partnerSeen(round, steps, partnerId);
  const email = text(record(partner?.data).manager_email)?.toLowerCase();
  const manager = users.find((user) => user.active && user.email.toLowerCase() === email);
  if (email && !manager) {
    raise(round, {
      code: "OWNER_UNKNOWN",
      message: `${round.claim.tenantId}: the manager of ${partnerId} is no active Pipedrive user; ${subjectOf(round)} goes to the fallback owner.`,
    });
  }
  return manager?.id ?? rules.fallbackOwnerId;
}

async function partnerSeen(round: Round, steps: Steps, partnerId: string): Promise<Aggregate | null> {
  const sealed = await steps.links.seenProgramOf(round.claim.tenantId, "partner", partnerId);
  return sealed ? round.tenant.key.unsealJson<Aggregate>("lane.seen_program", sealed) : null;
}
