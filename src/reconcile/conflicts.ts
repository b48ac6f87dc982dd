import type { ConflictRow, Evidence } from "../store/conflict-rows.ts";
import { sameRaw } from "../sync/agreement.ts";
import { isBack, type Standing } from "../sync/decide.ts";
import type { BasePair, FieldPlan, Value } from "../sync/model.ts";
import type { Wanted } from "./decide-links.ts";
import { toRow } from "./record-conflict.ts";
import { remember } from "./remember.ts";
import { type Round, type RoundLink, raise, type StandingConflict, subjectOf } from "./round.ts";

/** What a person asked for was not done: a side had changed by then. */
const CHANGED_SINCE = "CHANGED_SINCE";

/** What decide has to know of a link's conflicts: one per field, and one that is there comes before one to be undone. */
export function standingOf(round: Round, link: RoundLink): Standing[] {
  const ofLink = round.conflicts.filter((one) => one.linkId === link.id && (isLive(one) || one.word?.putBack));
  return ofLink.filter((one) => isLive(one) || !ofLink.some((other) => isRivalOf(other, one))).map(toStanding);
}

function isLive({ state }: StandingConflict): boolean {
  return state === "open" || state === "apart";
}

function isRivalOf(other: StandingConflict, one: StandingConflict): boolean {
  return (
    other !== one && other.field === one.field && (isLive(other) || (!isLive(one) && (other.id ?? 0) > (one.id ?? 0)))
  );
}

function toStanding({ field, verdict, word, evidence }: StandingConflict): Standing {
  const { crm, program, putBack } = word ?? (evidence as NonNullable<StandingConflict["word"]>);
  return { field, verdict, crm, program, ...(putBack && { putBack }) };
}

/** What a run leaves of each conflict it began with, and those that a person has to decide from now on. */
export function conflictsAfter(round: Round, wanted: Wanted | null): ConflictRow[] {
  // Found in a run that could not go on: the next one has to know of it.
  if (!wanted) return round.conflicts.filter(({ id }) => id === null).map((one) => unchanged(round, one));
  const known = round.conflicts.flatMap((one) => becomes(round, wanted, one) ?? []);
  const opened = wanted.undecided
    .filter(({ link, field }) => !round.conflicts.some((one) => one.state === "open" && isAbout(one, link, field)))
    .map((undecided) => open(round, wanted, undecided));
  return [...known, ...opened];
}

/** What one becomes; null: it stays as it is. */
function becomes(round: Round, wanted: Wanted, one: StandingConflict): ConflictRow | null {
  const side = wanted.sides.find(({ link }) => link.id === one.linkId);
  const plan = side?.plan.find(({ field }) => field === one.field);
  const [crm, program] = [side?.crm?.[one.field], side?.program?.[one.field]];
  if (!side || !plan || crm === undefined || program === undefined)
    return one.id === null ? unchanged(round, one) : null;
  const now = { crm, program };
  const isUnderWay = isWanted(wanted, one) || isOpen(round, one);
  if (!isLive(one) && !one.word?.putBack) return one.id === null ? unchanged(round, one) : null;
  if (one.word?.putBack) return afterPuttingBack(round, { one, plan, now, isUnderWay });
  const evidence = evidenceNow(round, one.field, now, one.evidence.base);
  if (wanted.undecided.some(({ link, field }) => isAbout(one, link, field))) {
    if (one.state === "apart") return toRow(round, { ...whose(one), state: "ended" }, one.evidence);
    if (one.verdict === null && same(one.evidence, now)) return null;
    const note = one.verdict === null ? null : CHANGED_SINCE;
    return toRow(round, { ...whose(one), state: "open", rule: one.rule, note }, evidence);
  }
  if (isUnderWay || (one.state === "apart" && one.word && same(one.word, now))) return null;
  const base = side.link.bases[one.field];
  return base && same(base, now) ? closed(round, one, plan, base) : null;
}

