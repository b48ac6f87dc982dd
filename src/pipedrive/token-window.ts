import { NoEffectError, ParkedError } from "../errors.ts";

/** Search endpoints have an allowance of their own beside the general one. */
export type WindowKind = "general" | "search";

/**
 * Pipedrive's burst allowance as one process keeps it for one API token: a rolling window of two seconds.
 *
 * It knows our own calls only. Other processes and other apps of the customer use the same allowance; a 429 that they
 * bring about closes the window as well.
 */
export interface TokenWindow {
  /**
   * Resolves when a call of this price may leave; first come, first served.
   *
   * @throws ParkedError when that would be later than `maxWaitMs` from now
   * @throws NoEffectError when `signal` aborts first
   */
  take(tokens: number, kind: WindowKind, signal?: AbortSignal): Promise<void>;
  /** What `x-ratelimit-limit` said. Lowers the allowance, and raises it again up to the setting. */
  learn(kind: WindowKind, limit: number): void;
  /** After a 429: nothing leaves until then. A long wait is tried again every minute, as somebody may buy a top-up. */
  close(until: Date): void;
}

export interface TokenWindowOptions {
  /** Per two seconds, with an API token: 20 (Lite), 40, 100 or 120 (Ultimate). */
  capacity: number;
  /**
   * What the capacity counts. Pipedrive's headers speak of requests, its plans of tokens. Default "tokens": no call
   * costs less than one, so that it keeps within both readings; "calls" makes full use of the first.
   */
  countedIn?: "tokens" | "calls";
  /** Search calls per two seconds. Default 10, as on every plan. Each also counts as one in the general allowance. */
  searchCapacity?: number;
  /** How long a call counts. Default 2,100: two seconds, and some for calls that travel at different speeds. */
  spacingMs?: number;
  /** Longer waits are refused with ParkedError. Default: one spacing, so that one full window can be waited out. */
  maxWaitMs?: number;
  clock?: WindowClock;
}

/** Time as the window sees it; tests bring their own. */
export interface WindowClock {
  /** Never steps back; only differences count. */
  monotonicMs(): number;
  /** The wall clock, for instants that others see. */
  wallMs(): number;
  /** Runs `action` after `delayMs`; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

const REAL_CLOCK: WindowClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

const PROBE_AGAIN_MS = 60_000;

/** @throws RangeError for a capacity below 1 */
export function createTokenWindow(options: TokenWindowOptions): TokenWindow {
  return new RollingWindow(options);
}

/** What a call takes of each allowance. */
type Weight = Record<WindowKind, number>;

interface Departure extends Weight {
  atMs: number;
}

interface Waiter {
  weight: Weight;
  leave(): void;
  refuse(error: Error): void;
}

class RollingWindow implements TokenWindow {
  private readonly setting: Weight;
  private readonly countsTokens: boolean;
  private readonly spacingMs: number;
  private readonly maxWaitMs: number;
  private readonly clock: WindowClock;
  private readonly capacity: Weight;
  private departed: Departure[] = [];
  private readonly counted: Weight = { general: 0, search: 0 };
  private waiting: Waiter[] = [];
  private closedUntilMs = Number.NEGATIVE_INFINITY;
  private refusedUntil = new Date(0);
  private cancelTimer = () => {};

  constructor(options: TokenWindowOptions) {
    this.setting = { general: options.capacity, search: options.searchCapacity ?? 10 };
    if (!(this.setting.general >= 1) || !(this.setting.search >= 1)) {
      throw new RangeError(`a two-second allowance must be at least 1, not ${JSON.stringify(this.setting)}`);
    }
    this.capacity = { ...this.setting };
    this.countsTokens = options.countedIn !== "calls";
    this.spacingMs = options.spacingMs ?? 2_100;
    this.maxWaitMs = options.maxWaitMs ?? this.spacingMs;
    this.clock = options.clock ?? REAL_CLOCK;
  }

  async take(tokens: number, kind: WindowKind, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw stopped();
    const weight =
      kind === "search" ? { general: 1, search: 1 } : { general: this.countsTokens ? tokens : 1, search: 0 };
    const now = this.forgetOld();
    const free = this.waiting.length === 0 && now >= this.closedUntilMs;
    if (free && this.fits(this.counted, weight)) return this.depart(weight, now);
    const atMs = this.plan(now, [...this.waiting, { weight }]).at(-1)!;
    if (atMs - now > this.maxWaitMs) throw this.parked(atMs - now);
    return this.wait(weight, signal);
  }

