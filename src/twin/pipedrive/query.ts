import { invalid, notAllowed } from "./problem.ts";

type Raw = Record<string, string | string[] | undefined>;

/**
 * For routes with few parameters or none.
 *
 * @param refusal in the wording of another service than v2's
 * @throws Problem 400 for a parameter that is not known
 */
export function refuseOthers(raw: unknown, known: readonly string[] = [], refusal = notAllowed): void {
  const unknown = Object.keys(raw ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refusal(unknown);
}

/** Reads the query parameters that a route knows. @throws Problem 400 for any other one */
export class Query {
  private readonly raw: Raw;

  constructor(raw: unknown, known: readonly string[]) {
    this.raw = (raw ?? {}) as Raw;
    refuseOthers(raw, known);
  }

  text(name: string): string | undefined {
    const value = this.raw[name];
    if (Array.isArray(value)) throw invalid(name, "Must be given once");
    return value;
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text)) throw invalid(name, "Expected integer");
    return Number(text);
  }

  boolean(name: string): boolean {
    const text = this.text(name);
    if (text !== undefined && text !== "true" && text !== "false") throw invalid(name, "Expected true or false");
    return text === "true";
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
    const text = this.text(name) ?? otherwise;
    if (!allowed.includes(text as T)) throw invalid(name, `Must be one of ${allowed.join(", ")}`);
    return text as T;
  }

  /** A comma-separated list; undefined when absent. */
  list(name: string, limits: { allowed?: readonly string[]; max?: number } = {}): string[] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const items = text.split(",").map((item) => item.trim());
    if (limits.max && items.length > limits.max) throw invalid(name, `Must have at most ${limits.max} items`);
    const foreign = limits.allowed && items.find((item) => !limits.allowed?.includes(item));
    if (foreign !== undefined) throw invalid(name, `Must be one of ${limits.allowed?.join(", ")}`);
    return items;
  }

  ids(name: string, max: number): number[] | undefined {
    const items = this.list(name, { max });
    if (items?.some((item) => !/^\d+$/.test(item))) throw invalid(name, "Expected integers, separated by commas");
    return items?.map(Number);
  }

  /** @param clamped whether more than `most` means `most` instead of being refused */
  limit(most: number, clamped: boolean): number {
    const limit = this.integer("limit") ?? 100;
    if (limit < 1 || (limit > most && !clamped)) throw invalid("limit", `Must be between 1 and ${most}`);
    return Math.min(limit, most);
  }

  /** An RFC 3339 time in UTC and whole seconds; fractions are refused. Answered as `…:SSZ`. */
  wholeSecond(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(Date.parse(text))) {
      throw invalid(name, "Expected an RFC 3339 time in whole seconds, e.g. 2025-01-01T10:20:00Z");
    }
    return `${new Date(text).toISOString().slice(0, 19)}Z`;
  }
}
