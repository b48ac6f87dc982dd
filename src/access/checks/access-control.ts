import type { PolicyDocument } from "../policy/document.ts";
import { type Check, type Facts, failed, NO_ROSTER, notAssessed, passed, type Subject, type Verdict } from "./check.ts";

/** It is defined whose access is valid: for the system, and for each staff role that has an account. */
export const accessControl: Check = function* (facts) {
  const gap = gapOf(facts.policy);
  yield gap === null ? passed() : failed({ code: "AR-NO-POLICY", detail: gap });
  if (gap !== null || facts.policy?.validity !== "staff_role") return;
  if (facts.usersGap !== null || facts.roster === null) yield notAssessed(facts.usersGap ?? NO_ROSTER);
  else yield* ofRoles(facts);
};

/** Why a policy defines nothing; null when it does. */
export function gapOf(policy: PolicyDocument | null): string | null {
  if (policy === null) return "there is no access policy";
  if (policy.validity === "staff_role" && Object.keys(policy.allowed).length === 0) {
    return "the policy goes by staff role and names none under allowed";
  }
  if (policy.validity === "tickets" && policy.tickets === undefined) return "the policy goes by tickets and lists none";
  return null;
}

function* ofRoles({ active, policy }: Facts): Iterable<Verdict> {
  const rules = rulesOf(policy!);
  const roles = new Map<string, { shown: string; accounts: number }>();
  for (const subject of active) {
    const shown = roleOf(subject);
    if (shown === null) continue;
    const role = roles.get(normalRole(shown)) ?? { shown, accounts: 0 };
    role.accounts += 1;
    roles.set(normalRole(shown), role);
  }
  for (const [key, { shown, accounts }] of roles) {
    if (rules.has(key)) yield passed();
    else {
      const detail = `no rule for ${shown === "" ? "people without a staff role" : `the staff role ${shown}`}; active accounts: ${accounts}`;
      yield failed({ code: "AR-NO-POLICY", about: `role:${key}`, detail });
    }
  }
}

/**
 * The role by which an account's access is judged; null for accounts that no role speaks of: those of nobody known, of
 * people who left or are out of scope, and service accounts, which their entry covers.
 */
export function roleOf({ match, service, left }: Subject): string | null {
  if (service !== null || left) return null;
  if (match.class === "external") return "external";
  if (match.staff === null || !match.staff.inScope) return null;
  return match.staff.staffRole ?? "";
}

/** Allowed access by role. */
export function rulesOf(policy: PolicyDocument): Map<string, Set<string>> {
  return new Map(Object.entries(policy.allowed).map(([role, access]) => [normalRole(role), new Set(access)]));
}

export function normalRole(role: string): string {
  return role.trim().toLowerCase();
}
