import { assess } from "../../src/access/assess.ts";
import type { MapEntry } from "../../src/access/matching.ts";
import { type Policy, parsePolicy } from "../../src/access/policy/parse-policy.ts";
import { importRoster } from "../../src/access/roster/import-roster.ts";
import type { Roster } from "../../src/access/roster/roster.ts";
import type { Run } from "../../src/access/run.ts";
import {
  type Part,
  type Snapshot,
  type SnapshotContent,
  type SnapshotUser,
  sealSnapshot,
} from "../../src/access/snapshot.ts";

/** When every case is assessed unless it says otherwise: a Friday, at noon in London and 13:00 in Berlin. */
export const NOW = "2026-03-20T12:00:00.000Z";

export const SETS = {
  deals: { id: "set-deals", name: "Deals regular user", app: "sales", type: "regular" },
  dealsAdmin: { id: "set-deals-admin", name: "Deals admin", app: "sales", type: "admin" },
  global: { id: "set-global", name: "Global regular user", app: "global", type: "regular" },
  settings: { id: "set-settings", name: "Account settings", app: "account_settings", type: "admin" },
};

export const FORBIDDEN = { assessed: false, reason: { code: "FORBIDDEN", message: "not permitted" } } as const;
const NOT_ASKED = { assessed: false, reason: { code: "NOT_ASKED_FOR", message: "not asked for" } } as const;

/** An active user who signed in yesterday and may work on deals. */
export function user(id: number, name: string, email: string, changes: Partial<SnapshotUser> = {}): SnapshotUser {
  return {
    id,
    name,
    email,
    active_flag: true,
    is_deleted: false,
    activated: true,
    last_login: "2026-03-19 08:00:00",
    created: "2024-01-10 08:00:00",
    role_id: 1,
    access: [
      { app: "sales", admin: false, permission_set_id: SETS.deals.id },
      { app: "global", admin: false, permission_set_id: SETS.global.id },
    ],
    ...changes,
  };
}

/** What an administrator of deals may use. */
export const ADMIN_ACCESS = [{ app: "sales", admin: true, permission_set_id: SETS.dealsAdmin.id }];
export const INACTIVE = { active_flag: false };

export function snapshotOf(users: Part<SnapshotUser[]>, changes: Partial<SnapshotContent> = {}): Snapshot {
  const assignedTo = NOT_ASKED;
  return sealSnapshot({
    format: "access-snapshot/1",
    system: "pipedrive",
    company: { id: 77, domain: "acme", name: "Acme" },
    takenAt: "2026-03-20T11:00:00.000Z",
    takenAs: { userId: 1, email: "ana@acme.example" },
    users,
    permissionSets: {
      assessed: true,
      value: Object.values(SETS).map((set) => ({
        ...set,
        contents: { assessed: true, value: ["can_use_api"] },
        assignedTo,
      })),
    },
    roles: { assessed: true, value: [{ id: 1, parentId: null, name: "Sales team", assignedTo }] },
    userPermissions: NOT_ASKED,
    tokens: 52,
    ...changes,
  });
}

export const HEADER =
  "employee_id,full_name,work_email,other_emails,employment_type,status,start_date,last_working_day,staff_role,manager_email,in_scope";
/** Signed in as user 1 in every case, so that the connection's own user is somebody known. */
export const ANA = "E1,Ana Alder,ana@acme.example,,employee,active,2020-01-01,,Sales,boss@acme.example";
export const BOSS = "E0,Bo Boss,boss@acme.example,,employee,active,2019-01-01,,Lead,";

export function rosterOf(
  rows: readonly string[],
  timeZone = "Europe/Berlin",
  asOf = "2026-03-19T06:00:00.000Z",
): Roster {
  const text = rosterText(rows);
  const imported = importRoster(text, { timeZone, asOf });
  if (!imported.ok) throw new Error(imported.faults.map(({ message }) => message).join("\n"));
  return imported.roster;
}

export function rosterText(rows: readonly string[]): string {
  const width = HEADER.split(",").length;
  const padded = [ANA, BOSS, ...rows].map((row) => row + ",".repeat(Math.max(width - row.split(",").length, 0)));
  return `${[HEADER, ...padded].join("\n")}\n`;
}

/** A policy under which Ana's account is in order. */
export const POLICY = {
  system: "pipedrive",
  validity: "staff_role",
  allowed: {
    Sales: ["sales:Deals regular user", "global:Global regular user"],
    Lead: ["sales:Deals regular user", "sales:Deals admin", "sales:admin", "global:Global regular user"],
  },
  removal_sla_hours: 24,
  dormant_days: 90,
  max_admins: 2,
  two_factor: { evidence_file: "2fa.png", taken_on: "2026-03-01", valid_days: 90 },
} as const;

export function policyOf(changes: Record<string, unknown> = {}): Policy {
  const parsed = parsePolicy(JSON.stringify({ ...POLICY, ...changes }));
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message, hint }) => `${message}: ${hint}`).join("\n"));
  return parsed.policy;
}

/** One situation. What it leaves out is in order. */
export interface Given {
  at?: string;
  timeZone?: string;
  /** Rows below Ana's and Bo's; null: no roster was imported. */
  roster?: readonly string[] | null;
  rosterAsOf?: string;
  /** Besides Ana's account, which has id 1. */
  users?: readonly SnapshotUser[];
  /** Changes of Ana's own account. */
  ana?: Partial<SnapshotUser>;
  snapshot?: Partial<SnapshotContent>;
  /** Changes of POLICY; null: there is none. */
  policy?: Record<string, unknown> | null;
  map?: readonly MapEntry[];
  earlier?: { key: string; firstSeenAt: string }[];
}

export function runOf(given: Given): Run {
  const ana = user(1, "Ana Alder", "ana@acme.example", given.ana);
  return assess({
    runId: "2026-03",
    at: new Date(given.at ?? NOW),
    toolVersion: "0.1.0",
    snapshot: snapshotOf({ assessed: true, value: [ana, ...(given.users ?? [])] }, given.snapshot),
    roster: given.roster === null ? null : rosterOf(given.roster ?? [], given.timeZone, given.rosterAsOf),
    policy: given.policy === null ? null : policyOf(given.policy),
    map: given.map,
    earlier: given.earlier,
  });
}

export function mapped(userId: number, belongsTo: MapEntry["belongsTo"]): MapEntry {
  return { userId, belongsTo, confirmedBy: "bo@acme.example", confirmedAt: "2026-03-01T09:00:00.000Z", comment: null };
}
