import { BlockedError, ClaimLostError, NotFoundError } from "../errors.ts";
import type { MatchCause, MatchReview, MatchSubject } from "../store/match-reviews.ts";
import { type Candidate, judgeCandidates, type MatchRule } from "../sync/matching/verdict.ts";
import { ROLE_OBJECT, type Role } from "../sync/model.ts";
import type { Looked } from "./match.ts";
import { type Round, raise, subjectOf } from "./round.ts";
import type { Steps } from "./steps.ts";

/** What is looked for, and how. */
export interface Search {
  role: Role;
  rule: MatchRule;
  /** In words, for whoever decides; looked for again when they change. */
  sought: Record<string, string | null>;
  look(): Promise<Looked>;
}

/** Which record stands for the aggregate: one that is there, a new one, or none, because a person said so. */
export type Choice = { to: "link" | "create" | "drop"; crmId: number; decided: MatchReview | null };

/**
 * The record that stands for this lane's aggregate in a role. Where that is not plain, a person is asked once, and
 * nothing more is spent until they answer, the aggregate is called something else, or somebody asks for another look.
 *
 * @throws BlockedError while it waits for a person
 */
export async function chooseRecord(round: Round, steps: Steps, search: Search): Promise<Choice> {
  const { claim } = round;
  const decided = await decisionOn(round, steps, search.role);
  if (decided) return decided;
  const subject = subjectAs(round, search.role);
  const standing = await steps.matchReviews.standing(claim.tenantId, subject);
  if (standing && !isAskedFor(round) && sameWords(standing.evidence.sought, search.sought)) throw waits(standing.id);

  const looked = await search.look();
  const verdict = judgeCandidates(looked.candidates, search.rule);
  round.did.push(`looked for the ${WORD[search.role]} (${looked.tokens} tokens)`);
  if (standing && verdict.verdict !== "review") await steps.matchReviews.end(claim.tenantId, standing.id, "withdrawn");
  if (verdict.verdict === "link") return { to: "link", crmId: verdict.candidate.id, decided: null };
  if (verdict.verdict === "create") {
    tellHints(round, search.role, looked);
    return { to: "create", crmId: 0, decided: null };
  }
  const evidence = { sought: search.sought, ...looked };
  const id = await steps.matchReviews.open(claim, subject, { because: verdict.because, evidence });
  if (id === null) throw new ClaimLostError(`${claim.tenantId}: the claim on this lane is lost`);
  tellReview(round, search.role, { id, because: verdict.because, looked });
  throw waits(id);
}

/** What a person has decided and nobody carried out yet. A record that has gone since is looked for again. */
export async function decisionOn(round: Round, steps: Steps, role: Role): Promise<Choice | null> {
  const { tenantId } = round.claim;
  const standing = await steps.matchReviews.standing(tenantId, subjectAs(round, role));
  if (standing?.state !== "decided" || !standing.choice) return null;
  if (await stillThere(round, steps, standing))
    return { to: standing.choice, crmId: standing.crmId ?? 0, decided: standing };
  await steps.matchReviews.end(tenantId, standing.id, "withdrawn");
  return null;
}

function subjectAs({ claim, program }: Round, role: Role): MatchSubject {
  if (!program) throw new Error(`${claim.tenantId}: nothing is known of what ${subjectOf({ claim })} is looked for by`);
  return { kind: program.kind, programId: program.id, role };
}

function waits(id: number): BlockedError {
  return new BlockedError({ kind: "match", id: String(id) }, `waits for a person to decide match ${id}`);
}

/** A record may have gone since a person chose it: then it is looked for again. 1 token. */
async function stillThere(round: Round, steps: Steps, { choice, crmId, role }: MatchReview): Promise<boolean> {
  if (choice !== "link" || crmId === null) return true;
  const call = { ...steps.call, purpose: "match" };
  try {
    const record = await steps.remote(() => round.tenant.pipedrive.get(ROLE_OBJECT[role], crmId, call));
    return record.is_deleted !== true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}

/** Somebody had it synced: what is in Pipedrive may have been mended. */
function isAskedFor({ rows }: Round): boolean {
  return rows.some((row) => row.source === "program" && "asked" in row.event);
}

function sameWords(before: Search["sought"], now: Search["sought"]): boolean {
  return Object.entries(now).every(([name, word]) => before[name] === word);
}

const WHY: Record<MatchCause, string> = {
  several: "more than one record fits it",
  suspected: "a record may be the one",
  taken: "the record that fits it stands for another one already",
};

function tellReview(
  round: Round,
  role: Role,
  { id, because, looked }: { id: number; because: MatchCause; looked: Looked },
): void {
  const { tenantId } = round.claim;
  const message = `${tenantId}: the ${WORD[role]} of ${subjectOf(round)} waits for a person, because ${WHY[because]}: ${named(looked.candidates)}. Looking cost ${looked.tokens} tokens. Decide with \`partnersync match show ${tenantId} ${id}\`; or correct them in Pipedrive and run sync again.`;
  raise(round, { code: "MATCH_REVIEW", message, detail: { match: id, candidates: looked.candidates } });
}

/** Not enough to link by the tenant's rule, and enough to be told of. */
function tellHints(round: Round, role: Role, { candidates, tokens }: Looked): void {
  if (candidates.length === 0) return;
  const message = `${round.claim.tenantId}: the ${WORD[role]} of ${subjectOf(round)} is made anew, though it resembles ${named(candidates)} (found for ${tokens} tokens). Merge them in Pipedrive if they are one.`;
  raise(round, { code: "RESEMBLES_RECORD", severity: "info", message, detail: { candidates } });
}

function named(candidates: Candidate[]): string {
  return candidates
    .map(({ object, id, takenBy }) => `${object} ${id}${takenBy ? `, which stands for ${takenBy} already` : ""}`)
    .join("; ");
}

const WORD: Record<Role, string> = {
  partner: "Organization",
  partner_user: "Person",
  customer_org: "customer's Organization",
  customer_person: "customer's Person",
  deal: "Deal",
};
