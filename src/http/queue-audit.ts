import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Actor } from "../store/actor.ts";
import type { AuditedAct } from "../store/audit.ts";
import type { HttpDeps } from "./deps.ts";
import { describeError } from "./http-error.ts";
import { SAFE_METHODS } from "./methods.ts";

/**
 * What is done to the queues is on record as what is done by the API is: before it begins, and when it has ended. What a
 * job holds, or is made to hold, stays out.
 */
export function auditQueues(server: FastifyInstance, { audit, log }: Pick<HttpDeps, "audit" | "log">): void {
  const begun = new WeakMap<FastifyRequest, number>();
  const codes = new WeakMap<FastifyRequest, string>();

  server.addHook("onError", async (request, _reply, error) => {
    codes.set(request, describeError(error).code);
  });
  server.addHook("preHandler", async (request) => {
    if (!SAFE_METHODS.has(request.method)) begun.set(request, await audit.begin(actOf(request)));
  });
  server.addHook("onSend", async (request, reply) => {
    if (SAFE_METHODS.has(request.method) || !request.actor) return;
    const [begunId, code] = [begun.get(request), codes.get(request)];
    const written =
      begunId === undefined
        ? audit.note(actOf(request), { phase: "refused", code })
        : audit.end(begunId, actOf(request), { phase: reply.statusCode < 400 ? "done" : "failed", code });
    await written.catch((err) => log.error({ err }, "not audited"));
  });
}

/** `queue.retry` on `queueName outbound…, jobId 12`: what the path says of it. */
function actOf({ actor, ip: address, id: correlationId, params, routeOptions }: FastifyRequest): AuditedAct {
  const words = (routeOptions.url ?? "").split("/").filter((part) => part && !part.startsWith(":"));
  const named = Object.entries((params ?? {}) as Record<string, string>).map(([name, value]) => `${name} ${value}`);
  const target =
    named
      .join(", ")
      .replace(/\p{Cc}/gu, "?")
      .slice(0, 400) || null;
  const action = ["queue", ...words.slice(3)].join("."); // after queues/api/queues
  return { actor: actor as Actor, address, correlationId, action, tenantId: null, target };
}
