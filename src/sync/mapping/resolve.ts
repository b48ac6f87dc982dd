import type { AccountField, AccountSnapshot } from "../account.ts";
import type { MappingPlan } from "../model.ts";
import type { MappingDocument } from "./document.ts";
import { type CustomLine, documentLines, type KeyedLine } from "./document-lines.ts";
import { type Draft, readDraft } from "./draft.ts";
import { blocks, errorsFirst, type Found, type MappingFinding, shown, toFinding } from "./finding.ts";
import { checkField, mayBeToken, maybeToken } from "./live/fields.ts";
import { checkPeople } from "./live/people.ts";
import { type ResolvedStages, resolveStages } from "./live/stages.ts";
import { makePlan } from "./plan.ts";
import { fold } from "./words.ts";

/** How the connection to the account is marked; `rehearsal` is a connection to our own twin. */
export type ConnectionEnvironment = "production" | "sandbox" | "rehearsal";

/** The live account, as listed just now, and how the connection to it is marked. */
export interface LiveSide {
  account: AccountSnapshot;
  /** A `rehearsal` (our twin) may have another company domain and counts as any environment; nothing else is skipped. */
  environment: ConnectionEnvironment;
}

/** What the account says about all that a document names, and the definitions and ids behind the names. */
export interface InAccount {
  findings: Found[];
  definitions: Map<string, AccountField>;
  stages: ResolvedStages;
  ownerId?: number;
}

/** Looks up everything a document names in the account, however incomplete the document is (level L3). */
export function lookUpInAccount(draft: Draft, { account, environment }: LiveSide): InAccount {
  const definitions = new Map<string, AccountField>();
  const otherAccount = [...accountMismatch(draft, account, environment)];
  // Keys differ per account even for equal names: looking them up in the wrong one would only mislead.
  if (otherAccount.length > 0) return { findings: otherAccount, definitions, stages: { map: [], findings: [] } };

  const found: Found[] = [];
  const strange: KeyedLine[] = [];
  for (const line of keyedLines(draft)) {
    const { field, findings } = checkField(line, account);
    found.push(...findings);
    if (field) definitions.set(line.key, field);
    else if (mayBeToken(line, account)) strange.push(line);
  }
  // Where most keys are unknown they are another account's; a single one may be anything.
  if (strange.length < definitions.size) found.push(...strange.map(maybeToken));
  const stages = resolveStages(draft, account);
  const { ownerId, findings: people } = checkPeople(draft, account);
  const findings = [...found, ...stages.findings, ...people];
  return { findings, definitions, stages, ...(ownerId === undefined ? {} : { ownerId }) };
}

/**
 * Checks a document against the live account and, if nothing forbids it, makes the plan the workers read.
 *
 * @param document from `parseMappingDocument`
 * @returns all findings, errors first; the plan only when none is an error. `plan.tenantId` is the document's tenant.
 */
export function resolveMapping(
  document: MappingDocument,
  account: AccountSnapshot,
  connection: { environment: ConnectionEnvironment },
): { plan?: MappingPlan; findings: MappingFinding[] } {
  const live = { account, environment: connection.environment };
  const seen = lookUpInAccount(readDraft(document), live);
  const findings = errorsFirst(seen.findings.map((one) => toFinding(one)));
  const plan = blocks(findings) ? undefined : planOf(document, account, seen);
  return { ...(plan ? { plan } : {}), findings };
}

/** The plan of a document about which nothing forbids it. @returns undefined when the account lacks something after all */
export function planOf(document: MappingDocument, account: AccountSnapshot, seen: InAccount): MappingPlan | undefined {
  const { definitions, ownerId } = seen;
  const { entry, onApproved = null, map } = seen.stages;
  if (!entry || ownerId === undefined) return undefined;
  if (!documentLines(document).every(({ key }) => key === undefined || definitions.has(key))) return undefined;
  const field = (line: CustomLine) => definitions.get(line.key)!; // looked at one line above
  const stages = { entry, onApproved, map, unmapped: document.stages.unmapped };
  return makePlan(document, account, { field, stages, fallbackOwnerId: ownerId });
}

/** Lines whose key and label are there, in the form that the account is asked about. */
function* keyedLines({ lines }: Draft): Iterable<KeyedLine> {
  for (const { object, at, program, key, label, typeWord, options, direction } of lines) {
    if (key === undefined || label === undefined) continue;
    yield { object, at, program: program ?? String(at.at(-1)), key, label, type: typeWord, options, direction };
  }
}

function* accountMismatch(draft: Draft, account: AccountSnapshot, environment: ConnectionEnvironment): Iterable<Found> {
  if (environment === "rehearsal") return;
  const [expected, meant] = [draft.get("pipedrive", "company_domain"), draft.get("pipedrive", "environment")];
  if (typeof expected === "string" && fold(account.companyDomain) !== fold(expected)) {
    const message = `The document is for the account ${shown(expected)}, but the connection leads to ${account.companyDomain}.`;
    const hint = "Use the document of this account: field keys differ between accounts. No key was looked up.";
    yield { code: "ACCOUNT_MISMATCH", at: ["pipedrive", "company_domain"], message, hint };
  }
  if (typeof meant === "string" && environment !== meant) {
    const message = `The document is for a ${shown(meant)} account, but the connection is marked ${environment}.`;
    const hint = "Correct the mark of the connection or the environment in the document.";
    yield { code: "ACCOUNT_MISMATCH", at: ["pipedrive", "environment"], message, hint };
  }
}
