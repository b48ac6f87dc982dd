import { randomUUID } from "node:crypto";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { FastifyAdapter } from "@bull-board/fastify";
import type { FastifyInstance } from "fastify";
import { doorbell } from "../queues/doorbells.ts";
import { QUEUE_NAMES } from "../queues/queue-names.ts";
import { mayActAs } from "../store/actor.ts";
import { DIRECTIONS, type Direction } from "../sync/model.ts";
import type { HttpDeps } from "./deps.ts";
import { describeError, HttpError, toEnvelope } from "./http-error.ts";
import { SAFE_METHODS } from "./methods.ts";
import { auditQueues } from "./queue-audit.ts";
import { queueState } from "./queue-state.ts";

const PATH = "/queues";

const DESCRIPTIONS = {
  inbound: "Doorbells of lanes with writes to the partner program",
  outbound: "Doorbells of lanes with writes to Pipedrive",
} as const satisfies Record<Direction, string>;

/**
 * Bull Board. Jobs carry a tenant and a lane, nothing of a customer, and ringing a lane again is harmless. Viewers look,
 * operators retry, promote, clean, pause and resume; the rest takes an admin.
 */
export async function queueBoard(server: FastifyInstance, deps: HttpDeps): Promise<void> {
  const { doorbells, log } = deps;
  guard(server);
  showReadOnly(server);
  auditQueues(server, deps);
  refuseWithoutQueue(server, doorbells);

  const adapter = new FastifyAdapter();
  createBullBoard({
    queues: DIRECTIONS.map((direction) => {
      const displayName = QUEUE_NAMES[direction];
      const queue = new BullMQAdapter(doorbells.queues[direction], {
        displayName,
        description: DESCRIPTIONS[direction],
      });
      queue.setFormatter("data", onlyBell);
      return queue;
    }),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: "partnersync", hideRedisDetails: true } },
  });
  // The board answers errors on its routes itself: with ours, of the sign-in too, they look like everywhere else.
  adapter.setErrorHandler((error) => {
    const correlationId = randomUUID();
    const described = describeError(error);
    if (described.status >= 500) log.error({ err: error, correlationId }, "queue board failed");
    return { status: described.status as 500, body: toEnvelope(described, correlationId) };
  });
  adapter.setBasePath(PATH);
  await server.register(adapter.registerPlugin(), { prefix: PATH });
}

/** What can be made good by ringing again. All else of the board's would let somebody forge jobs, or throw them away. */
const OPERATORS_MAY = /\/(retry|promote|clean|pause|resume)(\/:queueStatus)?$/;

/** Both queues hold every tenant's work: who sees only some tenants sees neither. */
function guard(server: FastifyInstance): void {
  server.addHook("onRoute", (route) => {
    const looks = [route.method].flat().every((method) => SAFE_METHODS.has(method));
    const role = looks ? "viewer" : OPERATORS_MAY.test(route.url) ? "operator" : "admin";
    route.config = { ...route.config, access: { role, reach: "whole" } };
  });
}

/** The board hides its buttons from who may not use them. */
function showReadOnly(server: FastifyInstance): void {
  server.addHook("preSerialization", async ({ actor }, _reply, payload) => {
    const { queues } = (payload ?? {}) as { queues?: object[] };
    if (!Array.isArray(queues) || (actor && mayActAs(actor, "operator"))) return payload;
    return { ...(payload as object), queues: queues.map((queue) => ({ ...queue, readOnlyMode: true })) };
  });
}

/** What a job may hold is known; anything else, from whoever put it there, is not shown. */
function onlyBell(data: unknown): unknown {
  const bell = doorbell.safeParse(data);
  return bell.success ? bell.data : "(not shown)";
}

/** BullMQ waits for a queue that is away, until the request is too slow and nobody knows why. */
function refuseWithoutQueue(server: FastifyInstance, doorbells: HttpDeps["doorbells"]): void {
  const [name, variable] = doorbells.backend === "redis" ? ["Redis", "REDIS_URL"] : ["PostgreSQL", "DATABASE_URL"];
  server.addHook("onRequest", async () => {
    const state = await queueState(doorbells);
    if (state === "ok") return;
    const hint = `see that ${name} at ${variable} runs; until then changes are taken in, and worked on when it is back`;
    throw new HttpError(503, "QUEUE_AWAY", `the queue (${name}) is away: ${state}`, hint);
  });
}
