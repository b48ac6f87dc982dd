import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import { type Actor, mayActAs, maySee, type OperatorRole } from "../store/actor.ts";
import { unknownTenant } from "../store/tenants.ts";
import type { Identify } from "./caller.ts";
import { HttpError } from "./http-error.ts";

/** Who may use a route. */
export interface Access {
  role: OperatorRole;
  /**
   * | reach | who is limited to tenants … |
   * | --- | --- |
   * | tenant | … may use it for those: the path names one as `:tenant` |
   * | visible | … gets those only: the handler narrows what it answers to them |
   * | own | … may: it is about nothing but whoever asks |
   * | whole | … may not: it concerns everybody |
   */
  reach: "tenant" | "visible" | "own" | "whole";
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** This route authenticates its callers in its own way, or needs not to: the text says why that is right. */
    public?: string;
    access?: Access;
  }
  interface FastifyInstance {
    /** Every route there is, and who may use it. */
    guardedRoutes(): GuardedRoute[];
  }
  interface FastifyRequest {
    /** Who is signed in; null on public routes. */
    actor: Actor | null;
  }
}

/** A route as it was registered: what a test of all of them goes by. */
export interface GuardedRoute {
  method: string;
  url: string;
  access: Access | null;
  /** Why everybody may use it. */
  public: string | null;
}

/**
 * Denies by default. Every route says who may use it, or why everybody may; a server with one that says neither does not
 * start. What is no route at all takes a sign-in as well.
 *
 * @param onStranger may answer in its own way somebody whom nobody knows
 */
export function requireAccess(server: FastifyInstance, identify: Identify, onStranger?: OnStranger): void {
  const routes: RouteOptions[] = [];
  server.decorateRequest("actor", null);
  server.decorate("guardedRoutes", () => routes.flatMap(toGuarded));
  server.addHook("onRoute", (route) => void routes.push(route)); // groups of routes still add to what they register
  server.addHook("onReady", async () => routes.forEach(refuseUnguarded));
  server.addHook("onRequest", async (request, reply) => {
    const { public: isPublic, access } = request.routeOptions.config ?? {};
    if (isPublic !== undefined) return;
    request.actor = await identify(request, reply);
    if (!request.actor) {
      if (onStranger?.(request, reply)) return reply;
      throw strange(request, reply);
    }
    if (access) refuseBeyond(request.actor, access, request);
  });
}

function refuseUnguarded({ method, url, config }: RouteOptions): void {
  const { public: isPublic, access } = config ?? {};
  if (isPublic === undefined && !access) throw new Error(`route ${method} ${url} does not say who may use it`);
  if (access?.reach === "tenant" && !url.includes("/:tenant"))
    throw new Error(`route ${method} ${url} names no tenant`);
}

function toGuarded({ method, url, config }: RouteOptions): GuardedRoute[] {
  const rest = { url, access: config?.access ?? null, public: config?.public ?? null };
  return [method].flat().map((one) => ({ method: one, ...rest }));
}

export type OnStranger = (request: FastifyRequest, reply: FastifyReply) => boolean;

function strange(request: FastifyRequest, reply: FastifyReply): HttpError {
  reply.header("www-authenticate", 'Bearer realm="partnersync"');
  const shown = request.headers.authorization !== undefined;
  const hint = "sign in at /sign-in, or send an operator's token as Authorization: Bearer";
  return new HttpError(401, "SIGN_IN", shown ? "this token is not in force" : "sign in first", hint);
}

/** @throws HttpError 403 ROLE_NEEDED, ALL_TENANTS_NEEDED; InputError UNKNOWN_TENANT for one that is not theirs */
function refuseBeyond(actor: Actor, { role, reach }: Access, request: FastifyRequest): void {
  if (!mayActAs(actor, role)) {
    throw new HttpError(403, "ROLE_NEEDED", `this needs the role ${role}`, "ask an admin for that role");
  }
  if (reach === "whole" && actor.tenants !== null) {
    const message = "this concerns every tenant, and you see only some";
    throw new HttpError(403, "ALL_TENANTS_NEEDED", message, "ask somebody who sees all of them");
  }
  const { tenant } = request.params as { tenant?: string };
  if (reach === "tenant" && !maySee(actor, tenant ?? "")) throw unknownTenant(tenant ?? "");
}
