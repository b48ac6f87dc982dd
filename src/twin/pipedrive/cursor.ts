import { invalid } from "./problem.ts";
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

/** @throws Problem 400 when the text is no cursor, or one of another order */
export function fromCursor(text: string | undefined, field: string, direction: string): Position | undefined {
  if (text === undefined) return undefined;
  try {
    const position = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Position;
    if (position.field === field && position.sortDirection === direction && Number.isInteger(position.id)) {
      return position;
    }
  } catch {
    // Not base64 of JSON: refused below like any other foreign cursor.
  }
  throw invalid("cursor", "Invalid cursor");
}

/** One page of a short list that is already in order, by position; for field definitions, pipelines and stages. */
export function pageOf<T>(all: readonly T[], limit: number, cursor: string | undefined) {
  const after = fromCursor(cursor, "id", "asc")?.id ?? 0;
  const data = all.slice(after, after + limit);
  const end = after + data.length;
  const position: Position = { field: "id", fieldValue: end, sortDirection: "asc", id: end };
  return { data, additional_data: { next_cursor: end < all.length ? toCursor(position) : null } };
}
