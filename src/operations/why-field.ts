import type { App } from "../app.ts";
import type { RecordName, RecordView } from "../store/records.ts";
import { agrees, sameRaw } from "../sync/agreement.ts";
import { programValues } from "../sync/codec.ts";
import type { Aggregate, FieldPlan, Value, Values } from "../sync/model.ts";
import { time } from "../table.ts";
import { fieldHistory, nameText, objectOf, planOf, type ToldEntry } from "./field-history.ts";
import { isOfRecord, type Side, SYSTEMS, textOf } from "./history-text.ts";
import { namedFields } from "./pause-field.ts";

/** Why both sides of a field hold what they hold. */
export interface Why {
  field: string;
  label: string;
  /** Unknown values are absent. */
  values: Partial<Record<Side, Value>>;
  agreed: boolean;
  /** The lines of history that brought it about, by side: the last word first, then what that was due to. */
  because: Record<Side, ToldEntry[]>;
  text: string;
}

/** As far back as the reason is looked for. */
const MOST_ROWS = 500;

/**
 * Says why a field has the value it has, on each side.
 *
 * @throws InputError UNKNOWN_TENANT, UNKNOWN_RECORD, NO_MAPPING, FIELD_UNKNOWN, FIELD_AMBIGUOUS
 */
export async function whyField(app: App, tenantId: string, name: RecordName, field: string): Promise<Why> {
  const rows = await fieldHistory(app, tenantId, name, { field, limit: MOST_ROWS });
  const [named] = await namedFields(app, tenantId, { field, object: objectOf(name) });
  const [view, plan] = [await app.records.find(tenantId, name), await planOf(app, tenantId)];
  const line = named && plan?.roles[named.role].find((candidate) => candidate.field === named.field);
  if (!view || !line) throw new Error(`${tenantId}: ${nameText(name)} was there a moment ago`);
  const values = valuesOf(view, line);
  const because = {
    crm: reasons(rows, "crm", values.crm, line),
    program: reasons(rows, "program", values.program, line),
  };
  const { crm, program } = values;
  const agreed = crm !== undefined && program !== undefined && agrees(line, crm, program);
  const text = [
    `${tenantId}: ${line.label} of ${nameText(name)}`,
    ...told("crm", values, because, line),
    ...told("program", values, because, line),
    standing(view, line, values, agreed),
    ...openFindings(view, line),
  ].join("\n");
  return { field: line.field, label: line.label, values, agreed, because, text };
}

function valuesOf({ lane }: RecordView, plan: FieldPlan): Partial<Record<Side, Value>> {
  const crm = (lane.seenCrm as { values?: Values } | null)?.values?.[plan.field];
  const aggregate = lane.seenProgram as Aggregate | null;
  const program = aggregate ? programValues([plan], aggregate, { link: () => undefined })[plan.field] : undefined;
  return { ...(crm !== undefined && { crm }), ...(program !== undefined && { program }) };
}

/** The last line that set this side to what it holds, and what that line was due to on the other one. */
function reasons(rows: ToldEntry[], side: Side, value: Value | undefined, plan: FieldPlan): ToldEntry[] {
  if (value === undefined) return [];
  const setIt = rows.find((row) => row.side === side && sameRaw(resultOf(row), value));
  if (!setIt) return rows.filter(isOfRecord).slice(0, 1);
  if (setIt.event !== "written" || setIt.rule === "undo") return [setIt];
  const due = rows.find((row) => row.id < setIt.id && row.side !== side && row.event === "seen" && fits(row));
  return due ? [setIt, due] : [setIt];

  function fits(row: ToldEntry): boolean {
    const [theirs, ours] = [row.value ?? null, setIt?.value ?? null];
    return side === "crm" ? agrees(plan, ours, theirs) : agrees(plan, theirs, ours);
  }
}

function resultOf({ value = null, keptAs }: ToldEntry): Value {
  return keptAs ?? value;
}

function told(
  side: Side,
  values: Partial<Record<Side, Value>>,
  because: Record<Side, ToldEntry[]>,
  plan: FieldPlan,
): string[] {
  const value = values[side];
  if (value === undefined) return [`${SYSTEMS[side]}: not seen`];
  const [first, ...rest] = because[side];
  const head = `${SYSTEMS[side]} has ${textOf(plan, value)}`;
  if (!first) return [`${head}: it was so when it was first seen`];
  if (isOfRecord(first)) return [`${head}: it was so when the record was ${first.text}, ${time(first.at)}`];
  return [`${head}: ${detailOf(first)}`, ...rest.map((row) => `  because ${detailOf(row)}`)];
}

function detailOf(row: ToldEntry): string {
  const how = [
    time(row.changedAt ?? row.at),
    `mapping revision ${row.revision}`,
    row.intentId === null ? "" : `write ${row.intentId}, acknowledged`,
    row.event === "seen" && row.causes.length > 0 ? `told by ${row.causes.at(-1)}` : "",
  ];
  return `${row.text}; ${how.filter(Boolean).join(", ")}`;
}

function standing(view: RecordView, plan: FieldPlan, values: Partial<Record<Side, Value>>, agreed: boolean): string {
  if (view.links.every(({ state }) => state !== "active")) return "the record is not linked: nothing is kept in step";
  if (agreed) return "both sides say the same";
  if (values.crm === undefined || values.program === undefined) return "one side is not known, so nothing is decided";
  const paused = view.links.some(({ pausedFields }) => pausedFields.some((one) => one.field === plan.field));
  if (paused) return "the sides differ, and the field stands still for this record";
  if (plan.write !== "always") return "the sides differ, and the mapping leaves what Pipedrive has";
  return "the sides differ";
}

function openFindings({ findings }: RecordView, { field }: FieldPlan): string[] {
  return findings.filter((one) => one.field === field).map(({ code, message }) => `${code}: ${message}`);
}
