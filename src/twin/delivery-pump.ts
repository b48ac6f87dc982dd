import type { FastifyBaseLogger } from "fastify";
import type { TwinClock } from "./clock.ts";
import type { Delivery } from "./delivery.ts";

/** Begins attempts when they are due, some at a time. */
export interface Pump {
  /** Looks for what is due, soon: many calls in one turn look once. */
  look(): void;
  start(): void;
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

const AT_ONCE = 32; // attempts under way, whoever sends

/** @param options.attempt must leave the delivery settled or due later */
export function createPump(options: {
  clock: TwinClock;
  log: FastifyBaseLogger;
  pending: ReadonlyMap<string, Delivery>;
  attempt(delivery: Delivery): Promise<void>;
}): Pump {
  const { clock, log, pending, attempt } = options;
  const underWay = new Map<string, Promise<void>>();
  let running = false;
  let paused = false;
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  function begin(delivery: Delivery): void {
    const work = attempt(delivery)
      .catch((error: unknown) => log.error({ err: error, delivery: delivery.id }, "a delivery broke"))
      .finally(() => {
        underWay.delete(delivery.id);
        look();
      });
    underWay.set(delivery.id, work);
  }

  function beginDue(): void {
    looking = false;
    clearTimeout(timer);
    if (!running || paused) return;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const delivery of pending.values()) {
      if (underWay.size >= AT_ONCE) return; // the end of any of them looks again
      if (underWay.has(delivery.id)) continue;
      if (delivery.dueAt <= now) begin(delivery);
      else next = Math.min(next, delivery.dueAt);
    }
    if (next < Number.POSITIVE_INFINITY) timer = setTimeout(beginDue, Math.min(next - now, 2 ** 31 - 1));
  }

  function look(): void {
    if (looking) return;
    looking = true;
    setImmediate(beginDue);
  }

  clock.onAdvance(look);

  return {
    look,
    start() {
      running = true;
      look();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      look();
    },
    get paused() {
      return paused;
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      await Promise.allSettled(underWay.values());
    },
  };
}
