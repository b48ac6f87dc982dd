import type { TenantPausedField } from "../store/paused-fields.ts";
import type { HistoryView, LaneView, LinkView, RecordView } from "../store/records.ts";
import { programValues } from "../sync/codec.ts";
import { type Aggregate, type FieldPlan, type MappingPlan, ROLES, type Value, type Values } from "../sync/model.ts";
import { table, time } from "../table.ts";
import { RULES } from "./history-text.ts";
import { valueText } from "./value-text.ts";

/**
 * A record for people: labels and values instead of keys and ids of options.
 *
 * @param heldBack why nothing of its tenant is worked on now
 * @param standing fields that stand still for the whole tenant
 */
export function describeRecord(
  view: RecordView,
  plan: MappingPlan | null,
  heldBack: string[],
  standing: readonly StandingField[] = [],
): string {
  const { lane, tenantId } = view;
  const links = view.links.map((link) => describeLink(link, view, plan, standing));
  return [
    `${tenantId}: ${nameOf(lane)}`,
    ...stateLines(view),
    ...heldBack.map((reason) => `held back: ${reason}`),
    ...(links.length > 0 ? links : ["", "not linked to anything on the other side"]),
    section("last decisions", view.history.length, () => historyTable(view.history, plan)),
    section("open writes", view.openIntents.length, () => intentTable(view)),
    section("to look at", view.findings.length, () =>
      view.findings.map((finding) => findingText(finding, plan)).join("\n"),
    ),
  ].join("\n");
}

function nameOf({ object, crmId, kind, programId }: LaneView): string {
  return [object && `${object} ${crmId} in Pipedrive`, kind && `${kind} ${programId} in the program`]
    .filter(Boolean)
    .join(" = ");
}

function stateLines({ lane, unread }: RecordView): string[] {
  const lines = [`last looked at: ${time(lane.settledAt) || "never"}; ${unread} deliveries wait to be read`];
  if (lane.stoppedAt) lines.push(`STOPPED since ${time(lane.stoppedAt)}: ${lane.cause ?? "see the findings"}`);
  else if (lane.blockedOn?.kind === "match") lines.push(`waits for a person to decide match ${lane.blockedOn.id}`);
  else if (lane.blockedOn) lines.push(`waits for ${lane.blockedOn.kind} ${lane.blockedOn.id} to be linked first`);
  else if (lane.attempts === 0 && lane.cause) lines.push(`the last run ended early: ${lane.cause}`);
  else if (lane.attempts > 0) lines.push(`failed ${lane.attempts} times and is tried again: ${lane.cause ?? ""}`);
  const due = [
    lane.dueInbound && `to the program from ${time(lane.dueInbound)}`,
    lane.dueOutbound && `to Pipedrive from ${time(lane.dueOutbound)}`,
  ].filter(Boolean);
  if (due.length > 0) lines.push(`work is due: ${due.join(", ")}`);
  return lines;
}

/** A field that stands still for the whole tenant, and why: a finding's code, or "person". */
export type StandingField = Pick<TenantPausedField, "role" | "field" | "cause">;

function describeLink(
  link: LinkView,
  { lane }: RecordView,
  plan: MappingPlan | null,
  standing: readonly StandingField[],
): string {
  const head = `as ${link.role.replace("_", " ")}: ${link.object} ${link.crmId} = ${link.kind} ${link.programId}`;
  const how = `${link.createdBy}, ${time(link.createdAt)}${link.state === "active" ? "" : `, ${link.state}`}`;
  const fields = plan?.roles[link.role] ?? [];
  const crm = (lane.seenCrm as { values?: Values } | null)?.values ?? {};
  const aggregate = lane.seenProgram as Aggregate | null;
  const program = aggregate ? programValues(fields, aggregate, { link: () => undefined }) : {};
  const rows = fields.map((field) => {
    const agreed = link.bases[field.field];
    return [
      field.label,
      ARROWS[field.direction],
      seenText(field, crm[field.field]),
      seenText(field, program[field.field] ?? agreed?.program),
      agreed ? "yes" : "never",
      standText(link, field, standing),
    ];
  });
  return `\n${head} (${how})\n${table(["field", "", "Pipedrive", "partner program", "agreed once", ""], rows)}`;
}

