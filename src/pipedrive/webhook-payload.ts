import { createHash } from "node:crypto";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import { maskKeys } from "./call.ts";

export { plainCustomFields } from "./plain-custom-fields.ts";

/** A change of a record that we sync, as a webhook (version 2.0) told it. A hint: late, repeated and out of order. */
export interface WebhookChange {
  /** What makes a delivery unique within its connection; the same in each of Pipedrive's retries. */
  deliveryKey: { metaId: string; entity: CrmObject; entityId: string; action: WebhookAction };
  object: CrmObject;
  id: number;
  action: WebhookAction;
  /** When it happened, by Pipedrive's clock (milliseconds). */
  at: Date;
  /** `data.update_time`, whole seconds, RFC 3339; null when there is none, as after a delete. */
  updateTime: string | null;
  /** Who made the change; null when not told. */
  userId: number | null;
  /** `app` or `api`: through which door, not by which application. */
  changeSource: string | null;
  /** On the delete of a merged record: the survivor. */
  mergedToId?: number;
  /** On the change of a survivor: the record that went into it. */
  mergedFromId?: number;
  /** The record after the change, custom fields in webhook form; null after a delete. */
  data: Record<string, unknown> | null;
  /** The changed keys with their old values, after a delete the whole last state; null after a create. */
  previous: Record<string, unknown> | null;
  correlationId: string | null;
  companyId: string | null;
  webhookId: string | null;
}

export type WebhookAction = "create" | "change" | "delete";

/** Something well formed that is about another kind of object than those we sync. */
export interface IgnoredWebhook {
  ignored: string;
}

/**
 * Reads one delivery. Unknown keys are welcome; what identifies the change has to be right.
 *
 * @param json the parsed body
 * @throws InputError for a body that is no version 2.0 delivery; the message says where, and never quotes values
 * @see https://pipedrive.readme.io/docs/guide-for-webhooks-v2
 */
export function parseWebhook(json: unknown): WebhookChange | IgnoredWebhook {
  const about = head.safeParse(json);
  if (!about.success) throw unparsable(json, about.error);
  const { entity } = about.data.meta;
  if (!isSynced(entity)) return { ignored: entity };

  const parsed = delivery.safeParse(json);
  if (!parsed.success) throw unparsable(json, parsed.error);
  const { meta, data, previous } = parsed.data;
  const entityId = String(meta.entity_id);
  const at = meta.timestamp ?? toInstant(data?.update_time);
  if (at === null) throw invalid("the webhook says no time of the change", "meta.timestamp");
  const fallbackId = () => hash([meta.webhook_id, entity, entityId, meta.action, at.toISOString()]);
  return {
    deliveryKey: { metaId: meta.id ?? fallbackId(), entity, entityId, action: meta.action },
    object: entity,
    id: meta.entity_id,
    action: meta.action,
    at,
    updateTime: toInstant(data?.update_time)?.toISOString().replace(".000Z", "Z") ?? null,
    userId: meta.user_id,
    changeSource: meta.change_source,
    ...(meta.merged_to_id !== null && { mergedToId: meta.merged_to_id }),
    ...(meta.merged_from_id !== null && { mergedFromId: meta.merged_from_id }),
    data,
    previous,
    correlationId: meta.correlation_id,
    companyId: meta.company_id,
    webhookId: meta.webhook_id,
  };
}

/** Bounds of what is taken in. A company may have 500 custom fields, a record has some dozens of others. */
const MOST_KEYS = 500;
const MOST_CUSTOM_FIELDS = 2_000;

/** Printable and short: these are stored and compared as they are. */
const word = z.string().regex(/^[\x20-\x7e]{1,128}$/);
const orNull = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? null);

const recordId = z
  .union([z.number(), z.string().regex(/^\d{1,16}$/)])
  .transform(Number)
  .pipe(z.int().positive());
const text = z.union([z.number(), word]).transform(String);

const instant = orNull(z.unknown()).transform((value, context) => {
  const at = value === null ? null : toInstant(value);
  if (value !== null && at === null) context.issues.push({ code: "custom", message: "is no time", input: value });
  return at;
});

const record = z
  .looseObject({ custom_fields: z.record(z.string().max(255), z.unknown()).nullish() })
  .refine((value) => Object.keys(value).length <= MOST_KEYS, `has more than ${MOST_KEYS} keys`)
  .refine(
    (value) => Object.keys(value.custom_fields ?? {}).length <= MOST_CUSTOM_FIELDS,
    `has more than ${MOST_CUSTOM_FIELDS} custom fields`,
  );

const head = z.object({
  meta: z.object({ entity: z.string().regex(/^\w{1,64}$/), version: z.literal("2.0").nullish() }),
});

const delivery = z.object({
  meta: z.object({
    action: z.literal(["create", "change", "delete"]),
    entity_id: recordId,
    id: orNull(word),
    timestamp: instant,
    user_id: orNull(recordId).catch(null),
    change_source: orNull(word),
    merged_to_id: orNull(recordId),
    merged_from_id: orNull(recordId),
    correlation_id: orNull(word).catch(null),
    company_id: orNull(text),
    webhook_id: orNull(text),
  }),
  data: orNull(record),
  previous: orNull(record),
});

function isSynced(entity: string): entity is CrmObject {
  return (CRM_OBJECTS as readonly string[]).includes(entity);
}

/** ISO in every recorded delivery; some documents show unix seconds. Times without a zone are UTC. */
function toInstant(value: unknown): Date | null {
  if (typeof value === "number" || (typeof value === "string" && /^\d{9,13}(\.\d+)?$/.test(value))) {
    return toDate(Number(value) > 1e11 ? Number(value) : Number(value) * 1_000);
  }
  const parts =
    typeof value === "string"
      ? /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)?$/.exec(value)
      : null;
  return parts ? toDate(Date.parse(`${parts[1]}T${parts[2]}${parts[3] ?? "Z"}`)) : null;
}

function toDate(ms: number): Date | null {
  return Number.isFinite(ms) && Math.abs(ms) < 8e15 ? new Date(ms) : null;
}

function hash(parts: (string | null)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function unparsable(json: unknown, error: z.ZodError): InputError {
  const body = typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
  const version = (body.meta as { version?: unknown } | null)?.version;
  // Compared, not converted: a stranger's object need not be convertible to text.
  if ("v" in body || "event" in body || [1, "1", "1.0"].includes(version as string | number)) {
    const hint = 'create the subscription with version "2.0"';
    return new InputError("WEBHOOK_VERSION", "the webhook is of version 1.0, which is not read", "meta.version", hint);
  }
  const [issue] = error.issues;
  const where = maskKeys(issue?.path.join(".") ?? "") || "body";
  const what = issue?.code === "custom" ? issue.message : "is missing or not what Pipedrive documents";
  return invalid(`the webhook cannot be read: ${where} ${what}`, where);
}

function invalid(message: string, where: string): InputError {
  const hint =
    "see that only Pipedrive posts to this address; read the record whose change is missing: partnersync sync";
  return new InputError("WEBHOOK_INVALID", message, where, hint);
}
