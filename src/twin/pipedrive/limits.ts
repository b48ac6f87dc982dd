import type { TwinClock } from "../clock.ts";
import type { Company } from "./company.ts";
import { type DailyBudget, NO_LIMIT } from "./daily-budget.ts";
import type { CompanyInfo, Plan } from "./model.ts";
import { gatewayProblem, type Problem, v1Problem } from "./problem.ts";
import type { Switches } from "./switches.ts";

const BURST: Record<Plan, number> = { lite: 20, growth: 40, premium: 100, ultimate: 120 };
const OAUTH_BURST = 4; // times an API token's
const SEARCH_BURST = 10;
const WINDOW_MS = 2_000;
const ABUSE_WITHIN_MS = 10_000;
const ABUSE_FOR_MS = 60_000;

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

/** Admits requests by the daily budget of companies and the two-second windows of tokens; these in memory only. */
export interface Limits {
  admit(caller: Caller, cost: number, search: boolean): Verdict;
  /** A refusal on demand, worded and headed like a real one. */
  refusal(company: Company | undefined, kind: "burst" | "daily"): Verdict & { admitted: false; problem: Problem };
}

interface Windows {
  calls: number[];
  searches: number[];
  refused: number[];
  blockedUntil: number;
}

export function createLimits(clock: TwinClock, budget: DailyBudget): Limits {
  const windows = new Map<string, Windows>();

  function windowsOf(token: string): Windows {
    const known = windows.get(token) ?? { calls: [], searches: [], refused: [], blockedUntil: 0 };
    windows.set(token, known);
    return known;
  }

  function dailyHeaders(company: Company): Record<string, string> {
    const { limit, remaining } = budget.today(company);
    return {
      "x-daily-ratelimit-token-limit": String(limit),
      "x-daily-ratelimit-token-remaining": String(remaining),
    };
  }

  function refuseDaily(company: Company) {
    const { endsAt } = budget.today(company);
    const headers = {
      ...dailyHeaders(company),
      "x-daily-ratelimit-token-remaining": "0",
      "retry-after": String(Math.ceil((endsAt - clock.now()) / 1000)),
    };
    const problem = gatewayProblem(429, "daily request budget exceeded", company.info.switches.dailyErrorInfo);
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
    refusal(company, kind) {
      if (kind === "daily" && company) return refuseDaily(company);
      return refuseBurst(company, company ? burstLimit(company.info, "api_token") : 20, 2);
    },
    admit(caller, cost, search) {
      const { company } = caller;
      const now = clock.now();
      const limit = burstLimit(company.info, caller.kind);
      if (company.info.limits.off) {
        budget.spend(company, cost);
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
          : budget.today(company).remaining < cost
            ? refuseDaily(company)
            : undefined;
      if (refused) {
        if (company.info.switches.refusedCallsCost) budget.spend(company, cost);
        return tooMany(caller, mine) ? { admitted: false, headers: {}, abuse: true } : refused;
      }
      mine.calls.push(now);
      if (search) mine.searches.push(now);
      budget.spend(company, cost);
      const left = limit - mine.calls.length;
      const headers = { ...burstHeaders(limit, left, secondsLeft(mine.calls[0], now)), ...dailyHeaders(company) };
      return { admitted: true, headers };
    },
  };
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
