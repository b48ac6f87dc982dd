import { setTimeout as after } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { probeInbox } from "../store/readiness.ts";
import type { HttpDeps } from "./deps.ts";
import { describeError, HttpError, toEnvelope } from "./http-error.ts";

const PROBE_TIMEOUT_MS = 2_000;
const QUEUE_TIMEOUT_MS = 500;

/** `/healthz`: the process is up. `/readyz`: the inbox can be written; the queue's state is told, not required. */
export function health(server: FastifyInstance, { database, doorbells }: HttpDeps): void {
  const options = { config: { public: true as const }, logLevel: "warn" as const };

  server.get("/healthz", options, async () => ({ ok: true, uptimeS: Math.round(process.uptime()) }));

  server.get("/readyz", options, async (request, reply) => {
    const [database_, state] = await Promise.allSettled([
      within(PROBE_TIMEOUT_MS, probeInbox(database), "the database does not answer"),
      within(QUEUE_TIMEOUT_MS, doorbells.state(), "the queue does not answer"),
    ]);
    const queue = { backend: doorbells.backend, state: state.status === "fulfilled" ? state.value : "does not answer" };
    if (database_.status === "fulfilled") return { ready: true, queue };
    request.log.error({ err: database_.reason }, "the inbox cannot be written");
    const { code, message, hint } = describeError(database_.reason);
    const described = { status: 503, code, message: `the inbox cannot be written: ${message}`, hint };
    return reply.code(503).send({ ready: false, queue, ...toEnvelope(described, request.id) });
  });
}

async function within<T>(ms: number, work: Promise<T>, otherwise: string): Promise<T> {
  const done = new AbortController();
  const late = after(ms, undefined, { ref: false, signal: done.signal }).then(() => {
    throw new HttpError(503, "TOO_SLOW", otherwise);
  });
  late.catch(() => {}); // also when it is called off
  return Promise.race([work, late]).finally(() => done.abort());
}
