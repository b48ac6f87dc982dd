import { normalEmail } from "../email.ts";
import { endOfDay } from "../time-zone.ts";
import type { EmploymentType, StaffStatus } from "./columns.ts";

/** One row of a roster. Addresses are in lower case; null is an empty cell or a column that is not there. */
export interface StaffMember {
  employeeId: string;
  fullName: string;
  workEmail: string | null;
  otherEmails: string[];
  employmentType: EmploymentType | null;
  status: StaffStatus;
  /** `YYYY-MM-DD`, as all days. */
  startDate: string | null;
  lastWorkingDay: string | null;
  staffRole: string | null;
  department: string | null;
  managerEmail: string | null;
  inScope: boolean;
  /** Where the row begins in the file, 1-based. */
  line: number;
}

/** A roster that was taken in whole. */
export interface Roster {
  staff: StaffMember[];
  /** IANA name: where a working day ends. */
  timeZone: string;
  /** The moment it speaks of, ISO: the export's, or the import's where that is not known. */
  asOf: string;
  /** Of the bytes as given. */
  sha256: string;
}

/**
 * Whether somebody has left: HR says so, or the last working day is over although the status has not followed yet.
 *
 * @param atMs the moment asked about, milliseconds since the epoch
 */
export function hasLeft(member: StaffMember, timeZone: string, atMs: number): boolean {
  if (member.status === "offboarded") return true;
  return member.lastWorkingDay !== null && atMs >= endOfDay(member.lastWorkingDay, timeZone);
}

/** All addresses of somebody, the work address first. */
export function emailsOf(member: StaffMember): string[] {
  return [...(member.workEmail === null ? [] : [member.workEmail]), ...member.otherEmails].map(normalEmail);
}
