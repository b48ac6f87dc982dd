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
  /** `stages.unmapped` of the mapping: whether a stage outside it is reported. Default "ignore". */
  unmappedStages?: "ignore" | "finding";
  nowMs: number;
}

/**
 * Why a side won: it alone changed (`changed`), owns the field (`one_way`), alone has a value at first contact
 * (`first_contact`), a write rule asks for it, or by the field's conflict rule. `undo` is never decided: a person has put
 * a former value back.
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
  | "undo";

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

export type FindingCode =
  | "ID_MISMATCH"
  | "ID_CLEARED"
  | "OPTION_UNMAPPED"
  | "STATUS_CLEARED"
  | "CONFLICT_MANUAL"
  | "FIELD_PAUSED";

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
  findings: FieldFinding[];
}
