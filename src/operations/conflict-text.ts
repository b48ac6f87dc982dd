import type { ConflictView } from "../store/conflicts.ts";
import type { FieldPlan, Value } from "../sync/model.ts";
import { table, time } from "../table.ts";
import { valueText } from "./value-text.ts";

const SYSTEMS = { crm: "Pipedrive", program: "the partner program" } as const;

/**
 * A conflict for people: both values, since when, what was agreed before and after, and what may be done about it.
 *
 * @param plan the field in the mapping in force; undefined when that has lost it
 */
export function describeConflict(conflict: ConflictView & { label: string }, plan: FieldPlan | undefined): string {
  const { id, tenantId, label, object, crmId, kind, programId, evidence } = conflict;
  const text = (value: Value | undefined) => {
    if (value === undefined) return "";
    return plan ? valueText(plan, value) : JSON.stringify(value);
  };
  const { base, after } = evidence;
  const rows = [
    ["Pipedrive", text(evidence.crm), time(evidence.crmAt), base ? text(base.crm) : "(never agreed)", text(after?.crm)],
    [
      ...["partner program", text(evidence.program), time(evidence.programAt)],
      ...[base ? text(base.program) : "(never agreed)", text(after?.program)],
    ],
  ];
  return [
    `conflict ${id} of ${tenantId}: ${label} of ${object} ${crmId} = ${kind} ${programId}`,
    `${stateText(conflict)} (mapping revision ${conflict.revision}; opened ${time(conflict.openedAt)})`,
    table(["side", "value", "first seen", "agreed before", "afterwards"], rows),
    ...nextSteps(conflict),
  ].join("\n");
}

/** In a few words, what has become of it. */
export function stateText({ state, verdict, winner, rule, note, decidedBy }: StatedConflict): string {
  const who = decidedBy ? ` by ${decidedBy}` : "";
  const failed = note === null ? "" : "; what was asked for was not done: a side had changed by then";
  if (verdict === "undo")
    return `being undone${decidedBy ? who : ": it is left to people, and was overwritten unseen"}`;
  if (verdict === "restore") return "overwritten unseen, and being put back";
  if (verdict !== null) return `${SYSTEMS[verdict]} chosen${who}, being carried out`;
  if (state === "open") return `waits for a person to decide${failed}`;
  if (state === "apart") return `kept apart${who}: both values stand until one changes`;
  if (state === "agreed") return "both sides came to say the same";
  if (state === "ended") return "overtaken by a later change";
  const how = rule === "person" ? who : `, rule ${rule ?? "unknown"}`;
  return `decided for ${winner ? SYSTEMS[winner] : "nobody"}${how}${failed}`;
}

type StatedConflict = Pick<ConflictView, "state" | "verdict" | "winner" | "rule" | "note" | "decidedBy">;

function nextSteps({ id, tenantId, state, verdict, version }: ConflictView): string[] {
  if (state !== "open" || verdict !== null) return [];
  const rest = `${id} --tenant ${tenantId} --seen ${version}`;
  return [
    "",
    `let Pipedrive's value stand:   partnersync conflict decide crm ${rest}`,
    `let the program's value stand: partnersync conflict decide program ${rest}`,
    `let both stand:                partnersync conflict keep-apart ${rest}`,
  ];
}
