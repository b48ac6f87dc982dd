import type { TwinClock } from "../clock.ts";
import type { Company } from "./company.ts";
import type { CompanyInfo, Plan } from "./model.ts";
import { gatewayProblem, type Problem, v1Problem } from "./problem.ts";
import type { Switches } from "./switches.ts";

const MULTIPLIER: Record<Plan, number> = { lite: 1, growth: 2, premium: 5, ultimate: 7 };
const BURST: Record<Plan, number> = { lite: 20, growth: 40, premium: 100, ultimate: 120 };
const OAUTH_BURST = 4; // times an API token's
const SEARCH_BURST = 10;
const WINDOW_MS = 2_000;
const ABUSE_WITHIN_MS = 10_000;
const ABUSE_FOR_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const NO_LIMIT = 1_000_000_000;

const OVER_LIMIT = "Request over limit";
const BURST_PROBLEMS: Record<Switches["burstBody"], () => Problem> = {
  gateway: () => gatewayProblem(429, OVER_LIMIT),
  short: () => gatewayProblem(429, OVER_LIMIT, false),
  v1: () => v1Problem(429, OVER_LIMIT),
};

export interface Caller {
  company: Company;
  token: string;
  kind: "api_token" | "oauth";
}

/** What the gateway decided about a request. */
export type Verdict =
  | { admitted: true; headers: Record<string, string> }
  | { admitted: false; headers: Record<string, string>; problem: Problem }
  | { admitted: false; headers: Record<string, string>; abuse: true };

/** The daily budget of companies and the two-second windows of tokens. In memory only: a new start is a new day. */
export interface Limits {
  admit(caller: Caller, cost: number, search: boolean): Verdict;
  /** Tokens of today: of how many, how many are left, and when the next day begins (ms). */
  day(company: Company): { limit: number; remaining: number; endsAt: number };
  /** Sets what is left of today. */
  leave(company: Company, remaining: number): void;
  /** A refusal on demand, worded and headed like a real one. */
  refusal(company: Company | undefined, kind: "burst" | "daily"): Verdict & { admitted: false; problem: Problem };
}

interface Windows {
  calls: number[];
  searches: number[];
  refused: number[];
  blockedUntil: number;
}

