import { agrees, isAdditive, meaningOf, sameRaw } from "./agreement.ts";
import { isEmpty, isUnmapped, sameValue } from "./canonical.ts";
import type {
  Conflict,
  DecideInput,
  DecisionRule,
  FieldFinding,
  FieldWrite,
  FindingCode,
  RecentWrite,
  Standing,
  Undecided,
} from "./decision.ts";
import type { BasePair, FieldPlan, Value } from "./model.ts";

/** A field that keeps being rewritten is written this often within this time, then no more. */
const REWRITES = 2;
const REWRITE_WINDOW_MS = 10 * 60_000;

export interface FieldDecision {
  outbound?: FieldWrite;
  inbound?: FieldWrite;
  agreed?: BasePair;
  conflict?: Conflict;
  undecided?: Undecided;
  findings?: FieldFinding[];
}

/** One field with both sides known: what decide's steps share. */
interface Seen {
  plan: FieldPlan;
  crm: Value;
  program: Value;
  base: BasePair | undefined;
  crmChanged: boolean;
  programChanged: boolean;
  /** What the Pipedrive value means in the program. */
  meaning: Value;
  /** What stands about it, and whether it is about these two values. */
  standing: Standing | undefined;
  holds: boolean;
  input: DecideInput;
}

interface Verdict {
  winner: "crm" | "program";
  rule: DecisionRule;
}

/** What to do about one field, whatever becomes of the others. Empty = nothing. */
export function decideField(plan: FieldPlan, input: DecideInput): FieldDecision {
  const seen = look(plan, input);
  if (!seen || input.paused?.some(({ field }) => field === plan.field)) return {};
  const back = putBack(seen);
  if (back) return back;
  if (!seen.crmChanged && !seen.programChanged) return {}; // an echo, or nothing new
  if (seen.holds && seen.standing?.verdict === "apart") return {};
  if (plan.direction !== "crm_to_program") {
    if (plan.write === "on_create" && !isOwed(seen)) return onlyFromCrm(seen);
    if (waitsForLoss(plan, input)) return {};
  }
  const { crm, program } = seen;
  if (agrees(plan, seen.meaning, program)) {
    return { agreed: { crm, program }, findings: wasEmptied(seen) ? [finding(seen, "STATUS_CLEARED")] : [] };
  }
  if (plan.direction !== "crm_to_program") {
    if (plan.write === "restore_once") return restoreOnce(seen);
    if (plan.write === "if_empty") return fillIfEmpty(seen);
  }
  const verdict = judge(seen);
  return verdict ? carry(seen, verdict) : { undecided: { field: plan.field, crm, program, base: seen.base ?? null } };
}

/**
 * Puts an overwritten value back beside the one that replaced it.
 *
 * @returns null when nothing is to be put back any more: either side has changed since, or, of `restore`, it is there
 *   and counts as its side's change from now on
 */
function putBack(seen: Seen): FieldDecision | null {
  const { plan, standing, crm, program } = seen;
  if (!standing?.putBack) return null;
  const { to, value } = standing.putBack;
  if (seen.holds) {
    const rule = standing.verdict === "undo" ? "undo" : "restore";
    const write = { field: plan.field, value, source: to === "crm" ? program : crm, rule } as const;
    return to === "crm" ? { outbound: write } : { inbound: write };
  }
  return standing.verdict === "undo" && isBack(plan, standing, crm, program) ? {} : null;
}

/** True when an overwritten value is there again, beside the one that had replaced it. */
export function isBack(plan: FieldPlan, standing: Standing, crm: Value, program: Value): boolean {
  if (!standing.putBack) return false;
  const { to, value } = standing.putBack;
  const isOther = to === "crm" ? sameRaw(program, standing.program) : sameRaw(crm, standing.crm);
  return isOther && sameValue(plan.type, to === "crm" ? crm : program, value);
}

/**
 * Pipedrive takes a lost reason only in a Deal that is lost, or becomes so by the same write.
 *
 * @returns true while a reason cannot be written
 */
