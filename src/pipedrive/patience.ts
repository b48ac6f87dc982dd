import { setTimeout as sleep } from "node:timers/promises";
import { NoEffectError, ParkedError } from "../errors.ts";

/**
 * For commands with a person in front of them: waits for room in the two-second allowance instead of giving up.
 * Lanes have no use for it, they are parked.
 *
 * @param call       made again after each short wait; it was refused, so it had no effect
 * @param mostWaitMs in total, default 15 seconds; a longer wait (a daily budget used up) is not begun
 * @throws what `call` throws; ParkedError when there is no room in time; NoEffectError when `signal` aborts a wait
 */
export async function withPatience<T>(
  call: () => Promise<T>,
  { mostWaitMs = 15_000, signal }: { mostWaitMs?: number; signal?: AbortSignal } = {},
): Promise<T> {
  let leftMs = mostWaitMs;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ParkedError)) throw error;
      const waitMs = Math.max(100, error.until.getTime() - Date.now());
      if (waitMs > leftMs) throw error;
      leftMs -= waitMs;
      await pause(waitMs, signal);
    }
  }
}

async function pause(waitMs: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal });
  } catch (cause) {
    throw new NoEffectError("stopped while waiting for room in Pipedrive's two-second allowance", { cause });
  }
}
