import { setTimeout as after } from "node:timers/promises";
import { createPostgresBackend, type Job, type JobsOptions, Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type pg from "pg";
import { z } from "zod";
import type { LaneName } from "../store/lane-rows.ts";
import { DIRECTIONS, type Direction } from "../sync/model.ts";
import { QUEUE_NAMES } from "./queue-names.ts";

/** What a doorbell carries: which lane has work, and nothing else. No customer data, no secret. */
export const doorbell = z.object({ tenantId: z.string(), laneId: z.number() });
export type Doorbell = z.infer<typeof doorbell>;

export interface DoorbellOptions {
  /** Redis when set, else BullMQ's own PostgreSQL backend on `pool`. */
  redisUrl?: string | undefined;
  pool: pg.Pool;
  /** Called with errors of the queue's connections; they heal by themselves. */
  onError(error: Error): void;
}

/** BullMQ, as far as we use it: bells that say "this lane has work". */
export interface Doorbells {
  backend: "redis" | "postgres";
  queues: Record<Direction, Queue>;
  /** Rings for lanes. `fresh` rings past an older bell that may be stuck, unless the queue is paused. */
  ring(direction: Direction, lanes: LaneName[], options?: { fresh?: boolean }): Promise<void>;
  /** Starts a worker; `run` answers what Bull Board shows, or throws to be shown as failed. */
  listen(direction: Direction, run: (bell: Doorbell) => Promise<string>, concurrency: number): void;
  /** "ok", or what is wrong with the queue. Reported by /readyz, never required. */
  state(): Promise<string>;
  /** Lets the workers finish what they do, at most `STOP_MS`, and stops them. */
  stopListening(): Promise<void>;
  close(): Promise<void>;
}

/** A run still going after this is left to its lease. */
const STOP_MS = 12_000;
/** Between attempts to reach a queue that is away. BullMQ's 15 s cannot be cut short by a stop. */
const RETRY_MS = 1_000;
// Attempts live in the lane row, so a job has one. What ended stays visible for a while.
const JOB: JobsOptions = { attempts: 1, removeOnComplete: { count: 1000 }, removeOnFail: { count: 5000 } };
/** One advisory lock each on the PostgreSQL backend: more at once exhaust its shared memory. */
const MOST_AT_ONCE = 1000;
// A worker that is killed twice by a rolling deploy must not fail its bell: the lane's claim decides, not the queue.
const MAX_STALLED = 10;

/** Opens both queues on Redis or on PostgreSQL. Connections are lazy: a queue that is away stops nothing here. */
export function openDoorbells({ redisUrl, pool, onError }: DoorbellOptions): Doorbells {
  // The braces keep all keys of a queue in one slot of a Redis Cluster.
  const prefix = "{partnersync}";
  // A connection that was never answered would else keep a stopped process alive for two seconds.
  const disconnectTimeout = 200;
  const producer = redisUrl
    ? new Redis(redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: false, disconnectTimeout })
    : null;
  const blocking = redisUrl ? new Redis(redisUrl, { maxRetriesPerRequest: null, disconnectTimeout }) : null;
  for (const redis of [producer, blocking]) redis?.on("error", onError);
  const listeners: Listener[] = [];

  // The two backends differ in a type parameter that nothing here looks at.
  const openQueue = (name: string): Queue =>
    producer
      ? new Queue(name, { connection: producer, prefix })
      : (new Queue(name, { connection: pool }, createPostgresBackend) as unknown as Queue);
  const queues = Object.fromEntries(DIRECTIONS.map((d) => [d, openQueue(QUEUE_NAMES[d])])) as Record<Direction, Queue>;
  for (const queue of Object.values(queues)) queue.on("error", onError);

  return {
    backend: redisUrl ? "redis" : "postgres",
    queues,
    async ring(direction, lanes, { fresh = false } = {}) {
      // A paused queue answers no bell: each sweep would add to what is piling up.
      if (fresh && (await queues[direction].isPaused())) return;
      const stamp = fresh ? `.${Date.now()}` : "";
      const bells = lanes.map((lane) => ({
        name: bellName(lane),
        data: { tenantId: lane.tenantId, laneId: lane.laneId } satisfies Doorbell,
        opts: { ...JOB, deduplication: { id: `${lane.laneId}.${direction}${stamp}`, keepLastIfActive: true } },
      }));
      for (let i = 0; i < bells.length; i += MOST_AT_ONCE)
        await queues[direction].addBulk(bells.slice(i, i + MOST_AT_ONCE));
    },
    listen(direction, run, concurrency) {
      const processor = (job: Job) => run(doorbell.parse(job.data));
      const options = { concurrency, maxStalledCount: MAX_STALLED, autorun: false, runRetryDelay: RETRY_MS };
      const name = QUEUE_NAMES[direction];
      const open = (): Worker =>
        blocking
          ? new Worker(name, processor, { ...options, connection: blocking, prefix })
          : leavingNoListener(
              pool,
              () =>
                new Worker(
                  name,
                  processor,
                  { ...options, connection: pool },
                  createPostgresBackend,
                ) as unknown as Worker,
            );
      listeners.push(startListener(open, onError));
    },
    async state() {
      if (producer && producer.status !== "ready") return `Redis is ${producer.status}`;
      // Asked, not assumed: a connection can be long dead before anybody notices.
      const asked = producer ? producer.ping() : pool.query("select 1");
      return asked.then(
        () => "ok",
        () => `${producer ? "Redis" : "PostgreSQL"} cannot be reached`,
      );
    },
    stopListening,
    async close() {
      await stopListening();
      await Promise.all(Object.values(queues).map((queue) => queue.close()));
      for (const redis of [producer, blocking]) redis?.disconnect();
    },
  };

  async function stopListening(): Promise<void> {
    await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
  }
}

interface Listener {
  stop(): Promise<void>;
}

/**
 * Runs a worker once its connection stands. One whose first connection broke would remember that for ever, and ask for
 * work again and again without ever letting go of the process: another takes its place.
 */
function startListener(open: () => Worker, onError: (error: Error) => void): Listener {
  const stopping = new AbortController();
  let worker = open().on("error", onError);
  let running = false;

  async function begin(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await worker.waitUntilReady();
        if (stopping.signal.aborted) return;
        running = true;
        worker.run().catch(onError);
        return;
      } catch (error) {
        onError(error as Error);
        await worker.close(true).catch(onError);
        await after(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
        if (!stopping.signal.aborted) worker = open().on("error", onError);
      }
    }
  }

  void begin();
  return {
    async stop() {
      stopping.abort();
      if (running) await stop(worker);
      else await worker.close(true).catch(onError);
    },
  };
}

/** BullMQ's PostgreSQL backend listens to the pool's errors and never stops: workers that come and go would pile up. */
function leavingNoListener(pool: pg.Pool, open: () => Worker): Worker {
  const before = new Set(pool.listeners("error"));
  const worker = open();
  const added = pool.listeners("error").filter((listener) => !before.has(listener)) as (() => void)[];
  return worker.once("closed", () => {
    for (const listener of added) pool.off("error", listener);
  });
}

async function stop(worker: Worker): Promise<void> {
  await Promise.race([worker.close(), after(STOP_MS, undefined, { ref: false })]);
}

/** The lane as a person would say it: `harbourline organization 4711`. */
export function bellName(lane: LaneName): string {
  return lane.object
    ? `${lane.tenantId} ${lane.object} ${lane.crmId}`
    : `${lane.tenantId} ${lane.kind} ${lane.programId}`;
}
