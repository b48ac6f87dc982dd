import type { ProgramEvent } from "../partner/adapter.ts";
import { plainCustomFields, type WebhookChange } from "../pipedrive/webhook-payload.ts";
import { sameRaw } from "../sync/agreement.ts";
import { toInstant } from "../sync/canonical.ts";
import { crmValues, programValues, replacedValues, webhookValues } from "../sync/codec.ts";
import { isOptional } from "../sync/codec-crm.ts";
import { type Aggregate, type CrmObject, type FieldPlan, OWN_ROLE, ROLE_KIND, type Values } from "../sync/model.ts";
import { acknowledgeByWebhook } from "./acknowledge.ts";
import { foldDelete } from "./deletion.ts";
import { effectsOf } from "./effects.ts";
import { letTry } from "./lost-rights.ts";
import { notice } from "./notice.ts";
import { activeLinks, isFormer, type Round, raise, subjectOf, type Teller } from "./round.ts";
import { type ReadRequest, requestOf } from "./rows.ts";
import { planOfObject } from "./tenant.ts";
import { deferUndo } from "./undo-orders.ts";
import { noticeUnseen } from "./unseen-edits.ts";

/**
 * Folds the unread rows of both inboxes into what is seen of each side. Old rows change nothing, repeated rows change
 * nothing; a row whose change cannot be told from it alone asks for one read.
 */
export function foldRows(round: Round): void {
  for (const row of round.rows) {
    const { undo, tries } = requestOf(row) ?? {};
    if (undo) {
      deferUndo(round);
      continue;
    }
    if (tries && !letTry(round, tries)) continue;
    if (row.source === "program") {
      if ("asked" in row.event) {
        if (!foldAsk(round, row.event)) continue;
      } else foldEvent(round, row.event);
    } else if ("asked" in row.change) {
      if (row.change.mergedFrom !== undefined) round.mergedFrom.add(row.change.mergedFrom);
      else round.readWanted = `${row.change.asked} asked for it`;
    } else foldChange(round, row.change, row.deliveryKey);
    round.folded.push(row.id);
  }
}

/** @returns false when it is not for this direction: it stays unread until the other one runs */
function foldAsk(round: Round, { asked, clear }: ReadRequest): boolean {
  if (!clear) {
    round.programReadWanted = true;
    return true;
  }
  if (round.claim.direction === "inbound") {
    round.deferred += 1;
    round.again.add("outbound");
    return false;
  }
  round.readWanted = `${asked} asked for it`;
  return true;
}

/** True when anything about this record is ours to care about; other records are ignored unread. */
export function concernsUs(round: Round): boolean {
  const { claim, links, intents } = round;
  const asked = round.rows.some((row) =>
    row.source === "pipedrive" ? "asked" in row.change : "asked" in row.event && row.event.clear,
  );
  if (links.length > 0 || intents.length > 0 || claim.programId !== null || asked) return true;
  if (round.apart.twins.length > 0 || round.held !== null) return true;
  return carriesStatus(round) || round.rows.some((row) => showsStatus(round, row));
}

/** Made and given its status within one second: which of the two states is the later one, only a read can tell. */
function showsStatus({ claim, tenant }: Round, row: Round["rows"][number]): boolean {
  if (!claim.object || row.source !== "pipedrive" || "asked" in row.change || !row.change.data) return false;
  const shown = crmValues(planOfObject(tenant.plan, claim.object), plain(row.change.data), tenant.plan);
  const status = shown["partner.status"];
  return typeof status === "string" && status !== "";
}

/** An organization that is not linked yet enters the program by a status that the mapping knows. */
export function carriesStatus({ crm }: Pick<Round, "crm">): boolean {
  const status = crm?.values["partner.status"];
  return typeof status === "string" && status !== "";
}

