import { z } from "zod";
import { ask } from "./ask.ts";
import type { Call } from "./call.ts";
import type { Pipedrive } from "./port.ts";
import type { Send } from "./transport.ts";
import { created, enveloped, webhook } from "./wire.ts";

type WebhookCalls = Pick<Pipedrive, "createWebhook" | "listWebhooks" | "deleteWebhook">;

const PATH = "/api/v1/webhooks";

/** Webhook subscriptions. Managed by API v1 only; what they deliver is asked for in version 2.0, never by default. */
export function webhookCalls(send: Send): WebhookCalls {
  return {
    async createWebhook(webhook, options) {
      const call: Call = {
        operation: "createWebhook",
        method: "POST",
        path: PATH,
        body: { ...webhook, version: "2.0" },
      };
      const { data } = await ask(send, call, enveloped(created), options);
      return { id: data.id };
    },
    async listWebhooks(options) {
      const call: Call = { operation: "listWebhooks", method: "GET", path: PATH };
      return (await ask(send, call, enveloped(z.array(webhook).nullable()), options)).data ?? [];
    },
    async deleteWebhook(id, options) {
      await send({ operation: "deleteWebhook", id, method: "DELETE", path: `${PATH}/${id}` }, options);
    },
  };
}
