import { NoEffectError, ParkedError } from "../errors.ts";
import type { CrmObject } from "../sync/model.ts";
import { type Call, describe } from "./call.ts";
import { createExchange, type ExchangeOptions, toBody } from "./http-exchange.ts";
import type { CallOptions } from "./port.ts";
import { type Operation, PRICES } from "./prices.ts";
import { type Headers, toNumber } from "./rate-limit.ts";
import type { TokenWindow, WindowKind } from "./token-window.ts";
import { translateAnswer, translateUnreadable } from "./translate-error.ts";
import { neverConnected, translateTransport } from "./translate-transport.ts";

/** One call as the token ledger books it, whether it succeeded, was refused or got no answer. */
export interface Spend {
  operation: Operation;
  object: CrmObject | null;
  /** The price; 0 when no connection was made. Whether a refused call costs is not documented: it is booked in full. */
  tokens: number;
  purpose: string;
  /** HTTP status; null without an answer. */
  status: number | null;
  /** What the answer said of the company's daily budget and of the token's two-second allowance. */
  headers: { dailyLimit?: number; dailyRemaining?: number; burstLimit?: number; burstRemaining?: number };
  atMs: number;
}

export interface TransportOptions extends ExchangeOptions {
  /** Books a call. What it throws is reported as a process warning: it must not hide the outcome of a write. */
  onSpend: (spend: Spend) => void;
  window: TokenWindow;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Sends one call, once, and answers its parsed body (undefined for 204). @throws only errors of `src/errors.ts` */
export type Send = (call: Call, options?: CallOptions) => Promise<unknown>;

/**
 * Window, exchange, booking, translation: the one path of every call to Pipedrive.
 *
 * @throws InputError when the base URL or the token cannot be used
 */
export function createTransport(options: TransportOptions): Send {
  const { window, now } = options;
  const exchange = createExchange(options);

  return async (call, { signal, purpose = "live" } = {}) => {
    const body = toBody(call);
    const tokens = PRICES[call.operation];
    const isSearch = call.operation === "search" || call.operation === "searchField";
    const kind: WindowKind = isSearch ? "search" : "general";
    await window.take(tokens, kind, signal);
    if (signal?.aborted) throw new NoEffectError(`Pipedrive: ${describe(call)} was aborted before it was sent`);

    const exchanged = await exchange(call, body, signal);
    const booking = { operation: call.operation, object: call.object ?? null, purpose, atMs: now() };
    if ("error" in exchanged) {
      const price = neverConnected(exchanged.error) ? 0 : tokens;
      book(options.onSpend, { ...booking, tokens: price, status: null, headers: {} });
      throw translateTransport(call, exchanged.error, exchanged.stop);
    }
    const { answer } = exchanged;
    book(options.onSpend, { ...booking, tokens, status: answer.status, headers: toAllowances(answer.headers) });

    const limit = toNumber(answer.headers["x-ratelimit-limit"]);
    if (limit !== undefined) window.learn(kind, limit);
    const error = translateAnswer(call, answer, new Date(now()));
    if (error instanceof ParkedError) window.close(error.until);
    if (error) throw error;
    if (answer.body !== undefined || answer.status === 204) return answer.body;
    throw translateUnreadable(call, `Pipedrive: ${describe(call)} was answered with something that is not JSON`);
  };
}

function book(onSpend: TransportOptions["onSpend"], spend: Spend): void {
  try {
    onSpend(spend);
  } catch (error) {
    const name = error instanceof Error ? error.name : "an error";
    process.emitWarning(`${spend.tokens} Pipedrive tokens of "${spend.operation}" could not be booked: ${name}`);
  }
}

function toAllowances(headers: Headers): Spend["headers"] {
  const dailyLimit = toNumber(headers["x-daily-ratelimit-token-limit"]);
  const dailyRemaining = toNumber(headers["x-daily-ratelimit-token-remaining"]);
  const burstLimit = toNumber(headers["x-ratelimit-limit"]);
  const burstRemaining = toNumber(headers["x-ratelimit-remaining"]);
  return {
    ...(dailyLimit !== undefined && { dailyLimit }),
    ...(dailyRemaining !== undefined && { dailyRemaining }),
    ...(burstLimit !== undefined && { burstLimit }),
    ...(burstRemaining !== undefined && { burstRemaining }),
  };
}
