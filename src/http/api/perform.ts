import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { App } from "../../app.ts";
import type { Actor } from "../../store/actor.ts";
import type { AuditedAct } from "../../store/audit.ts";
import { isTenantId } from "../../store/tenants.ts";
import { describeError, HttpError } from "../http-error.ts";
import { type Change, onRecord } from "../on-record.ts";
import { type AnyRoute, fileAnswer } from "./route.ts";

/**
 * Does what a route is there for. What changes something is written into the audit trail before it begins and when it has
 * ended; a repeated request with the same Idempotency-Key gets the first one's answer, and nothing happens twice.
 *
 * @returns the answer as JSON, or the bytes of a file, or its text while it is being made
 */
export async function perform(
  app: App,
  route: AnyRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string | Buffer | Readable> {
  const actor = request.actor as Actor;
  if (route.method === "GET") {
    let change: Change | undefined;
    const answered = await handle(app, route, request, actor, (what) => {
      change = what;
    });
    if (route.action) await app.audit.note(actOf(route, request, actor, change), { phase: "done" });
    return route.file ? toFile(fileAnswer.parse(answered), reply) : toJson(route, answered);
  }
  const work = () =>
    onRecord(app.audit, request.log, actOf(route, request, actor), async (changed) => {
      request.auditBegun = true;
      return toJson(route, await handle(app, route, request, actor, changed));
    });
  return once(app, route, request, reply, work);
}

/** For what was never begun: not allowed, or not understood. */
export async function noteRefusal(app: App, route: AnyRoute, request: FastifyRequest, error: unknown): Promise<void> {
  const { status, code } = describeError(error);
  if (status === 429) return; // the limit is there for floods; they need not be written down
  await app.audit.note(actOf(route, request, request.actor as Actor), { phase: "refused", code });
}

function handle(
  app: App,
  route: AnyRoute,
  { params, query, body }: FastifyRequest,
  actor: Actor,
  changed: (what: Change) => void,
): Promise<unknown> {
  return route.handle({ app, actor, params, query, body, changed });
}

function toJson(route: AnyRoute, answered: unknown): string {
  return JSON.stringify(z.encode(route.answer, answered));
}

function toFile({ name, bytes }: z.output<typeof fileAnswer>, reply: FastifyReply): Buffer | Readable {
  reply.header("content-disposition", `attachment; filename="${name}"`);
  if (!(bytes instanceof Uint8Array)) return Readable.from(bytes);
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
  const repeated = await app.idempotency.begin(caller, key, fingerprintOf(route, request));
  if (repeated.state === "answered") {
    reply.header("idempotency-replayed", "true").code(repeated.status);
    return JSON.stringify(repeated.answer);
  }
  if (repeated.state !== "new") throw notAgain(repeated.state);
  const answer = await work().catch(async (error: unknown) => {
    await app.idempotency.forget(caller, key).catch((err) => request.log.error({ err }, "key not forgotten"));
    throw error;
  });
  const kept = route.answersSecret
    ? app.idempotency.forget(caller, key)
    : app.idempotency.keep(caller, key, route.status ?? 200, JSON.parse(answer));
  // It is done: told that it failed, for an answer that cannot be kept, people would have it done again.
  await kept.catch((err: unknown) => request.log.error({ err }, "answer not kept"));
  return answer;
}

/** A body that the route does not take was not checked either: it may be nested deeper than can be written again. */
function fingerprintOf(route: AnyRoute, { method, url, body }: FastifyRequest): Buffer<ArrayBuffer> {
  const asked = JSON.stringify([method, url, route.body && body]);
  return Buffer.from(createHash("sha256").update(asked).digest());
}

function notAgain(state: "running" | "other"): HttpError {
  if (state === "running") {
    const hint = "ask again in a moment: then there is its answer";
    return new HttpError(409, "STILL_RUNNING", "the first request under this Idempotency-Key is under way", hint);
  }
  const message = "this Idempotency-Key was used for another request";
  return new HttpError(422, "KEY_REUSED", message, "make a new key for each thing that is to be done");
}