export function createLimits(clock: TwinClock): Limits {
  const windows = new Map<string, Windows>();
  const days = new Map<string, { day: number; used: number }>();

  function windowsOf(token: string): Windows {
    const known = windows.get(token) ?? { calls: [], searches: [], refused: [], blockedUntil: 0 };
    windows.set(token, known);
    return known;
  }

  function today(company: Company) {
    const shift = company.info.switches.dailyResetHour * 60 * 60 * 1000;
    const day = Math.floor((clock.now() - shift) / DAY_MS);
    let known = days.get(company.domain);
    if (known?.day !== day) {
      known = { day, used: 0 };
      days.set(company.domain, known);
    }
    return { known, endsAt: (day + 1) * DAY_MS + shift };
  }

  function day(company: Company) {
    const { known, endsAt } = today(company);
    const limit = dailyLimit(company);
    return { limit, remaining: Math.max(limit - known.used, 0), endsAt };
  }

  function dailyHeaders(company: Company): Record<string, string> {
    const { limit, remaining } = day(company);
    return {
      "x-daily-ratelimit-token-limit": String(limit),
      "x-daily-ratelimit-token-remaining": String(remaining),
    };
  }

  function refuseDaily(company: Company) {
    const { info, endsAt } = { info: company.info, ...day(company) };
    const headers = {
      ...dailyHeaders(company),
      "x-daily-ratelimit-token-remaining": "0",
      "retry-after": String(Math.ceil((endsAt - clock.now()) / 1000)),
    };
    const problem = gatewayProblem(429, "daily request budget exceeded", info.switches.dailyErrorInfo);
    return { admitted: false as const, headers, problem };
  }

  function refuseBurst(company: Company | undefined, limit: number, resetS: number) {
    const headers: Record<string, string> = { ...burstHeaders(limit, 0, resetS) };
    if (company) Object.assign(headers, dailyHeaders(company));
    if (company?.info.switches.burstRetryAfter) headers["retry-after"] = String(resetS);
    const body = company?.info.switches.burstBody ?? "gateway";
    return { admitted: false as const, headers, problem: BURST_PROBLEMS[body]() };
  }

  /** Notes a refusal; true when there were too many of them. */
  function tooMany(caller: Caller, mine: Windows): boolean {
    const { abuseAfter } = caller.company.info.limits;
    if (abuseAfter === 0 || caller.kind !== "api_token") return false;
    forget(mine.refused, clock.now() - ABUSE_WITHIN_MS);
    mine.refused.push(clock.now());
    if (mine.refused.length <= abuseAfter) return false;
    mine.blockedUntil = clock.now() + ABUSE_FOR_MS;
    return true;
  }

  return {
    day,
    leave(company, remaining) {
      today(company).known.used = Math.max(dailyLimit(company) - remaining, 0);
    },
    refusal(company, kind) {
      if (kind === "daily" && company) return refuseDaily(company);
      return refuseBurst(company, company ? burstLimit(company.info, "api_token") : 20, 2);
    },
    admit(caller, cost, search) {
      const { company } = caller;
      const now = clock.now();
      const limit = burstLimit(company.info, caller.kind);
      if (company.info.limits.off) {
        today(company).known.used += cost;
        return { admitted: true, headers: { ...burstHeaders(limit, limit, 2), ...dailyHeaders(company) } };
      }
      const mine = windowsOf(caller.token);
      if (mine.blockedUntil > now) return { admitted: false, headers: {}, abuse: true };
      forget(mine.calls, now - WINDOW_MS);
      forget(mine.searches, now - WINDOW_MS);
      const full = search && mine.searches.length >= SEARCH_BURST ? mine.searches : mine.calls;
      const most = full === mine.searches ? SEARCH_BURST : limit;
      const refused =
        full.length >= most
          ? refuseBurst(company, most, secondsLeft(full[0], now))
          : day(company).remaining < cost
            ? refuseDaily(company)
            : undefined;
      if (refused) {
        if (company.info.switches.refusedCallsCost) today(company).known.used += cost;
        return tooMany(caller, mine) ? { admitted: false, headers: {}, abuse: true } : refused;
      }
      mine.calls.push(now);
      if (search) mine.searches.push(now);
      today(company).known.used += cost;
      const left = limit - mine.calls.length;
      const headers = { ...burstHeaders(limit, left, secondsLeft(mine.calls[0], now)), ...dailyHeaders(company) };
      return { admitted: true, headers };
    },
  };
}

/** 30,000 × plan × active users, unless the company says otherwise. */
export function dailyLimit({ info, users }: Company): number {
  if (info.limits.off) return NO_LIMIT;
  const seats = [...users.values()].filter((user) => user.active_flag).length;
  return info.limits.dailyTokens ?? 30_000 * MULTIPLIER[info.plan] * Math.max(seats, 1);
}

function burstLimit(info: CompanyInfo, kind: Caller["kind"]): number {
  if (info.limits.off) return NO_LIMIT;
  return info.limits.burstPer2s ?? BURST[info.plan] * (kind === "oauth" ? OAUTH_BURST : 1);
}

function burstHeaders(limit: number, remaining: number, resetS: number): Record<string, string> {
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(resetS),
  };
}

function secondsLeft(oldest: number | undefined, now: number): number {
  return Math.max(Math.ceil(((oldest ?? now) + WINDOW_MS - now) / 1000), 1);
}

/** Drops instants up to `until` from a list in order. */
function forget(instants: number[], until: number): void {
  let count = 0;
  while (count < instants.length && (instants[count] as number) <= until) count += 1;
  if (count > 0) instants.splice(0, count);
}
