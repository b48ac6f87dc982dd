import { type TwinClock, wholeSeconds } from "../../clock.ts";
import type { Company } from "../company.ts";
import type { Route } from "../gate.ts";
import type { User, Webhook } from "../model.ts";
import { type Problem, webhookProblem } from "../problem.ts";
import { refuseOthers } from "../query.ts";

const ACTIONS = ["create", "change", "delete", "*"];
const OBJECTS = (
  "activity deal lead note organization person pipeline product stage user * " +
  "deal_product deal_installment project task board phase"
).split(" ");
const CREDENTIALS = ["http_auth_user", "http_auth_password"];
const BODY_KEYS = [
  ...["subscription_url", "event_action", "event_object", "name", "user_id", "version"],
  ...CREDENTIALS,
];
const MOST_PER_USER = 40;

/** v1 webhooks, the only version there is. Payloads are version 2.0. */
export function webhookRoutes(route: Route, clock: TwinClock): void {
  route("POST", "/webhooks", { tokens: 10, operation: "webhooks.create" }, ({ company, user, query, body, reply }) => {
    refuseOthers(query, [], foreign);
    const given = readWebhook(company, user, body);
    const webhook: Webhook = { ...given, add_time: new Date(clock.now()).toISOString(), ...UNUSED };
    company.remember({ webhook });
    return reply.status(201).send({ status: "ok", success: true, data: webhookAnswer(company, webhook) });
  });
  route("GET", "/webhooks", { tokens: 10, operation: "webhooks.list" }, ({ company, query }) => {
    refuseOthers(query, [], foreign);
    const data = present(company).map((webhook) => webhookAnswer(company, webhook));
    return { status: "ok", success: true, data };
  });
  route("DELETE", "/webhooks/:id", { tokens: 6, operation: "webhooks.delete" }, ({ company, params, query }) => {
    refuseOthers(query, [], foreign);
    const webhook = present(company).find((one) => String(one.id) === params.id);
    if (!webhook) throw webhookProblem(404, { id: ["not found"] });
    const remove_time = wholeSeconds(clock.now());
    company.remember({ webhook: { ...webhook, remove_time, remove_reason: "Deleted by user" } });
    return { status: "ok", success: true };
  });
}

function foreign(name: string): Problem {
  return webhookProblem(400, { [name]: ["is not allowed"] });
}

const UNUSED = {
  remove_time: null,
  remove_reason: null,
  last_delivery_time: null,
  last_http_status: null,
  failures: 0,
  bannedUntil: 0,
  failingSince: null,
};

function present(company: Company): Webhook[] {
  return [...company.webhooks.values()].filter((webhook) => webhook.remove_time === null);
}

function webhookAnswer(company: Company, webhook: Webhook): Record<string, unknown> {
  const { failures: _f, bannedUntil: _b, failingSince: _s, ...shown } = webhook;
  return {
    ...shown,
    company_id: company.info.id,
    owner_id: webhook.user_id,
    version: "2.0",
    is_active: 1,
    type: "general",
    admin_id: webhook.user_id,
  };
}

function readWebhook(company: Company, caller: User, body: unknown) {
  const given = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const errors: Record<string, string[]> = {};
  for (const key of Object.keys(given)) if (!BODY_KEYS.includes(key)) errors[key] = ["is not allowed"];
  for (const key of CREDENTIALS) if (!isText(given[key] ?? "")) errors[key] = ["must be a string"];
  const { switches } = company.info;
  if (!isAddress(given.subscription_url, switches.webhookHttp)) {
    errors.subscription_url = ["invalid or non-reachable URL"];
  }
  if (!ACTIONS.includes(given.event_action as string)) errors.event_action = [`must be one of ${ACTIONS.join(", ")}`];
  if (!OBJECTS.includes(given.event_object as string)) errors.event_object = [`must be one of ${OBJECTS.join(", ")}`];
  const named = isText(given.name) && given.name.length > 0 && given.name.length <= 255;
  if (!named && !(given.name === undefined && switches.webhookNameOptional)) errors.name = ["is required"];
  if (given.version !== undefined && given.version !== "2.0") errors.version = ["this account sends version 2.0 only"];
  const userId = (given.user_id ?? caller.id) as number;
  if (!company.users.has(userId)) errors.user_id = ["not found"];
  if (Object.keys(errors).length > 0) throw webhookProblem(400, errors);
  if (present(company).filter((webhook) => webhook.user_id === userId).length >= MOST_PER_USER) {
    throw webhookProblem(422, { subscription_url: [`limit of ${MOST_PER_USER} webhooks per user reached`] });
  }
  const first = company.identity.firstId("webhook");
  return {
    id: Math.max(first, ...[...company.webhooks.keys()].map((id) => id + 1)),
    user_id: userId,
    event_action: given.event_action as string,
    event_object: given.event_object as string,
    subscription_url: given.subscription_url as string,
    name: named ? (given.name as string) : "",
    http_auth_user: (given.http_auth_user as string | undefined) ?? null,
    http_auth_password: (given.http_auth_password as string | undefined) ?? null,
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** An address that may receive webhooks: not Pipedrive itself. The twin does not call it beforehand. */
function isAddress(text: unknown, http: boolean): boolean {
  if (typeof text !== "string" || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (hostname === "pipedrive.com" || hostname.endsWith(".pipedrive.com")) return false;
  return protocol === "https:" || (http && protocol === "http:");
}
