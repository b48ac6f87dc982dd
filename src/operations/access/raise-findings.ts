import type { Code, Severity } from "../../access/codes.ts";
import type { Finding, Run } from "../../access/run.ts";
import type { App } from "../../app.ts";

/** What each code says about an account, or about the system: without a name or an address. */
const WORDS: Record<Code, string> = {
  "AR-UNIDENTIFIED": "belongs to nobody on the roster",
  "AR-SUGGESTED-MATCH": "may belong to somebody on the roster, and nobody has confirmed it",
  "AR-SHARED": "has a shared address and is no service account of the policy",
  "AR-OFFBOARDED-ACTIVE": "is active although its person has left",
  "AR-OFFBOARDED-LOGIN": "was signed in to after its person had left",
  "AR-NO-POLICY": "no rule of the policy says whose access is valid",
  "AR-INVALID-ACCESS": "has access that the policy does not allow",
  "AR-ADMIN-EXCESS": "there are more administrators than the policy allows",
  "AR-DORMANT": "has not been used for longer than the policy allows",
  "AR-SERVICE-NO-OWNER": "is a service account without an owner who works here",
  "AR-SERVICE-EXPIRED": "is a service account past the date it was to be looked at again",
  "AR-DUPLICATE-STAFF": "is a second active account of one person",
  "AR-2FA-EVIDENCE": "the evidence that two-factor sign-in is enforced is missing or old",
  "AR-STALE-INPUT": "the roster or the snapshot is too old for a review to be completed",
  "AR-EXCEPTION-EXPIRED": "an exception of the policy is past its date",
  "AR-TOKEN-OWNER": "the user whose token this connection works with is about to leave: the sync will stop",
};

const SEVERITIES: Record<Severity, "error" | "warning" | "info"> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "info",
};

/** Everything open is raised, as findings of the sync are: what somebody closed without mending it comes up again. */
export async function raiseFindings(app: App, tenantId: string, run: Run, closed: string[]): Promise<void> {
  const open = run.findings.filter(({ state }) => state === "open");
  const excepted = run.findings.filter(({ state }) => state === "excepted").map(({ key }) => key);
  await app.findings.raiseAll(
    tenantId,
    open.map((finding) => ({
      code: finding.code,
      severity: SEVERITIES[finding.severity],
      message: messageOf(tenantId, finding),
      subject: subjectOf(finding.key),
      detail: detailOf(finding, run.runId),
    })),
  );
  await app.findings.closeAbout(tenantId, [...closed, ...excepted].map(subjectOf));
}

function messageOf(tenantId: string, { code, userId, advice, overdue }: Finding): string {
  const about = userId === null ? "access review" : `access review, account ${userId}`;
  return `${tenantId}: ${about}: ${WORDS[code]}${overdue ? ", and that is overdue" : ""}. To do: ${advice}`;
}

function subjectOf(key: string): string {
  return `access ${key}`;
}

function detailOf({ account, detail, dueAt, owner, severity, firstSeenAt }: Finding, runId: string) {
  return { account, detail, dueAt, owner, severity, firstSeenAt, runId };
}
