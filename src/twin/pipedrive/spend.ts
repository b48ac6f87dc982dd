/** Running totals of what a company's admitted requests cost. They only grow: callers subtract. */
export interface SpendTotals {
  tokens: number;
  calls: number;
  /** Requests answered with 429 or the abuse page; they cost nothing. */
  refused: number;
  /** By method and route, e.g. `GET /api/v2/deals/:id`. */
  byEndpoint: Record<string, { calls: number; tokens: number }>;
  /** By kind of operation, e.g. `deals.get`. */
  byOperation: Record<string, { calls: number; tokens: number }>;
}

export interface Spend {
  count(company: string, endpoint: string, operation: string, tokens: number): void;
  refuse(company: string): void;
  totals(company: string): SpendTotals;
}

/** In memory only. */
export function createSpend(): Spend {
  const companies = new Map<string, SpendTotals>();

  function totals(company: string): SpendTotals {
    const known = companies.get(company) ?? { tokens: 0, calls: 0, refused: 0, byEndpoint: {}, byOperation: {} };
    companies.set(company, known);
    return known;
  }
  function add(totals: SpendTotals["byEndpoint"], key: string, tokens: number): void {
    const known = totals[key] ?? { calls: 0, tokens: 0 };
    totals[key] = { calls: known.calls + 1, tokens: known.tokens + tokens };
  }

  return {
    count(company, endpoint, operation, tokens) {
      const all = totals(company);
      all.calls += 1;
      all.tokens += tokens;
      add(all.byEndpoint, endpoint, tokens);
      add(all.byOperation, operation, tokens);
    },
    refuse(company) {
      totals(company).refused += 1;
    },
    totals: (company) => structuredClone(totals(company)),
  };
}
