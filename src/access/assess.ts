import { InputError } from "../errors.ts";
import { toAccounts } from "./accounts.ts";
import { canonicalJson, deepFreeze, sha256 } from "./canonical-json.ts";
import type { Check, Facts, Found, Service, Subject, Verdict } from "./checks/check.ts";
import { CHECK_FUNCTIONS } from "./checks/index.ts";
import { CHECKS, type CheckId, CODES, type Severity } from "./codes.ts";
import { applyExceptions, type ExceptionsInForce, exceptionsOf } from "./exceptions.ts";
import { createMatcher, type MapEntry, type Matcher } from "./matching.ts";
import { FRESHNESS } from "./policy/document.ts";
import type { Policy } from "./policy/parse-policy.ts";
import { emailsOf, hasLeft, type Roster } from "./roster/roster.ts";
import type { AccountRow, CheckResult, Finding, Run } from "./run.ts";
import type { Snapshot } from "./snapshot.ts";
import { toIso } from "./time-zone.ts";

export interface AssessInput {
  /** Chosen by the caller; stands in every file of the evidence. Letters, digits, `-` and `_`. */
  runId: string;
  /** The moment for which the question is asked; nothing here looks at a clock. */
  at: Date;
  toolVersion: string;
  snapshot: Snapshot;
  roster: Roster | null;
  policy: Policy | null;
  /** What was confirmed by people, whichever roster it was confirmed with. */
  map?: readonly MapEntry[];
  /** Findings that were open after the run before: they keep the moment they were first seen. */
  earlier?: readonly Pick<Finding, "key" | "firstSeenAt">[];
}

/**
 * Assesses a snapshot against a roster and a policy. The same input gives the same run, to the byte; the work grows
 * with the number of accounts plus that of the roster's rows.
 *
 * Without a roster, a policy or parts of the snapshot the checks that need them are not assessed.
 *
 * @throws InputError for a run id that cannot stand in a file's name
 */
export function assess(input: AssessInput): Run {
  if (!/^[\w-]{1,64}$/.test(input.runId)) {
    throw new InputError("RUN_ID_INVALID", "the run's id has other characters than letters, digits, - and _", "runId");
  }
  const facts = toFacts(input);
  const exceptions = exceptionsOf(input.policy?.document ?? null, facts.timeZone, facts.atMs);
  const firstSeen = new Map((input.earlier ?? []).map(({ key, firstSeenAt }) => [key, firstSeenAt]));
  const findings: Finding[] = [];
  const gaps = new Map<number, string[]>();
  const checks = (Object.keys(CHECKS) as CheckId[]).map((id) => {
    const verdicts = [...(CHECK_FUNCTIONS[id] as Check)(facts)];
    for (const { subject, notAssessed } of verdicts) {
      if (subject && notAssessed !== undefined) push(gaps, subject.account.userId, `${id}: ${notAssessed}`);
    }
    const judged = verdicts.map((verdict) => toFindings(id, verdict, exceptions, firstSeen, input.at));
    findings.push(...judged.flat());
    return toResult(id, verdicts, judged);
  });
  const { snapshot, roster, policy } = input;
  return deepFreeze({
    format: "access-run/1" as const,
    runId: input.runId,
    at: input.at.toISOString(),
    toolVersion: input.toolVersion,
    company: snapshot.content.company,
    timeZone: facts.timeZone,
    snapshot: { sha256: snapshot.sha256, takenAt: snapshot.content.takenAt, notAssessed: partsNotAssessed(snapshot) },
    roster: roster && { sha256: roster.sha256, asOf: roster.asOf, rows: roster.staff.length },
    policy: policy && { sha256: policy.sha256 },
    mapSha256: sha256(canonicalJson(input.map ?? [])),
    reviewDays: (policy?.document.freshness ?? FRESHNESS).review_days,
    accounts: toRows(facts, findings, gaps),
    findings: inOrder(findings),
    checks,
  });
}

/** The findings that were not open after the run before. */
export function newFindings(run: Run, earlier: readonly Pick<Finding, "key">[]): Finding[] {
  const known = new Set(earlier.map(({ key }) => key));
  return run.findings.filter(({ key, state }) => state === "open" && !known.has(key));
}

function toFacts({ at, snapshot, roster, policy, map = [] }: AssessInput): Facts {
  const atMs = at.getTime();
  const document = policy?.document ?? null;
  const matcher = createMatcher({ roster, policy: document, map, atMs });
  const { users } = snapshot.content;
  const subjects = toAccounts(snapshot.content).map((account): Subject => {
    const match = matcher.match(account);
    const left = match.staff !== null && roster !== null && hasLeft(match.staff, roster.timeZone, atMs);
    return { account, match, left, service: serviceOf(account, match, matcher) };
  });
  return {
    atMs,
    snapshot: snapshot.content,
    usersGap: users.assessed ? null : `users could not be read: ${users.reason.message}`,
    subjects,
    active: subjects.filter(({ account }) => account.active),
    roster,
    policy: document,
    timeZone: roster?.timeZone ?? "UTC",
    matcher,
  };
}

