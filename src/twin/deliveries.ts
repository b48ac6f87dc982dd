import { setMaxListeners } from "node:events";
import type { FastifyBaseLogger } from "fastify";
import type { TwinClock } from "./clock.ts";
import type { Delivery } from "./delivery.ts";
import type { Journal } from "./journal.ts";
import { createMeddling, type Meddling } from "./meddling.ts";
import { type Posted, post } from "./post.ts";

export type { Delivery } from "./delivery.ts";

export type NewDelivery = Pick<Delivery, "id" | "sender" | "tenant" | "subject" | "payload">;

/** A half's way of sending. */
export interface Sender {
  /** Waits before the second, third … attempt, in ms; after the last it is given up. */
  waitsMs: readonly number[];
  timeoutMs: number;
  /** The request of an attempt (the first is 1); null when the subscription is gone: then it is dropped. */
  render(delivery: Delivery, attempt: number): { url: string; headers: Record<string, string>; body: string } | null;
  /** Told after each attempt, before the next one is planned. */
  attempted?(delivery: Delivery, result: Posted & { attempt: number }): void;
}

/** At-least-once notifications that outlive a restart. */
export interface Deliveries extends Meddling {
  register(name: string, sender: Sender): void;
  /** Written to the journal at once, sent soon after. */
  send(delivery: NewDelivery): void;
  /** Pending ones and the latest settled ones, oldest first. */
  list(filter?: Partial<Pick<Delivery, "sender" | "tenant" | "subject" | "state">>): Delivery[];
  /** Sends a known delivery again as it was, whatever became of it. @returns whether it is known */
  resend(id: string): boolean;
  /** Multiplies all waits between attempts (1 is real). */
  retryFactor: number;
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  /** Begins sending; called when the server listens. */
  start(): void;
  /** Stops sending and waits for attempts under way. */
  stop(): Promise<void>;
}

type Entry = { put: Delivery } | { gone: string };

const AT_ONCE = 32; // attempts under way, whoever sends
const KEPT = 2000; // settled deliveries that can still be listed and sent again

/** @param options.clock due times are on the twin's clock; the timeout of an attempt is real time */
export function createDeliveries(options: { clock: TwinClock; journal: Journal; log: FastifyBaseLogger }): Deliveries {
  const { clock, journal, log } = options;
  const senders = new Map<string, Sender>();
  const pending = new Map<string, Delivery>();
  const settled = new Map<string, Delivery>();
  const underWay = new Map<string, Promise<void>>();
  const meddling = createMeddling();
  const abort = new AbortController();
  setMaxListeners(0, abort.signal); // every attempt under way listens
  let running = false;
  let paused = false;
  let timer: NodeJS.Timeout | undefined;
  let pumpQueued = false;

  const append = journal.store<Entry>("deliveries", {
    apply(entry) {
      if ("put" in entry) pending.set(entry.put.id, entry.put);
      else pending.delete(entry.gone);
    },
    *snapshot() {
      for (const delivery of pending.values()) yield { put: delivery };
    },
  });

  function keep(delivery: Delivery): void {
    pending.delete(delivery.id);
    settled.delete(delivery.id);
    settled.set(delivery.id, delivery);
    for (const oldest of settled.keys()) {
      if (settled.size <= KEPT) break;
      settled.delete(oldest);
    }
  }

  function settle(delivery: Delivery, state: Delivery["state"]): void {
    delivery.state = state;
    append({ gone: delivery.id });
    keep(delivery);
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const sender = senders.get(delivery.sender);
    const number = delivery.attempts + 1;
    const request = sender?.render(delivery, number);
    if (!sender || !request) return settle(delivery, "dropped");
    const result = await post(request, sender.timeoutMs, abort.signal);
    if (abort.signal.aborted && !result.ok) return; // the twin is closing: the next run tries again
    delivery.attempts = number;
    delivery.lastStatus = result.status;
    delivery.lastError = result.error;
    journal.together(() => conclude(delivery, sender, { ...result, attempt: number }));
  }

  function conclude(delivery: Delivery, sender: Sender, result: Posted & { attempt: number }): void {
    sender.attempted?.(delivery, result);
    const waitMs = sender.waitsMs[result.attempt - 1];
    if (result.ok) settle(delivery, "delivered");
    else if (waitMs === undefined) settle(delivery, "failed");
    else {
      delivery.dueAt = clock.now() + waitMs * deliveries.retryFactor;
      append({ put: delivery });
    }
    if (!result.ok)
      log.debug({ delivery: delivery.id, attempt: result.attempt, status: result.status }, "not received");
  }

  function begin(delivery: Delivery): void {
    const work = attempt(delivery)
      .catch((error: unknown) => log.error({ err: error, delivery: delivery.id }, "a delivery broke"))
      .finally(() => {
        underWay.delete(delivery.id);
        queuePump();
      });
    underWay.set(delivery.id, work);
  }

  function pump(): void {
    pumpQueued = false;
    clearTimeout(timer);
    if (!running || paused) return;
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const delivery of pending.values()) {
      if (underWay.size >= AT_ONCE) return; // the end of any of them pumps again
      if (underWay.has(delivery.id)) continue;
      if (delivery.dueAt <= now) begin(delivery);
      else next = Math.min(next, delivery.dueAt);
    }
    if (next < Number.POSITIVE_INFINITY) timer = setTimeout(pump, Math.min(next - now, 2 ** 31 - 1));
  }

  /** Many sends in one turn look at the pending ones once. */
  function queuePump(): void {
    if (pumpQueued) return;
    pumpQueued = true;
    setImmediate(pump);
  }

  function accept(delivery: Delivery): void {
    if (delivery.state === "dropped") {
      keep(delivery);
      return;
    }
    append({ put: delivery });
    pending.set(delivery.id, delivery);
    queuePump();
  }

  clock.onAdvance(queuePump);

  const deliveries: Deliveries = {
    ...meddling,
    retryFactor: 1,
    register: (name, sender) => void senders.set(name, sender),
    send(given) {
      const fresh: Delivery = {
        ...given,
        attempts: 0,
        dueAt: clock.now(),
        state: "pending",
        lastStatus: null,
        lastError: null,
      };
      const through = meddling.through(fresh);
      if (through.length === 0) append({ put: fresh }); // held back: a restart sends it
      for (const delivery of through) accept(delivery);
    },
    list(filter = {}) {
      const wanted = Object.entries(filter).filter(([, value]) => value !== undefined);
      const all = [...settled.values(), ...pending.values()];
      return all.filter((delivery) => wanted.every(([key, value]) => delivery[key as keyof Delivery] === value));
    },
    resend(id) {
      const known = settled.get(id) ?? pending.get(id);
      if (!known) return false;
      const copy = { ...known, attempts: 0, dueAt: clock.now(), state: "pending" as const };
      settled.delete(id);
      accept(copy);
      return true;
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      for (const delivery of meddling.release()) accept(delivery);
      queuePump();
    },
    get paused() {
      return paused;
    },
    start() {
      running = true;
      queuePump();
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      abort.abort();
      await Promise.allSettled(underWay.values());
    },
  };
  return deliveries;
}
