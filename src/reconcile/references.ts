import type { ProgramContext } from "../sync/codec.ts";
import { type FieldPlan, type ProgramKind, programField } from "../sync/model.ts";
import { record, text } from "./identity.ts";
import type { Round } from "./round.ts";
import type { Steps } from "./steps.ts";

const KIND = { partner: "partner", partner_user: "contact" } as const satisfies Record<string, ProgramKind>;

/**
 * The Pipedrive ids that this record's link fields point at (the partner of a deal, its partner rep). One that is not
 * linked yet stays unknown, and the lane waits for it beside going on with everything else.
 */
export async function referencesOf(round: Round, steps: Steps, plan: FieldPlan[]): Promise<ProgramContext> {
  const known = new Map<string, number>();
  for (const field of plan) {
    if (field.type !== "partner" && field.type !== "partner_user") continue;
    const kind = KIND[field.type];
    const id = text(record(round.program?.data)[programField(field.field).replace(/^registration\./, "")]);
    if (!id) continue;
    const crmId = await steps.links.crmIdOf(round.claim.tenantId, kind, id);
    if (crmId === undefined) round.waitsFor = { kind, id };
    else known.set(`${kind} ${id}`, crmId);
  }
  return { link: (kind, id) => known.get(`${kind} ${id}`) };
}
