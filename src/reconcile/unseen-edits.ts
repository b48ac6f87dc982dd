import type { WebhookChange } from "../pipedrive/webhook-payload.ts";
import { isAdditive } from "../sync/agreement.ts";
import { isEmpty, sameValue } from "../sync/canonical.ts";
import type { WebhookValues } from "../sync/codec.ts";
import { newerSide, type RecentWrite } from "../sync/decide.ts";
import type { FieldPlan, Value, Values } from "../sync/model.ts";
import { activeLinks, type Round, type RoundLink } from "./round.ts";

/**
 * A webhook that comes late is evidence of what our own write replaced: its echo says what was there before, and an older
 * one what somebody had set between our look and our write. Where that was not what we had seen, the field was in conflict
 * and nobody knew: it goes on record, and where the mapping would have decided for Pipedrive the value is put back.
 *
 * @param replaced what the change replaced, per field that it names
 */
export function noticeUnseen(round: Round, change: WebhookChange, shown: WebhookValues, replaced: Values): void {
  const at = change.updateTime;
  if (at === null) return;
  for (const link of activeLinks(round)) {
    for (const plan of round.tenant.plan.roles[link.role].filter(({ field }) => shown.changed.includes(field))) {
      const write = link.recent.findLast(({ field, to }) => field === plan.field && to === "crm");
      if (!write?.over || isAdditive(plan) || plan.paused) continue;
      const unseen = unseenBy(plan, write, { at, shown: shown.values[plan.field], replaced: replaced[plan.field] });
      if (unseen === undefined) continue;
      link.recent = link.recent.map((one) => (one === write ? withoutKnowledge(write, unseen, at) : one));
      link.changed = true;
      record(round, link, plan, { write, unseen, at: at === write.over.writtenAt ? null : change.at.toISOString() });
    }
  }
}

/** The value that a write replaced without having seen it; undefined: none. What was emptied is nobody's word. */
function unseenBy(
  plan: FieldPlan,
  { value, over }: RecentWrite,
  { at, shown, replaced }: { at: string; shown: Value | undefined; replaced: Value | undefined },
): Value | undefined {
  if (!over?.writtenAt) return undefined;
  const isNews = (found: Value | undefined): found is Value =>
    found !== undefined &&
    !isEmpty(plan.type, found) &&
    !sameValue(plan.type, found, over.value) &&
    !sameValue(plan.type, found, value);
  const isEcho = at === over.writtenAt && shown !== undefined && sameValue(plan.type, shown, value);
  if (isEcho) return isNews(replaced) ? replaced : undefined;
  const isBetween = at > over.updateTime && at <= over.writtenAt;
  return isBetween && isNews(shown) ? shown : undefined;
}

/** Both webhooks tell of one edit: the second one finds it known. */
function withoutKnowledge(write: RecentWrite, value: Value, updateTime: string): RecentWrite {
  return { ...write, over: { value, updateTime, writtenAt: write.over?.writtenAt ?? null } };
}

function record(
  round: Round,
  link: RoundLink,
  plan: FieldPlan,
  { write, unseen, at }: { write: RecentWrite; unseen: Value; at: string | null },
): void {
  const { field } = plan;
  const base = link.bases[field] ?? null;
  const evidence = {
    crm: unseen,
    program: base?.program ?? write.value,
    crmAt: at,
    programAt: write.sourceAt,
    base: null,
  };
  const crm = round.crm?.values[field];
  const isThere = crm !== undefined && sameValue(plan.type, crm, write.value) && base !== null;
  const verdict = isThere ? verdictOn(plan, evidence, round.tenant.clockOffsetMs) : null;
  round.conflicts.push({
    ...{ id: null, version: null, linkId: link.id, field, state: "decided", winner: "program", rule: "unseen" },
    verdict,
    word: verdict && base && { crm: crm ?? null, program: base.program, putBack: { to: "crm", value: unseen } },
    evidence: { ...evidence, ...(base && { after: base }) },
  });
}

/** What the mapping would have said, had both values been seen: put back, put back for a person to decide, or nothing. */
function verdictOn(
  plan: FieldPlan,
  { crmAt, programAt }: { crmAt: string | null; programAt: string | null },
  clockOffsetMs: number,
): "restore" | "undo" | null {
  if (plan.direction !== "both" || plan.write === "on_create" || plan.write === "restore_once") return null;
  if (plan.write === "if_empty") return "restore";
  if (plan.onConflict === "manual") return "undo";
  if (plan.onConflict === "newest") return newerSide(crmAt, programAt, clockOffsetMs) === "crm" ? "restore" : null;
  return plan.onConflict === "crm" ? "restore" : null;
}
