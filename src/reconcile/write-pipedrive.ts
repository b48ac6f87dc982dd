import type { CrmRecord } from "../pipedrive/port.ts";
import { agrees, isAdditive, sameRaw } from "../sync/agreement.ts";
import { encodeCrm } from "../sync/codec.ts";
import type { Values } from "../sync/model.ts";
import { acknowledge, close } from "./acknowledge.ts";
import { carryOut } from "./carry-out.ts";
import { decideLinks, type LinkWrite, type Wanted } from "./decide-links.ts";
import { seeRecord } from "./fold.ts";
import type { Round, WrittenField } from "./round.ts";
import type { Steps } from "./steps.ts";

/**
 * Makes this record's outbound writes: one PATCH of only the changed keys, whatever number of links they come from.
 * Whole lists and a deal's value are read right before, because Pipedrive replaces them whole and products may set them.
 */
export async function writePipedrive(round: Round, steps: Steps, wanted: Wanted): Promise<void> {
  const { object, crmId } = round.claim;
  if (!object || crmId === null || wanted.outbound.length === 0) return;
  let now = wanted;
  let present: CrmRecord | undefined;
  if (wanted.outbound.some(isReadBefore)) {
    present = await steps.remote(() =>
      round.tenant.pipedrive.get(object, crmId, { ...steps.call, purpose: "read before write" }),
    );
    seeRecord(round, present);
    now = await decideLinks(round, steps);
  }
  const request = encodeCrm(now.outbound, { ...round.tenant.plan, present });
  if (Object.keys(request).length === 0) return;
  const fields = now.outbound.map(toWritten);
  const { intent, answer } = await carryOut(round, steps, {
    type: "patch",
    direction: "outbound",
    target: { role: null, object, crmId, programId: round.claim.programId },
    body: { request, fields },
    send: (call) => round.tenant.pipedrive.patch(object, crmId, request, call),
  });
  const before = round.crm?.values ?? {};
  seeRecord(round, answer);
  const taken = now.outbound.filter((write) => !isRefused(write, before, round.crm?.values ?? {}));
  for (const { link, field } of now.outbound.filter((write) => !taken.includes(write)))
    round.unwritable.push({ linkId: link.id, role: link.role, field });
  for (const { link, field, plan, value } of taken) {
    const answered = round.crm?.values[field];
    if ("custom" in plan.crm && answered !== undefined && agrees(plan, answered, value))
      round.kept.push({ role: link.role, field });
  }
  acknowledge(round, taken.map(toWritten), {
    crm: round.crm?.values ?? {},
    program: null,
    exact: true,
    intentId: intent.id,
    before,
  });
  close(round, intent, "done");
  if (taken.length === 0) {
    round.did.push("wrote nothing that was kept");
    return;
  }
  round.did.push(`wrote ${taken.map((write) => write.plan.label).join(", ")}`);
}

/** Answered with success, and with the very value that was there: its user may see the field and not write it. */
function isRefused({ plan, field, value }: LinkWrite, before: Values, after: Values): boolean {
  const [was, is] = [before[field], after[field]];
  if (!("custom" in plan.crm) || was === undefined || is === undefined) return false;
  return sameRaw(was, is) && !agrees(plan, is, value);
}

function isReadBefore({ plan }: LinkWrite): boolean {
  return isAdditive(plan) || ("system" in plan.crm && plan.crm.system === "value");
}

/** A write as its intent keeps it. */
export function toWritten({ link, field, value, source, rule, lost, over }: LinkWrite): WrittenField {
  const optional = { ...(lost && { lost }), ...(over && { over }) };
  return { linkId: link.id, role: link.role, field, value, source, rule, ...optional };
}
