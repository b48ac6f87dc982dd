import { NotFoundError } from "../errors.ts";
import type { CrmRecord } from "../pipedrive/port.ts";
import { agrees } from "../sync/agreement.ts";
import { acknowledge, close } from "./acknowledge.ts";
import { seeRecord } from "./fold.ts";
import { linkTo } from "./link-to.ts";
import { readHits } from "./read-hits.ts";
import type { OpenIntent, Round } from "./round.ts";
import type { Steps } from "./steps.ts";
import { planOfField } from "./tenant.ts";
import { resend } from "./write-program.ts";

/** An unknown outcome is looked up, never repeated; a program command is resent unchanged under its key. */
export async function recoverInbound(round: Round, steps: Steps): Promise<void> {
  for (const intent of round.intents.filter((open) => open.type === "command")) await resend(round, intent, steps);
}

export async function recoverOutbound(round: Round, steps: Steps): Promise<void> {
  for (const intent of round.intents.filter((open) => open.type === "patch")) await lookUpPatch(round, intent, steps);
  for (const intent of round.intents.filter((open) => open.type === "create")) await lookUpCreate(round, intent, steps);
}

/** A PATCH without an answer: what it wrote is there, or may still come until its deadline plus the grace time. */
async function lookUpPatch(round: Round, intent: OpenIntent, steps: Steps): Promise<void> {
  const { object, crmId, fields } = { ...intent, ...intent.body };
  if (!object || crmId === null) return close(round, intent, "failed");
  const call = { ...steps.call, purpose: "lookup" };
  const record = await steps
    .remote(() => round.tenant.pipedrive.get(object, crmId, call))
    .catch((error) => {
      if (error instanceof NotFoundError) close(round, intent, "failed"); // there is nothing left to write to
      throw error;
    });
  seeRecord(round, record);
  if (hasLanded(round, intent, record)) {
    acknowledge(round, fields, { crm: round.crm?.values ?? {}, program: null, exact: false, intentId: intent.id });
    close(round, intent, "done");
  } else if (steps.mayStillCommit(intent)) {
    waitFor(round, steps.graceEnd(intent));
  } else {
    close(round, intent, "failed");
  }
}

/** An effect's PATCH settles no field; its request is plain standard keys. */
function hasLanded(round: Round, { body }: OpenIntent, record: CrmRecord): boolean {
  if (body.fields.length === 0) return Object.entries(body.request).every(([key, value]) => record[key] === value);
  return body.fields.every(({ role, field, value }) => {
    const shown = round.crm?.values[field];
    return shown !== undefined && agrees(planOfField(round.tenant.plan, role, field), shown, value);
  });
}

/**
 * A create without an answer. A webhook that carried its id completes it for nothing; otherwise there is no lookup until
 * it cannot commit any more, then search and the recently updated list: only both empty permit another create.
 */
async function lookUpCreate(round: Round, intent: OpenIntent, steps: Steps): Promise<void> {
  const { object, role, programId } = intent;
  if (!object || !role || !programId) return close(round, intent, "failed");
  if (intent.hintCrmId !== null) return linkTo(round, steps, { intent, crmId: intent.hintCrmId, createdBy: "create" });
  if (steps.mayStillCommit(intent)) return waitFor(round, steps.graceEnd(intent));
  const found = (await searchById(round, intent, steps)) ?? (await listById(round, intent, steps));
  if (found !== null) return linkTo(round, steps, { intent, crmId: found, createdBy: "create" });
  close(round, intent, "failed");
}

async function searchById(round: Round, intent: OpenIntent, steps: Steps): Promise<number | null> {
  const { object, programId } = intent;
  if (!object || !programId) return null;
  const call = { ...steps.call, purpose: "lookup" };
  const hits = await steps.remote(() =>
    round.tenant.pipedrive.search(object, { term: programId, field: "custom_fields" }, call),
  );
  for await (const record of readHits(round, steps, { object, ids: hits, purpose: "lookup" })) {
    if (carriesId(round, intent, record)) return record.id;
  }
  return null;
}

/** The search index lags: what was updated since the intent was written is read as well. */
async function listById(round: Round, intent: OpenIntent, steps: Steps): Promise<number | null> {
  const { object } = intent;
  if (!object) return null;
  const since = new Date(intent.openedAt.getTime() - 60_000 - Math.abs(round.tenant.clockOffsetMs));
  let cursor: string | null = null;
  do {
    const page: { cursor?: string; limit: number } = cursor ? { cursor, limit: 500 } : { limit: 500 };
    const answer = await steps.remote(() =>
      round.tenant.pipedrive.listUpdated(object, since, page, { ...steps.call, purpose: "lookup" }),
    );
    const hit = answer.records.find((record) => carriesId(round, intent, record));
    if (hit) return hit.id;
    cursor = answer.cursor;
  } while (cursor !== null);
  return null;
}

function carriesId(round: Round, intent: OpenIntent, record: { custom_fields: Record<string, unknown> }): boolean {
  const field =
    intent.role === "customer_org" || intent.role === "customer_person" ? "allbound_deal_id" : "allbound_id";
  const { crm } = planOfField(round.tenant.plan, intent.role ?? "deal", field);
  return "custom" in crm && record.custom_fields[crm.custom] === intent.programId;
}

function waitFor(round: Round, until: Date): void {
  if (!round.outboundWaitsUntil || until > round.outboundWaitsUntil) round.outboundWaitsUntil = until;
}