/** What holds a field up, or lately has. */
function standText(
  { role, pausedFields, conflicts, nearMisses }: LinkView,
  { field }: FieldPlan,
  standing: readonly StandingField[],
): string {
  const forAll = standing.find((one) => one.role === role && one.field === field);
  const conflict = conflicts.find((one) => one.field === field);
  const times = nearMisses[field] ?? 0;
  const words = [
    forAll && `paused for all records (${forAll.cause === "person" ? "by a person" : forAll.cause})`,
    !forAll && pausedFields.some((paused) => paused.field === field) && "paused",
    conflict && (conflict.state === "open" ? `conflict ${conflict.id}: to be decided` : `kept apart (${conflict.id})`),
    times > 0 && `set back and written again ${times === 1 ? "once" : `${times} times`}`,
  ];
  return words.filter(Boolean).join(", ");
}

const ARROWS: Record<FieldPlan["direction"], string> = { crm_to_program: "->", program_to_crm: "<-", both: "<->" };

function seenText(field: FieldPlan, value: Value | undefined): string {
  return value === undefined ? "(not seen)" : valueText(field, value);
}

function section(title: string, count: number, content: () => string): string {
  return `\n${title}: ${count === 0 ? "none" : `\n${content()}`}`;
}

function intentTable({ openIntents }: RecordView): string {
  const rows = openIntents.map(({ type, direction, object, crmId, programId, openedAt, deadline }) => [
    type,
    direction === "inbound" ? `to the program: ${programId ?? ""}` : `to Pipedrive: ${object} ${crmId ?? "(new)"}`,
    time(openedAt),
    time(deadline),
  ]);
  return table(["write", "where", "since", "answer awaited until"], rows);
}

/** With both sides' values where it is about those: who opens a record may see them. */
function findingText(
  { code, message, field, detail }: RecordView["findings"][number],
  plan: MappingPlan | null,
): string {
  const known = ROLES.flatMap((role) => plan?.roles[role] ?? []).find((candidate) => candidate.field === field);
  const { crm, program } = (detail ?? {}) as Values;
  if (!known || (crm === undefined && program === undefined)) return `${code}: ${message}`;
  const [inCrm, inProgram] = [valueText(known, crm ?? null), valueText(known, program ?? null)];
  return `${code}: ${message} (Pipedrive: ${inCrm}; partner program: ${inProgram})`;
}

function historyTable(history: HistoryView[], plan: MappingPlan | null): string {
  const rows = history.map(({ at, role, field, event, winner, rule, content }) => {
    const known = plan?.roles[role as keyof MappingPlan["roles"]]?.find((candidate) => candidate.field === field);
    const won = winner ? `, ${winner === "crm" ? "Pipedrive" : "program"} won` : "";
    return [time(at), known?.label ?? field, `${event}${won}`, contentText(known, content), RULES[rule ?? ""] ?? rule];
  });
  return table(["when", "field", "what", "values", "why"], rows);
}

function contentText(field: FieldPlan | undefined, content: unknown): string {
  if (typeof content !== "object" || content === null) return "";
  const { sent, answered, crm, program, crmId, programId, before, value } = content as Record<string, Value>;
  const text = (value: Value | undefined) => (field ? valueText(field, value ?? null) : String(value ?? ""));
  if (sent !== undefined) {
    return text(sent) === text(answered) ? text(sent) : `${text(sent)} (kept as ${text(answered)})`;
  }
  if (value !== undefined) return `${text(before)} → ${text(value)}`;
  if (crm !== undefined || program !== undefined) return `Pipedrive ${text(crm)}, program ${text(program)}`;
  return crmId === undefined ? "" : `${String(crmId)} = ${String(programId)}`;
}
