import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { Actor } from "../store/actor.ts";
import type { MatchChoice, MatchReview } from "../store/match-reviews.ts";

/** What a person says of a match: which record it is, that it is a new one, or that it stays out of Pipedrive. */
export interface MatchWord {
  choice: MatchChoice;
  /** The record to link: one of the candidates. */
  crmId?: number | undefined;
  comment?: string | undefined;
}

/** @throws InputError UNKNOWN_TENANT, UNKNOWN_MATCH */
export async function matchReview(app: App, tenantId: string, id: number): Promise<MatchReview> {
  await app.tenants.known(tenantId);
  const found = await app.matchReviews.get(tenantId, id);
  if (found) return found;
  const hint = `see \`partnersync match list ${tenantId} --all\``;
  throw new InputError("UNKNOWN_MATCH", `${tenantId} has no match ${id} to decide`, "match", hint);
}

/**
 * Writes down which record stands for an aggregate; its lane carries that out within seconds. May be changed until then.
 * A link that was made is undone by unlinking, and a record that was created stays.
 *
 * @returns as it was and is
 * @throws InputError UNKNOWN_TENANT, UNKNOWN_MATCH, CANDIDATE_MISSING, CANDIDATE_UNKNOWN, CANDIDATE_TAKEN,
 *   MATCH_ENDED, MATCH_UNDER_WAY
 */
export async function decideMatch(
  app: App,
  tenantId: string,
  id: number,
  { choice, crmId, comment = "" }: MatchWord,
  by: Actor,
): Promise<{ before: MatchReview; after: MatchReview }> {
  const before = await matchReview(app, tenantId, id);
  const chosen = choice === "link" ? candidateOf(before, crmId) : null;
  const decision = { choice, crmId: chosen, by: by.name, comment: comment || null };
  const outcome = await app.matchReviews.decide(tenantId, id, decision);
  if (outcome === "busy") {
    const hint = "try again in a few seconds, and see what has become of it";
    throw new InputError("MATCH_UNDER_WAY", `match ${id} of ${tenantId} is being carried out`, "match", hint);
  }
  if (outcome === "ended") {
    const hint = "a link that was made is undone by unlinking the record";
    throw new InputError("MATCH_ENDED", `match ${id} of ${tenantId} needs no decision any more`, "match", hint);
  }
  await app.ringer.ringDue(tenantId);
  return { before, after: await matchReview(app, tenantId, id) };
}

/** Only what was looked at when the match was opened can be chosen. */
function candidateOf({ id, tenantId, evidence }: MatchReview, crmId: number | undefined): number {
  const ids = evidence.candidates.map((candidate) => candidate.id).join(", ");
  if (crmId === undefined)
    throw new InputError("CANDIDATE_MISSING", "it was not said which record to link", "crmId", `one of ${ids}`);
  const candidate = evidence.candidates.find((one) => one.id === crmId);
  if (!candidate) {
    const hint = `one of ${ids}; for another record have it looked for again: partnersync sync`;
    throw new InputError("CANDIDATE_UNKNOWN", `${crmId} is no candidate of match ${id} of ${tenantId}`, "crmId", hint);
  }
  if (candidate.takenBy) {
    const hint = "separate them in Pipedrive and have it looked for again, or decide for a new record";
    throw new InputError("CANDIDATE_TAKEN", `${crmId} stands for ${candidate.takenBy} already`, "crmId", hint);
  }
  return crmId;
}
