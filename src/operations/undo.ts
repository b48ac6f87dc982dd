import { z } from "zod";
import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import { PRICES } from "../pipedrive/prices.ts";
import type { ReadRequest } from "../reconcile/rows.ts";
import type { Actor } from "../store/actor.ts";
import type { HistoryEntry } from "../store/history.ts";
import type { RecordName, RecordView } from "../store/records.ts";
import { agrees } from "../sync/agreement.ts";
import { isUnmapped } from "../sync/canonical.ts";
import { programValues } from "../sync/codec.ts";
import type { Aggregate, FieldPlan, MappingPlan, Role, Value, Values } from "../sync/model.ts";
import { table, time } from "../table.ts";
import { connectionOf } from "./ask-records.ts";
import { laneOf, nameText, objectOf } from "./field-history.ts";
import { lineOf, type Side, SYSTEMS, textOf } from "./history-text.ts";
import { namedFields } from "./pause-field.ts";
import { undoSides } from "./undo-sides.ts";

export interface UndoAsked {
  /** By its label or path; else every field of the record. */
  field?: string | undefined;
  /** The values right before this instant; default: before the last change of what is asked for. */
  before?: Date | undefined;
}

export interface UndoWrite {
  side: Side;
  role: Role;
  field: string;
  label: string;
  now: Value;
  value: Value;
}

export interface UndoPlan {
  tenantId: string;
  record: string;
  before: Date;
  /** Names exactly this plan; of no use once a side has changed. */
  plan: string;
  writes: UndoWrite[];
  /** What was changed and stays as it is. */
  left: { label: string; why: string }[];
  /** Of Pipedrive's daily allowance, at most. */
  tokens: number;
  text: string;
}

/** Changes that one undo looks through. */
const MOST_CHANGES = 5_000;

/**
 * What putting former values back would write where, and what it costs. Nothing is done.
 *
 * @throws InputError UNKNOWN_TENANT, UNKNOWN_RECORD, NO_MAPPING, NOT_LINKED, FIELD_UNKNOWN, FIELD_AMBIGUOUS, NOTHING_TO_UNDO
 */
export async function planUndo(app: App, tenantId: string, name: RecordName, asked: UndoAsked): Promise<UndoPlan> {
  const laneId = await laneOf(app, tenantId, name);
  const live = await app.mappings.live(tenantId);
  if (!live) throw new InputError("NO_MAPPING", `${tenantId} has no mapping in force`, "tenant");
  const view = await app.records.find(tenantId, name);
  const roles = view?.links.filter(({ state }) => state === "active").map(({ role }) => role) ?? [];
  const record = nameText(name);
  if (!view || roles.length === 0) {
    const hint = "its history can be read; link it first";
    throw new InputError("NOT_LINKED", `${tenantId}: ${record} is not linked, so nothing is written to it`, "id", hint);
  }
  const { field } = asked;
  const fields = field === undefined ? undefined : await namedFields(app, tenantId, { field, object: objectOf(name) });
  const isOurs = (row: HistoryEntry) => roles.includes(row.role) && isChange(row);
  const newest = async () => {
    const rows = await app.history.list(tenantId, { laneId, fields, limit: MOST_CHANGES });
    return rows.find(isOurs)?.at;
  };
  const before = asked.before ?? (await newest());
  const query = { laneId, fields, from: before, oldestFirst: true, limit: MOST_CHANGES };
  const changes = before ? (await app.history.list(tenantId, query)).filter(isOurs) : [];
  if (!before || changes.length === 0) {
    const hint = `see \`partnersync history show ${record} --tenant ${tenantId}\``;
    throw new InputError("NOTHING_TO_UNDO", `${tenantId}: nothing of that was changed since`, "before", hint);
  }
  const found = inPlan(changes, view, live.plan);
  const tokens = found.writes.some(({ side }) => side === "crm") ? PRICES.get + PRICES.patch : 0;
  const key = await app.tenants.key(tenantId);
  const hash = key.identityHash(JSON.stringify([laneId, before, field, found.writes]));
  const plan = Buffer.from(JSON.stringify([before.getTime(), field ?? null, hash])).toString("base64url");
  const told = { tenantId, record, before, plan, ...found, tokens };
  return { ...told, text: describe(told, live.plan) };
}

function isChange(row: HistoryEntry): boolean {
  return (row.event === "seen" || row.event === "written") && row.content !== null && "before" in row.content;
}

/** Of each field the value before its first change since then. @param changes the oldest first */
function inPlan(changes: HistoryEntry[], view: RecordView, plan: MappingPlan): Pick<UndoPlan, "writes" | "left"> {
  const writes: UndoWrite[] = [];
  const left: UndoPlan["left"] = [];
  const firsts = new Map<string, HistoryEntry>();
  for (const row of changes) {
    const name = `${row.role}.${row.field}`;
    if (!firsts.has(name)) firsts.set(name, row);
  }
  for (const row of firsts.values()) {
    const { role, field } = row;
    const line = plan.roles[role].find((candidate) => candidate.field === field);
    const { label, before: value = null } = lineOf(row, plan);
    const found = line ? writesOf(line, role, value, view, plan) : "the mapping has it no more";
    if (typeof found === "string") left.push({ label, why: found });
    else writes.push(...found);
  }
  return { writes, left };
}

