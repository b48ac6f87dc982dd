import { looksLikeEmail, normalEmail } from "../email.ts";
import { isDay } from "../time-zone.ts";
import { type Column, wordOf } from "./columns.ts";
import { fault, type RosterFault, type RosterFaultCode } from "./fault.ts";
import type { Row } from "./read-rows.ts";
import type { StaffMember } from "./roster.ts";

const LONGEST_CELL = 500;
const MOST_EMAILS = 20;

/** Reads a row as a person. Every cell is looked at, so that all that is wrong is said at once. */
export function readMember(
  row: Row,
  places: ReadonlyMap<Column, number>,
): { member: StaffMember } | { faults: RosterFault[] } {
  const cells = new Cells(row, places);
  const status = cells.word("status", ["active", "leave", "offboarded"], (cell) => wordOf("status", cell)) ?? "active";
  const member: StaffMember = {
    employeeId: cells.required("employee_id"),
    fullName: cells.required("full_name"),
    workEmail: cells.email("work_email"),
    otherEmails: cells.emails("other_emails"),
    employmentType: cells.word("employment_type", ["employee", "contractor", "intern", "service"], (cell) =>
      wordOf("employment_type", cell),
    ),
    status,
    startDate: cells.day("start_date"),
    lastWorkingDay: cells.day("last_working_day", status === "offboarded"),
    staffRole: cells.text("staff_role"),
    department: cells.text("department"),
    managerEmail: cells.email("manager_email"),
    inScope: cells.word("in_scope", ["yes", "no"], (cell) => wordOf("in_scope", cell)) !== "no",
    line: row.line,
  };
  if (cells.text("status") === null) cells.blame("ROSTER_VALUE_MISSING", "status", "is empty");
  if (member.startDate !== null && member.lastWorkingDay !== null && member.lastWorkingDay < member.startDate) {
    cells.blame("ROSTER_DAYS_REVERSED", "last_working_day", "lies before start_date");
  }
  return cells.faults.length > 0 ? { faults: cells.faults } : { member };
}

class Cells {
  readonly faults: RosterFault[] = [];
  private readonly row: Row;
  private readonly places: ReadonlyMap<Column, number>;

  constructor(row: Row, places: ReadonlyMap<Column, number>) {
    this.row = row;
    this.places = places;
  }

  blame(code: RosterFaultCode, column: Column, what: string): void {
    this.faults.push(fault(code, this.row.line, column, what));
  }

  /** Null for an empty cell and for a column that is not there. */
  text(column: Column): string | null {
    const place = this.places.get(column);
    const cell = place === undefined ? "" : (this.row.cells[place] ?? "").trim();
    if (cell.length <= LONGEST_CELL) return cell === "" ? null : cell.normalize("NFC");
    this.blame("ROSTER_VALUE_TOO_LONG", column, `is longer than ${LONGEST_CELL} characters`);
    return cell.slice(0, LONGEST_CELL); // for the other checks: the row is refused anyway
  }

  required(column: Column): string {
    const text = this.text(column);
    if (text === null) this.blame("ROSTER_VALUE_MISSING", column, "is empty");
    return text ?? "";
  }

  word<T extends string>(column: Column, words: T[], read: (cell: string) => T | undefined): T | null {
    const text = this.text(column);
    const word = text === null ? null : read(text);
    if (word === undefined) this.blame("ROSTER_VALUE_INVALID", column, `is none of ${words.join(", ")}`);
    return word ?? null;
  }

  day(column: Column, required = false): string | null {
    const text = this.text(column);
    if (text === null && required) {
      this.blame("ROSTER_VALUE_MISSING", column, "is empty, although the person is offboarded");
    }
    if (text === null || isDay(text)) return text;
    this.blame("ROSTER_DATE_INVALID", column, "is not a day of the calendar as YYYY-MM-DD");
    return null;
  }

  email(column: Column): string | null {
    return this.addresses(column, [this.text(column) ?? ""])[0] ?? null;
  }

  emails(column: Column): string[] {
    const addresses = this.addresses(column, (this.text(column) ?? "").split(";"));
    if (addresses.length > MOST_EMAILS) {
      this.blame("ROSTER_VALUE_TOO_LONG", column, `has more than ${MOST_EMAILS} addresses`);
    }
    return addresses;
  }

  private addresses(column: Column, texts: string[]): string[] {
    const addresses = texts.map(normalEmail).filter((text) => text !== "");
    if (!addresses.every(looksLikeEmail)) {
      const several = column === "other_emails" ? " (several are parted by semicolons)" : "";
      this.blame("ROSTER_EMAIL_INVALID", column, `is not an e-mail address${several}`);
    }
    return [...new Set(addresses)];
  }
}
