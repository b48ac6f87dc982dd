import type { WindowClock } from "../../src/pipedrive/token-window.ts";

/** Time that moves only when told to; what was asked for runs when its moment is passed. */
export class VirtualClock implements WindowClock {
  nowMs = 0;
  private alarms: { atMs: number; action: () => void }[] = [];
  private readonly startMs = Date.UTC(2026, 7, 12, 10);

  monotonicMs = () => this.nowMs;
  wallMs = () => this.startMs + this.nowMs;
  after = (delayMs: number, action: () => void) => {
    const alarm = { atMs: this.nowMs + delayMs, action };
    this.alarms.push(alarm);
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm);
    };
  };

  /** Moves on alarm by alarm, with everything they set off done before the next. `lateMs`: how late a timer fires. */
  async advance(byMs: number, lateMs = 0): Promise<void> {
    const endMs = this.nowMs + byMs;
    for (;;) {
      await settled();
      const [next] = this.alarms.toSorted((one, other) => one.atMs - other.atMs);
      if (!next || next.atMs > endMs) break;
      this.alarms = this.alarms.filter((other) => other !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs + lateMs);
      next.action();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
    await settled();
  }
}

/** Lets promises that are already decided have their say. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
