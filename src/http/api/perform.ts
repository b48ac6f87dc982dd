import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../app.ts";
import type { Actor } from "../../store/actor.ts";
import type { AuditedAct, AuditOutcome } from "../../store/audit.ts";
import { isTenantId } from "../../store/tenants.ts";
import { describeError, HttpError } from "../http-error.ts";
import { type AnyRoute, type Call, fileAnswer } from "./route.ts";

/** What a request leaves in the audit trail, told by its handler. */
type Change = Parameters<Call["changed"]>[0];

/**
 * Does what a route is there for. What changes something is written into the audit trail before it begins and when it has
 * ended; a repeated request with the same Idempotency-Key gets the first one's answer, and nothing happens twice.
 *
 * @returns the answer as JSON, or the bytes of a file
 */
export async function perform(
  app: App,
  route: AnyRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string | Buffer> {
  const actor = request.actor as Actor;
  if (route.method === "GET") {
    const { answered, change } = await answerTo(app, route, request, actor);
    if (route.action) await app.audit.note(actOf(route, request, actor, change), { phase: "done" });
    return route.file ? toFile(fileAnswer.parse(answered), reply) : toJson(route, answered);
  }
  return once(app, route, request, reply, () => onRecord(app, route, request, actor));
}

/** Written down, done, and written down again. */
async function onRecord(app: App, route: AnyRoute, request: FastifyRequest, actor: Actor): Promise<string> {
  const begunId = await app.audit.begin(actOf(route, request, actor));
  request.auditBegun = true;
  const end = (outcome: AuditOutcome, change?: Change) =>
    app.audit.end(begunId, actOf(route, request, actor, change), outcome);
  try {
    const { answer, change } = await handle(app, route, request, actor);
    await end({ phase: "done", before: change?.before, after: change?.after }, change);
    return answer;
  } catch (error) {
    // That it ended badly is for the log as well; why, the caller is told in any case.
    await end({ phase: "failed", code: describeError(error).code }).catch((err) =>
      request.log.error({ err }, "not audited"),
    );
    throw error;
  }
}

/** For what was never begun: not allowed, or not understood. */
export async function noteRefusal(app: App, route: AnyRoute, request: FastifyRequest, error: unknown): Promise<void> {
  const { status, code } = describeError(error);
  if (status === 429) return; // the limit is there for floods; they need not be written down
  await app.audit.note(actOf(route, request, request.actor as Actor), { phase: "refused", code });
}

async function handle(app: App, route: AnyRoute, request: FastifyRequest, actor: Actor) {
  const { answered, change } = await answerTo(app, route, request, actor);
  return { answer: toJson(route, answered), change };
}

async function answerTo(app: App, route: AnyRoute, { params, query, body }: FastifyRequest, actor: Actor) {
  let change: Change | undefined;
  const changed = (what: Change) => {
    change = what;
  };
  const answered: unknown = await route.handle({ app, actor, params, query, body, changed });
  return { answered, change };
}

function toJson(route: AnyRoute, answered: unknown): string {
  return JSON.stringify(z.encode(route.answer, answered));
}

function toFile({ name, bytes }: z.output<typeof fileAnswer>, reply: FastifyReply): Buffer {
  reply.header("content-disposition", `attachment; filename="${name}"`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function actOf({ action }: AnyRoute, request: FastifyRequest, actor: Actor, change?: Change): AuditedAct {
  const { tenant = null } = (request.params ?? {}) as { tenant?: string };
  const tenantId = tenant !== null && isTenantId(tenant) ? tenant : null; // a refused one may be anything
  const address = actor.via === "local" ? null : request.ip;
  const target = change?.target ?? targetOf(request.params);
  return { actor, address, correlationId: request.id, action: action ?? "", tenantId, target };
}

/** What the path names, for what did not come so far as to say it better; text of strangers, if it was refused. */
function targetOf(params: unknown): string | null {
  const { tenant: _, object, id, name, ...rest } = (params ?? {}) as Record<string, string>;
  const named = { ...(object && { [object]: id }), ...(name && { user: name }), ...rest };
  const words = Object.entries(named).map(([what, value]) => `${what} ${value}`.replace(/\p{Cc}/gu, "?").slice(0, 200));
  return words.join(", ") || null;
}

/** Does the work unless it was done before under the same key. @throws HttpError 409 STILL_RUNNING, 422 KEY_REUSED */
async function once(
  app: App,
  route: AnyRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<string>,
) {
  const key = request.headers["idempotency-key"] as string | undefined;
  if (key === undefined) return work();
  const caller = request.actor?.operatorId ?? "local";
  const repeated = await app.idempotency.begin(caller, key, fingerprintOf(request));
  if (repeated.state === "answered") {
    reply.header("idempotency-replayed", "true").code(repeated.status);
    return JSON.stringify(repeated.answer);
  }
  if (repeated.state !== "new") throw notAgain(repeated.state);
  const answer = await work().catch(async (error: unknown) => {
    await app.idempotency.forget(caller, key).catch((err) => request.log.error({ err }, "key not forgotten"));
    throw error;
  });
  // It is done: an answer that cannot be kept must not have it done again.
  if (route.answersSecret) await app.idempotency.forget(caller, key);
  else await app.idempotency.keep(caller, key, route.status ?? 200, JSON.parse(answer));
  return answer;
}

function fingerprintOf({ method, url, body }: FastifyRequest): Buffer<ArrayBuffer> {
  return Buffer.from(
    createHash("sha256")
      .update(JSON.stringify([method, url, body]))
      .digest(),
  );
}

function notAgain(state: "running" | "other"): HttpError {
  if (state === "running") {
    const hint = "ask again in a moment: then there is its answer";
    return new HttpError(409, "STILL_RUNNING", "the first request under this Idempotency-Key is under way", hint);
  }
  const message = "this Idempotency-Key was used for another request";
  return new HttpError(422, "KEY_REUSED", message, "make a new key for each thing that is to be done");
}
