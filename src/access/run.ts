import type { Account } from "./accounts.ts";
import type { CheckId, Code, Severity } from "./codes.ts";
import type { ExceptionNote } from "./exceptions.ts";
import type { AccountClass, MatchKind } from "./matching.ts";
import type { NotAssessed } from "./snapshot.ts";

/** Something about access that a person has to look at. Holds names and addresses: to be stored sealed. */
export interface Finding {
  /** The same in every run while it is about the same: code and what it is about. Holds no address. */
  key: string;
  code: Code;
  check: CheckId;
  severity: Severity;
  /** E.g. `SOC2:CC6.2`, `ISO27001:A.5.18`. */
  controls: string[];
  userId: number | null;
  /** The account's address, or its name where it has none. */
  account: string | null;
  detail: string;
  advice: string;
  /** ISO. */
  firstSeenAt: string;
  dueAt: string | null;
  overdue: boolean;
  state: "open" | "excepted";
  /** Address of who has to act; null when nobody is known. */
  owner: string | null;
  exception: ExceptionNote | null;
  /** Whether a review of this run cannot be completed because of it. */
  blocksCompletion: boolean;
}

/** How a check came out. `passed` to `notAssessed` count what it looked at: accounts, roles, inputs, or the system. */
export interface CheckResult {
  id: CheckId;
  title: string;
  outcome: "pass" | "fail" | "not_assessed";
  passed: number;
  failed: number;
  excepted: number;
  notAssessed: number;
  reasons: { reason: string; count: number }[];
}

/** An account with what was concluded about it. */
export interface AccountRow extends Account {
  staff: {
    employeeId: string;
    fullName: string;
    status: string;
    left: boolean;
    staffRole: string | null;
    inScope: boolean;
    emails: string[];
  } | null;
  class: AccountClass | "service" | null;
  matchKind: MatchKind;
  /** Who said whose or what it is, where a person did. */
  confirmation: { by: string; at: string; comment: string | null } | null;
  /** Who might be meant. */
  suggested: { employeeId: string; emails: string[] }[];
  verdict: "ok" | "attention" | "excepted" | "not_assessed" | "inactive";
  codes: Code[];
  notAssessed: string[];
}

/** One assessment: plain values, to be stored as canonical JSON and never changed. */
export interface Run {
  format: "access-run/1";
  runId: string;
  /** The moment assessed, ISO in UTC. */
  at: string;
  toolVersion: string;
  company: { id: number; domain: string; name: string };
  timeZone: string;
  snapshot: { sha256: string; takenAt: string; notAssessed: ({ part: string } & NotAssessed)[] };
  roster: { sha256: string; asOf: string; rows: number } | null;
  policy: { sha256: string } | null;
  mapSha256: string;
  /** A review of this run has to be completed within so many days of its snapshot. */
  reviewDays: number;
  accounts: AccountRow[];
  findings: Finding[];
  checks: CheckResult[];
}
