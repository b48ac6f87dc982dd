/**
 * The twin's time. Everything in the twin that stamps, waits or expires asks this clock, so that a test or a rehearsal
 * can let days pass in a moment.
 */
export interface TwinClock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Moves the clock forward by `ms` (never back) and wakes those who wait for it. */
  advance(ms: number): void;
  /** How far the clock runs ahead of the time it is based on, in ms. */
  readonly offset: number;
  /** Calls `listener` after each `advance`; returns how to stop listening. */
  onAdvance(listener: () => void): () => void;
}

/**
 * A clock that runs with `base` (the machine's time unless given) plus whatever it was advanced by.
 *
 * @param base   ms since 1970; `() => someFixedNumber` gives a clock that only moves by `advance`
 * @param offset ms it starts ahead of `base`
 */
export function twinClock(base: () => number = Date.now, offset = 0): TwinClock {
  const listeners = new Set<() => void>();
  let ahead = offset;
  return {
    now: () => base() + ahead,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`a clock moves forward only, not by ${ms} ms`);
      ahead += ms;
      for (const listener of [...listeners]) listener();
    },
    get offset() {
      return ahead;
    },
    onAdvance(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `2026-03-01T10:15:30Z`: whole seconds, as Pipedrive's v2 REST answers them. */
export function wholeSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
