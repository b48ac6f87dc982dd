import { accessCalls } from "./access-calls.ts";
import { accountCalls } from "./account-calls.ts";
import { noteCalls } from "./note-calls.ts";
import type { Pipedrive } from "./port.ts";
import { recordCalls } from "./record-calls.ts";
import { createTokenWindow, type TokenWindow } from "./token-window.ts";
import { createTransport, type TransportOptions } from "./transport.ts";
import { webhookCalls } from "./webhook-calls.ts";

export type { Spend } from "./transport.ts";

export interface PipedriveClientOptions extends Omit<TransportOptions, "now" | "window"> {
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: () => number;
  /** One for all clients of an API token in this process. Default: its own, with the smallest plan's allowance. */
  window?: TokenWindow;
}

const SMALLEST_PLAN = 20;

/**
 * One Pipedrive account over HTTP: v2 where it exists, else v1, with an API token.
 *
 * A call takes at most one wait in the window (about two seconds) and then `timeoutMs`. Nothing is repeated here: the
 * lane decides that. What each method throws stands in `port.ts`.
 *
 * @throws InputError when the base URL or the token cannot be used
 */
export function createPipedriveClient(options: PipedriveClientOptions): Pipedrive {
  const window = options.window ?? createTokenWindow({ capacity: SMALLEST_PLAN });
  const send = createTransport({ ...options, window, now: options.now ?? Date.now });
  return {
    ...recordCalls(send),
    ...accountCalls(send),
    ...noteCalls(send),
    ...webhookCalls(send),
    ...accessCalls(send),
  };
}
