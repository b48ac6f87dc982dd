import { DIRECTIONS, type Direction } from "../src/sync/model.ts";
import { pause, receivedBy } from "./baseline.ts";
import { prepare } from "./changes.ts";
import type { Recorder } from "./recorder.ts";
import type { BackendName, Stack } from "./stack.ts";
import { median, round } from "./statistics.ts";

/** Changes end to end beside jobs of bare BullMQ, on one backend in one direction. */
export interface Throughput {
  direction: Direction;
  backend: BackendName;
  changes: number;
  sync: { perSecond: number; ms: number[] };
  baseline: { perSecond: number; ms: number[] };
  /** The median of `ratios`: sync over baseline, each of two runs right after one another. */
  ratio: number;
  ratios: number[];
}

/** Every combination once per repetition; who begins changes from one to the next. */
export async function measureThroughput(
  stacks: Stack[],
  repetitions: number,
  recorder: Recorder,
  say: (line: string) => void,
): Promise<Throughput[]> {
  const runs = DIRECTIONS.flatMap((direction) =>
    stacks.map((stack) => ({ direction, stack, sync: [] as number[], baseline: [] as number[] })),
  );
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const run of repetition % 2 === 1 ? runs : [...runs].reverse()) {
      const { stack, direction } = run;
      const syncMs = async () => run.sync.push(await runSync(stack, direction, repetition, recorder));
      const baselineMs = async () => run.baseline.push(await runBaseline(stack, direction));
      if (repetition % 2 === 1) {
        await syncMs();
        await baselineMs();
      } else {
        await baselineMs();
        await syncMs();
      }
      const [ours, bare] = [run.sync.at(-1) ?? 0, run.baseline.at(-1) ?? 0];
      say(`${direction} on ${stack.backend}, ${repetition}: ${round(ours, 0)} ms, bare ${round(bare, 0)} ms`);
    }
  }
  return runs.map(({ direction, stack, sync, baseline }) => {
    const changes = changesOf(stack);
    const ratios = sync.map((ms, i) => round((baseline[i] ?? Number.NaN) / ms, 3));
    const rate = (ms: number[]) => ({
      perSecond: round((changes * 1000) / median(ms)),
      ms: ms.map((one) => round(one)),
    });
    return {
      direction,
      backend: stack.backend,
      changes,
      sync: rate(sync),
      baseline: rate(baseline),
      ratio: median(ratios),
      ratios,
    };
  });
}

/** From the first delivery posted to the last write received by the other side. */
async function runSync(stack: Stack, direction: Direction, turn: number, recorder: Recorder): Promise<number> {
  const { deliveries, verify } = await prepare(stack, direction, [turn], recorder);
  await stack.quiet();
  const accounts = stack.tenants.map(({ id, twin, organizations }) => {
    return { received: receivedBy(twin, id), changes: organizations.length };
  });
  const before = await Promise.all(accounts.map(({ received }) => received(direction)));
  const startedAt = performance.now();
  const posting = stack.poster.postAll(deliveries);
  for (const [i, { received, changes }] of accounts.entries()) {
    while ((await received(direction)) < before[i]! + changes) await pause();
  }
  const ms = performance.now() - startedAt;
  await posting;
  await stack.quiet();
  await verify();
  return ms;
}

async function runBaseline(stack: Stack, direction: Direction): Promise<number> {
  const ms = await stack.baseline.run(direction);
  await stack.quiet();
  return ms;
}

function changesOf(stack: Stack): number {
  return stack.tenants.reduce((sum, { organizations }) => sum + organizations.length, 0);
}