export function waitsForLoss({ crm }: FieldPlan, { plan, crm: deal, program }: Outcome): boolean {
  if (!("system" in crm) || crm.system !== "lost_reason") return false;
  const status = plan.find(({ field }) => field === "sales.status");
  const decided = status?.direction === "program_to_crm" ? program : deal;
  return decided?.["sales.status"] !== "lost";
}

type Outcome = Pick<DecideInput, "plan" | "crm" | "program">;

/** A side has changed only if it differs from its own half of the pair. Unknown on either side: nothing to look at. */
function look(plan: FieldPlan, input: DecideInput): Seen | null {
  const crm = input.crm?.[plan.field];
  const program = input.program?.[plan.field];
  if (crm === undefined || program === undefined) return null;
  const base = input.bases[plan.field];
  const standing = input.standing?.find(({ field }) => field === plan.field);
  return {
    plan,
    crm,
    program,
    base,
    crmChanged: !base || !sameRaw(crm, base.crm),
    programChanged: !base || !sameRaw(program, base.program),
    meaning: meaningOf(plan, crm, base),
    standing,
    holds: standing !== undefined && sameRaw(standing.crm, crm) && sameRaw(standing.program, program),
    input,
  };
}

/** Written to Pipedrive by its creation alone. On a two-way field what people do there from then on still counts. */
function onlyFromCrm(seen: Seen): FieldDecision {
  const { plan, crm, program, base } = seen;
  if (plan.direction !== "both" || !seen.crmChanged || (!base && isEmpty(plan.type, crm))) return {};
  if (agrees(plan, seen.meaning, program)) return { agreed: { crm, program } };
  return carry(seen, { winner: "crm", rule: "one_way" });
}

/** Left out when the record was made, because the field stood still, and nobody has filled it since. */
function isOwed({ base, crmChanged }: Seen): boolean {
  return base?.owed === true && !crmChanged;
}

/** Put back once when a person empties it; after that, and for another value, a person has to look. */
function restoreOnce(seen: Seen): FieldDecision {
  const { plan, crm, input } = seen;
  if (!isEmpty(plan.type, crm)) return { findings: [finding(seen, "ID_MISMATCH")] };
  if (input.restored?.includes(plan.field)) return { findings: [finding(seen, "ID_CLEARED")] };
  return carry(seen, { winner: "program", rule: "restore_once" });
}

/** Written only into an empty field. What is there already stands, and on a two-way field speaks for both. */
function fillIfEmpty(seen: Seen): FieldDecision {
  const { plan, crm } = seen;
  if (isEmpty(plan.type, crm)) return carry(seen, { winner: "program", rule: "if_empty" });
  if (plan.field === "allbound_id") return { findings: [finding(seen, "ID_MISMATCH")] };
  return plan.direction === "both" ? carry(seen, { winner: "crm", rule: "if_empty" }) : {};
}

/** Who wins; null = a person has to say. */
function judge(seen: Seen): Verdict | null {
  const { plan, input, standing } = seen;
  if (plan.direction === "crm_to_program") return { winner: "crm", rule: "one_way" };
  if (plan.direction === "program_to_crm") return { winner: "program", rule: "one_way" };
  if (seen.holds && (standing?.verdict === "crm" || standing?.verdict === "program"))
    return { winner: standing.verdict, rule: "person" };
  // Once in conflict, it is one until both sides agree or somebody has decided: whichever of them goes on changing.
  const alone = standing && !standing.putBack ? null : changedAlone(seen);
  if (alone) return alone;
  if (plan.onConflict === "manual") return null;
  if (plan.onConflict === "newest") return { winner: newest(plan.field, input), rule: "newest" };
  return { winner: plan.onConflict, rule: plan.onConflict };
}

function changedAlone({ plan, crm, program, base, crmChanged, programChanged }: Seen): Verdict | null {
  if (base && crmChanged !== programChanged) return { winner: crmChanged ? "crm" : "program", rule: "changed" };
  // Never agreed yet: nobody emptied the empty side, so filling it takes nothing from anyone.
  if (!base && isEmpty(plan.type, crm)) return { winner: "program", rule: "first_contact" };
  if (!base && isEmpty(plan.type, program)) return { winner: "crm", rule: "first_contact" };
  return null;
}

