import { within } from "./deadline.ts";
import type { HttpDeps } from "./deps.ts";

const QUEUE_TIMEOUT_MS = 500;

/** "ok", or what is wrong with the queue; within half a second, and never fails. */
export function queueState({ state }: Pick<HttpDeps["doorbells"], "state">): Promise<string> {
  return within(QUEUE_TIMEOUT_MS, state(), "does not answer").catch(() => "does not answer");
}
