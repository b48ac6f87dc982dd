import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import type { App } from "../../app.ts";
import { HttpError } from "../http-error.ts";
import { SAFE_METHODS } from "../methods.ts";
import { describeApi, describeItself, errorShape } from "./openapi.ts";
import { noteRefusal, perform } from "./perform.ts";
import type { AnyRoute } from "./route.ts";
import { ROUTES } from "./routes.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Of the admin API. */
    route?: AnyRoute;
  }
  interface FastifyRequest {
    /** What it asks for was begun, and written down. */
    auditBegun: boolean;
  }
}

/** Connecting and loading ask both systems; the answer of a webhook's eight seconds is not for them. */
const ANSWER_WITHIN_MS = 120_000;

const requestHeaders = z.looseObject({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .optional()
    .describe(
      "Any text of your own, e.g. a UUID: repeated within a day with the same request, it gets the same answer.",
    ),
});

/** The admin API: everything the command line does, for scripts and pages. */
export async function api(server: FastifyInstance, app: App): Promise<void> {
  server.decorateRequest("auditBegun", false);
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  await describeApi(server);
  await limitRate(server, app.config.apiRequestsPerMinute);
  noteRefusals(server, app);
  for (const route of ROUTES) register(server, app, route);
  await server.register(describeItself);
}

/** The OpenAPI document, made without a database. */
export async function openApiDocument(): Promise<object> {
  const server = Fastify();
  server.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  await describeApi(server);
  for (const route of ROUTES) register(server, null as never, route); // no request is ever sent to it
  await server.ready();
  return server.swagger();
}

function register(server: FastifyInstance, app: App, route: AnyRoute): void {
  const { method, path, role, reach, tag, summary, description, params, query, body, status = 200 } = route;
  const { file, mostBodyBytes } = route;
  const isWrite = !SAFE_METHODS.has(method);
  if (isWrite && !route.action)
    throw new Error(`${method} ${path} changes something and has no name in the audit trail`);
  server.route({
    method,
    url: `/api${path}`,
    ...(mostBodyBytes !== undefined && { bodyLimit: mostBodyBytes }),
    config: { access: { role, reach }, answerWithinMs: ANSWER_WITHIN_MS, route },
    schema: {
      tags: [tag],
      summary,
      description: [description, `Needs the role ${role}.`].filter(Boolean).join(" "),
      operationId: operationIdOf(route),
      ...(isWrite && { headers: requestHeaders }),
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      response: { [status]: answerShape(route), default: errorShape },
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      reply.code(status);
      const answer = await perform(app, route, request, reply);
      return reply
        .type(file === "application/zip" ? file : `${file ?? "application/json"}; charset=utf-8`)
        .send(answer);
    },
  } as never);
}

function answerShape({ answer, file, summary }: AnyRoute) {
  if (!file) return answer;
  return { description: summary, content: { [file]: { schema: z.string().meta({ format: "binary" }) } } };
}

/** Per token or session, so that a script that runs wild hinders nobody else. */
async function limitRate(server: FastifyInstance, max: number): Promise<void> {
  await server.register(rateLimit, {
    max,
    timeWindow: "1 minute",
    keyGenerator: ({ actor, ip }) => actor?.credentialId ?? ip,
    errorResponseBuilder: (_request, { after }) =>
      new HttpError(429, "TOO_MANY_REQUESTS", `more than ${max} requests in a minute`, `try again in ${after}`),
  });
}

/** What somebody was not allowed to do, or asked for in a way that made no sense, is on record as well. */
function noteRefusals(server: FastifyInstance, app: App): void {
  server.addHook("onError", async (request, _reply, error) => {
    const { route } = request.routeOptions.config;
    if (!route || SAFE_METHODS.has(request.method) || request.auditBegun || !request.actor) return;
    await noteRefusal(app, route, request, error).catch((err) => request.log.error({ err }, "refusal not audited"));
  });
}

/** `postTenantsTenantPause`, for whoever makes a client of the document. */
function operationIdOf({ method, path }: AnyRoute): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}
