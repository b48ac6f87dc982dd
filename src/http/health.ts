import type { FastifyInstance } from "fastify";
import { probeInbox } from "../store/readiness.ts";
import { within } from "./deadline.ts";
import type { HttpDeps } from "./deps.ts";
import { describeError, toEnvelope } from "./http-error.ts";
import { queueState } from "./queue-state.ts";

const PROBE_TIMEOUT_MS = 2_000;

/** `/healthz`: the process is up. `/readyz`: the inbox can be written; the queue's state is told, not required. */
export function health(server: FastifyInstance, { database, doorbells }: HttpDeps): void {
  const options = {
    config: { public: "whoever watches over the process has no token; nothing of a tenant is told" },
    logLevel: "warn" as const,
  };

  server.get("/healthz", options, async () => ({ ok: true, uptimeS: Math.round(process.uptime()) }));

  server.get("/readyz", options, async (request, reply) => {
    const refused = await within(PROBE_TIMEOUT_MS, probeInbox(database), "the database does not answer").then(
      () => null,
      (reason: unknown) => ({ reason }),
    );
    // Afterwards: at the same time it would take a second connection of the pool for every probe.
    const queue = { backend: doorbells.backend, state: await queueState(doorbells) };
    if (!refused) return { ready: true, queue };
    request.log.error({ err: refused.reason }, "the inbox cannot be written");
    const { code, message, hint } = describeError(refused.reason);
    const described = { status: 503, code, message: `the inbox cannot be written: ${message}`, hint };
    return reply.code(503).send({ ready: false, queue, ...toEnvelope(described, request.id) });
  });
}
