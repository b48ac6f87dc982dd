import { setTimeout as after } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { HttpError } from "./http-error.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Longer than others: it asks remote systems. */
    answerWithinMs?: number;
  }
}

/**
 * Answers 503 after a while, whatever a request still waits for; what it does in the end is not undone.
 *
 * Fastify's own `handlerTimeout` ends its watch as soon as a body has been read, and webhooks have one.
 */
export function answerInTime(server: FastifyInstance, timeoutMs: number): void {
  server.addHook("onRequest", async (request, reply) => {
    const withinMs = request.routeOptions.config?.answerWithinMs ?? timeoutMs;
    const timer = setTimeout(() => {
      if (reply.sent) return;
      reply.send(new HttpError(503, "TOO_SLOW", "the server could not answer in time", "try again later"));
    }, withinMs);
    reply.raw.once("close", () => clearTimeout(timer));
  });
}

/** Waits for `work` at most so long. @throws HttpError 503 saying `otherwise`; the work itself goes on */
export async function within<T>(ms: number, work: Promise<T>, otherwise: string): Promise<T> {
  const done = new AbortController();
  const late = after(ms, undefined, { ref: false, signal: done.signal }).then(() => {
    throw new HttpError(503, "TOO_SLOW", otherwise);
  });
  late.catch(() => {}); // also when it is called off
  return Promise.race([work, late]).finally(() => done.abort());
}
