import { assess } from "../src/access/assess.ts";
import { evidencePack, toZip } from "../src/access/evidence/evidence-pack.ts";
import { parsePolicy } from "../src/access/policy/parse-policy.ts";
import { importRoster } from "../src/access/roster/import-roster.ts";
import { type SnapshotUser, sealSnapshot } from "../src/access/snapshot.ts";

/** How long a review of one size takes in one process, step by step. */
export interface AccessReviewTimes {
  accounts: number;
  rosterLines: number;
  importMs: number;
  assessMs: number;
  evidenceMs: number;
  zipMs: number;
  findings: number;
}

const ACCOUNTS = 5_000;
const AT = "2026-03-20T12:00:00.000Z";
const POLICY = {
  system: "pipedrive",
  validity: "staff_role",
  allowed: { Sales: ["sales:Deals regular user"], Support: ["global:Global regular user"] },
  removal_sla_hours: 24,
  dormant_days: 90,
  max_admins: 5,
};

/** A large company, and one of half its size beside it: what grows faster than the company would show. */
export function measureAccessReviews(): AccessReviewTimes[] {
  measure(ACCOUNTS / 10); // warms up
  return [measure(ACCOUNTS / 2), measure(ACCOUNTS)];
}

function measure(accounts: number): AccessReviewTimes {
  const roster = new TextEncoder().encode(rosterText(2 * accounts));
  const snapshot = snapshotOf(accounts);
  const policy = parsePolicy(JSON.stringify(POLICY));
  if (!policy.ok) throw new Error("the bench's policy is not in order");
  const [imported, importMs] = timed(() => importRoster(roster, { timeZone: "Europe/Berlin", asOf: AT }));
  if (!imported.ok) throw new Error(`the bench's roster is not in order: ${imported.faults[0]?.message}`);
  const input = { runId: "bench", at: new Date(AT), toolVersion: "bench", snapshot, policy: policy.policy };
  const [run, assessMs] = timed(() => assess({ ...input, roster: imported.roster }));
  const [pack, evidenceMs] = timed(() =>
    evidencePack({ run, snapshot, roster, policy: policy.policy.text, review: null }),
  );
  const [, zipMs] = timed(() => toZip(pack));
  const rosterLines = 2 * accounts;
  return { accounts, rosterLines, importMs, assessMs, evidenceMs, zipMs, findings: run.findings.length };
}

/** All kinds of matches: by either address, by name only, by nothing, and people who left. */
function rosterText(lines: number): string {
  const rows = Array.from({ length: lines }, (_, i) => {
    const left = i % 25 === 0 ? "offboarded,2020-01-01,2026-03-01" : "active,2020-01-01,";
    return `P${i},"Person, Number${i}",p${i}@acme.example,alias${i}@acme.example,employee,${left},${i % 3 ? "Sales" : "Support"},boss@acme.example`;
  });
  const header =
    "employee_id,full_name,work_email,other_emails,employment_type,status,start_date,last_working_day,staff_role,manager_email";
  return `${[header, ...rows].join("\n")}\n`;
}

function snapshotOf(accounts: number) {
  const assignedTo = { assessed: false, reason: { code: "NOT_ASKED_FOR", message: "not asked for" } } as const;
  const users = Array.from({ length: accounts }, (_, i): SnapshotUser => {
    const name = i % 50 === 0 ? "alias" : i % 70 === 0 ? "unknown" : "p";
    const access = [{ app: "sales", admin: i % 500 === 0, permission_set_id: "deals" }];
    const dates = { last_login: "2026-03-19 08:00:00", created: "2024-01-10 08:00:00" };
    return {
      id: i + 1,
      name: `Person Number${i}`,
      email: `${name}${i}@acme.example`,
      active_flag: true,
      access,
      ...dates,
    };
  });
  const contents = { assessed: true, value: ["can_use_api"] } as const;
  const set = { id: "deals", name: "Deals regular user", app: "sales", type: "regular", assignedTo };
  return sealSnapshot({
    format: "access-snapshot/1",
    system: "pipedrive",
    company: { id: 1, domain: "acme", name: "Acme" },
    takenAt: AT,
    takenAs: { userId: 1, email: "alias0@acme.example" },
    users: { assessed: true, value: users },
    permissionSets: { assessed: true, value: [{ ...set, contents: { ...contents, value: [...contents.value] } }] },
    roles: { assessed: true, value: [] },
    userPermissions: assignedTo,
    tokens: 0,
  });
}

function timed<T>(work: () => T): [T, number] {
  const startedAt = performance.now();
  const result = work();
  return [result, Math.round(performance.now() - startedAt)];
}
