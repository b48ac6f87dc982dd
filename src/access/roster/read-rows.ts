import { CsvError, parse } from "csv-parse/sync";
import { fault, type RosterFault } from "./fault.ts";

export const LARGEST_BYTES = 10 * 1024 * 1024;
export const MOST_ROWS = 100_000;

/** The cells of a row and the line its first cell begins on. */
export interface Row {
  line: number;
  cells: string[];
}

/** Splits a file into rows by RFC 4180; any line ending, a byte order mark is skipped. Empty lines are left out. */
export function readRows(bytes: Uint8Array): { rows: Row[] } | { faults: RosterFault[] } {
  if (bytes.byteLength > LARGEST_BYTES) return refuse("ROSTER_TOO_LARGE", `has more than ${LARGEST_BYTES} bytes`);
  const text = toText(bytes);
  if (text === null) return refuse("ROSTER_ENCODING", "is not in UTF-8");
  try {
    const records = parse(text, OPTIONS) as unknown as Record_[];
    const lines = lineCounter(Buffer.from(text));
    let end = 0;
    const rows = records.map(({ record, info }) => {
      const line = lines(end);
      end = info.bytes;
      return { line, cells: record };
    });
    const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
    if (filled.length > MOST_ROWS + 1) return refuse("ROSTER_TOO_LARGE", `has more than ${MOST_ROWS} rows`);
    return { rows: filled };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return {
      faults: [fault("ROSTER_SYNTAX", Number(error.lines) || 1, null, SYNTAX[error.code] ?? "is no CSV from here on")],
    };
  }
}

interface Record_ {
  record: string[];
  info: { bytes: number };
}

const OPTIONS = {
  info: true,
  relax_column_count: true,
  record_delimiter: ["\r\n", "\n", "\r"],
  max_record_size: 100_000,
};

const SYNTAX: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "opens a quote that is never closed",
  INVALID_OPENING_QUOTE: "has a quote in the middle of a cell that does not begin with one",
  CSV_INVALID_CLOSING_QUOTE: "has text behind the closing quote of a cell",
  CSV_MAX_RECORD_SIZE: "is longer than any row of a roster",
};

/** Fatal: a guess at another encoding would put wrong names into evidence. The byte order mark goes. */
function toText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text; // UTF-16 of plain letters is valid UTF-8 with NULs
  } catch {
    return null;
  }
}

/** Line of a byte offset, for offsets that only grow. The parser's own count takes CRLF inside quotes for two. */
function lineCounter(bytes: Buffer): (offset: number) => number {
  let at = 0;
  let line = 1;
  return (offset) => {
    for (; at < offset; at += 1) {
      if (bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a)) line += 1;
    }
    return line;
  };
}

function refuse(code: "ROSTER_TOO_LARGE" | "ROSTER_ENCODING", what: string): { faults: RosterFault[] } {
  return { faults: [fault(code, 1, null, what)] };
}
