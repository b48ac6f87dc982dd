import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { HistoryEntry, HistoryQuery } from "../store/history.ts";
import type { RecordName } from "../store/records.ts";
import type { CrmObject, MappingPlan, ProgramKind } from "../sync/model.ts";
import { type HistoryLine, lineOf, textOf } from "./history-text.ts";
import { namedFields } from "./pause-field.ts";

export type ToldEntry = HistoryEntry & HistoryLine;

export interface HistoryAsked extends Pick<HistoryQuery, "from" | "to" | "past" | "oldestFirst" | "limit"> {
  /** By its label in Pipedrive, or its path in the program. */
  field?: string | undefined;
}

/** Which object of Pipedrive stands for each kind of the program. */
export const OBJECT_OF = {
  partner: "organization",
  contact: "person",
  deal_registration: "deal",
} as const satisfies Record<ProgramKind, CrmObject>;

export function objectOf(name: RecordName): CrmObject {
  return "object" in name ? name.object : OBJECT_OF[name.kind];
}

export function nameText(name: RecordName): string {
  return "object" in name ? `${name.object} ${name.crmId}` : `${name.kind} ${name.programId}`;
}

/**
 * What happened to a record's fields: every value either side was seen with, who set it, and what was written why.
 *
 * @throws InputError UNKNOWN_TENANT, UNKNOWN_RECORD, NO_MAPPING, FIELD_UNKNOWN, FIELD_AMBIGUOUS
 */
export async function fieldHistory(
  app: App,
  tenantId: string,
  name: RecordName,
  { field, ...query }: HistoryAsked,
): Promise<ToldEntry[]> {
  const laneId = await laneOf(app, tenantId, name);
  const named = field === undefined ? undefined : { field, object: objectOf(name) };
  const fields = named && (await namedFields(app, tenantId, named));
  const rows = await app.history.list(tenantId, { ...query, laneId, fields });
  const plan = await planOf(app, tenantId);
  return rows.map((row) => ({ ...row, ...lineOf(row, plan, fields?.[0]?.field) }));
}

/** @throws InputError UNKNOWN_TENANT, UNKNOWN_RECORD */
export async function laneOf(app: App, tenantId: string, name: RecordName): Promise<number> {
  await app.tenants.known(tenantId);
  const laneId = await app.history.laneOf(tenantId, name);
  if (laneId !== null) return laneId;
  const called = nameText(name);
  const hint = `have it looked at: partnersync sync ${called} --tenant ${tenantId}`;
  throw new InputError("UNKNOWN_RECORD", `${tenantId}: nothing is known of ${called}`, "id", hint);
}

/** What is wrong with the mapping in force is told elsewhere: history can be read without labels. */
export async function planOf(app: App, tenantId: string): Promise<MappingPlan | null> {
  const live = await app.mappings.live(tenantId).catch(() => null);
  return live?.plan ?? null;
}

/** Rows of a page of an export. */
const PAGE = 500;

export const EXPORT_COLUMNS = [
  ...["id", "at", "changed_at", "object", "record", "kind", "program_id", "role", "field", "label", "event", "side"],
  ...["before", "value", "kept_as", "by", "rule", "revision", "intent", "correlation", "causes", "sealed_as", "text"],
] as const;

/**
 * A record's history, or a tenant's, the oldest first, as rows of a table: read page by page while it is taken.
 *
 * @param laneId of a record; undefined: of all
 */
export async function* exportedHistory(
  app: App,
  tenantId: string,
  asked: Pick<HistoryQuery, "laneId" | "from" | "to">,
): AsyncGenerator<(string | number | null)[]> {
  const plan = await planOf(app, tenantId);
  for (let past: [Date, number] | undefined; ; ) {
    const rows = await app.history.list(tenantId, { ...asked, past, oldestFirst: true, limit: PAGE });
    for (const row of rows) yield exported(row, plan);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    past = [last.at, last.id];
  }
}

function exported(row: HistoryEntry, plan: MappingPlan | null): (string | number | null)[] {
  const line = lineOf(row, plan);
  const field = plan?.roles[row.role].find((candidate) => candidate.field === row.field);
  const { before, value, keptAs } = line;
  return [
    ...[row.id, row.at.toISOString(), line.changedAt, row.object, row.crmId, row.kind, row.programId, row.role],
    ...[row.field, line.label, row.event, line.side, textOf(field, before), textOf(field, value)],
    ...[textOf(field, keptAs), line.by, row.rule, row.revision, row.intentId, line.correlation],
    ...[line.causes.join(" "), row.position, line.text],
  ];
}
