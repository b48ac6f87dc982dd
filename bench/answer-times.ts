import { setTimeout as sleep } from "node:timers/promises";
import { prepare } from "./changes.ts";
import type { Recorded, Recorder } from "./recorder.ts";
import type { BackendName, Stack } from "./stack.ts";
import { percentile, round } from "./statistics.ts";

/** How long webhooks wait for their answer. */
export interface AnswerTimes {
  backend: BackendName;
  idle: Percentiles;
  /** Beside workers that always have more lanes due than they can take. */
  saturated: Percentiles & { medianBacklog: number };
}

interface Percentiles {
  requests: number;
  p50Ms: number;
  p99Ms: number;
}

const IDLE_PER_SECOND = 50;
const SATURATED_PER_SECOND = 100;
/** Lanes due at once that count as more than enough: each tenant has eight in the queue, the rest waits in the table. */
const BACKLOG = 150;
/** More changes than a small machine's workers finish, so that the backlog lasts. */
const LOAD_PER_SECOND = 300;

export async function measureAnswerTimes(
  stack: Stack,
  seconds: number,
  recorder: Recorder,
  firstTurn: number,
): Promise<AnswerTimes> {
  const lanes = stack.tenants.reduce((sum, { organizations }) => sum + organizations.length, 0);
  const all = (IDLE_PER_SECOND + SATURATED_PER_SECOND + LOAD_PER_SECOND) * seconds;
  const turns = Array.from({ length: Math.ceil(all / lanes) }, (_, i) => firstTurn + i);
  const { deliveries } = await prepare(stack, "inbound", turns, recorder);
  await stack.quiet();

  const idle = await stack.poster.postSteadily(deliveries.splice(0, IDLE_PER_SECOND * seconds), IDLE_PER_SECOND);
  await stack.quiet();

  const probes = deliveries.splice(0, SATURATED_PER_SECOND * seconds);
  const keeper = keepSaturated(stack, deliveries, Math.min(BACKLOG, lanes / 2));
  await keeper.saturated;
  const saturated = await stack.poster.postSteadily(probes, SATURATED_PER_SECOND);
  const backlogs = await keeper.stop();
  await stack.quiet();
  const medianBacklog = percentile(backlogs, 0.5);
  return {
    backend: stack.backend,
    idle: toPercentiles(idle),
    saturated: { ...toPercentiles(saturated), medianBacklog },
  };
}

function toPercentiles(ms: number[]): Percentiles {
  return { requests: ms.length, p50Ms: round(percentile(ms, 0.5)), p99Ms: round(percentile(ms, 0.99)) };
}

/** Posts whenever fewer lanes than `backlog` are due (a lane is due once, however many changes wait for it), until it is stopped or has nothing left. */
function keepSaturated(stack: Stack, load: Recorded[], backlog: number) {
  let stopped = false;
  const backlogs: number[] = [];
  let reached: () => void = () => {};
  const saturated = new Promise<void>((resolve) => {
    reached = resolve;
  });
  async function run(): Promise<void> {
    while (!stopped) {
      const due = await stack.dueLanes();
      backlogs.push(due);
      if (due >= backlog || load.length === 0) {
        reached();
        await sleep(25);
      } else await stack.poster.postAll(load.splice(0, 16), 8);
    }
  }
  const running = run();
  return {
    saturated,
    async stop(): Promise<number[]> {
      stopped = true;
      await running;
      return backlogs;
    },
  };
}
