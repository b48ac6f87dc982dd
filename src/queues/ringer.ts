import type { Lanes } from "../store/lanes.ts";
import { DIRECTIONS, type Direction } from "../sync/model.ts";
import type { Doorbells } from "./doorbells.ts";

export interface Ringer {
  /** Hands out due lanes of a tenant and rings for them. Never throws: a bell that is not rung now is rung by the sweep. */
  ringDue(tenantId: string, directions?: readonly Direction[]): Promise<void>;
}

/**
 * The way from "due" to "rung", taken after every commit that made a lane due: at accept, at settle, at a budget's
 * reset and in the sweep.
 *
 * @param ringTimeoutMs how long a caller waits for a slow queue; the bell may still ring later
 */
export function createRinger(
  lanes: Lanes,
  doorbells: Doorbells,
  { ringTimeoutMs, onError }: { ringTimeoutMs: number; onError(error: unknown): void },
): Ringer {
  async function ring(tenantId: string, direction: Direction): Promise<void> {
    const due = await lanes.next(tenantId, direction);
    if (due.length === 0) return;
    try {
      await doorbells.ring(direction, due);
    } catch (error) {
      // Not rung after all: due lanes that look rung would wait for the sweep's slow round.
      await Promise.all(due.map((lane) => lanes.unring(lane.laneId, direction)));
      throw error;
    }
  }

  // Whoever asks while a round is under way shares the next one: it starts after everything they committed.
  const rounds = new Map<string, { running: Promise<void>; next: Promise<void> | null }>();
  function ringOnce(tenantId: string, direction: Direction): Promise<void> {
    const key = `${direction} ${tenantId}`;
    const round = rounds.get(key);
    if (round) {
      round.next ??= round.running.then(() => start(key, tenantId, direction));
      return round.next;
    }
    return start(key, tenantId, direction);
  }
  function start(key: string, tenantId: string, direction: Direction): Promise<void> {
    const round = { running: Promise.resolve(), next: null as Promise<void> | null };
    rounds.set(key, round);
    round.running = ring(tenantId, direction)
      .catch(onError)
      .then(() => {
        if (!round.next) rounds.delete(key);
      });
    return round.running;
  }

  return {
    async ringDue(tenantId, directions = DIRECTIONS) {
      const ringing = Promise.all(directions.map((direction) => ringOnce(tenantId, direction)));
      let timer: NodeJS.Timeout | undefined;
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, ringTimeoutMs);
      });
      await Promise.race([ringing, timeout]);
      clearTimeout(timer);
    },
  };
}
