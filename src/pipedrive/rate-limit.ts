/** What a 429 of Pipedrive means: which allowance is used up, and until when. */
export interface RateRefusal {
  budget: "daily" | "burst";
  until: Date;
}

/** Response headers, names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Nothing waits longer on the word of a header: a day, and some for time zones that are not ours. */
const LONGEST_DAILY_MS = 26 * HOUR;
const LONGEST_BURST_MS = MINUTE;
const SHORTEST_BURST_MS = SECOND / 2;

/**
 * Tells the two-second allowance from the daily one and says when to try again.
 *
 * Daily: until `retry-after`, else the next midnight UTC. Just after midnight a refusal more likely means that the
 * server's clock is behind than that a fresh budget is gone, so we look again soon instead of a day later.
 * Burst: until `retry-after` or `x-ratelimit-reset` (seconds), else two seconds.
 */
export function toRateRefusal(headers: Headers, errorText: string, now: Date): RateRefusal {
  const retryAfterMs = toRetryAfterMs(headers["retry-after"], now);
  if (isDaily(headers, errorText, retryAfterMs)) {
    const waitMs = retryAfterMs ?? untilNextDayMs(now);
    return { budget: "daily", until: later(now, clamp(waitMs, SECOND, LONGEST_DAILY_MS)) };
  }
  const resetSeconds = toNumber(headers["x-ratelimit-reset"]);
  const waitMs = retryAfterMs ?? (resetSeconds === undefined ? 2 * SECOND : resetSeconds * SECOND);
  return { budget: "burst", until: later(now, clamp(waitMs, SHORTEST_BURST_MS, LONGEST_BURST_MS)) };
}

/** A header's number, or nothing when it is absent or no plain non-negative number. */
export function toNumber(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,15}(\.\d{1,9})?$/.test(header.trim())) return undefined;
  return Number(header);
}

function isDaily(headers: Headers, errorText: string, retryAfterMs: number | undefined): boolean {
  if (toNumber(headers["x-daily-ratelimit-token-remaining"]) === 0) return true;
  if (/\bdaily\b/i.test(errorText)) return true;
  return retryAfterMs !== undefined && retryAfterMs > LONGEST_BURST_MS; // no burst lasts that long
}

function untilNextDayMs(now: Date): number {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const sinceMidnightMs = now.getTime() - midnight;
  return sinceMidnightMs < 15 * MINUTE ? 5 * MINUTE : 24 * HOUR - sinceMidnightMs;
}

/** Seconds, or an HTTP date. */
function toRetryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const seconds = toNumber(header);
  if (seconds !== undefined) return seconds * SECOND;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - now.getTime());
}

const later = (now: Date, ms: number) => new Date(now.getTime() + ms);
const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
