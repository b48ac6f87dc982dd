import { endOfDay } from "../time-zone.ts";
import { gapOf, normalRole, roleOf, rulesOf } from "./access-control.ts";
import { type Facts, failed, NOBODYS, notAssessed, ofAccounts, passed, type Subject, type Verdict } from "./check.ts";

/** What is allowed to an account; a text says why that is not known. */
type Allowed = Set<string> | "everything" | { unknown: string };

/** What each account may use is allowed to its person: by staff role, by ticket, or because all staff may. */
export const accessValid = ofAccounts(
  ({ policy }) => gapOf(policy),
  function* (facts) {
    const allowedTo = ruleOf(facts);
    for (const subject of facts.active) {
      if (subject.service !== null || subject.left || subject.match.staff?.inScope === false) continue;
      yield judge(subject, allowedTo(subject));
    }
  },
);

function judge(subject: Subject, allowed: Allowed): Verdict {
  if (allowed === "everything") return passed(subject);
  if (!(allowed instanceof Set)) return notAssessed(allowed.unknown, subject);
  const { access, accessGap } = subject.account;
  const excess = access.filter((one) => !allowed.has(one));
  if (excess.length > 0) {
    // Downgrade only where something that is allowed would remain.
    const advice = excess.length < access.length ? "downgrade" : "revoke";
    return failed({ code: "AR-INVALID-ACCESS", subject, detail: `${advice}: not allowed are ${excess.join(", ")}` });
  }
  return accessGap === null ? passed(subject) : notAssessed(accessGap, subject);
}

function ruleOf(facts: Facts): (subject: Subject) => Allowed {
  const policy = facts.policy!;
  if (policy.validity === "tickets") return byTicket(facts);
  if (policy.validity === "all_staff") {
    return ({ match }) => (match.staff ? "everything" : match.class === "external" ? new Set() : { unknown: NOBODYS });
  }
  const rules = rulesOf(policy);
  return (subject) => {
    const role = roleOf(subject);
    if (role === null) return { unknown: NOBODYS };
    return rules.get(normalRole(role)) ?? { unknown: "the policy has no rule for this role" };
  };
}

function byTicket({ policy, timeZone, atMs }: Facts): (subject: Subject) => Allowed {
  const granted = new Map<string, Set<string>>();
  for (const { email, access, until } of policy!.tickets ?? []) {
    if (until !== undefined && atMs >= endOfDay(until, timeZone)) continue;
    const known = granted.get(email) ?? new Set();
    for (const one of access) known.add(one);
    granted.set(email, known);
  }
  return ({ account }) => granted.get(account.email) ?? new Set();
}
