import { BlockedError } from "../errors.ts";
import { STAGE_FIELD } from "../sync/mapping/drift.ts";
import { close } from "./acknowledge.ts";
import { carryOut } from "./carry-out.ts";
import type { EffectName } from "./effects.ts";
import { isFlag } from "./flag-conflicts.ts";
import { seeRecord } from "./fold.ts";
import { ownLink, type Round } from "./round.ts";
import type { Steps } from "./steps.ts";

type OpenEffect = Round["openEffects"][number];

const NOTE: Partial<Record<EffectName, string>> = {
  note_rejected: "The partner's deal registration was declined or withdrawn in the partner program.",
  note_expired: "The partner's deal registration has expired in the partner program.",
};

/** Carries out one-shot effects in version order. One whose deal does not exist (any more) has nothing to happen to. */
export async function carryEffects(round: Round, steps: Steps): Promise<void> {
  for (const effect of round.openEffects.filter((one) => !isFlag(one))) {
    if (ownLink(round)?.role !== "deal" || round.crm?.deleted) {
      round.effectsDone.push({ id: effect.id, state: "skipped" });
      continue;
    }
    const done = effect.effect in NOTE ? await addNote(round, steps, effect) : await changeDeal(round, steps, effect);
    if (!done) return; // an unknown outcome: later effects wait for it
    round.effectsDone.push({ id: effect.id, state: "done" });
  }
}

/** Notes have no id field: a marker in their text is looked up instead. */
async function addNote(round: Round, steps: Steps, effect: OpenEffect): Promise<boolean> {
  const dealId = round.claim.crmId ?? 0;
  const marker = `[${round.claim.programId} v${effect.programVersion} ${effect.effect}]`;
  const open = round.intents.find((intent) => intent.type === "note" && intent.body.request.marker === marker);
  if (open) {
    if (steps.mayStillCommit(open)) {
      round.outboundWaitsUntil = steps.graceEnd(open);
      return false;
    }
    const notes = await steps.remote(() =>
      round.tenant.pipedrive.listNotes(dealId, { ...steps.call, purpose: "lookup" }),
    );
    const found = notes.some((note) => note.content.includes(marker));
    close(round, open, found ? "done" : "failed");
    if (found) return true;
  }
  const content = `${NOTE[effect.effect as EffectName] ?? ""} ${marker}`;
  const { intent } = await carryOut(round, steps, {
    type: "note",
    direction: "outbound",
    target: { role: "deal", object: "deal", crmId: dealId, programId: round.claim.programId },
    body: { request: { marker, content }, fields: [] },
    send: (call) => round.tenant.pipedrive.addNote({ dealId, content }, call),
  });
  close(round, intent, "done");
  round.did.push("left a note on the deal");
  return true;
}

/** Moves or loses the deal, unless a person has taken it further already. */
async function changeDeal(round: Round, steps: Steps, effect: OpenEffect): Promise<boolean> {
  const crmId = round.claim.crmId ?? 0;
  const { stages, rules } = round.tenant.plan;
  const deal = await steps.remote(() => round.tenant.pipedrive.get("deal", crmId, steps.call));
  seeRecord(round, deal);
  if (deal.status !== "open") return true;
  const moves = effect.effect === "move_on_approved" && deal.stage_id === stages.entry.stageId;
  const request =
    effect.effect === "lose"
      ? { status: "lost", ...(rules.rejectedLostReason && { lost_reason: rules.rejectedLostReason }) }
      : moves && stages.onApproved
        ? { stage_id: stages.onApproved.stageId }
        : null;
  if (!request) return true;
  if (moves && round.tenant.plan.roles.deal.some(({ field, paused }) => paused && field === STAGE_FIELD))
    throw new BlockedError({ kind: "field", id: `deal.${STAGE_FIELD}` }, "waits until stages of Deals flow again");
  const { intent, answer } = await carryOut(round, steps, {
    type: "patch",
    direction: "outbound",
    target: { role: "deal", object: "deal", crmId, programId: round.claim.programId },
    body: { request, fields: [] },
    send: (call) => round.tenant.pipedrive.patch("deal", crmId, request, call),
  });
  seeRecord(round, answer);
  close(round, intent, "done");
  round.did.push(effect.effect === "lose" ? "lost the deal" : "moved the deal");
  return true;
}
