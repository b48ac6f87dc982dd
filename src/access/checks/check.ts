import type { Account } from "../accounts.ts";
import type { Code, Severity } from "../codes.ts";
import type { Match, Matcher } from "../matching.ts";
import type { PolicyDocument } from "../policy/document.ts";
import type { Roster } from "../roster/roster.ts";
import type { SnapshotContent } from "../snapshot.ts";

/** A service account, from the policy or from a row of the roster of that type. */
export interface Service {
  ownerEmail: string | null;
  /** `YYYY-MM-DD`, the last good day; null for one without an end. */
  expiresOn: string | null;
}

/** An account with what is known of it. */
export interface Subject {
  account: Account;
  match: Match;
  service: Service | null;
  /** Confirmed to belong to somebody who is not here any more. */
  left: boolean;
}

/** All that a check may look at. */
export interface Facts {
  /** The moment of the assessment, milliseconds since the epoch. */
  atMs: number;
  snapshot: SnapshotContent;
  /** Why users could not be read; null when they could. */
  usersGap: string | null;
  subjects: readonly Subject[];
  /** Those who may sign in. */
  active: readonly Subject[];
  roster: Roster | null;
  policy: PolicyDocument | null;
  /** Where days end: the roster's zone, UTC without a roster. */
  timeZone: string;
  matcher: Matcher;
}

/** Something a check found. Without a subject it is about the account as a whole, or what `about` names. */
export interface Found {
  code: Code;
  detail: string;
  subject?: Subject;
  about?: string;
  severity?: Severity;
  dueAtMs?: number;
  /** Who has to act; by default the person's manager or the service account's owner. */
  owner?: string;
}

/** One unit that a check looked at: it passed when nothing was found and nothing kept us from looking. */
export interface Verdict {
  subject?: Subject;
  found: Found[];
  notAssessed?: string;
}

export type Check = (facts: Facts) => Iterable<Verdict>;

export function passed(subject?: Subject): Verdict {
  return { ...(subject && { subject }), found: [] };
}

export function failed(...found: [Found, ...Found[]]): Verdict {
  const [{ subject }] = found;
  return { ...(subject && { subject }), found };
}

export function notAssessed(reason: string, subject?: Subject): Verdict {
  return { ...(subject && { subject }), found: [], notAssessed: reason };
}

/** For checks of single accounts: says once why nothing can be said, else judges each. */
export function ofAccounts(gap: (facts: Facts) => string | null, judge: (facts: Facts) => Iterable<Verdict>): Check {
  return function* (facts) {
    const reason = facts.usersGap ?? gap(facts);
    if (reason === null) yield* judge(facts);
    else yield notAssessed(reason);
  };
}

/** Whether it was confirmed whose or what an account is. */
export function isKnown({ match, service }: Subject): boolean {
  return match.staff !== null || match.class !== null || service !== null;
}

export const NO_ROSTER = "no roster was imported";
export const NO_POLICY = "there is no access policy";
export const NOBODYS = "it is not known whose account it is";

export const needsNothing = (): null => null;
export const needsRoster = ({ roster }: Facts): string | null => (roster === null ? NO_ROSTER : null);
