import type { FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../store/actor.ts";
import type { OperatorTokens } from "../store/operator-tokens.ts";
import type { Sessions } from "../store/sessions.ts";
import { HttpError } from "./http-error.ts";
import { SAFE_METHODS } from "./methods.ts";
import { type SessionCookie, sessionCookie } from "./session-cookie.ts";

/** Finds out who sends a request. Null: nobody we know. @throws HttpError 403 CROSS_SITE */
export type Identify = (request: FastifyRequest, reply: FastifyReply) => Promise<Actor | null>;

export interface IdentifyDeps {
  tokens: Pick<OperatorTokens, "verify">;
  sessions: Pick<Sessions, "verify">;
}

/** By `Authorization: Bearer <token>`, which programs send, or the cookie of a session, which browsers do. */
export function byTokenOrSession(
  { tokens, sessions }: IdentifyDeps,
  cookie: SessionCookie = sessionCookie(),
): Identify {
  return async (request, reply) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const [, token] = /^bearer\s+(\S+)\s*$/i.exec(authorization) ?? [];
      return token === undefined ? null : tokens.verify(token);
    }
    const shown = cookie.read(request);
    if (shown === null) return null;
    refuseOtherSites(request); // before anything: another site must not even renew the cookie
    const signedIn = await sessions.verify(shown);
    if (!signedIn) return null;
    if (signedIn.renewed !== null) cookie.set(reply, signedIn.renewed);
    return signedIn.actor;
  };
}

/**
 * A browser adds its cookies to whatever another site makes it send; what a request comes from, it says itself and no page
 * can change that. Old browsers tell the origin only, which they do with every request that changes something.
 *
 * @throws HttpError 403 CROSS_SITE
 */
export function refuseOtherSites(request: FastifyRequest): void {
  if (SAFE_METHODS.has(request.method)) return;
  const { "sec-fetch-site": site, origin, host } = request.headers;
  if (site === "same-origin" || site === "none") return;
  if (site === undefined && origin !== undefined && URL.canParse(origin) && new URL(origin).host === host) return;
  const hint = "open the page on this server itself, or use a token: Authorization: Bearer";
  throw new HttpError(403, "CROSS_SITE", "another site may not act in an operator's name", hint);
}
