import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import type { Actor } from "./blank.ts";
import type { Companies, Company } from "./company.ts";
import type { Limits } from "./limits.ts";
import type { User } from "./model.ts";
import { ABUSE_PAGE, gatewayProblem } from "./problem.ts";
import type { Spend } from "./spend.ts";

/** What a request costs, and what it is called in the spend counters. */
export interface Price {
  tokens: number;
  operation: string;
  /** Search endpoints have a window of their own. */
  search?: boolean;
}

/** An authenticated and paid request. */
export interface Call {
  company: Company;
  user: User;
  actor: Actor;
  params: Record<string, string>;
  query: unknown;
  body: unknown;
  reply: FastifyReply;
}

/** Registers a route behind the gate: who asks, may they ask now, and what it costs. */
export type Route = (method: HTTPMethods, url: string, price: Price, handle: (call: Call) => unknown) => void;

export interface Gate {
  routes(app: FastifyInstance): Route;
  /** The company a request names by its token; undefined when the token is unknown. */
  companyOf(request: FastifyRequest): Company | undefined;
}

export function createGate(options: { companies: Companies; limits: Limits; spend: Spend }): Gate {
  const { companies, limits, spend } = options;

  function identify(request: FastifyRequest) {
    const token = tokenOf(request);
    const found = token === undefined ? undefined : companies.byToken(token.value);
    if (!found || !token) return undefined;
    if (token.from === "query" && !found.company.info.switches.apiTokenInQuery) return undefined;
    if ((found.kind === "oauth") !== (token.from === "bearer")) return undefined;
    return { ...found, token: token.value };
  }

  function routes(app: FastifyInstance): Route {
    return (method, url, price, handle) => {
      app.route({
        method,
        url,
        handler: async (request, reply) => {
          const caller = identify(request);
          if (!caller) return refuseStranger(request, reply);
          const { company, user } = caller;
          const verdict = limits.admit(caller, price.tokens, price.search === true);
          reply.headers(verdict.headers);
          if (!verdict.admitted) {
            spend.refuse(company.domain);
            if ("abuse" in verdict) return sendAbusePage(reply);
            return reply.status(verdict.problem.status).send(verdict.problem.body);
          }
          const endpoint = `${request.method} ${request.routeOptions.url}`;
          spend.count(company.domain, endpoint, price.operation, price.tokens);
          const actor: Actor = { userId: user.id, source: "api" };
          const params = request.params as Record<string, string>;
          const { api_token: _, ...query } = request.query as Record<string, unknown>;
          return handle({ company, user, actor, params, query, body: request.body, reply });
        },
      });
    };
  }

  return { routes, companyOf: (request) => identify(request)?.company };
}

function tokenOf(request: FastifyRequest): { value: string; from: "header" | "bearer" | "query" } | undefined {
  const header = request.headers["x-api-token"];
  if (typeof header === "string") return { value: header, from: "header" };
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (bearer) return { value: bearer, from: "bearer" };
  const query = (request.query as Record<string, unknown> | undefined)?.api_token;
  return typeof query === "string" ? { value: query, from: "query" } : undefined;
}

function refuseStranger(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const bearer = request.headers.authorization !== undefined;
  const problem = gatewayProblem(401, bearer ? "Invalid token: access_token is invalid" : "unauthorized access");
  reply.headers({ "x-401-by-gw": "true", "x-correlation-id": randomUUID() });
  return reply.status(401).send(problem.body);
}

export function sendAbusePage(reply: FastifyReply): FastifyReply {
  return reply.status(403).type("text/html; charset=UTF-8").send(ABUSE_PAGE);
}