function serviceOf(account: Subject["account"], match: Subject["match"], matcher: Matcher): Service | null {
  const entry = matcher.service(account);
  if (entry && match.staff === null) return { ownerEmail: entry.owner_email, expiresOn: entry.expires_on };
  if (match.staff?.employmentType !== "service") return null;
  return { ownerEmail: match.staff.managerEmail ?? entry?.owner_email ?? null, expiresOn: entry?.expires_on ?? null };
}

function toFindings(
  check: CheckId,
  verdict: Verdict,
  exceptions: ExceptionsInForce,
  firstSeen: ReadonlyMap<string, string>,
  at: Date,
): Finding[] {
  return applyExceptions(check, verdict.found, exceptions).map(({ found, exception }) => {
    const { code, subject, detail, about, dueAtMs } = found;
    const key = `${code} ${about ?? (subject ? `account:${subject.account.userId}` : "system")}`;
    return {
      key,
      code,
      check,
      severity: found.severity ?? CODES[code].severity,
      controls: [...CODES[code].controls],
      userId: subject?.account.userId ?? null,
      account: subject ? subject.account.email || subject.account.name : null,
      detail,
      advice: CODES[code].advice,
      firstSeenAt: firstSeen.get(key) ?? at.toISOString(),
      dueAt: dueAtMs === undefined ? null : toIso(dueAtMs),
      overdue: dueAtMs !== undefined && at.getTime() > dueAtMs,
      state: exception ? ("excepted" as const) : ("open" as const),
      owner: found.owner ?? ownerOf(subject),
      exception,
      blocksCompletion: code === "AR-STALE-INPUT",
    };
  });
}

function ownerOf(subject: Found["subject"]): string | null {
  return subject?.match.staff?.managerEmail ?? subject?.service?.ownerEmail ?? null;
}

/** A check passes only when every unit did; what could not be looked at keeps it from that. */
function toResult(id: CheckId, verdicts: Verdict[], judged: Finding[][]): CheckResult {
  const count = { passed: 0, failed: 0, excepted: 0, notAssessed: 0 };
  const reasons = new Map<string, number>();
  for (const [index, verdict] of verdicts.entries()) {
    const findings = judged[index] ?? [];
    if (findings.some(({ state }) => state === "open")) count.failed += 1;
    else if (verdict.notAssessed !== undefined) {
      count.notAssessed += 1;
      reasons.set(verdict.notAssessed, (reasons.get(verdict.notAssessed) ?? 0) + 1);
    } else if (findings.length > 0) count.excepted += 1;
    else count.passed += 1;
  }
  const outcome = count.failed > 0 ? "fail" : count.notAssessed > 0 ? "not_assessed" : "pass";
  const why = [...reasons].map(([reason, times]) => ({ reason, count: times }));
  return { id, title: CHECKS[id], outcome, ...count, reasons: why };
}

function toRows(facts: Facts, findings: Finding[], gaps: ReadonlyMap<number, string[]>): AccountRow[] {
  const byUser = new Map<number, Finding[]>();
  for (const finding of findings) if (finding.userId !== null) push(byUser, finding.userId, finding);
  return facts.subjects.map(({ account, match, left }) => {
    const own = byUser.get(account.userId) ?? [];
    const unknown = gaps.get(account.userId) ?? [];
    return {
      ...account,
      staff: match.staff && {
        employeeId: match.staff.employeeId,
        fullName: match.staff.fullName,
        status: match.staff.status,
        left,
        staffRole: match.staff.staffRole,
        inScope: match.staff.inScope,
        emails: emailsOf(match.staff),
      },
      class: match.class,
      matchKind: match.kind,
      confirmation: match.confirmation,
      suggested: match.suggested.map((member) => ({ employeeId: member.employeeId, emails: emailsOf(member) })),
      verdict: verdictOf(account.active, own, unknown),
      codes: [...new Set(own.map(({ code }) => code))].sort(),
      notAssessed: unknown,
    };
  });
}

function verdictOf(active: boolean, findings: Finding[], unknown: string[]): AccountRow["verdict"] {
  if (findings.some(({ state }) => state === "open")) return "attention";
  if (!active) return "inactive";
  if (unknown.length > 0) return "not_assessed";
  return findings.length > 0 ? "excepted" : "ok";
}

function partsNotAssessed({ content }: Snapshot): Run["snapshot"]["notAssessed"] {
  const parts = ["users", "permissionSets", "roles", "userPermissions"] as const;
  return parts.flatMap((name) => {
    const part = content[name];
    return part.assessed ? [] : [{ part: name, ...part.reason }];
  });
}

const RANK: Record<Severity, number> = { critical: 0, high: 1, medium: 2, low: 3 };

function inOrder(findings: Finding[]): Finding[] {
  return [...findings].sort((a, b) => {
    return (
      RANK[a.severity] - RANK[b.severity] ||
      compare(a.code, b.code) ||
      (a.userId ?? 0) - (b.userId ?? 0) ||
      compare(a.key, b.key)
    );
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
