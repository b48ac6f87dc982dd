import type { ProgramEvent } from "../partner/adapter.ts";
import type { Settlement } from "../store/lane-rows.ts";
import type { Round } from "./round.ts";

/** One-shot effects in Pipedrive that an event can ask for. */
export type EffectName = "note_rejected" | "note_expired" | "lose" | "move_on_approved";

/**
 * The one-shot effects of an event, by the tenant's rules. Derived from every event, also those that a later snapshot
 * has overtaken: level-triggering must not swallow them. Unique per aggregate, effect and version, so a repeated event
 * asks for nothing new.
 */
export function effectsOf(event: ProgramEvent, { tenant }: Pick<Round, "tenant">): Settlement["effects"] {
  const { rules, stages } = tenant.plan;
  const names: EffectName[] = [];
  if (/^deal_registration\.(rejected|withdrawn|cancelled)$/.test(event.type)) {
    if (rules.onRejected === "note") names.push("note_rejected");
    if (rules.onRejected === "lose") names.push("lose");
  }
  if (event.type === "deal_registration.expired" && rules.onExpired === "note") names.push("note_expired");
  if (event.type === "deal_registration.approved" && rules.createOn === "submitted" && stages.onApproved) {
    names.push("move_on_approved");
  }
  const detail = { type: event.type, at: event.occurred_at, by: event.actor.label };
  return names.map((effect) => ({
    kind: event.aggregate.kind,
    program_id: event.aggregate.id,
    effect,
    program_version: event.aggregate.version,
    detail: tenant.key.sealJson("effect.detail", detail).toString("base64"),
  }));
}
