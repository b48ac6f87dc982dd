import type { WebhookChange } from "../pipedrive/webhook-payload.ts";
import { agreePair, agrees } from "../sync/agreement.ts";
import type { WebhookValues } from "../sync/codec.ts";
import { repeatsOf } from "../sync/decide.ts";
import type { BasePair, FieldPlan, Values } from "../sync/model.ts";
import { noteOurs } from "./notice.ts";
import { recordConflict } from "./record-conflict.ts";
import { remember } from "./remember.ts";
import {
  type IntentBody,
  type OpenIntent,
  type Round,
  type RoundLink,
  raise,
  subjectOf,
  type WrittenField,
} from "./round.ts";
import { planOfField } from "./tenant.ts";

/** As many writes of a record are remembered as its fields need to tell a rewriter. */
const MOST_RECENT = 80;

interface Acknowledgement {
  /** Pipedrive's values after an outbound write; null for an inbound one. */
  crm: Values | null;
  /** The program's values after an inbound write; null for an outbound one. */
  program: Values | null;
  /** True for the direct answer to the call; a lookup, listing or webhook counts only where it equals what was sent. */
  exact: boolean;
  intentId: number | null;
  /** What the side that was written to had; default: what it had when this run began. */
  before?: Values;
  /** Pipedrive's update_time of the record after an outbound write; default: of what was seen last. */
  writtenAt?: string | null;
}

/**
 * Bases advance, field by field, by what a side acknowledged.
 *
 * What a write overwrote goes on record with it. A value that was put back advances no base: it counts as its side's change.
 */
export function acknowledge(
  round: Round,
  fields: WrittenField[],
  { crm, program, exact, intentId, before, writtenAt = round.crm?.updateTime ?? null }: Acknowledgement,
): void {
  const side = crm ? "crm" : "program";
  for (const written of fields) {
    const plan = round.tenant.plan.roles[written.role].find(({ field }) => field === written.field);
    if (!plan) continue; // the mapping has lost it since
    const answer = (crm ?? program)?.[written.field];
    const pair = crm
      ? agreePair(plan, written.value, answer, written.source, exact)
      : agreePair(plan, written.value, written.source, answer, exact);
    const was = (before ?? (crm ? round.before.crm?.values : undefined))?.[written.field];
    remember(round, written, {
      event: "written",
      intentId,
      content: {
        side,
        ...(was !== undefined && { before: was }),
        sent: written.value,
        answered: answer ?? null,
        ...(written.person && { person: written.person }),
      },
    });
    if (answer !== undefined) noteOurs(round, side, written.field, answer);
    if (exact && answer !== undefined && !agrees(plan, crm ? answer : written.value, crm ? written.value : answer)) {
      raise(round, {
        code: "READBACK_DIFFERS",
        field: written.field,
        message: `${round.claim.tenantId}: ${subjectOf(round)} keeps another value of ${plan.label} than was written; look at the field's type and length.`,
      });
    }
    recordConflict(round, written, pair);
    const link = round.links.find((candidate) => candidate.id === written.linkId);
    // What a person put back becomes a base once both sides hold it.
    if (!pair || !link || written.rule === "undo" || written.rule === "restore") continue;
    link.bases[written.field] = pair;
    link.baseVersion += 1;
    link.changed = true;
    if (written.rule === "restore_once" && !link.restored.includes(written.field)) link.restored.push(written.field);
    // The first word is nobody's that was set back, and a person's word is not repeated.
    if (written.rule !== "create" && written.rule !== "person")
      noteWrite(round, link, plan, { written, to: crm ? "crm" : "program", writtenAt });
  }
}

/** Remembers a write for the rewriter rule, and for webhooks that tell late what it replaced. */
function noteWrite(
  round: Round,
  link: RoundLink,
  plan: FieldPlan,
  { written, to, writtenAt }: { written: WrittenField; to: "crm" | "program"; writtenAt: string | null },
): void {
  const { field, value, over, role } = written;
  const sourceAt = round.times[to === "crm" ? "program" : "crm"][field] ?? null;
  const write = { to, field, value, atMs: Date.now(), sourceAt, ...(over && { over: { ...over, writtenAt } }) };
  if (repeatsOf(plan, write, link.recent).length === 1)
    round.rewrites.push({ link: link.id, role, field, paused: false });
  link.recent = [...link.recent, write].slice(-MOST_RECENT);
}

/**
 * The bases of a record that was just created: what was sent, and how Pipedrive keeps it. What stood still meanwhile is
 * written once it flows.
 */
export function acknowledgedBases(
  round: Round,
  { fields, owed = [] }: Pick<IntentBody, "fields" | "owed">,
  crm: Values,
): Record<string, BasePair> {
  const bases: Record<string, BasePair> = owedBases(owed, crm);
  for (const { role, field, value, source } of fields) {
    const pair = agreePair(planOfField(round.tenant.plan, role, field), value, crm[field], source, true);
    if (pair) bases[field] = pair;
  }
  return bases;
}

/**
 * The bases of a record whose create nobody answered. It is there, so it began with all that was sent: whatever is seen
 * to differ on either side is a change since, and no first contact.
 */
export function sentBases({ fields, owed = [] }: Pick<IntentBody, "fields" | "owed">): Record<string, BasePair> {
  const sent = fields.map(({ field, value, source }) => [field, { crm: value, program: source }] as const);
  return { ...owedBases(owed), ...Object.fromEntries(sent) };
}

/** Bases that say of fields that nothing was written yet. */
function owedBases(owed: string[], crm: Values = {}): Record<string, BasePair> {
  return Object.fromEntries(owed.map((field) => [field, { crm: crm[field] ?? null, program: null, owed: true }]));
}

/**
 * The echo of a PATCH whose answer was lost closes it at no cost: it names a field we wrote as changed, and shows all
 * that we sent.
 */
export function acknowledgeByWebhook(round: Round, change: WebhookChange, shown: WebhookValues): void {
  for (const intent of round.intents.filter((candidate) => candidate.type === "patch")) {
    const { fields } = intent.body;
    const isEcho =
      change.at > intent.openedAt &&
      fields.some((written) => shown.changed.includes(written.field)) &&
      fields.every((written) => {
        // A field that the mapping has lost since shows nothing: the lookup settles the others.
        const value = shown.values[written.field];
        if (value === undefined) return false;
        return agrees(planOfField(round.tenant.plan, written.role, written.field), value, written.value);
      });
    if (!isEcho) continue;
    acknowledge(round, fields, {
      crm: shown.values,
      program: null,
      exact: false,
      intentId: intent.id,
      writtenAt: change.updateTime,
    });
    close(round, intent, "done");
  }
}

/** The outcome of an intent is known; stored with settle. */
export function close(round: Round, intent: Pick<OpenIntent, "id">, state: "done" | "failed"): void {
  round.closed.push({ id: intent.id, state });
  round.intents = round.intents.filter((open) => open.id !== intent.id);
}
