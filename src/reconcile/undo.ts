import { NotFoundError, RecordError } from "../errors.ts";
import { agrees, sameRaw } from "../sync/agreement.ts";
import { encodeCrm, programValues } from "../sync/codec.ts";
import type { FieldPlan, Value, Values } from "../sync/model.ts";
import { acknowledge, close } from "./acknowledge.ts";
import { carryOut } from "./carry-out.ts";
import { commandsFor } from "./commands.ts";
import type { LinkWrite } from "./decide-links.ts";
import { seeProgram, seeRecord } from "./fold.ts";
import { remember } from "./remember.ts";
import { activeLinks, type Round, type RoundLink, raise, subjectOf, type WrittenField } from "./round.ts";
import type { UndoOrder } from "./rows.ts";
import type { Steps } from "./steps.ts";
import { endUndo, pendingUndos } from "./undo-orders.ts";
import { sendCommand } from "./write-program.ts";

/*
 * A person wants former values back. Each side that differs has an order of its own, and is written by its own direction
 * only while it holds what that person saw. No base advances by that: until all orders of a field have ended nothing is
 * decided about it, and then both sides hold the value, which is agreed like any other. Where only one side was written,
 * for the other one cannot take it or was refused, the value counts as that side's change, under the mapping's rules.
 */

/** One value of an order, with what it needs to be written. */
interface PutBack {
  link: RoundLink;
  plan: FieldPlan;
  value: Value;
}

/** Puts values back in Pipedrive: one read, one PATCH. */
export async function undoInPipedrive(round: Round, steps: Steps): Promise<void> {
  for (const pending of pendingUndos(round, "crm")) {
    const why = await putBackInPipedrive(round, steps, pending.undo).catch((error) => {
      if (error instanceof RecordError) return error.message;
      if (!(error instanceof NotFoundError)) throw error;
      refuse(round, pending.undo, "the record is not there any more");
      endUndo(round, pending);
      throw error;
    });
    if (why) refuse(round, pending.undo, why);
    endUndo(round, pending);
  }
}

/** Puts values back in the partner program, under the version that they were compared with. */
export async function undoInProgram(round: Round, steps: Steps): Promise<void> {
  for (const pending of pendingUndos(round, "program")) {
    const why = await putBackInProgram(round, steps, pending.undo).catch((error) => {
      if (error instanceof RecordError || error instanceof NotFoundError) return error.message;
      throw error;
    });
    if (why) refuse(round, pending.undo, why);
    endUndo(round, pending);
  }
}

/** @returns why nothing was written; null: it was, or was so already */
async function putBackInPipedrive(round: Round, steps: Steps, undo: UndoOrder): Promise<string | null> {
  const { object, crmId, programId } = round.claim;
  if (!object || crmId === null) return "the record is not linked any more";
  const call = { ...steps.call, purpose: "read before write" };
  const present = await steps.remote(() => round.tenant.pipedrive.get(object, crmId, call));
  seeRecord(round, present);
  const before = round.crm?.values ?? {};
  const wanted = toPutBack(round, undo, before);
  if (typeof wanted === "string") return wanted;
  const writes = wanted.filter(({ plan, value }) => !agrees(plan, before[plan.field] ?? null, value));
  const request = encodeCrm(writes, { ...round.tenant.plan, present });
  if (Object.keys(request).length === 0) return null;
  const fields = writes.map((write) => toWritten(write, undo));
  const { intent, answer } = await carryOut(round, steps, {
    type: "patch",
    direction: "outbound",
    target: { role: null, object, crmId, programId },
    body: { request, fields },
    send: (options) => round.tenant.pipedrive.patch(object, crmId, request, options),
  });
  seeRecord(round, answer);
  acknowledge(round, fields, {
    ...{ crm: round.crm?.values ?? {}, program: null, exact: true, intentId: intent.id, before },
  });
  close(round, intent, "done");
  wrote(round, "crm", writes);
  return null;
}

