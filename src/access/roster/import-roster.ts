import { InputError } from "../../errors.ts";
import { sha256 } from "../canonical-json.ts";
import { checkTimeZone, endOfDay } from "../time-zone.ts";
import { COLUMNS, type Column, columnOf, REQUIRED_COLUMNS } from "./columns.ts";
import { fault, type RosterFault } from "./fault.ts";
import { readMember } from "./read-member.ts";
import { type Row, readRows } from "./read-rows.ts";
import { emailsOf, type Roster, type StaffMember } from "./roster.ts";

/** More than anybody reads at once. */
const MOST_FAULTS = 200;

export interface RosterOptions {
  /** IANA name, where the roster's working days end. */
  timeZone: string;
  /** The moment the roster speaks of, ISO in UTC. */
  asOf: string;
}

export type RosterImport =
  | { ok: true; roster: Roster; ignoredColumns: string[] }
  | { ok: false; faults: RosterFault[] };

/**
 * Reads a roster: CSV after RFC 4180 in UTF-8, a header row, columns in any order and under the names that HR systems
 * give them. Either every row is good or nothing is taken in.
 *
 * @param content the file as given; kept by its digest
 * @returns the staff in the order of the file, or every fault with its line (200 at most)
 * @throws InputError only for a time zone or instant that is none
 */
export function importRoster(content: Uint8Array | string, options: RosterOptions): RosterImport {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const timeZone = checkTimeZone(options.timeZone);
  const asOfMs = Date.parse(options.asOf);
  if (Number.isNaN(asOfMs)) {
    throw new InputError("AS_OF_INVALID", "the roster's moment is no time", "asOf", "write it as 2026-03-01T09:00:00Z");
  }
  const read = readRows(bytes);
  if ("faults" in read) return { ok: false, faults: read.faults };
  const [header, ...rows] = read.rows;
  if (!header || rows.length === 0) return { ok: false, faults: [fault("ROSTER_EMPTY", 1, null, "names nobody")] };
  const places = placesOf(header);
  if ("faults" in places) return { ok: false, faults: places.faults };

  const faults: RosterFault[] = [];
  const staff: StaffMember[] = [];
  for (const row of rows) {
    const outcome = toMember(row, header.cells.length, places.places);
    if ("member" in outcome) staff.push(outcome.member);
    else faults.push(...outcome.faults);
  }
  faults.push(...clashes(staff, timeZone, asOfMs));
  if (faults.length > 0) return { ok: false, faults: inOrder(faults) };
  const roster = { staff, timeZone, asOf: new Date(asOfMs).toISOString(), sha256: sha256(bytes) };
  return { ok: true, roster, ignoredColumns: header.cells.filter((cell) => columnOf(cell) === undefined) };
}

function toMember(row: Row, width: number, places: ReadonlyMap<Column, number>) {
  // Spreadsheets cut trailing empty cells off or add some; anything else shifts cells into other columns.
  const cells = row.cells.slice(0, width);
  const surplus = row.cells.slice(width).some((cell) => cell.trim() !== "");
  if (!surplus && cells.length === width) return readMember({ ...row, cells }, places);
  const what = `has ${row.cells.length} cells, the header has ${width}`;
  return { faults: [fault("ROSTER_ROW_LENGTH", row.line, null, what)] };
}

function placesOf(header: Row): { places: Map<Column, number> } | { faults: RosterFault[] } {
  const places = new Map<Column, number>();
  const faults: RosterFault[] = [];
  for (const [place, cell] of header.cells.entries()) {
    const column = columnOf(cell);
    if (column === undefined) continue;
    if (!places.has(column) || cell.trim().toLowerCase() === column) {
      // The column's own name beats an alias: an `id` beside `employee_id` is some other id.
      if (places.has(column) && own(header, places.get(column)) === column) {
        faults.push(fault("ROSTER_COLUMN_TWICE", header.line, column, "stands twice in the header"));
      }
      places.set(column, place);
    } else if (own(header, places.get(column)) !== column) {
      faults.push(fault("ROSTER_COLUMN_TWICE", header.line, column, "is what two headers mean"));
    }
  }
  const missing = REQUIRED_COLUMNS.filter((column) => !places.has(column));
  if (missing.length > 0 && header.cells.length === 1 && /[;\t|]/.test(header.cells[0] ?? "")) {
    return { faults: [fault("ROSTER_DELIMITER", header.line, null, "its cells are not parted by commas")] };
  }
  for (const column of missing)
    faults.push(fault("ROSTER_COLUMN_MISSING", header.line, column, "no header means this"));
  return faults.length > 0 ? { faults } : { places };
}

function own(header: Row, place: number | undefined): string | undefined {
  return place === undefined ? undefined : header.cells[place]?.trim().toLowerCase();
}

/** An id names one row; an address may pass on from somebody who left, but two who are here cannot share it. */
function* clashes(staff: StaffMember[], timeZone: string, asOfMs: number): Iterable<RosterFault> {
  const ids = new Map<string, number>();
  const addresses = new Map<string, StaffMember>();
  for (const member of staff) {
    const line = ids.get(member.employeeId);
    if (line !== undefined) {
      yield fault("ROSTER_ID_TWICE", member.line, "employee_id", `is the one of line ${line} too`);
    } else ids.set(member.employeeId, member.line);
    if (member.status === "offboarded" || isOver(member, timeZone, asOfMs)) continue;
    for (const email of new Set(emailsOf(member))) {
      const holder = addresses.get(email);
      const column = email === member.workEmail ? "work_email" : "other_emails";
      if (holder) yield fault("ROSTER_EMAIL_TWICE", member.line, column, `is an address of line ${holder.line} too`);
      else addresses.set(email, member);
    }
  }
}

function isOver({ lastWorkingDay }: StaffMember, timeZone: string, asOfMs: number): boolean {
  return lastWorkingDay !== null && asOfMs >= endOfDay(lastWorkingDay, timeZone);
}

function inOrder(faults: RosterFault[]): RosterFault[] {
  const place = ({ column }: RosterFault) => (column === null ? -1 : COLUMNS.indexOf(column));
  const sorted = [...faults].sort((a, b) => a.line - b.line || place(a) - place(b));
  if (sorted.length <= MOST_FAULTS) return sorted;
  const more = fault(
    "ROSTER_MORE",
    sorted[MOST_FAULTS]!.line,
    null,
    `${sorted.length - MOST_FAULTS} more faults from here on`,
  );
  return [...sorted.slice(0, MOST_FAULTS), more];
}
