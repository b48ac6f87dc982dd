import { endOfDay } from "../time-zone.ts";
import {
  type Facts,
  type Found,
  failed,
  NO_ROSTER,
  needsNothing,
  notAssessed,
  ofAccounts,
  passed,
  type Subject,
  type Verdict,
} from "./check.ts";

/** Each service account has an owner who is here, and a date that is not over. */
export const serviceAccounts = ofAccounts(needsNothing, function* (facts) {
  for (const subject of facts.active) if (subject.service !== null) yield judge(subject, facts);
});

function judge(subject: Subject, facts: Facts): Verdict {
  const { ownerEmail, expiresOn } = subject.service!;
  const owner = ownerEmail ?? undefined;
  const found: Found[] = [];
  if (expiresOn !== null && facts.atMs >= endOfDay(expiresOn, facts.timeZone)) {
    found.push({ code: "AR-SERVICE-EXPIRED", subject, owner, detail: `it was good until ${expiresOn}` });
  }
  if (facts.roster !== null && !hasOwner(subject, facts)) {
    const detail = "nobody who works here is its owner";
    found.push({ code: "AR-SERVICE-NO-OWNER", subject, owner, detail });
  }
  const [first, ...others] = found;
  if (first) return failed(first, ...others);
  return facts.roster === null ? notAssessed(NO_ROSTER, subject) : passed(subject);
}

/** An account cannot own itself, nor can another service account of the roster. */
function hasOwner({ account, service }: Subject, { matcher }: Facts): boolean {
  const { ownerEmail } = service!;
  if (ownerEmail === null || ownerEmail === account.email) return false;
  const owner = matcher.presentByEmail(ownerEmail);
  return owner !== null && owner.employmentType !== "service";
}
