import { setMaxListeners } from "node:events";
import type { FastifyBaseLogger } from "fastify";
import type { TwinClock } from "./clock.ts";
import type { Delivery } from "./delivery.ts";
import { createLedger } from "./delivery-ledger.ts";
import { createPump } from "./delivery-pump.ts";
import type { Journal } from "./journal.ts";
import { createMeddling, type Meddling } from "./meddling.ts";
import { type Posted, post } from "./post.ts";

export type { Delivery } from "./delivery.ts";

export type NewDelivery = Pick<Delivery, "id" | "sender" | "tenant" | "subject" | "payload">;

/** A half's way of sending. */
export interface Sender {
  /** Waits before the second, third … attempt, in ms; after the last it is given up. */
  waitsMs: readonly number[];
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
  /** Forgets the trouble that is still arranged; what was held for it is sent. */
  calm(): void;
  readonly paused: boolean;
  /** Begins sending; called when the server listens. */
  start(): void;
  /** Stops sending and waits for attempts under way. */
  stop(): Promise<void>;
}

const TIMEOUT_MS = 10_000; // Pipedrive's, and the program's

/**
 * To be made before the journal is replayed.
 *
 * @param options.clock     due times are on the twin's clock
 * @param options.timeoutMs how long a receiver may take to answer, in real time; default 10,000
 */
export function createDeliveries(options: {
  clock: TwinClock;
  journal: Journal;
  log: FastifyBaseLogger;
  timeoutMs?: number;
}): Deliveries {
  const { clock, journal, log } = options;
  const ledger = createLedger(journal);
  const meddling = createMeddling();
  const attempts = createAttempts({ ...options, ledger, retryFactor: () => deliveries.retryFactor });
  const pump = createPump({ clock, log, pending: ledger.pending, attempt: attempts.make });

  function accept(delivery: Delivery): void {
    ledger.put(delivery);
    pump.look();
  }

  const deliveries: Deliveries = {
    meddle: meddling.meddle,
    meddles: meddling.meddles,
    retryFactor: 1,
    register: attempts.register,
    send(given) {
      const fresh = toDelivery(given, clock.now());
      const through = meddling.through(fresh);
      if (through.length === 0) ledger.hold(fresh); // until more of them are there
      for (const delivery of through) accept(delivery);
    },
    list: ledger.list,
    resend(id) {
      const known = ledger.get(id);
      if (known) accept({ ...known, attempts: 0, dueAt: clock.now(), state: "pending" });
      return known !== undefined;
    },
    pause: pump.pause,
    resume() {
      for (const delivery of meddling.release()) accept(delivery);
      pump.resume();
    },
    calm() {
      for (const delivery of meddling.calm()) accept(delivery);
    },
    get paused() {
      return pump.paused;
    },
    start: pump.start,
    async stop() {
      attempts.abort();
      await pump.stop();
    },
  };
  return deliveries;
}

function toDelivery(given: NewDelivery, now: number): Delivery {
  return { ...given, attempts: 0, dueAt: now, state: "pending", lastStatus: null, lastError: null };
}

/** Makes attempts and draws the conclusions from them. */
function createAttempts(options: {
  clock: TwinClock;
  journal: Journal;
  log: FastifyBaseLogger;
  ledger: ReturnType<typeof createLedger>;
  timeoutMs?: number;
  retryFactor(): number;
}) {
  const { clock, journal, log, ledger, timeoutMs = TIMEOUT_MS, retryFactor } = options;
  const senders = new Map<string, Sender>();
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every attempt under way listens

  function conclude(delivery: Delivery, sender: Sender, result: Posted & { attempt: number }): void {
    sender.attempted?.(delivery, result);
    const waitMs = sender.waitsMs[result.attempt - 1];
    if (result.ok) ledger.settle(delivery, "delivered");
    else if (waitMs === undefined) ledger.settle(delivery, "failed");
    else ledger.postpone(delivery, clock.now() + waitMs * retryFactor());
    if (!result.ok)
      log.debug({ delivery: delivery.id, attempt: result.attempt, status: result.status }, "not received");
  }

  return {
    register: (name: string, sender: Sender) => void senders.set(name, sender),
    /** Ends those under way. */
    abort: () => closing.abort(),
    async make(delivery: Delivery): Promise<void> {
      const sender = senders.get(delivery.sender);
      const attempt = delivery.attempts + 1;
      const request = sender?.render(delivery, attempt);
      if (!sender || !request) return ledger.settle(delivery, "dropped");
      const result = await post(request, timeoutMs, closing.signal);
      if (closing.signal.aborted && !result.ok) return; // the twin is closing: the next run tries again
      Object.assign(delivery, { attempts: attempt, lastStatus: result.status, lastError: result.error });
      journal.together(() => conclude(delivery, sender, { ...result, attempt }));
    },
  };
}
