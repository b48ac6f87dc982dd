import { stringify } from "csv-stringify/sync";

export type Cell = string | number | boolean | null;

/**
 * CSV after RFC 4180 as bytes. People open these files in a spreadsheet, so a cell that would begin a formula there gets
 * an apostrophe in front: names come from accounts that anybody may have named.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): Uint8Array {
  const text = stringify([header, ...rows.map((row) => row.map(toText))], {
    record_delimiter: "\r\n",
    escape_formulas: true,
    quoted_match: /[\r\n]/,
  });
  return new TextEncoder().encode(text);
}

function toText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  return String(cell);
}
