import type { Found } from "./checks/check.ts";
import type { CheckId } from "./codes.ts";
import type { PolicyDocument } from "./policy/document.ts";
import { endOfDay } from "./time-zone.ts";

/** Why a finding does not count as a failure. */
export interface ExceptionNote {
  reason: string;
  approvedBy: string;
  /** The last day, `YYYY-MM-DD`. */
  until: string;
}

/** The policy's exceptions by check and address, each still in force or over. */
export type ExceptionsInForce = ReadonlyMap<string, { note: ExceptionNote; inForce: boolean }>;

export function exceptionsOf(policy: PolicyDocument | null, timeZone: string, atMs: number): ExceptionsInForce {
  return new Map(
    (policy?.exceptions ?? []).map(({ email, check, reason, approved_by, until }) => [
      `${check} ${email}`,
      { note: { reason, approvedBy: approved_by, until }, inForce: atMs < endOfDay(until, timeZone) },
    ]),
  );
}

/**
 * Marks what an exception covers. One that is over covers nothing and is a finding itself, while there is something it
 * would have covered.
 */
export function applyExceptions(
  check: CheckId,
  all: readonly Found[],
  exceptions: ExceptionsInForce,
): { found: Found; exception: ExceptionNote | null }[] {
  const [first] = all;
  const exception = first?.subject && exceptions.get(`${check} ${first.subject.account.email}`);
  if (!first || !exception) return all.map((found) => ({ found, exception: null }));
  if (exception.inForce) return all.map((found) => ({ found, exception: exception.note }));
  const expired: Found = {
    code: "AR-EXCEPTION-EXPIRED",
    subject: first.subject!,
    about: `account:${first.subject!.account.userId} ${check}`,
    detail: `the exception from "${check}" was good until ${exception.note.until}`,
  };
  return [...all, expired].map((found) => ({ found, exception: null }));
}
