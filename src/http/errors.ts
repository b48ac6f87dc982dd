import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
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

/** What was hardly HTTP: there is no request to answer, and nobody to log. */
export function answerClientError({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === "ECONNRESET" || !socket.writable) return;
  const [status, reason, message] = CLIENT_ERRORS[code ?? ""] ?? [400, "Bad Request", "this is not HTTP/1.1"];
  const described = { status, code: reason.toUpperCase().replaceAll(" ", "_"), message };
  const body = JSON.stringify(toEnvelope(described, randomUUID()));
  const headers = `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${headers}\r\n\r\n${body}`);
}

const CLIENT_ERRORS: Record<string, [number, string, string]> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large", "the address and headers are larger than 16 KiB"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout", "the request took too long to arrive"],
};
