import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { EditError } from "../pipedrive/human-edit.ts";
import { Problem } from "../pipedrive/problem.ts";

/** Misuse of the control API, in words for whoever typed it. */
export class ControlError extends Error {
  override name = "ControlError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Checks what was posted. @throws ControlError 400 naming each key that is wrong */
export function parse<T extends z.ZodType>(schema: T, given: unknown): z.output<T> {
  const result = schema.safeParse(given ?? {});
  if (!result.success) throw new ControlError(400, z.prettifyError(result.error));
  return result.data;
}

/** Every refusal is `{ error: <what to do differently> }`. */
export function answerMisuse(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ControlError) return reply.status(error.status).send({ error: error.message });
  if (error instanceof EditError) return reply.status(400).send({ error: error.message });
  if (error instanceof Problem) return reply.status(error.status).send({ error: error.message, pipedrive: error.body });
  const status = error.statusCode ?? 500;
  if (status >= 500) request.log.error({ err: error }, "the control API broke");
  return reply.status(status).send({ error: error.message });
}
