import { type TwinClock, wholeSeconds } from "../clock.ts";
import type { Deliveries, Delivery } from "../deliveries.ts";
import type { Actor } from "./blank.ts";
import type { Companies, Company } from "./company.ts";
import type { User, Webhook } from "./model.ts";
import type { Change } from "./records.ts";
import { toUser } from "./user-answer.ts";
import { envelope, recordEvent, userEvent } from "./webhook-payload.ts";

type Json = Record<string, unknown>;

const RETRY_WAITS_MS = [3_000, 30_000, 150_000];
const BAN_AT = 10; // failed first attempts
const BAN_MS = 30 * 60 * 1000;
const GIVE_UP_MS = 3 * 24 * 60 * 60 * 1000;

/** Tells the subscribed webhooks of a company what happened. */
export interface Webhooks {
  recordChanged(company: Company, change: Change): void;
  /** @param previous changed keys with their old values; null for a user that is new */
  userChanged(company: Company, user: User, previous: Json | null, actor: Actor): void;
}

/** A delivery's payload; the webhook itself is looked up at each attempt. */
interface Payload {
  webhook: number;
  event: Json;
}

export function createWebhooks(options: { clock: TwinClock; deliveries: Deliveries; companies: Companies }): Webhooks {
  const { clock, deliveries, companies } = options;

  deliveries.register("pipedrive", {
    waitsMs: RETRY_WAITS_MS,
    render(delivery, attempt) {
      const { webhook, company } = webhookOf(companies, delivery);
      if (!webhook || !company) return null;
      const { event } = delivery.payload as Payload;
      const { stableMetaId } = company.info.switches;
      const metaId = stableMetaId || attempt === 1 ? undefined : company.identity.eventId(delivery.id, attempt);
      const body = JSON.stringify(envelope(event, webhook, attempt, metaId));
      return { url: webhook.subscription_url, headers: authorization(webhook), body };
    },
    attempted(delivery, { ok, status, attempt }) {
      const { webhook, company } = webhookOf(companies, delivery);
      if (webhook && company) company.remember({ webhook: afterAttempt(webhook, ok, status, attempt, clock.now()) });
    },
  });

  function tell(company: Company, action: string, object: string, makeEvent: () => Json): void {
    let event: Json | undefined;
    for (const webhook of company.webhooks.values()) {
      if (!listens(webhook, action, object) || webhook.bannedUntil > clock.now()) continue; // lost while banned
      event ??= makeEvent();
      const id = `${company.domain}:${webhook.id}:${(event.meta as Json).id}`;
      const payload: Payload = { webhook: webhook.id, event };
      deliveries.send({ id, sender: "pipedrive", tenant: company.domain, subject: String(webhook.id), payload });
    }
  }

  return {
    recordChanged(company, change) {
      tell(company, change.action, change.object, () => recordEvent(company, change, clock.now()));
    },
    userChanged(company, user, previous, actor) {
      const make = () => userEvent(company, toUser(company, user), previous, user, actor, clock.now());
      tell(company, previous === null ? "create" : "change", "user", make);
    },
  };
}

function listens(webhook: Webhook, action: string, object: string): boolean {
  if (webhook.remove_time !== null) return false;
  const { event_action, event_object } = webhook;
  return (event_action === "*" || event_action === action) && (event_object === "*" || event_object === object);
}

function webhookOf(companies: Companies, delivery: Delivery) {
  const company = companies.get(delivery.tenant);
  const webhook = company?.webhooks.get((delivery.payload as Payload).webhook);
  return { company, webhook: webhook?.remove_time === null ? webhook : undefined };
}

function authorization(webhook: Webhook): Record<string, string> {
  if (webhook.http_auth_user === null && webhook.http_auth_password === null) return {};
  const pair = `${webhook.http_auth_user ?? ""}:${webhook.http_auth_password ?? ""}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

/** Counts, bans and finally removes: ten failed first attempts, three days without a success. */
function afterAttempt(webhook: Webhook, ok: boolean, status: number | null, attempt: number, now: number): Webhook {
  const seen = { ...webhook, last_delivery_time: new Date(now).toISOString(), last_http_status: status };
  if (ok) return { ...seen, failingSince: null };
  const failures = attempt === 1 ? webhook.failures + 1 : webhook.failures;
  const banned = failures >= BAN_AT;
  const failingSince = webhook.failingSince ?? now;
  const gone = now - failingSince >= GIVE_UP_MS;
  return {
    ...seen,
    failures: banned ? 0 : failures,
    bannedUntil: banned ? now + BAN_MS : webhook.bannedUntil,
    failingSince,
    remove_time: gone ? wholeSeconds(now) : null,
    remove_reason: gone ? "No successful delivery on 3 consecutive days" : null,
  };
}