  learn(kind: WindowKind, limit: number): void {
    const capacity = Math.min(this.setting[kind], Math.floor(limit));
    if (!(capacity >= 1) || capacity === this.capacity[kind]) return;
    this.capacity[kind] = capacity;
    this.letGo();
  }

  close(until: Date): void {
    const now = this.clock.monotonicMs();
    const closedMs = Math.min(until.getTime() - this.clock.wallMs(), PROBE_AGAIN_MS);
    if (now >= this.closedUntilMs || until > this.refusedUntil) this.refusedUntil = until;
    this.closedUntilMs = Math.max(this.closedUntilMs, now + closedMs);
    this.letGo();
  }

  private wait(weight: Weight, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.waiting = this.waiting.filter((other) => other !== waiter);
        waiter.refuse(stopped());
        this.letGo();
      };
      const done = () => signal?.removeEventListener("abort", abort);
      const waiter: Waiter = {
        weight,
        leave: () => {
          done();
          resolve();
        },
        refuse: (error) => {
          done();
          reject(error);
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.waiting.push(waiter);
      this.letGo();
    });
  }

  /** Lets everybody leave whose time has come, refuses those whose time moved too far away, and looks again later. */
  private letGo(): void {
    this.cancelTimer();
    const now = this.forgetOld();
    const times = this.plan(now, this.waiting);
    const stay: Waiter[] = [];
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [index, waiter] of this.waiting.entries()) {
      const atMs = times[index]!;
      if (atMs <= now) {
        this.depart(waiter.weight, now);
        waiter.leave();
      } else if (atMs - now > this.maxWaitMs) waiter.refuse(this.parked(atMs - now));
      else {
        stay.push(waiter);
        nextMs = Math.min(nextMs, atMs);
      }
    }
    this.waiting = stay;
    if (stay.length > 0) this.cancelTimer = this.clock.after(Math.ceil(nextMs - now), () => this.letGo());
  }

  /** When each of these may leave, in their order: the oldest departures have to be forgotten until it fits. */
  private plan(now: number, calls: { weight: Weight }[]): number[] {
    const departures = [...this.departed];
    const counted = { ...this.counted };
    let oldest = 0;
    let atMs = Math.max(now, this.closedUntilMs);
    return calls.map(({ weight }) => {
      for (; !this.fits(counted, weight); oldest += 1) {
        const gone = departures[oldest]!;
        subtract(counted, gone);
        atMs = Math.max(atMs, gone.atMs + this.spacingMs);
      }
      departures.push({ atMs, ...weight });
      add(counted, weight);
      return atMs;
    });
  }

  /** A call dearer than the whole allowance fits into an empty window: what it meets there is for Pipedrive to say. */
  private fits(counted: Weight, weight: Weight): boolean {
    const general = counted.general === 0 || counted.general + weight.general <= this.capacity.general;
    return general && (weight.search === 0 || counted.search + weight.search <= this.capacity.search);
  }

  private depart(weight: Weight, atMs: number): void {
    this.departed.push({ atMs, ...weight });
    add(this.counted, weight);
  }

  private forgetOld(): number {
    const now = this.clock.monotonicMs();
    while (this.departed.length > 0 && this.departed[0]!.atMs + this.spacingMs <= now) {
      subtract(this.counted, this.departed.shift()!);
    }
    return now;
  }

  private parked(waitMs: number): ParkedError {
    const ours = new Date(this.clock.wallMs() + Math.ceil(waitMs));
    const closed = this.closedUntilMs > this.clock.monotonicMs();
    const until = closed && this.refusedUntil > ours ? this.refusedUntil : ours;
    return new ParkedError("pipedrive", until, `no room in Pipedrive's allowance before ${until.toISOString()}`);
  }
}

function add(sum: Weight, weight: Weight): void {
  sum.general += weight.general;
  sum.search += weight.search;
}

function subtract(sum: Weight, weight: Weight): void {
  sum.general -= weight.general;
  sum.search -= weight.search;
}

function stopped(): NoEffectError {
  return new NoEffectError("stopped while waiting for room in Pipedrive's two-second allowance");
}
