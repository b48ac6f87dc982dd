import type { WebhookChange } from "../pipedrive/webhook-payload.ts";
import { agreePair, agrees } from "../sync/agreement.ts";
import type { WebhookValues } from "../sync/codec.ts";
import type { Conflict } from "../sync/decide.ts";
import type { BasePair, Role, Values } from "../sync/model.ts";
import { type About, type Remembered, toHistoryRow } from "./history-row.ts";
import { noteOurs } from "./notice.ts";
import { type OpenIntent, type Round, raise, subjectOf, type WrittenField } from "./round.ts";
import { planOfField } from "./tenant.ts";

/** As many writes of a record are remembered as its fields need to tell a rewriter. */
const MOST_RECENT = 80;

/**
 * Bases advance, field by field, by what a side acknowledged.
 *
 * @param crm     Pipedrive's values after the write, for an outbound write; null for an inbound one
 * @param program the program's values after the write, for an inbound write; null for an outbound one
 * @param before  what that side had; default: what it had when this run began
 * @param exact   true for the direct answer to the call; a lookup, listing or webhook counts only where it equals what
 *   was sent
 */
export function acknowledge(
  round: Round,
  fields: WrittenField[],
  {
    crm,
    program,
    exact,
    intentId,
    before,
  }: {
    crm: Values | null;
    program: Values | null;
    exact: boolean;
    intentId: number | null;
    before?: Values;
  },
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
    const link = round.links.find((candidate) => candidate.id === written.linkId);
    // What a person put back becomes a base once both sides hold it.
    if (!pair || !link || written.rule === "undo") continue;
    link.bases[written.field] = pair;
    link.baseVersion += 1;
    link.changed = true;
    if (written.rule === "create") continue; // the first word is nobody's that was set back
    const [to, source] = crm ? (["crm", "program"] as const) : (["program", "crm"] as const);
    const sourceAt = round.times[source][written.field] ?? null;
    const write = { to, field: written.field, value: written.value, atMs: Date.now(), sourceAt };
    link.recent = [...link.recent, write].slice(-MOST_RECENT);
    if (written.rule === "restore_once" && !link.restored.includes(written.field)) link.restored.push(written.field);
  }
}

/** The bases of a record that was just created: what was sent, and how Pipedrive keeps it. */
export function acknowledgedBases(round: Round, fields: WrittenField[], crm: Values): Record<string, BasePair> {
  const bases: Record<string, BasePair> = {};
  for (const { role, field, value, source } of fields) {
    const pair = agreePair(planOfField(round.tenant.plan, role, field), value, crm[field], source, true);
    if (pair) bases[field] = pair;
  }
  return bases;
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
    acknowledge(round, fields, { crm: shown.values, program: null, exact: false, intentId: intent.id });
    close(round, intent, "done");
  }
}

/** The outcome of an intent is known; stored with settle. */
export function close(round: Round, intent: Pick<OpenIntent, "id">, state: "done" | "failed"): void {
  round.closed.push({ id: intent.id, state });
  round.intents = round.intents.filter((open) => open.id !== intent.id);
}

/** Puts the loser of a conflict on record, with both values and what was last agreed. */
export function recordConflict(round: Round, role: Role, conflict: Conflict): void {
  remember(
    round,
    { role, field: conflict.field, rule: conflict.rule },
    {
      event: "conflict",
      winner: conflict.winner,
      intentId: null,
      content: { crm: conflict.crm, program: conflict.program, base: conflict.base },
    },
  );
}

/** One line of a field's history. */
export function remember(round: Round, what: About, row: Remembered): void {
  round.history.push(toHistoryRow(round, what, row));
}
