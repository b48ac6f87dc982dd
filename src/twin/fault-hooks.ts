import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Fault, FaultKind, Faults } from "./faults.ts";

/** What each side says for the faults whose wording is its own. */
export interface FaultAnswers {
  status(reply: FastifyReply, status: number): unknown;
  html403(reply: FastifyReply): unknown;
  burst429(reply: FastifyReply): unknown;
  daily429(reply: FastifyReply): unknown;
}

/**
 * Makes armed faults happen on every route of `app` (an encapsulated part of the server). To be called before the
 * side's own hooks: a refused request costs and changes nothing there. Latency is real time, not the twin's.
 *
 * @param tenantOf company domain or tenant of a request, if it can be told
 */
export function installFaults(
  app: FastifyInstance,
  options: {
    side: "pipedrive" | "program";
    faults: Faults;
    tenantOf(request: FastifyRequest): string | undefined;
    answers: FaultAnswers;
  },
): void {
  const lostAnswers = new WeakSet<FastifyRequest>();
  const lateAnswers = new WeakMap<FastifyRequest, number>();

  // After the body was read, so that a broken connection does not keep a late commit from knowing what to do.
  app.addHook("preValidation", async (request, reply) => {
    const { side, faults, tenantOf, answers } = options;
    const fault = faults.take({ side, method: request.method, path: request.url, tenant: tenantOf(request) });
    if (!fault) return;
    if (refuses(fault.kind)) return refuse(fault, reply, answers);
    if (fault.kind === "lost_answer") lostAnswers.add(request);
    if (fault.kind === "late_answer") return void lateAnswers.set(request, fault.ms);
    if (fault.kind === "reset" || fault.kind === "late_commit") request.raw.socket.destroy();
    if (fault.kind === "reset") return reply.hijack();
    if (fault.ms > 0) await wait(fault.ms);
  });

  app.addHook("onSend", async (request) => {
    const lateMs = lateAnswers.get(request);
    if (lateMs) await wait(lateMs);
    if (lostAnswers.has(request)) request.raw.socket.destroy();
  });
}

function refuses(kind: FaultKind): boolean {
  return kind === "status" || kind === "html403" || kind === "429_burst" || kind === "429_daily";
}

function refuse(fault: Fault, reply: FastifyReply, answers: FaultAnswers): unknown {
  if (fault.kind === "html403") return answers.html403(reply);
  if (fault.kind === "429_burst") return answers.burst429(reply);
  if (fault.kind === "429_daily") return answers.daily429(reply);
  return answers.status(reply, fault.status);
}
