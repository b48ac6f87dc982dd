import type { Company } from "./company.ts";
import { invalid, Problem } from "./problem.ts";
import type { Query } from "./query.ts";
import type { SortField } from "./table.ts";

/** Where a page ended: the last record's sort value and id. */
export interface Position {
  field: SortField | "order_nr";
  fieldValue: string | number;
  sortDirection: "asc" | "desc";
  id: number;
}

export function toCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/**
 * The page that a query asks for: how long it is at most, and behind which position it begins.
 *
 * @param most  the endpoint's highest `limit`
 * @param order that a cursor must be of
 * @throws Problem 400
 */
export function readPage(company: Company, query: Query, most: number, order: Order = BY_ID) {
  const { limitAboveMax, invalidCursorCode } = company.info.switches;
  const limit = query.limit(most, limitAboveMax === 200);
  const text = query.text("cursor");
  const after = text === undefined ? undefined : fromCursor(text, order);
  if (after !== null) return { limit, after };
  if (invalidCursorCode === "ERR_BAD_REQUEST") {
    throw new Problem(400, { success: false, error: "Invalid cursor", code: invalidCursorCode });
  }
  throw invalid("cursor", "Invalid cursor");
}

type Order = Pick<Position, "field" | "sortDirection">;
const BY_ID: Order = { field: "id", sortDirection: "asc" };

/** Null when the text is no cursor, or one of another order. */
function fromCursor(text: string, order: Order): Position | null {
  try {
    const position = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Position;
    const fits = position.field === order.field && position.sortDirection === order.sortDirection;
    return fits && Number.isInteger(position.id) ? position : null;
  } catch {
    return null; // not base64 of JSON
  }
}

/** One page of a short list that is already in order, by position; for field definitions, pipelines and stages. */
export function pageOf<T>(all: readonly T[], company: Company, query: Query) {
  const page = readPage(company, query, 500);
  const after = page.after?.id ?? 0;
  const data = all.slice(after, after + page.limit);
  const end = after + data.length;
  const position: Position = { field: "id", fieldValue: end, sortDirection: "asc", id: end };
  return { data, additional_data: { next_cursor: end < all.length ? toCursor(position) : null } };
}
