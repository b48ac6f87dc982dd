import {
  type Check,
  failed,
  isKnown,
  NO_POLICY,
  NOBODYS,
  needsRoster,
  notAssessed,
  ofAccounts,
  passed,
  type Subject,
} from "./check.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** There are no more administrators than the policy allows. Where that is not told of an account, it is not a no. */
export const admins: Check = function* ({ active, policy, usersGap }) {
  const most = policy?.max_admins;
  if (usersGap !== null || most === undefined) {
    yield notAssessed(usersGap ?? (policy === null ? NO_POLICY : "the policy sets no max_admins"));
    return;
  }
  const count = active.filter(({ account }) => account.admin === true).length;
  if (count > most)
    yield failed({ code: "AR-ADMIN-EXCESS", detail: `${count} active administrators, ${most} allowed` });
  else if (active.some(({ account }) => account.admin === null))
    yield notAssessed("some accounts do not tell whether they are administrators");
  else yield passed();
};

/** Somebody signed in lately. Service accounts work through the API, which is no sign-in: their date stands for it. */
export const dormant = ofAccounts(
  ({ policy }) =>
    policy?.dormant_days === undefined ? (policy === null ? NO_POLICY : "the policy sets no dormant_days") : null,
  function* ({ active, policy, atMs }) {
    const days = policy!.dormant_days!;
    const isOld = (at: string | null) => at === null || atMs - Date.parse(at) > days * DAY_MS;
    for (const subject of active) {
      const { lastLoginAt, createdAt } = subject.account;
      if (subject.service !== null) continue;
      // Whoever was invited yesterday and has not come yet is not dormant.
      if (!isOld(lastLoginAt) || (lastLoginAt === null && !isOld(createdAt))) yield passed(subject);
      else {
        const since = lastLoginAt === null ? "never signed in" : `last sign-in on ${lastLoginAt.slice(0, 10)}`;
        yield failed({ code: "AR-DORMANT", subject, detail: `${since}; the policy allows ${days} days` });
      }
    }
  },
);

/** Nobody has two active accounts. The one with the lowest id counts as the first. */
export const duplicates = ofAccounts(needsRoster, function* ({ active }) {
  const first = new Map<string, Subject>();
  for (const subject of active) {
    const { staff } = subject.match;
    if (staff === null) {
      if (!isKnown(subject)) yield notAssessed(NOBODYS, subject);
      continue;
    }
    const other = first.get(staff.employeeId);
    if (other === undefined) {
      first.set(staff.employeeId, subject);
      yield passed(subject);
    } else {
      const detail = `${staff.employeeId} also has the account ${other.account.userId}`;
      yield failed({ code: "AR-DUPLICATE-STAFF", subject, detail });
    }
  }
});