function writesOf(
  line: FieldPlan,
  role: Role,
  value: Value,
  view: RecordView,
  plan: MappingPlan,
): UndoWrite[] | string {
  const sides = undoSides(line, role, plan);
  if (typeof sides === "string") return sides;
  if (isUnmapped(value)) return "the mapping does not pair its former value";
  const now = heldBy(view, line);
  const writes: UndoWrite[] = [];
  for (const side of sides) {
    const held = now[side];
    if (held === undefined) return `${SYSTEMS[side]} was not seen`;
    const isThere = side === "crm" ? agrees(line, held, value) : agrees(line, value, held);
    const { field, label } = line;
    if (!isThere) writes.push({ side, role, field, label, now: held, value });
  }
  return writes.length > 0 ? writes : "it has that value already";
}

function heldBy({ lane }: RecordView, line: FieldPlan): Partial<Record<Side, Value>> {
  const seen = lane.seenCrm as { values?: Values } | null;
  const [crm, aggregate] = [seen?.values?.[line.field], lane.seenProgram as Aggregate | null];
  const program = aggregate ? programValues([line], aggregate, { link: () => undefined })[line.field] : undefined;
  return { ...(crm !== undefined && { crm }), ...(program !== undefined && { program }) };
}

function describe(found: Omit<UndoPlan, "text">, plan: MappingPlan): string {
  const { tenantId, record, before, writes, left, tokens } = found;
  const rows = writes.map(({ side, role, field, label, now, value }) => {
    const line = plan.roles[role].find((candidate) => candidate.field === field);
    return [label, SYSTEMS[side], textOf(line, now), textOf(line, value)];
  });
  return [
    `${tenantId}: ${record} as it was before ${time(before)}`,
    writes.length > 0 ? table(["field", "where", "now", "would be"], rows) : "nothing would be written",
    ...left.map(({ label, why }) => `${label} stays: ${why}`),
    `costs ${tokens} of Pipedrive's tokens, and stops where a side has changed meanwhile`,
  ].join("\n");
}

export interface Undone {
  tenantId: string;
  record: string;
  /** Sides that the workers were given orders for. */
  sides: Side[];
  /** The same plan was ordered before: nothing was done now. */
  already: boolean;
  labels: string[];
}

/**
 * Has the workers carry out a plan, exactly as it was shown. Ordering it again does nothing.
 *
 * @throws InputError BAD_PLAN; PLAN_CHANGED when a side, or its history, is not any more as it was; NOTHING_TO_UNDO;
 *   NOT_CONNECTED
 */
export async function applyUndo(
  app: App,
  tenantId: string,
  name: RecordName,
  plan: string,
  by: Actor,
): Promise<Undone> {
  const { before, field } = fromPlan(plan);
  const laneId = await laneOf(app, tenantId, name);
  const record = nameText(name);
  const connectionId = await connectionOf(app, tenantId, "pipedrive");
  const order = `undo ${laneId} ${plan}`;
  const deliveryKey = (side: Side) => `${order} ${side}`;
  for (const side of ["crm", "program"] as const)
    if (await app.lanes.isAccepted(tenantId, connectionId, deliveryKey(side)))
      return { tenantId, record, sides: [], already: true, labels: [] };

  const now = await planUndo(app, tenantId, name, { before, field });
  if (now.plan !== plan) {
    const hint = `look again: partnersync undo plan ${record} --tenant ${tenantId}`;
    throw new InputError("PLAN_CHANGED", `${tenantId}: ${record} was changed since the plan was made`, "plan", hint);
  }
  const sides = [...new Set(now.writes.map(({ side }) => side))];
  if (sides.length === 0) throw new InputError("NOTHING_TO_UNDO", `${tenantId}: this plan writes nothing`, "plan");
  const key = await app.tenants.key(tenantId);
  const orders = sides.map((side) => {
    const fields = now.writes
      .filter((write) => write.side === side)
      .map(({ role, field: of, now: seen, value }) => ({ role, field: of, seen, value }));
    const ask: ReadRequest = { asked: "undo", undo: { order, by: by.name, side, fields } };
    return {
      ...{ tenantId, connectionId, deliveryKey: deliveryKey(side), object: null, crmId: null },
      ...{ kind: null, programId: null, payload: key.sealJson("inbox.payload", ask) },
      // What comes from one side makes the direction due that writes to the other.
      source: side === "crm" ? ("program" as const) : ("pipedrive" as const),
      ...name,
    };
  });
  await app.lanes.acceptAll(orders); // half an undo would be taken for the whole by whoever asks again
  await app.ringer.ringDue(tenantId);
  return { tenantId, record, sides, already: false, labels: [...new Set(now.writes.map(({ label }) => label))] };
}

const planShape = z.tuple([z.number().int(), z.string().max(200).nullable(), z.string().max(100)]);

function fromPlan(plan: string): { before: Date; field: string | undefined } {
  try {
    const [beforeMs, field] = planShape.parse(JSON.parse(Buffer.from(plan, "base64url").toString("utf8")));
    return { before: new Date(beforeMs), field: field ?? undefined };
  } catch {
    const hint = "use `plan` of what `partnersync undo plan` showed";
    throw new InputError("BAD_PLAN", "this names no plan", "plan", hint);
  }
}