function foldChange(round: Round, change: WebhookChange, delivery: string): void {
  if (!round.claim.object) return;
  if (change.action === "delete") {
    foldDelete(round, change);
    return;
  }
  if (change.mergedFromId !== undefined) round.mergedFrom.add(change.mergedFromId);
  const plan = planOfObject(round.tenant.plan, round.claim.object);
  const data = plain(change.data ?? {});
  const previous = change.action === "create" ? null : plain(change.previous ?? {});
  const seen = webhookValues(plan, data, previous, round.crm?.values ?? null, round.tenant.plan);
  acknowledgeByWebhook(round, change, seen);
  if (previous) noticeUnseen(round, change, seen, replacedValues(plan, data, previous, round.tenant.plan));
  const at = change.at.toISOString();
  const { userId, changeSource: source, correlationId: correlation } = change;
  const teller = { by: "webhook", userId, source, delivery, correlation } as const;
  for (const field of seen.changed) {
    noteTime(round.times.crm, field, at);
    round.tellers.set(field, { teller, at });
  }

  const updateTime = change.updateTime ?? createdAt(change);
  const older = round.crm && updateTime !== null && updateTime < round.crm.updateTime;
  if (older) {
    // Late: overtaken, but for what it emptied. The newer one did not show that key, which only said "not changed by me".
    if (seen.needsRead.length > 0) round.readWanted = `only a read can tell ${seen.needsRead.join(", ")}`;
    noticeLate(round, seen, { teller, at });
    return;
  }
  if (round.crm?.deleted || updateTime === null) {
    round.readWanted = "only a read can tell"; // a tombstone is revived only by a read
    return;
  }
  if (seen.needsRead.length > 0) round.readWanted = `only a read can tell ${seen.needsRead.join(", ")}`;
  else if (!round.crm || !seen.knownComplete) round.readWanted = "first contact"; // a newer one may have been passed over
  const tie = round.crm?.updateTime === updateTime;
  if (tie && differs(plan, round.crm?.values, seen.values)) round.readWanted = "two changes in one second";
  else if (!tie) hearCrmNews(round, seen.values);
  if (!tie) noticeCrm(round, seen.values, { teller, at });
  if (!tie) round.crm = { values: { ...round.crm?.values, ...seen.values }, updateTime, deleted: false };
}

/** What a late webhook shows was there for a while, unless it is the echo of a write that another one has replaced. */
function noticeLate(
  round: Round,
  seen: { changed: string[]; values: Values },
  { teller, at }: { teller: Teller; at: string },
): void {
  for (const field of seen.changed) {
    const value = seen.values[field];
    const isEcho = round.links.some(({ recent }) =>
      recent.some((write) => write.to === "crm" && write.field === field && sameRaw(write.value, value ?? null)),
    );
    if (isEcho) continue;
    notice(round, { side: "crm", field, before: round.crm?.values[field], value, changedAt: at, teller }, true);
  }
}

/** A new Deal's webhook has no update_time: what nobody has changed since is as old as its add_time. */
function createdAt({ action, data }: WebhookChange): string | null {
  return action === "create" && typeof data?.add_time === "string" ? toInstant(data.add_time) : null;
}

function foldEvent(round: Round, event: ProgramEvent): void {
  const { kind, id, version } = event.aggregate;
  const { object, crmId } = round.claim;
  // Sent to this lane in the moment before the two were parted; its own lane reads the aggregate.
  if (object && round.claim.programId === null && isFormer(round, { role: OWN_ROLE[kind], crmId, programId: id }))
    return;
  if (round.claim.programId !== null && round.claim.programId !== id) {
    // Routed here by the Pipedrive id it names, which belongs to somebody else.
    raise(round, {
      code: "ID_MISMATCH",
      severity: "error",
      message: `${round.claim.tenantId}: ${kind} ${id} names ${subjectOf(round)}, which is linked to ${round.claim.programId}. Correct the id on the side that is wrong.`,
    });
    return;
  }
  round.effects.push(...effectsOf(event, round));
  tellPartnerGone(round, event);
  if (round.program && version <= round.program.version) return;
  const { actor, origin, event_id: delivery, correlation_id: correlation } = event;
  const teller = { by: "event", actor, origin, delivery, correlation } as const;
  seeProgram(round, { kind, id, version, data: event.data }, event.occurred_at, teller);
}

/** Nothing is deleted in Pipedrive by itself: a person has to know that there is something to do. */
function tellPartnerGone(round: Round, { type, aggregate }: ProgramEvent): void {
  if (type !== "partner.archived" || !activeLinks(round).some(({ role }) => role === "partner")) return;
  const start = `${round.claim.tenantId}: ${subjectOf(round)}: partner ${aggregate.id} was`;
  const message = `${start} archived in the partner program; nothing was deleted here. Clear or change its status in Pipedrive if that still calls it a partner.`;
  raise(round, { code: "PARTNER_ARCHIVED", message });
}

