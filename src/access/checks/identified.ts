import { isGeneric } from "../email.ts";
import {
  failed,
  NO_ROSTER,
  needsNothing,
  notAssessed,
  ofAccounts,
  passed,
  type Subject,
  type Verdict,
} from "./check.ts";

/** Each account belongs to a person of the roster, or somebody said what it is. */
export const identified = ofAccounts(needsNothing, function* ({ active, roster }) {
  for (const subject of active) yield judge(subject, roster === null);
});

function judge(subject: Subject, noRoster: boolean): Verdict {
  const { account, match, service } = subject;
  if (service !== null) return passed(subject);
  if (isGeneric(account.email) && match.kind !== "map") {
    const detail = "the address is that of a function or a team, and it is not entered as a service account";
    return failed({ code: "AR-SHARED", subject, detail });
  }
  if (match.staff !== null || match.class !== null) return passed(subject);
  if (noRoster) return notAssessed(NO_ROSTER, subject);
  if (match.suggested.length > 0) return failed({ code: "AR-SUGGESTED-MATCH", subject, detail: suggestion(subject) });
  const detail =
    match.missingEmployeeId === null
      ? "no row of the roster has this address, and nobody said what the account is"
      : `it was mapped to ${match.missingEmployeeId}, who is not on this roster`;
  return failed({ code: "AR-UNIDENTIFIED", subject, detail });
}

const SIGNS: Partial<Record<Subject["match"]["kind"], string>> = {
  suggested_same_address: "several people of the roster have or had this address",
  suggested_local_part: "the part before the @ is the same, the domain is another",
  suggested_name: "the name is the same",
};

function suggestion({ match }: Subject): string {
  const people = match.suggested.map((member) => {
    return member.status === "offboarded" ? `${member.employeeId} (who left)` : member.employeeId;
  });
  return `might belong to ${people.join(" or ")}: ${SIGNS[match.kind] ?? "a weak sign"}`;
}
