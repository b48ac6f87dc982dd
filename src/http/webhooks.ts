import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parseWebhook, type WebhookChange } from "../pipedrive/webhook-payload.ts";
import type { WebhookCredentials } from "../store/connection-rows.ts";
import { basicCredentials, isSameSecret } from "./basic-auth.ts";
import { rawBody, readDelivery, takeRawBodies } from "./deliveries.ts";
import type { HttpDeps } from "./deps.ts";
import { HttpError } from "./http-error.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The connection whose webhook this is. */
    webhook: WebhookCredentials | null;
  }
}

interface Route {
  Params: { connectionId: string };
}

/** Compared against when there is no such connection, so that its absence takes as long. */
const NOBODY = { user: "", password: "no password" };

/**
 * `POST /webhooks/pipedrive/:connectionId`: a change in a Pipedrive account (webhooks version 2.0).
 *
 * Answers 2xx as soon as the change is stored, whatever becomes of the ring: ten failures in a row get a webhook banned,
 * and what happens meanwhile is lost.
 */
export function webhooks(server: FastifyInstance, deps: HttpDeps): void {
  takeRawBodies(server);
  server.decorateRequest("webhook", null);

  async function authenticate(request: FastifyRequest<Route>, reply: FastifyReply): Promise<void> {
    const expected = await deps.connections.webhookCredentials(request.params.connectionId);
    const shown = basicCredentials(request.headers.authorization);
    const sameUser = isSameSecret(shown?.user ?? "", (expected ?? NOBODY).user);
    const samePassword = isSameSecret(shown?.password ?? "", (expected ?? NOBODY).password);
    if (!expected || !shown || !sameUser || !samePassword) {
      reply.header("www-authenticate", 'Basic realm="webhooks"');
      const hint = "connect the account again: that registers its webhooks with new credentials";
      throw new HttpError(401, "WEBHOOK_CREDENTIALS", "unknown connection, or not its user and password", hint);
    }
    request.webhook = expected;
  }

  async function receive(request: FastifyRequest<Route>) {
    const { tenantId, connectionId } = request.webhook as WebhookCredentials;
    const sender = { tenantId, connectionId, what: "webhook of Pipedrive", code: "WEBHOOK_UNREADABLE" };
    const change = await readDelivery(deps, sender, rawBody(request.body), parseWebhook);
    if ("ignored" in change) {
      // Who may get in is read as a whole: that something changed is all there is to know.
      if (change.ignored === "user") {
        await deps.access.schedule.dueWithin(tenantId, deps.config.timings.accessDebounceMs);
      }
      return change;
    }

    const key = await deps.tenants.key(tenantId);
    const laneId = await deps.lanes.accept({
      tenantId,
      connectionId,
      source: "pipedrive",
      deliveryKey: deliveryKey(change),
      payload: key.sealJson("inbox.payload", change),
      object: change.object,
      crmId: change.id,
      kind: null,
      programId: null,
    });
    if (laneId === null) return { duplicate: true };
    await deps.ringer.ringDue(tenantId, ["inbound"]);
    return { accepted: true };
  }

  // Authenticated before the body is read: a stranger's bodies take no memory.
  // Its answers are for machines: headers for browsers would only be bytes.
  const options = {
    config: { public: "Pipedrive shows the connection's own credentials" },
    helmet: false as const,
    onRequest: authenticate,
  };
  server.post<Route>("/webhooks/pipedrive/:connectionId", options, receive);
}

/** The same in each of Pipedrive's retries. Its last three parts cannot contain a slash. */
function deliveryKey({ deliveryKey: key }: WebhookChange): string {
  return [key.metaId, key.entity, key.entityId, key.action].join("/");
}
