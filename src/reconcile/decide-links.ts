import { programValues } from "../sync/codec.ts";
import { type Conflict, decide, type FieldFinding, type FieldWrite, type Undecided } from "../sync/decide.ts";
import { type FieldPlan, ROLE_KIND, type Values } from "../sync/model.ts";
import { standingOf } from "./conflicts.ts";
import { referencesOf } from "./references.ts";
import { activeLinks, type LostWord, type Round, type RoundLink, type WrittenField } from "./round.ts";
import type { LostField } from "./rows.ts";
import type { Steps } from "./steps.ts";
import { pendingUndos } from "./undo-orders.ts";

export interface LinkWrite extends FieldWrite {
  link: RoundLink;
  plan: FieldPlan;
  /** What it overwrites that somebody had set. */
  lost?: LostWord | undefined;
  over?: WrittenField["over"];
}

/** What all links of this record want together. */
export interface Wanted {
  outbound: LinkWrite[];
  inbound: LinkWrite[];
  undecided: (Undecided & { link: RoundLink })[];
  /** What would be written to Pipedrive if the connection's user might. */
  lacking: LostField[];
  findings: (FieldFinding & { link: RoundLink })[];
  /** What was decided on, per link. */
  sides: { link: RoundLink; plan: FieldPlan[]; crm: Values | null; program: Values | null }[];
}

/**
 * Decides for every link of the record. Fields that both sides already agree on have their bases advanced here: that
 * takes no write.
 */
export async function decideLinks(round: Round, steps: Steps): Promise<Wanted> {
  const wanted: Wanted = { outbound: [], inbound: [], undecided: [], lacking: [], findings: [], sides: [] };
  for (const link of speakingLinks(round)) {
    const plan = round.tenant.plan.roles[link.role].filter(({ paused }) => !paused);
    const { decision, ...sides } = await decideOn(round, steps, link, plan);
    wanted.sides.push({ link, plan, ...sides });
    wanted.lacking.push(...(await lackingOf(round, steps, link)));
    for (const [field, pair] of Object.entries(decision.agreed)) {
      link.bases[field] = pair;
      link.baseVersion += 1;
      link.changed = true;
    }
    const withPlan = (write: FieldWrite): LinkWrite => {
      const field = plan.find((candidate) => candidate.field === write.field);
      if (!field) throw new Error(`decided on ${write.field}, which the mapping does not have`);
      return { ...write, link, plan: field, lost: lostBy(round, decision.conflicts, write) };
    };
    const over = ({ field }: FieldWrite) =>
      round.crm && { value: round.crm.values[field] ?? null, updateTime: round.crm.updateTime };
    wanted.outbound.push(...decision.outbound.map((write) => ({ ...withPlan(write), over: over(write) ?? undefined })));
    wanted.inbound.push(...decision.inbound.map(withPlan));
    wanted.undecided.push(...decision.undecided.map((undecided) => ({ ...undecided, link })));
    const isAlias = ({ code, crm }: FieldFinding) =>
      code === "ID_MISMATCH" && round.apart.aliases.some((alias) => alias === crm);
    const findings = decision.findings.filter((finding) => !isAlias(finding));
    wanted.findings.push(...findings.map((finding) => ({ ...finding, link })));
  }
  tellDeletion(round, wanted);
  return wanted;
}

async function decideOn(round: Round, steps: Steps, link: RoundLink, plan: FieldPlan[]) {
  const crm = round.crm?.values ?? null;
  const program = await programSide(round, steps, link, plan);
  const decision = decide({
    plan,
    bases: link.bases,
    crm,
    program,
    times: round.times,
    clockOffsetMs: round.tenant.clockOffsetMs,
    restored: link.restored,
    recent: link.recent,
    paused: [...link.pausedFields, ...unwritableOf(round, link), ...beingPutBack(round, link)],
    standing: standingOf(round, link),
    unmappedStages: round.tenant.plan.stages.unmapped,
    nowMs: Date.now(),
  });
  return { crm, program, decision };
}

async function lackingOf(round: Round, steps: Steps, link: RoundLink): Promise<LostField[]> {
  const plan = round.tenant.plan.roles[link.role].filter(({ paused }) => paused === "right");
  if (plan.length === 0) return [];
  const { decision } = await decideOn(round, steps, link, plan);
  return decision.outbound.map(({ field }) => ({ role: link.role, field }));
}

function lostBy(round: Round, conflicts: Conflict[], { field }: FieldWrite): LostWord | undefined {
  const conflict = conflicts.find((candidate) => candidate.field === field);
  if (!conflict) return undefined;
  const { winner, crm, program, base } = conflict;
  const [crmAt, programAt] = [round.times.crm[field] ?? null, round.times.program[field] ?? null];
  return { winner, crm, program, base, crmAt, programAt };
}

/** Tried in this very run, and not taken. */
function unwritableOf({ unwritable }: Round, link: RoundLink) {
  return unwritable
    .filter(({ linkId }) => linkId === link.id)
    .map(({ field }) => ({ field, until: "program" as const }));
}

/** What a person puts back is not decided about before it is there. */
function beingPutBack(round: Round, { role }: RoundLink) {
  return pendingUndos(round)
    .flatMap(({ undo }) => undo.fields)
    .filter((one) => one.role === role)
    .map(({ field }) => ({ field, until: "program" as const }));
}

const STATUS = "partner.status";

/**
 * An Organization that is gone has no status any more: its partner becomes inactive, once. What the program makes of it
 * from then on stays, and a restored Organization speaks for itself again.
 */
function tellDeletion(round: Round, wanted: Wanted): void {
  const plan = round.tenant.plan.roles.partner.find(({ field, paused }) => field === STATUS && !paused);
  const link = round.links.find(({ role, state }) => role === "partner" && state === "orphaned");
  const before = link?.bases[STATUS];
  if (!plan || !link || !before || before.crm === null || !round.crm?.deleted || !round.program) return;
  if (round.program.data.into || round.apart.mergedInto !== null) return;
  const decision = decide({
    plan: [plan],
    bases: { [STATUS]: before },
    crm: { [STATUS]: null },
    program: programValues([plan], round.program, { link: () => undefined }),
    nowMs: Date.now(),
  });
  const agreed = decision.agreed[STATUS];
  if (agreed) Object.assign(link, { bases: { ...link.bases, [STATUS]: agreed }, changed: true });
  wanted.inbound.push(...decision.inbound.map((write) => ({ ...write, link, plan })));
}

/** One Organization may be the customer of many registrations; its origin marker names the first. */
function speakingLinks(round: Round): RoundLink[] {
  const active = activeLinks(round);
  return active.filter((link, i) => active.findIndex((other) => other.role === link.role) === i);
}

async function programSide(round: Round, steps: Steps, link: RoundLink, plan: FieldPlan[]): Promise<Values | null> {
  if (link.role === "customer_org" || link.role === "customer_person") return { allbound_deal_id: link.programId };
  if (!round.program) return null;
  return programValues(plan, { ...round.program, kind: ROLE_KIND[link.role] }, await referencesOf(round, steps, plan));
}
