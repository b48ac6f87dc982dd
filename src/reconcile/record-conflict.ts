import type { ConflictRow, Evidence } from "../store/conflict-rows.ts";
import type { BasePair } from "../sync/model.ts";
import { remember } from "./remember.ts";
import type { Round, WrittenField } from "./round.ts";

/**
 * Puts on record that a word was overwritten, now that the write is acknowledged. What a person decided has its row.
 *
 * @param after what each side answered; null while that is not known
 */
export function recordConflict(round: Round, written: WrittenField, after: BasePair | null): void {
  const { lost, role, field, linkId, rule } = written;
  if (!lost) return;
  const { winner, ...evidence } = lost;
  const { crm, program, base } = evidence;
  remember(
    round,
    { role, field, rule },
    { event: "conflict", winner, intentId: null, content: { crm, program, base } },
  );
  if (rule === "person" || linkId === null) return;
  const what = { link: linkId, field, state: "decided", winner, rule } as const;
  round.conflictsKept.push(toRow(round, what, { ...evidence, ...(after && { after }) }));
}

type What = Pick<ConflictRow, "link" | "field" | "state"> &
  Partial<Pick<ConflictRow, "id" | "version" | "winner" | "rule" | "note" | "verdict">> & { word?: object | null };

/** A conflict as the store keeps it. */
export function toRow(round: Round, { word = null, ...what }: What, evidence: Evidence): ConflictRow {
  const { key, plan } = round.tenant;
  const seal = (column: string, value: unknown) => key.sealJson(column, value).toString("base64");
  return {
    ...{ id: null, version: null, winner: null, rule: null, note: null, verdict: null },
    ...what,
    word: word && seal("conflict.word", word),
    revision: plan.revision,
    evidence: seal("conflict.evidence", evidence),
  };
}