/** Takes a newer snapshot of the program's side, and notes which mapped fields it changed and when. */
export function seeProgram(round: Round, aggregate: Aggregate, at: string, teller: Teller = { by: "read" }): void {
  const roles = Object.entries(ROLE_KIND).filter(([, kind]) => kind === aggregate.kind);
  const plan = roles.flatMap(([role]) => round.tenant.plan.roles[role as keyof typeof ROLE_KIND]);
  const context = { link: () => undefined };
  const before = round.program ? programValues(plan, round.program, context) : {};
  const after = programValues(plan, aggregate, context);
  for (const { field } of plan) {
    if (sameRaw(before[field] ?? null, after[field] ?? null)) continue;
    noteTime(round.times.program, field, at);
    if (round.program)
      notice(round, {
        side: "program",
        ...{ field, before: before[field], value: after[field], changedAt: at, teller },
      });
    hearNews(round, field, "program");
  }
  round.program = aggregate;
}

/** A field that was paused until this side says something new goes on, and what was written of it before is forgotten. */
function hearNews(round: Round, field: string, side: "crm" | "program"): void {
  for (const link of round.links) {
    const pausedFields = link.pausedFields.filter((paused) => paused.field !== field || paused.until !== side);
    const recent = link.recent.filter((write) => write.field !== field || write.to === side);
    if (pausedFields.length === link.pausedFields.length && recent.length === link.recent.length) continue;
    Object.assign(link, { pausedFields, recent, changed: true });
  }
}

/** Values of the record that are known to have changed. */
function hearCrmNews(round: Round, values: Values): void {
  const known = round.crm?.values;
  for (const [field, value] of Object.entries(values)) {
    if (known?.[field] !== undefined && value !== undefined && !sameRaw(known[field], value))
      hearNews(round, field, "crm");
  }
}

/** What a read shows was set by whoever a webhook of the same field names. */
function noticeCrm(round: Round, values: Values, told: { teller: Teller; at: string }): void {
  for (const [field, value] of Object.entries(values)) {
    const { teller, at } = told.teller.by === "read" ? (round.tellers.get(field) ?? told) : told;
    notice(round, { side: "crm", field, before: round.crm?.values[field], value, changedAt: at, teller });
  }
}

/** Takes a record as REST answered it. */
export function seeRecord(
  round: Round,
  record: Record<string, unknown> & { update_time: string; is_deleted?: boolean },
): void {
  const { object } = round.claim;
  if (!object) return;
  const plan = planOfObject(round.tenant.plan, object);
  const values = crmValues(plan, record, round.tenant.plan);
  for (const line of plan) {
    const expected = !line.paused && ("custom" in line.crm || isOptional(line));
    if (expected && values[line.field] === undefined) tellNotShown(round, object, line.label);
  }
  hearCrmNews(round, values);
  noticeCrm(round, values, { teller: { by: "read" }, at: record.update_time });
  round.crm = { values, updateTime: record.update_time, deleted: record.is_deleted === true };
  round.readWanted = null;
}

/** REST shows every custom field, empty or not: a missing one is unknown, and one finding tells for all records. */
function tellNotShown(round: Round, object: CrmObject, label: string): void {
  round.findings.push({
    code: "FIELD_NOT_SHOWN",
    severity: "error",
    field: null,
    subject: `${object} field ${label}`,
    message: `${round.claim.tenantId}: Pipedrive does not show the ${object} field ${label}: it was deleted, or is hidden from the connection's user. It is neither read nor written. Give that user the right to it, or load a mapping that fits the account.`,
    detail: null,
  });
}

function plain(record: Record<string, unknown>): Record<string, unknown> {
  const custom = record.custom_fields;
  if (typeof custom !== "object" || custom === null) return record;
  return { ...record, custom_fields: plainCustomFields(custom as Record<string, unknown>) };
}

function differs(plan: FieldPlan[], known: Values | undefined, shown: Values): boolean {
  return plan.some(({ field }) => shown[field] !== undefined && !sameRaw(shown[field], known?.[field] ?? null));
}

function noteTime(times: Record<string, string>, field: string, at: string): void {
  if ((times[field] ?? "") < at) times[field] = at;
}
