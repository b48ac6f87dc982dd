import { NoEffectError, ParkedError } from "../errors.ts";

/** Search endpoints have an allowance of their own, counted in calls; everything else shares one, counted in tokens. */
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
  /** Tokens per two seconds: 20 (Lite), 40, 100 or 120 (Ultimate) with an API token. */
  capacity: number;
  /** Search calls per two seconds. Default 10, as on every plan. */
  searchCapacity?: number;
  /** How long spent tokens count. Default 2,100: two seconds, and some for calls that travel at different speeds. */
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
  const spacingMs = options.spacingMs ?? 2_100;
  const pace = { spacingMs, maxWaitMs: options.maxWaitMs ?? spacingMs, clock: options.clock ?? REAL_CLOCK };
  const allowances = {
    general: new Allowance(options.capacity, pace),
    search: new Allowance(options.searchCapacity ?? 10, pace),
  } satisfies Record<WindowKind, Allowance>;
  return {
    take: (tokens, kind, signal) => allowances[kind].take(kind === "search" ? 1 : tokens, signal),
    learn: (kind, limit) => allowances[kind].learn(limit),
    close: (until) => {
      // Which of the two a 429 meant is not told: both pause.
      for (const allowance of Object.values(allowances)) allowance.close(until);
    },
  };
}

interface Pace {
  spacingMs: number;
  maxWaitMs: number;
  clock: WindowClock;
}

interface Departure {
  atMs: number;
  tokens: number;
}

interface Waiter {
  tokens: number;
  leave(): void;
  refuse(error: Error): void;
}

class Allowance {
  private readonly setting: number;
  private readonly pace: Pace;
  private capacity: number;
  private departed: Departure[] = [];
  private departedTokens = 0;
  private waiting: Waiter[] = [];
  private closedUntilMs = Number.NEGATIVE_INFINITY;
  private refusedUntil = new Date(0);
  private cancelTimer = () => {};

  constructor(setting: number, pace: Pace) {
    if (!(setting >= 1)) throw new RangeError(`a two-second allowance must be at least 1, not ${setting}`);
    this.setting = setting;
    this.capacity = setting;
    this.pace = pace;
  }

  async take(tokens: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw stopped();
    const now = this.forgetOld();
    if (this.waiting.length === 0 && now >= this.closedUntilMs && this.fits(tokens)) return this.depart(tokens, now);
    const atMs = this.plan(now, [...this.waiting, { tokens }]).at(-1)!;
    if (atMs - now > this.pace.maxWaitMs) throw this.parked(atMs - now);
    return this.wait(tokens, signal);
  }

  learn(limit: number): void {
    const capacity = Math.min(this.setting, Math.floor(limit));
    if (!(capacity >= 1) || capacity === this.capacity) return;
    this.capacity = capacity;
    this.letGo();
  }

  close(until: Date): void {
    const now = this.pace.clock.monotonicMs();
    const closedMs = Math.min(until.getTime() - this.pace.clock.wallMs(), PROBE_AGAIN_MS);
    if (now >= this.closedUntilMs || until > this.refusedUntil) this.refusedUntil = until;
    this.closedUntilMs = Math.max(this.closedUntilMs, now + closedMs);
    this.letGo();
  }

  private wait(tokens: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => signal?.removeEventListener("abort", abort);
      const waiter: Waiter = {
        tokens,
        leave: () => {
          done();
          resolve();
        },
        refuse: (error) => {
          done();
          reject(error);
        },
      };
      const abort = () => {
        this.waiting = this.waiting.filter((other) => other !== waiter);
        waiter.refuse(stopped());
        this.letGo();
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
        this.depart(waiter.tokens, now);
        waiter.leave();
      } else if (atMs - now > this.pace.maxWaitMs) waiter.refuse(this.parked(atMs - now));
      else {
        stay.push(waiter);
        nextMs = Math.min(nextMs, atMs);
      }
    }
    this.waiting = stay;
    if (stay.length > 0) this.cancelTimer = this.pace.clock.after(Math.ceil(nextMs - now), () => this.letGo());
  }

  /** When each of these may leave, in their order. A call dearer than the allowance leaves into an empty window. */
  private plan(now: number, calls: { tokens: number }[]): number[] {
    const departures = [...this.departed];
    let inWindow = this.departedTokens;
    let oldest = 0;
    let atMs = Math.max(now, this.closedUntilMs);
    return calls.map(({ tokens }) => {
      for (; inWindow > 0 && inWindow + tokens > this.capacity; oldest += 1) {
        const gone = departures[oldest]!;
        inWindow -= gone.tokens;
        atMs = Math.max(atMs, gone.atMs + this.pace.spacingMs);
      }
      departures.push({ atMs, tokens });
      inWindow += tokens;
      return atMs;
    });
  }

  private fits(tokens: number): boolean {
    return this.departedTokens === 0 || this.departedTokens + tokens <= this.capacity;
  }

  private depart(tokens: number, atMs: number): void {
    this.departed.push({ atMs, tokens });
    this.departedTokens += tokens;
  }

  private forgetOld(): number {
    const now = this.pace.clock.monotonicMs();
    while (this.departed.length > 0 && this.departed[0]!.atMs + this.pace.spacingMs <= now) {
      this.departedTokens -= this.departed.shift()!.tokens;
    }
    return now;
  }

  private parked(waitMs: number): ParkedError {
    const ours = new Date(this.pace.clock.wallMs() + Math.ceil(waitMs));
    const closed = this.closedUntilMs > this.pace.clock.monotonicMs();
    const until = closed && this.refusedUntil > ours ? this.refusedUntil : ours;
    return new ParkedError("pipedrive", until, `no room in Pipedrive's allowance before ${until.toISOString()}`);
  }
}

function stopped(): NoEffectError {
  return new NoEffectError("stopped while waiting for room in Pipedrive's two-second allowance");
}
