import type { TwinClock } from "../clock.ts";
import type { Journal } from "../journal.ts";
import type { Company } from "./company.ts";
import type { Plan } from "./model.ts";

const MULTIPLIER: Record<Plan, number> = { lite: 1, growth: 2, premium: 5, ultimate: 7 };
const DAY_MS = 24 * 60 * 60 * 1000;
/** What a company without limits has, of tokens a day and calls in a window. */
export const NO_LIMIT = 1_000_000_000;

/** The tokens of companies a day. A restart does not refill them. */
export interface DailyBudget {
  /** Tokens of today: of how many, how many are left, and when the next day begins (ms). */
  today(company: Company): { limit: number; remaining: number; endsAt: number };
  spend(company: Company, tokens: number): void;
  /** Sets what is left of today. */
  leave(company: Company, remaining: number): void;
  /** Writes down what was spent since it last was; for the end. */
  keep(): void;
}

interface Spent {
  company: string;
  /** Counts the days since 1970, by the hour at which the company's begin. */
  day: number;
  used: number;
}

/**
 * To be made before the journal is replayed. What was spent is journalled by hundredths of the day's limit and not by
 * each call: a killed twin forgets less than one.
 */
export function createDailyBudget({ clock, journal }: { clock: TwinClock; journal: Journal }): DailyBudget {
  const days = new Map<string, Spent & { kept: number }>();
  const append = journal.store<Spent>("daily budget", {
    apply: (spent) => void days.set(spent.company, { ...spent, kept: spent.used }),
    *snapshot() {
      for (const { company, day, used } of days.values()) yield { company, day, used };
    },
  });

  function dayOf(company: Company) {
    const shift = company.info.switches.dailyResetHour * 60 * 60 * 1000;
    const day = Math.floor((clock.now() - shift) / DAY_MS);
    let known = days.get(company.domain);
    if (known?.day !== day) {
      known = { company: company.domain, day, used: 0, kept: 0 };
      days.set(company.domain, known);
    }
    return { known, endsAt: (day + 1) * DAY_MS + shift };
  }

  function write(spent: Spent & { kept: number }): void {
    const { company, day, used } = spent;
    append({ company, day, used });
    spent.kept = used;
  }

  return {
    today(company) {
      const { known, endsAt } = dayOf(company);
      const limit = dailyLimit(company);
      return { limit, remaining: Math.max(limit - known.used, 0), endsAt };
    },
    spend(company, tokens) {
      const { known } = dayOf(company);
      known.used += tokens;
      if (known.used - known.kept >= dailyLimit(company) / 100) write(known);
    },
    leave(company, remaining) {
      const { known } = dayOf(company);
      known.used = Math.max(dailyLimit(company) - remaining, 0);
      write(known);
    },
    keep() {
      for (const spent of days.values()) if (spent.used !== spent.kept) write(spent);
    },
  };
}

/** 30,000 × plan × active users, unless the company says otherwise. */
function dailyLimit({ info, users }: Company): number {
  if (info.limits.off) return NO_LIMIT;
  const seats = [...users.values()].filter((user) => user.active_flag).length;
  return info.limits.dailyTokens ?? 30_000 * MULTIPLIER[info.plan] * Math.max(seats, 1);
}