async function putBackInProgram(round: Round, steps: Steps, undo: UndoOrder): Promise<string | null> {
  const { kind, programId } = round.claim;
  if (!kind || programId === null) return "the record is not linked any more";
  const fresh = await steps.remote(() => round.tenant.program.get(kind, programId));
  if (fresh.version > (round.program?.version ?? 0)) seeProgram(round, fresh, new Date().toISOString());
  const lines = undo.fields.flatMap(({ role, field }) =>
    round.tenant.plan.roles[role].filter((plan) => plan.field === field),
  );
  const before = round.program ? programValues(lines, round.program, { link: () => undefined }) : {};
  const wanted = toPutBack(round, undo, before);
  if (typeof wanted === "string") return wanted;
  const writes = wanted.filter(({ plan, value }) => !agrees(plan, value, before[plan.field] ?? null));
  const asWrites: LinkWrite[] = writes.map(({ link, plan, value }) => {
    return { link, plan, field: plan.field, value, source: value, rule: "undo" };
  });
  for (const next of commandsFor(asWrites, round)) {
    const body = next.build(round.program?.version ?? 0);
    const fields = next.fields.map((field) => ({ ...field, person: { name: undo.by, order: undo.order } }));
    await sendCommand(round, steps, body, fields);
  }
  wrote(round, "program", writes);
  return null;
}

/** The values to write; in words why not, where the side does not hold any more what was planned on. */
function toPutBack(round: Round, undo: UndoOrder, now: Values): PutBack[] | string {
  const wanted: PutBack[] = [];
  for (const { role, field, seen, value } of undo.fields) {
    const link = activeLinks(round).find((candidate) => candidate.role === role);
    const plan = round.tenant.plan.roles[role].find((candidate) => candidate.field === field);
    if (!link) return "the record is not linked any more";
    if (!plan || plan.paused) return `${plan?.label ?? field} stands still, or is in the mapping no more`;
    const held = now[field];
    if (held === undefined) return `${plan.label} cannot be seen`;
    const isAsSeen = sameRaw(held, seen) || agrees(plan, ...pairOf(undo.side, held, value));
    if (!isAsSeen) return `${plan.label} was changed there since the plan was made`;
    wanted.push({ link, plan, value });
  }
  return wanted;
}

function pairOf(side: UndoOrder["side"], held: Value, value: Value): [crm: Value, program: Value] {
  return side === "crm" ? [held, value] : [value, held];
}

function toWritten({ link, plan, value }: PutBack, { by, order }: UndoOrder): WrittenField {
  const person = { name: by, order };
  return { linkId: link.id, role: link.role, field: plan.field, value, source: value, rule: "undo", person };
}

/** Said now, by a person: what `newest` compares with. */
function wrote(round: Round, side: UndoOrder["side"], writes: PutBack[]): void {
  for (const { plan } of writes) round.times[side][plan.field] = new Date().toISOString();
  if (writes.length > 0) round.did.push(`put back ${writes.map(({ plan }) => plan.label).join(", ")}`);
}

const SYSTEMS = { crm: "Pipedrive", program: "the partner program" } as const;

/** Nothing of this order was written; a person looks again. */
function refuse(round: Round, undo: UndoOrder, why: string): void {
  const reason = `${undo.by}'s undo was not carried out in ${SYSTEMS[undo.side]}: ${why}`;
  raise(round, {
    code: "UNDO_REFUSED",
    message: `${round.claim.tenantId}: ${subjectOf(round)}: ${reason}. Make a new plan from what is there now.`,
  });
  for (const { role, field, value } of undo.fields) {
    const person = { name: undo.by, order: undo.order };
    const content = { side: undo.side, value, reason, person };
    remember(round, { role, field, rule: "undo" }, { event: "refused", intentId: null, content });
  }
  round.did.push("refused an undo");
}
