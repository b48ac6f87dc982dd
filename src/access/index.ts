/**
 * User access reviews: who may sign in to a customer's Pipedrive account, and who should not. Pure: no HTTP, Redis or
 * database, and no clock but the moments handed in. What stores and routes call:
 *
 *     importRoster(bytes, { timeZone, asOf })      CSV → roster, or every fault with its line
 *     parsePolicy(text)                            JSON → policy, or every fault with its line
 *     sealSnapshot(content), readSnapshot(text)    what an adapter read ⇄ text and digest
 *     assess({ snapshot, roster, policy, … })      → run: accounts, findings, checks
 *     confirmMatch({ snapshot, roster, … })        → an entry of the map: whose account a person says it is
 *     startReview, decide, completeReview, observeLater
 *     evidencePack(stored run), toZip(pack)        → files as bytes
 */
export { type AssessInput, assess, newFindings } from "./assess.ts";
export { canonicalJson } from "./canonical-json.ts";
export { CHECKS, type CheckId, CODES, type Code, type Severity } from "./codes.ts";
export { confirmMatch } from "./confirm-match.ts";
export { type EvidencePack, evidencePack, type StoredRun, toZip } from "./evidence/evidence-pack.ts";
export type { AccountClass, MapEntry, MatchKind } from "./matching.ts";
export { type ParsedPolicy, type Policy, type PolicyFault, parsePolicy } from "./policy/parse-policy.ts";
export type { Person } from "./review/person.ts";
export { CHOICES, type Choice, type Decision, inForce, type Review, undecided } from "./review/review.ts";
export { completeReview, decide, observeLater, startReview } from "./review/steps.ts";
export { COLUMNS as ROSTER_COLUMNS } from "./roster/columns.ts";
export type { RosterFault } from "./roster/fault.ts";
export { importRoster, type RosterImport, type RosterOptions } from "./roster/import-roster.ts";
export type { Roster, StaffMember } from "./roster/roster.ts";
export type { AccountRow, CheckResult, Finding, Run } from "./run.ts";
export { readSnapshot, type Snapshot, type SnapshotContent, sealSnapshot } from "./snapshot.ts";
