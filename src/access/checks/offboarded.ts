import { endOfDay, removalDueAt } from "../time-zone.ts";
import {
  type Facts,
  type Found,
  failed,
  isKnown,
  NOBODYS,
  needsRoster,
  notAssessed,
  ofAccounts,
  passed,
  type Subject,
  type Verdict,
} from "./check.ts";

/**
 * Nobody who left has an active account, and nobody signed in after the last working day: that is looked for in
 * deactivated accounts too.
 */
export const offboarded = ofAccounts(needsRoster, function* (facts) {
  for (const subject of facts.subjects) {
    if (subject.left) yield judge(subject, facts);
    else if (subject.account.active) yield isKnown(subject) ? passed(subject) : notAssessed(NOBODYS, subject);
  }
});

function judge(subject: Subject, facts: Facts): Verdict {
  const found: Found[] = [];
  if (subject.account.active) found.push(stillActive(subject, facts));
  const login = loginAfterwards(subject, facts);
  if (login) found.push(login);
  const [first, ...others] = found;
  return first ? failed(first, ...others) : passed(subject);
}

function stillActive(subject: Subject, { policy, timeZone, atMs }: Facts): Found {
  const { lastWorkingDay, status } = subject.match.staff!;
  const since = `last working day ${lastWorkingDay}`;
  const detail = status === "offboarded" ? since : `${since}, although the roster still says ${status}`;
  const found: Found = { code: "AR-OFFBOARDED-ACTIVE", subject, detail };
  if (policy === null || lastWorkingDay === null) return found;
  const dueAtMs = removalDueAt(lastWorkingDay, timeZone, policy.removal_sla_hours);
  return { ...found, dueAtMs, severity: atMs > dueAtMs ? "critical" : "high" };
}

function loginAfterwards(subject: Subject, { timeZone }: Facts): Found | null {
  const { lastWorkingDay } = subject.match.staff!;
  const { lastLoginAt } = subject.account;
  if (lastWorkingDay === null || lastLoginAt === null) return null;
  if (Date.parse(lastLoginAt) < endOfDay(lastWorkingDay, timeZone)) return null;
  return { code: "AR-OFFBOARDED-LOGIN", subject, detail: `last sign-in after ${lastWorkingDay}, the last working day` };
}
