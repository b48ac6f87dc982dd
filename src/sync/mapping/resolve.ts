import type { AccountField, AccountSnapshot } from "../account.ts";
import type { MappingPlan } from "../model.ts";
import type { MappingDocument } from "./document.ts";
import { type CustomLine, documentLines, isCustom } from "./document-lines.ts";
import { blocks, errorsFirst, type Found, type MappingFinding, toFinding } from "./finding.ts";
import { checkField } from "./live/fields.ts";
import { checkPeople } from "./live/people.ts";
import { resolveStages } from "./live/stages.ts";
import { makePlan } from "./plan.ts";
import { fold } from "./words.ts";

/** How the connection to the account is marked; `rehearsal` is a connection to our own twin. */
export type ConnectionEnvironment = "production" | "sandbox" | "rehearsal";

/**
 * Checks a document against the live account (level L3) and, if nothing forbids it, makes the plan the workers read.
 *
 * @param document   from `parseMappingDocument`
 * @param account    the account's fields, pipelines, stages and users, as listed just now
 * @param connection how the connection is marked. A `rehearsal` (our twin) may have another company domain and counts
 *   as any environment; nothing else is skipped.
 * @returns all findings, errors first; the plan only when none is an error. `plan.tenantId` is the document's tenant.
 */
export function resolveMapping(
  document: MappingDocument,
  account: AccountSnapshot,
  connection: { environment: ConnectionEnvironment },
): { plan?: MappingPlan; findings: MappingFinding[] } {
  const otherAccount = [...accountMismatch(document, account, connection.environment)];
  // Keys differ per account even for equal names: looking them up in the wrong one would only mislead.
  if (otherAccount.length > 0) return { findings: present(otherAccount) };

  const found: Found[] = [];
  const definitions = new Map<string, AccountField>();
  for (const line of documentLines(document).filter(isCustom)) {
    const { field, findings } = checkField(line, account);
    found.push(...findings);
    if (field) definitions.set(line.key, field);
  }
  const { entry, onApproved, map, findings: stageFindings } = resolveStages(document, account);
  const { ownerId, findings: peopleFindings } = checkPeople(document, account);
  const findings = present([...found, ...stageFindings, ...peopleFindings]);
  if (blocks(findings) || !entry || ownerId === undefined) return { findings };

  const field = (line: CustomLine) => definitions.get(line.key)!; // a missing one would have been an error
  const stages = { entry, onApproved: onApproved ?? null, map, unmapped: document.stages.unmapped };
  return { plan: makePlan(document, account, { field, stages, fallbackOwnerId: ownerId }), findings };
}

function present(found: readonly Found[]): MappingFinding[] {
  return errorsFirst(found.map((one) => toFinding(one)));
}

function* accountMismatch(
  document: MappingDocument,
  account: AccountSnapshot,
  environment: ConnectionEnvironment,
): Iterable<Found> {
  if (environment === "rehearsal") return;
  const { company_domain: expected, environment: meant } = document.pipedrive;
  if (fold(account.companyDomain) !== expected) {
    const message = `The document is for the account ${expected}, but the connection leads to ${account.companyDomain}.`;
    const hint = "Use the document of this account: field keys differ between accounts. No key was looked up.";
    yield { code: "ACCOUNT_MISMATCH", at: ["pipedrive", "company_domain"], message, hint };
  }
  if (environment !== meant) {
    const message = `The document is for a ${meant} account, but the connection is marked ${environment}.`;
    const hint = "Correct the mark of the connection or the environment in the document.";
    yield { code: "ACCOUNT_MISMATCH", at: ["pipedrive", "environment"], message, hint };
  }
}
