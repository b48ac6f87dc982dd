import type { FastifyInstance, FastifyRequest } from "fastify";
import { mayActAs, type Operator, type OperatorRole } from "../store/operators.ts";
import { basicCredentials } from "./basic-auth.ts";
import type { HttpDeps } from "./deps.ts";
import { HttpError } from "./http-error.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** This route authenticates its callers in its own way, or needs not to. */
    public?: true;
  }
  interface FastifyRequest {
    /** Who is signed in; null on public routes. */
    operator: Operator | null;
  }
}

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * Denies by default: a route that is not marked public needs an operator's token, as `Authorization: Bearer`, or as
 * the password of HTTP Basic, which a browser can ask for.
 */
export function requireOperators(server: FastifyInstance, { operators }: Pick<HttpDeps, "operators">): void {
  server.decorateRequest("operator", null);
  server.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config?.public) return;
    const token = tokenOf(request.headers.authorization);
    request.operator = token === null ? null : await operators.verify(token);
    if (!request.operator) {
      reply.header("www-authenticate", 'Basic realm="partnersync", charset="UTF-8"');
      const hint = "send an operator's token as Authorization: Bearer, or as the password of HTTP Basic";
      throw new HttpError(401, "SIGN_IN", token === null ? "sign in first" : "this token is not in force", hint);
    }
    refuseOtherSites(request);
  });
}

/** Lets everybody who is signed in look, and only a role from `role` on change something. */
export function requireRoleToChange(server: FastifyInstance, role: OperatorRole): void {
  server.addHook("onRequest", async (request) => {
    if (SAFE_METHODS.includes(request.method)) return;
    if (request.operator && mayActAs(request.operator, role)) return;
    throw new HttpError(403, "ROLE_NEEDED", `this needs the role ${role}`, "ask an admin for a token with that role");
  });
}

/** A browser adds Basic credentials to whatever another site makes it send. */
function refuseOtherSites(request: FastifyRequest): void {
  if (SAFE_METHODS.includes(request.method)) return;
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return;
  throw new HttpError(403, "CROSS_SITE", "another site may not act in an operator's name");
}

function tokenOf(header: string | undefined): string | null {
  const [, bearer] = /^bearer\s+(\S+)\s*$/i.exec(header ?? "") ?? [];
  return bearer ?? basicCredentials(header)?.password ?? null;
}
