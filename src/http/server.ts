import { randomUUID } from "node:crypto";
import cookies from "@fastify/cookie";
import helmet from "@fastify/helmet";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { requireAccess } from "./access.ts";
import { accessPages } from "./access-pages.ts";
import { api } from "./api/index.ts";
import { byTokenOrSession } from "./caller.ts";
import { answerInTime } from "./deadline.ts";
import { MOST_BODY_BYTES } from "./deliveries.ts";
import type { HttpDeps, RouteGroup, ServerOptions } from "./deps.ts";
import { answerClientError, answerError, answerErrors } from "./errors.ts";
import { events } from "./events.ts";
import { health } from "./health.ts";
import { intake } from "./intake.ts";
import { landing } from "./landing.ts";
import { queueBoard } from "./queue-board.ts";
import { scopesPage } from "./scopes-page/index.ts";
import { sessionCookie } from "./session-cookie.ts";
import { sendToSignIn, signIn } from "./sign-in.ts";
import { webhooks } from "./webhooks.ts";

export type { HttpDeps } from "./deps.ts";

/** All routes, a file per group; each says who may use it. */
const ROUTE_GROUPS = {
  health,
  webhooks,
  events,
  intake,
  api,
  queueBoard,
  landing,
  accessPages,
  scopesPage,
} satisfies Record<string, RouteGroup>;

const ANSWER_TIMEOUT_MS = 8_000;

/**
 * The HTTP side of partnersync: it takes in what both sides send, answers the admin API, shows the queues, and says how
 * it is.
 *
 * Not listening yet: `await server.listen({ host, port })`. `server.close()` lets requests under way end; it closes
 * neither the database nor the queues.
 */
export function createServer(deps: HttpDeps, options: ServerOptions = {}): FastifyInstance {
  const server: FastifyInstance = Fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    // Our own line per request says less: no address, no query, no headers.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "correlationId" }),
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: 30_000,
    forceCloseConnections: "idle",
    trustProxy: (_address, hop) => hop < deps.config.trustProxy,
    genReqId: () => randomUUID(),
  });
  const { nodeEnv, publicUrl } = deps.config;
  const cookie = sessionCookie({ secure: nodeEnv === "production" || publicUrl?.startsWith("https:") === true });
  answerErrors(server);
  answerInTime(server, options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS);
  logRequests(server);
  setHeaders(server);
  endConnectionsOnClose(server);
  server.register(cookies);
  requireAccess(server, options.identify ?? byTokenOrSession(deps, cookie), sendToSignIn);
  server.register(async (scope) => signIn(scope, deps, cookie));
  for (const group of Object.values<RouteGroup>(ROUTE_GROUPS)) {
    server.register(async (scope) => group(scope, deps));
  }
  return server;
}

function logRequests(server: FastifyInstance): void {
  server.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  server.addHook("onResponse", async (request, reply) => {
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const operator = request.actor?.name;
    request.log.info({ req: request, res: reply, ms, ...(operator && { operator }) }, "answered");
  });
}

function setHeaders(server: FastifyInstance): void {
  server.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // Bull Board styles its elements in place; its web fonts are of another site and stay out.
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'", "data:"],
        imgSrc: ["'self'", "data:"],
        frameAncestors: ["'none'"],
        // Without TLS, as on a first run, nothing could be loaded.
        upgradeInsecureRequests: null,
      },
    },
  });
  // What somebody was shown as themselves is for nobody who sits down at that browser next, and for no proxy on the way.
  server.addHook("onSend", async (request, reply) => {
    if (request.actor && !reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
}

/** Otherwise a client that keeps its connection would hold up the end until it lets go of it. */
function endConnectionsOnClose(server: FastifyInstance): void {
  let closing = false;
  server.addHook("preClose", async () => {
    closing = true;
  });
  server.addHook("onSend", async (_request, reply) => {
    if (closing) reply.header("connection", "close");
  });
}