/** Both sides have come to an agreement: by themselves, by a person's word, or by a rule that holds now. */
function closed(round: Round, one: StandingConflict, plan: FieldPlan, after: BasePair): ConflictRow {
  const { verdict, word } = one;
  if ((verdict === "crm" || verdict === "program") && word && sameRaw(after[verdict], word[verdict])) {
    const what = { ...whose(one), state: "decided", winner: verdict, rule: "person" } as const;
    return toRow(round, what, { ...one.evidence, after });
  }
  const isOvertaken = round.conflictsKept.some(({ link, field }) => link === one.linkId && field === one.field);
  if (isOvertaken) return toRow(round, { ...whose(one), state: "ended" }, one.evidence);
  const role = roleOf(round, one);
  if (role)
    remember(
      round,
      { role, field: plan.field, rule: "agreed" },
      { event: "conflict", intentId: null, content: { ...after } },
    );
  return toRow(round, { ...whose(one), state: "agreed" }, { ...one.evidence, after });
}

function afterPuttingBack(
  round: Round,
  { one, plan, now, isUnderWay }: { one: StandingConflict; plan: FieldPlan; now: Sides; isUnderWay: boolean },
): ConflictRow | null {
  const isRival = round.conflicts.some((other) => isRivalOf(other, one));
  if (!isRival && one.word && same(one.word, now)) return one.id === null ? unchanged(round, one) : null;
  const { verdict, evidence } = one;
  if (verdict === "restore" && isBack(plan, { ...toStanding(one), program: now.program }, now.crm, now.program))
    return toRow(round, { ...whose(one), state: "decided", winner: "crm", rule: "unseen" }, evidence);
  if (!isRival && isBack(plan, toStanding(one), now.crm, now.program)) {
    const isManual = plan.onConflict === "manual" && plan.direction === "both";
    const what = { ...whose(one), state: isManual ? "open" : "apart", rule: "undo", word: now } as const;
    return toRow(round, what, evidenceNow(round, one.field, now, evidence.base));
  }
  if (isUnderWay && !isRival) return null;
  const { state, winner, rule } = one;
  return toRow(round, { ...whose(one), state, winner, rule, note: CHANGED_SINCE }, evidence);
}

function open(
  round: Round,
  wanted: Wanted,
  { link, field, crm, program, base }: Wanted["undecided"][number],
): ConflictRow {
  const plan = wanted.sides.find((side) => side.link === link)?.plan.find((candidate) => candidate.field === field);
  const { tenantId } = round.claim;
  raise(round, {
    code: "CONFLICT_MANUAL",
    field,
    message: `${tenantId}: ${subjectOf(round)}: ${plan?.label ?? field} was changed on both sides and the mapping asks a person to decide; it stands still until then. See \`partnersync conflict list --tenant ${tenantId}\`.`,
  });
  remember(
    round,
    { role: link.role, field, rule: "manual" },
    { event: "conflict", intentId: null, content: { crm, program, base } },
  );
  const what = { link: link.id, field, state: "open", rule: "manual" } as const;
  return toRow(round, what, evidenceNow(round, field, { crm, program }, base));
}

type Sides = { crm: Value; program: Value };

function evidenceNow(round: Round, field: string, { crm, program }: Sides, base: BasePair | null): Evidence {
  const [crmAt, programAt] = [round.times.crm[field] ?? null, round.times.program[field] ?? null];
  return { crm, program, crmAt, programAt, base };
}

/** As it was found, for the next run to go on with. */
function unchanged(round: Round, one: StandingConflict): ConflictRow {
  const { state, winner, rule, word, verdict } = one;
  const said = verdict === "apart" ? null : verdict;
  return toRow(round, { ...whose(one), state, winner, rule, word, verdict: said }, one.evidence);
}

function whose({ id, version, linkId, field, rule }: StandingConflict) {
  return { id, version, link: linkId, field, rule };
}

function roleOf(round: Round, { linkId }: StandingConflict) {
  return round.links.find(({ id }) => id === linkId)?.role;
}

function isAbout(one: StandingConflict, link: RoundLink, field: string): boolean {
  return one.linkId === link.id && one.field === field;
}

function isWanted({ outbound, inbound }: Wanted, one: StandingConflict): boolean {
  return [...outbound, ...inbound].some(({ link, field }) => isAbout(one, link, field));
}

/** A write of this field is under way, and nobody knows its outcome. */
function isOpen({ intents }: Round, one: StandingConflict): boolean {
  return intents.some(({ body }) =>
    body.fields.some(({ linkId, field }) => linkId === one.linkId && field === one.field),
  );
}

function same(a: Sides, b: Sides): boolean {
  return sameRaw(a.crm, b.crm) && sameRaw(a.program, b.program);
}
