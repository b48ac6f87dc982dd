import { randomUUID } from "node:crypto";
import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { FastifyAdapter } from "@bull-board/fastify";
import type { FastifyInstance } from "fastify";
import { QUEUE_NAMES } from "../queues/queue-names.ts";
import { DIRECTIONS, type Direction } from "../sync/model.ts";
import type { HttpDeps } from "./deps.ts";
import { describeError, HttpError, toEnvelope } from "./http-error.ts";
import { queueState } from "./queue-state.ts";
import { requireRoleToChange } from "./sign-in.ts";

const PATH = "/queues";

const DESCRIPTIONS = {
  inbound: "Doorbells of lanes with writes to the partner program",
  outbound: "Doorbells of lanes with writes to Pipedrive",
} as const satisfies Record<Direction, string>;

/**
 * Bull Board. Jobs carry a tenant and a lane, nothing of a customer, and ringing a lane again is harmless. Viewers may
 * look; to retry, pause or remove takes an operator.
 */
export async function queueBoard(server: FastifyInstance, { doorbells, log }: HttpDeps): Promise<void> {
  requireRoleToChange(server, "operator");
  refuseWithoutQueue(server, doorbells);

  const adapter = new FastifyAdapter();
  createBullBoard({
    queues: DIRECTIONS.map(
      (direction) =>
        new BullMQAdapter(doorbells.queues[direction], {
          displayName: QUEUE_NAMES[direction],
          description: DESCRIPTIONS[direction],
        }),
    ),
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
