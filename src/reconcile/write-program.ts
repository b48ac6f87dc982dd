import { NoEffectError, RecordError, RefusedError } from "../errors.ts";
import type { CommandBody, ProgramCommand } from "../partner/adapter.ts";
import { programValues } from "../sync/codec.ts";
import type { Aggregate } from "../sync/model.ts";
import { acknowledge, close } from "./acknowledge.ts";
import { carryOut, sendIntent } from "./carry-out.ts";
import { commandsFor } from "./commands.ts";
import type { Wanted } from "./decide-links.ts";
import { seeProgram } from "./fold.ts";
import { linkTo } from "./link-to.ts";
import { isFormer, type OpenIntent, type Round, subjectOf, type WrittenField } from "./round.ts";
import type { Steps } from "./steps.ts";

/** Makes this record's inbound writes: commands to the partner program, each guarded by the version that was decided on. */
export async function writeProgram(round: Round, steps: Steps, wanted: Wanted): Promise<void> {
  for (const next of commandsFor(wanted.inbound, round)) {
    // Each command answers with a new version, which the next one has to name.
    const body = next.build(round.program?.version ?? 0);
    await sendCommand(round, steps, body, next.fields);
    round.did.push(`told the program ${next.fields.map(({ field }) => field).join(", ") || body.command}`);
  }
}

/** One command as an intent. The answer acknowledges its fields. */
export async function sendCommand(
  round: Round,
  steps: Steps,
  body: CommandBody,
  fields: WrittenField[],
): Promise<Aggregate> {
  const { claim, tenant } = round;
  const { intent, answer } = await carryOut(round, steps, {
    type: "command",
    direction: "inbound",
    target: { role: null, object: claim.object, crmId: claim.crmId, programId: claim.programId },
    body: { request: { ...body }, fields },
    send: (_call, key) => tenant.program.apply(toCommand(round, body, key)),
  }).catch((error) => afterRefusal(round, steps, body, error));
  await answered(round, steps, intent, answer);
  return answer;
}

/** A command of unknown outcome is sent again unchanged, under its key: the program answers as it did the first time. */
export async function resend(round: Round, intent: OpenIntent, steps: Steps): Promise<void> {
  const body = intent.body.request as unknown as CommandBody;
  const send = () => steps.remote(() => round.tenant.program.apply(toCommand(round, body, intent.key)));
  // A refusal is the program's word on this key. That this call got nowhere says nothing about the first one.
  const answer = await sendIntent(round, intent, send, [RefusedError, RecordError]).catch((error) =>
    afterRefusal(round, steps, body, error),
  );
  await answered(round, steps, intent, answer);
}

async function answered(round: Round, steps: Steps, intent: OpenIntent, answer: Aggregate): Promise<void> {
  const { fields } = intent.body;
  const { command } = intent.body.request;
  const prior = round.program;
  if (!prior || answer.version > prior.version) seeProgram(round, answer, new Date().toISOString(), { by: "answer" });
  const enrols = command === "partner.upsert_from_crm" && !round.links.some((link) => link.role === "partner");
  // Unlinked while the outcome was unknown: it is known now, and that is all.
  if (enrols && !isFormer(round, { role: "partner", crmId: intent.crmId, programId: answer.id })) {
    await linkTo(round, steps, {
      role: "partner",
      crmId: intent.crmId ?? 0,
      programId: answer.id,
      createdBy: "create",
      intent,
    });
    for (const field of fields) field.linkId = round.links.at(-1)?.id ?? null;
  } else close(round, intent, "done");
  const roles = new Set(fields.map(({ role }) => role));
  for (const role of roles) {
    const valuesIn = (aggregate: Aggregate) =>
      programValues(round.tenant.plan.roles[role], aggregate, { link: () => undefined });
    const ofRole = fields.filter((field) => field.role === role);
    const before = prior ? { before: valuesIn(prior) } : {};
    acknowledge(round, ofRole, {
      ...{ crm: null, program: valuesIn(answer), exact: true, intentId: intent.id },
      ...before,
    });
  }
}

/** `version_conflict` means that somebody was faster: look again and decide anew. Other refusals need a person. */
async function afterRefusal(round: Round, steps: Steps, body: CommandBody, error: unknown): Promise<never> {
  if (!(error instanceof RefusedError)) throw error;
  if (error.code === "version_conflict" && round.program) {
    const { kind, id, version } = round.program;
    const fresh = await steps.remote(() => round.tenant.program.get(kind, id));
    seeProgram(round, fresh, new Date().toISOString());
    // At once only when there is news to decide on: a read that lags behind would be refused again and again.
    if (fresh.version > version) round.again.add("inbound");
    throw new NoEffectError(`${round.claim.tenantId}: ${subjectOf(round)} changed in the program meanwhile`, {
      cause: error,
    });
  }
  throw new RecordError(
    `REFUSED_${error.code.toUpperCase()}`,
    `${round.claim.tenantId}: the partner program refused ${body.command} for ${subjectOf(round)} (${error.code}). Correct the record, then run sync again.`,
    { cause: error },
  );
}

function toCommand(round: Round, body: CommandBody, key: string): ProgramCommand {
  const cause = round.rows.at(-1)?.deliveryKey ?? `lane ${round.claim.laneId}`;
  const actor = { kind: "sync" as const, id: "partnersync", label: "partnersync" };
  return { ...body, idempotency_key: key, origin: "crm", actor, cause };
}
