import { isDeepStrictEqual } from "node:util";
import type { Actor } from "./blank.ts";
import type { Company } from "./company.ts";
import type { ObjectName, Row, User, Webhook } from "./model.ts";
import type { Change } from "./records.ts";
import { toWebhookValue } from "./webhook-values.ts";

type Json = Record<string, unknown>;

/** Keys of webhook data besides `custom_fields`, as the published examples show them. */
const KEYS: Record<ObjectName, readonly string[]> = {
  person: "add_time emails first_name id label last_name name org_id owner_id phones update_time visible_to".split(" "),
  organization: (
    "add_time address country_code id label name owner_id picture_id update_time visible_to " +
    "website linkedin industry annual_revenue employee_count"
  ).split(" "),
  deal: (
    "add_time channel channel_id close_time creator_user_id currency expected_close_date first_won_time id label_ids " +
    "lost_reason lost_time org_id origin origin_id owner_id person_id pipeline_id probability stage_change_time " +
    "stage_id status title update_time value visible_to won_time"
  ).split(" "),
};

/** The body of a record's webhook but for what differs per webhook and attempt. */
export function recordEvent(
  company: Company,
  change: Change,
  now: number,
): { meta: Json; data: Json | null; previous: Json | null } {
  const { object, action, before, after, actor } = change;
  const data = action === "delete" ? null : toData(company, object, after);
  if (data && action === "create" && object === "deal" && company.info.switches.webhookKeys === "examples") {
    data.update_time = null;
  }
  const old = before && toData(company, object, before);
  const previous = action === "change" && old && data ? changedKeys(company, change, old, data) : old;
  if (data && before && company.info.switches.webhookClearedNull) {
    const custom = data.custom_fields as Json;
    for (const code of Object.keys(before.data.custom_fields)) custom[code] ??= null;
  }
  const meta: Json = {
    action,
    entity: object,
    entity_id: String(after.data.id),
    ...metaOf(company, String(actor.userId), actor.source),
    id: company.identity.eventId(object, after.data.id, after.revision),
    correlation_id: company.identity.eventId("correlation", object, after.data.id, after.revision),
    timestamp: new Date(now).toISOString(),
    permitted_user_ids: [...company.users.values()].filter((user) => user.active_flag).map((user) => String(user.id)),
  };
  if (change.mergedTo !== undefined) meta.merged_to_id = String(change.mergedTo);
  if (change.mergedFrom !== undefined) meta.merged_from_id = String(change.mergedFrom);
  return { meta, data, previous };
}

/**
 * The body of a user's webhook: a v1 shape, a time in unix seconds, nobody named as permitted.
 *
 * @param previous changed keys with their old values; null for a user that is new
 */
export function userEvent(company: Company, after: Json, previous: Json | null, user: User, actor: Actor, now: number) {
  const meta: Json = {
    action: previous === null ? "create" : "change",
    entity: "user",
    entity_id: String(user.id),
    ...metaOf(company, String(actor.userId), actor.source),
    id: company.identity.eventId("user", user.id, user.revision),
    correlation_id: company.identity.eventId("correlation", "user", user.id, user.revision),
    timestamp: Math.floor(now / 1000),
  };
  return { meta, data: after, previous };
}

function metaOf(company: Company, userId: string, source: string): Json {
  return {
    company_id: String(company.info.id),
    is_bulk_edit: false,
    type: "general",
    user_id: userId,
    version: "2.0",
    change_source: source,
    host: `${company.domain}.pipedrive.com`,
  };
}

/** Adds what is particular to one webhook and attempt. @param metaId another event id than the event's own */
export function envelope(event: Json, webhook: Webhook, attempt: number, metaId?: string): Json {
  const meta = {
    ...(event.meta as Json),
    webhook_id: String(webhook.id),
    webhook_owner_id: String(webhook.user_id),
    attempt,
  };
  return { ...event, meta: metaId ? { ...meta, id: metaId } : meta };
}

function toData(company: Company, object: ObjectName, { data: record, firstWonTime }: Row): Json {
  const labels = record.label_ids as number[];
  const all: Json = {
    ...record,
    visible_to: String(record.visible_to),
    label: labels[0] ?? null,
    first_won_time: firstWonTime,
    country_code: null,
    picture_id: record.picture_id ?? null,
  };
  const asRest = company.info.switches.webhookKeys === "rest";
  const keys = asRest ? [...new Set([...KEYS[object], ...Object.keys(record)])] : KEYS[object];
  const data: Json = {};
  for (const key of keys) data[key] = all[key] ?? null;
  if (asRest) data.visible_to = record.visible_to;
  data.custom_fields = toCustom(company, object, record.custom_fields);
  return data;
}

function toCustom(company: Company, object: ObjectName, values: Json): Json {
  const custom: Json = {};
  for (const [code, value] of Object.entries(values)) {
    const field = company.fields[object].get(code);
    if (field) custom[code] = toWebhookValue(field, value);
  }
  return custom;
}

/** Old values of the changed keys only; a custom field that was empty before is null. */
function changedKeys(company: Company, change: Change, old: Json, data: Json): Json {
  const previous: Json = {};
  for (const key of Object.keys(data)) {
    if (key === "custom_fields") continue;
    if (key === "update_time" && !company.info.switches.webhookPreviousUpdateTime) continue;
    if (!isDeepStrictEqual(old[key], data[key])) previous[key] = old[key];
  }
  const before = old.custom_fields as Json;
  const after = data.custom_fields as Json;
  const custom: Json = {};
  for (const code of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!isDeepStrictEqual(before[code], after[code])) custom[code] = before[code] ?? null;
  }
  if (Object.keys(custom).length > 0) previous.custom_fields = custom;
  return change.before === null ? {} : previous;
}
