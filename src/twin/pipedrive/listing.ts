import type { Company } from "./company.ts";
import { type Position, readPage, toCursor } from "./cursor.ts";
import type { ObjectName, RecordData, Row } from "./model.ts";
import { Problem } from "./problem.ts";
import type { Query } from "./query.ts";
import type { SortField, Table } from "./table.ts";

const ORDER = ["updated_since", "updated_until", "sort_by", "sort_direction", "limit", "cursor"];
const SHAPE = ["include_fields", "custom_fields", "include_option_labels", "include_labels"];

/** Query parameters of answers that show records. */
export const SHAPE_PARAMETERS: readonly string[] = SHAPE;

/** Query parameters of the three lists; anything else is refused. */
export const LIST_PARAMETERS: Record<ObjectName, readonly string[]> = {
  person: ["filter_id", "ids", "owner_id", "org_id", "deal_id", ...ORDER, ...SHAPE],
  organization: ["filter_id", "ids", "owner_id", ...ORDER, ...SHAPE],
  deal: [
    "filter_id",
    "ids",
    "owner_id",
    "person_id",
    "org_id",
    "pipeline_id",
    "stage_id",
    "status",
    ...ORDER,
    ...SHAPE,
  ],
};

const STATUSES = ["open", "won", "lost", "deleted"];
const KEPT_DELETED_MS = 30 * 24 * 60 * 60 * 1000;

type Keeps = (data: RecordData, row: Row) => boolean;

/** One page of records by keyset. @param now ms on the twin's clock. @throws Problem 400 */
export function listRecords(company: Company, object: ObjectName, query: Query, now: number) {
  const keeps = filtersOf(company, object, query, now);
  const field = query.oneOf<SortField>("sort_by", ["id", "update_time", "add_time"], "id");
  const direction = query.oneOf("sort_direction", ["asc", "desc"], "asc");
  const { limit, after } = readPage(company, query, 500, { field, sortDirection: direction });
  const table = company.tables[object];
  const found: RecordData[] = [];
  for (const id of walk(table, field, direction, after, query.ids("ids", 100))) {
    const row = table.get(id);
    if (!row || !keeps(row.data, row)) continue;
    if (found.length === limit) return { data: found, next_cursor: positionOf(found, field, direction) };
    found.push(row.data);
  }
  return { data: found, next_cursor: null };
}

function positionOf(found: RecordData[], field: SortField, direction: "asc" | "desc"): string {
  const last = found[found.length - 1] as RecordData;
  return toCursor({ field, fieldValue: last[field] as string | number, sortDirection: direction, id: last.id });
}

/** Ids in the order asked for, from behind a position on. */
function* walk(table: Table, field: SortField, direction: "asc" | "desc", after?: Position, ids?: number[]) {
  const order = ids ? inOrder(table, field, ids) : table.ordered(field);
  const at = after ? firstBehind(table, field, order, after) : undefined;
  if (direction === "asc") {
    for (let i = at ?? 0; i < order.length; i++) yield order[i] as number;
  } else {
    let i = order.length - 1;
    if (at !== undefined && after) i = order[at - 1] === after.id ? at - 2 : at - 1;
    for (; i >= 0; i--) yield order[i] as number;
  }
}

function inOrder(table: Table, field: SortField, ids: number[]): number[] {
  const known = [...new Set(ids)].filter((id) => table.get(id));
  return known.sort((a, b) => table.compare(field, a, table.key(field, a), b));
}

/** Index of the first entry that comes after the position. */
function firstBehind(table: Table, field: SortField, order: readonly number[], after: Position): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.compare(field, after.id, after.fieldValue, order[middle] as number) >= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function filtersOf(company: Company, object: ObjectName, query: Query, now: number): Keeps {
  if (query.text("filter_id") !== undefined) {
    throw new Problem(404, { success: false, error: "Filter not found", code: "ERR_NOT_FOUND" }); // none can be made here
  }
  const equal: [string, number][] = [];
  for (const key of ["owner_id", "org_id", "person_id", "pipeline_id", "stage_id"]) {
    const value = query.integer(key);
    if (value !== undefined) equal.push([key, value]);
  }
  const dealId = query.integer("deal_id");
  if (dealId !== undefined) equal.push(["id", Number(company.tables.deal.get(dealId)?.data.person_id ?? -1)]);
  const since = query.wholeSecond("updated_since");
  const until = query.wholeSecond("updated_until");
  const status = query.list("status", { allowed: STATUSES });
  return (data, row) => {
    if (data.is_deleted) {
      if (object !== "deal" || !status?.includes("deleted") || now - row.touchedAt > KEPT_DELETED_MS) return false;
    } else {
      if (status && !status.includes(data.status as string)) return false;
      if (data.is_archived === true) return false;
    }
    if (since && data.update_time < since) return false;
    if (until && data.update_time >= until) return false;
    return equal.every(([key, value]) => data[key] === value);
  };
}
