import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { describeError, HttpError, toEnvelope } from "./http-error.ts";

/** Every error leaves in one envelope, without a stack; what nobody expected is logged with one. */
export function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler(answerError);
  server.setNotFoundHandler((request) => {
    throw new HttpError(404, "NOT_FOUND", `there is no ${request.method} route of this name`, "see GET /");
  });
}

/** Also for what fails before a route is found, such as a malformed URL. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const described = describeError(error);
  if (described.status >= 500) request.log.error({ err: error, code: described.code }, "request failed");
  reply.code(described.status).send(toEnvelope(described, request.id));
}
