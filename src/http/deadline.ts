import type { FastifyInstance } from "fastify";
import { HttpError } from "./http-error.ts";

/**
 * Answers 503 after a while, whatever a request still waits for; what it does in the end is not undone.
 *
 * Fastify's own `handlerTimeout` ends its watch as soon as a body has been read, and webhooks have one.
 */
export function answerInTime(server: FastifyInstance, timeoutMs: number): void {
  server.addHook("onRequest", async (_request, reply) => {
    const timer = setTimeout(() => {
      if (reply.sent) return;
      reply.send(new HttpError(503, "TOO_SLOW", "the server could not answer in time", "try again later"));
    }, timeoutMs);
    reply.raw.once("close", () => clearTimeout(timer));
  });
}
