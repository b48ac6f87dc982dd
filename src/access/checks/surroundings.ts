import { FRESHNESS } from "../policy/document.ts";
import { addDays, dayOf } from "../time-zone.ts";
import { type Check, failed, isKnown, NO_ROSTER, NOBODYS, notAssessed, passed } from "./check.ts";

const HOUR_MS = 60 * 60 * 1000;

/** There is evidence that two-factor sign-in is enforced, and it is not old. */
export const twoFactor: Check = function* ({ policy, timeZone, atMs }) {
  const evidence = policy?.two_factor;
  const fail = (detail: string) => failed({ code: "AR-2FA-EVIDENCE", detail });
  if (evidence === undefined) yield fail("the policy names no evidence that two-factor sign-in is enforced");
  else if (evidence.taken_on > dayOf(atMs, timeZone))
    yield fail(`the evidence is dated ${evidence.taken_on}, which is to come`);
  else if (dayOf(atMs, timeZone) > addDays(evidence.taken_on, evidence.valid_days)) {
    yield fail(`the evidence of ${evidence.taken_on} was good for ${evidence.valid_days} days`);
  } else yield passed();
};

/** Clocks differ a little; a date that lies further ahead would never grow old. */
const AHEAD_MS = HOUR_MS;

/** Roster and snapshot are no older than the policy allows. What fails here keeps a review from being completed. */
export const inputs: Check = function* ({ roster, policy, snapshot, atMs }) {
  const { roster_days, snapshot_hours } = policy?.freshness ?? FRESHNESS;
  const fail = (about: string, detail: string) => failed({ code: "AR-STALE-INPUT", about, detail });
  const judge = (about: string, madeAt: string, limitHours: number, limit: string) => {
    const ageMs = atMs - Date.parse(madeAt);
    if (ageMs < -AHEAD_MS) return fail(about, `the ${about} is dated ${madeAt}, which is to come`);
    return ageMs > limitHours * HOUR_MS ? fail(about, `the ${about} is of ${madeAt}; the limit is ${limit}`) : passed();
  };
  if (roster === null) yield fail("roster", "no roster was imported");
  else yield judge("roster", roster.asOf, roster_days * 24, `${roster_days} days`);
  yield judge("snapshot", snapshot.takenAt, snapshot_hours, `${snapshot_hours} hours`);
};

/** A contract may end in years: this long before, somebody should act. */
const WARN_DAYS = 30;

/** The user whose credentials the connection works with is not about to leave: the sync would end with the account. */
export const connection: Check = function* ({ subjects, snapshot, roster, usersGap, atMs, timeZone }) {
  const subject = subjects.find(({ account }) => account.userId === snapshot.takenAs.userId);
  if (usersGap !== null || roster === null || subject === undefined) {
    yield notAssessed(usersGap ?? (roster === null ? NO_ROSTER : "the connection's own user is not among the users"));
    return;
  }
  const day = subject.match.staff?.lastWorkingDay ?? null;
  const soon = day !== null && day <= addDays(dayOf(atMs, timeZone), WARN_DAYS);
  if (subject.left || soon) {
    const detail = `the connection works as this account, and the last working day of its person is ${day}`;
    yield failed({ code: "AR-TOKEN-OWNER", subject, detail });
  } else yield isKnown(subject) ? passed(subject) : notAssessed(NOBODYS, subject);
};
