import { FRESHNESS } from "../policy/document.ts";
import { addDays, dayOf } from "../time-zone.ts";
import { type Check, failed, notAssessed, passed } from "./check.ts";

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

/** Roster and snapshot are no older than the policy allows. What fails here keeps a review from being completed. */
export const inputs: Check = function* ({ roster, policy, snapshot, atMs }) {
  const limits = policy?.freshness ?? FRESHNESS;
  const fail = (about: string, detail: string) => failed({ code: "AR-STALE-INPUT", about, detail });
  if (roster === null) yield fail("roster", "no roster was imported");
  else if (atMs - Date.parse(roster.asOf) > limits.roster_days * 24 * HOUR_MS) {
    yield fail("roster", `the roster is of ${roster.asOf.slice(0, 10)}; the limit is ${limits.roster_days} days`);
  } else yield passed();
  if (atMs - Date.parse(snapshot.takenAt) > limits.snapshot_hours * HOUR_MS) {
    yield fail("snapshot", `the snapshot is of ${snapshot.takenAt}; the limit is ${limits.snapshot_hours} hours`);
  } else yield passed();
};

/** The user whose credentials the connection works with is not about to leave: the sync would end with the account. */
export const connection: Check = function* ({ subjects, snapshot, roster, usersGap }) {
  const subject = subjects.find(({ account }) => account.userId === snapshot.takenAs.userId);
  if (usersGap !== null || roster === null || subject === undefined) {
    yield notAssessed(usersGap ?? "it is not known who the connection's user is");
    return;
  }
  const day = subject.match.staff?.lastWorkingDay;
  if (!subject.left && !day) yield passed(subject);
  else {
    const detail = `the connection works as this account, and its person's last working day is ${day}`;
    yield failed({ code: "AR-TOKEN-OWNER", subject, detail });
  }
};