function newest(field: string, { times, clockOffsetMs = 0 }: DecideInput): "crm" | "program" {
  return newerSide(times?.crm[field] ?? null, times?.program[field] ?? null, clockOffsetMs);
}

/**
 * The side whose change was first seen later; Pipedrive, when that cannot be told.
 *
 * @param crmAt     RFC 3339; null = no time is known
 * @param programAt likewise
 */
export function newerSide(crmAt: string | null, programAt: string | null, clockOffsetMs: number): "crm" | "program" {
  const later = Date.parse(programAt ?? "") - Date.parse(crmAt ?? ""); // an unknown time is NaN: never later
  return later > Math.abs(clockOffsetMs) + 1000 ? "program" : "crm";
}

/** Turns a verdict into a write, unless its value cannot travel or somebody keeps undoing it. */
function carry(seen: Seen, { winner, rule }: Verdict): FieldDecision {
  const { plan, crm, program, base, input } = seen;
  const [source, value] = winner === "crm" ? [crm, seen.meaning] : [program, program];
  if (isUnmapped(value)) {
    const silent = plan.type === "stage" && input.unmappedStages !== "finding";
    return silent ? {} : { findings: [finding(seen, "OPTION_UNMAPPED")] };
  }
  // An emptied status means "inactive", and both sides may be empty all the same: nothing is left to write.
  if (winner === "program" && sameValue(plan.type, crm, value)) return { agreed: { crm, program } };
  // A person who decides has seen what is there; a rewriter that goes on is met again by the write after this one.
  if (rule !== "person" && isRewritten(seen, winner, value))
    return { findings: [{ ...finding(seen, "FIELD_PAUSED"), until: winner }] };
  const write: FieldWrite = { field: plan.field, value, source, rule };
  const conflict = losesAWord(seen, winner)
    ? { field: plan.field, winner, crm, program, base: base ?? null, rule }
    : undefined;
  if (winner === "program") return { outbound: write, conflict };
  return { inbound: write, conflict, findings: value === crm ? [] : [finding(seen, "STATUS_CLEARED")] };
}

/** True when the write overwrites something that somebody set there. */
function losesAWord(seen: Seen, winner: "crm" | "program"): boolean {
  const { plan } = seen;
  if (winner === "crm") return seen.programChanged && !isEmpty(plan.type, seen.program);
  return seen.crmChanged && !isEmpty(plan.type, seen.crm) && !isAdditive(plan);
}

/** True when the other side acknowledged this value twice lately and the winner has not said anything new since. */
function isRewritten({ plan, input }: Seen, winner: Verdict["winner"], value: Value): boolean {
  const sourceAt = input.times?.[winner][plan.field] ?? null;
  const write = { field: plan.field, to: winner === "crm" ? "program" : "crm", value, sourceAt } as const;
  return repeatsOf(plan, { ...write, atMs: input.nowMs }, input.recent ?? []).length >= REWRITES;
}

/** Acknowledged writes of the last minutes that said the same as this one, with nothing new from the other side since. */
export function repeatsOf(plan: FieldPlan, write: RecentWrite, recent: RecentWrite[]): RecentWrite[] {
  return recent.filter(
    (earlier) =>
      earlier.field === write.field &&
      earlier.to === write.to &&
      earlier.sourceAt === write.sourceAt &&
      write.atMs - earlier.atMs < REWRITE_WINDOW_MS &&
      sameValue(plan.type, earlier.value, write.value),
  );
}

/** True when Pipedrive's partner status was there and is gone now, while the program is inactive already. */
function wasEmptied({ plan, crm, meaning, base }: Seen): boolean {
  return meaning !== crm && base !== undefined && !isEmpty(plan.type, base.crm);
}

function finding({ plan, crm, program }: Seen, code: FindingCode): FieldFinding {
  return { code, field: plan.field, label: plan.label, crm, program };
}
