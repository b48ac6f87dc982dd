import type { BasePair, FieldPlan, Value, Values } from "./model.ts";

/** An acknowledged write of a field. */
export interface RecentWrite {
  /** The side that was written to. */
  to: "crm" | "program";
  field: string;
  value: Value;
  atMs: number;
  /** The time of the other side's value then, as in `times`; null = none known. */
  sourceAt: string | null;
  /**
   * Of a write to Pipedrive: what it replaced as far as was known, the update_time of that knowledge, and the one that
   * the write gave the record.
   */
  over?: { value: Value; updateTime: string; writtenAt: string | null };
}

/**
 * What stands about a field on which both sides differ. It is about two values, and holds while both are there.
 *
 * - `null`: a person has yet to decide; until then nothing is written, whatever the values become
 * - `crm`, `program`: a person has decided for that side
 * - `apart`: both values stand
 * - `undo`: the value that lost is put back beside the one that won, and both stand again
 * - `restore`: the same for a value that was overwritten unseen; it then counts as its side's change
 */
export interface Standing {
  field: string;
  verdict: "crm" | "program" | "apart" | "undo" | "restore" | null;
  crm: Value;
  program: Value;
  /** Of `undo` and `restore`. */
  putBack?: { to: "crm" | "program"; value: Value };
}

/** A field that stands still until a side says something new about it, or a person resumes it. */
export interface PausedField {
  field: string;
  until: "crm" | "program";
}

/** All that a decision rests on: values and bases. Whose event it was, or who made the change, plays no part. */
export interface DecideInput {
  plan: FieldPlan[];
  /** What each side answered when both last agreed, per field. */
  bases: Record<string, BasePair>;
  /** What was seen of each side; null while a side was not seen, an absent field is unknown. */
  crm: Values | null;
  program: Values | null;
  /** When the present value of a field was first seen, per side; RFC 3339. For `newest` and the rewriter guard. */
  times?: { crm: Record<string, string>; program: Record<string, string> };
  /** How far the two clocks were measured to be apart. */
  clockOffsetMs?: number;
  /** Fields of rule `restore_once` that were put back already. */
  restored?: string[];
  /** Acknowledged writes. */
  recent?: RecentWrite[];
  /** Fields that stand still. */
  paused?: PausedField[];
  /** At most one per field. */
  standing?: Standing[];
  /** `stages.unmapped` of the mapping: whether a stage outside it is reported. Default "ignore". */
  unmappedStages?: "ignore" | "finding";
  nowMs: number;
}

/**
 * Why a side won: it alone changed (`changed`), owns the field (`one_way`), alone has a value at first contact
 * (`first_contact`), a write rule asks for it, by the field's conflict rule, or because a person said so (`person`,
 * `undo`: a former value was put back) or it was overwritten unseen (`restore`).
 */
export type DecisionRule =
  | "changed"
  | "one_way"
  | "first_contact"
  | "if_empty"
  | "restore_once"
  | "crm"
  | "program"
  | "newest"
  | "person"
  | "undo"
  | "restore";

export interface FieldWrite {
  field: string;
  /** What to send. */
  value: Value;
  /** The side it comes from, as it is now: that side's half of the base once the write is acknowledged. */
  source: Value;
  rule: DecisionRule;
}

/** A value that somebody set and that is being overwritten: kept on record. */
export interface Conflict {
  field: string;
  winner: "crm" | "program";
  crm: Value;
  program: Value;
  base: BasePair | null;
  rule: DecisionRule;
}

/** A field that stands still until a person has decided between both values. */
export type Undecided = Pick<Conflict, "field" | "crm" | "program" | "base">;

export type FindingCode = "ID_MISMATCH" | "ID_CLEARED" | "OPTION_UNMAPPED" | "STATUS_CLEARED" | "FIELD_PAUSED";

/** Something about a field that a person has to look at. */
export interface FieldFinding {
  code: FindingCode;
  field: string;
  label: string;
  crm: Value;
  program: Value;
  /** Of `FIELD_PAUSED`: the side whose word is set back by the other, and that ends the pause when it changes. */
  until?: "crm" | "program";
}

/** What both sides should look like. Writes, in plan order, that were not made yet; nothing in it has happened. */
export interface Decision {
  /** To be written to Pipedrive. */
  outbound: FieldWrite[];
  /** To be written to the partner program. */
  inbound: FieldWrite[];
  /** Bases that may advance without a write: both sides already mean the same. */
  agreed: Record<string, BasePair>;
  conflicts: Conflict[];
  undecided: Undecided[];
  findings: FieldFinding[];
}
