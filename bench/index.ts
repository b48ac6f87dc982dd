import { measureAccessReviews } from "./access.ts";
import { measureAnswerTimes } from "./answer-times.ts";
import { linkOrganizations } from "./changes.ts";
import { describeMachine } from "./machine.ts";
import { type BenchOptions, parseOptions, USAGE } from "./options.ts";
import { type Report, toText } from "./report.ts";
import { type Stack, startStack } from "./stack.ts";
import { type Surroundings, startSurroundings } from "./surroundings.ts";
import { measureThroughput } from "./throughput.ts";
import { measureTokens } from "./tokens.ts";

const PROCESSES =
  "server, workers, twin, baseline worker, PostgreSQL and Redis each a process of its own; load from this one";

/** Standard output is the report's alone. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(options: BenchOptions): Promise<Report> {
  const startedAt = performance.now();
  say("starting database, queue and twin");
  const around = await startSurroundings(options);
  const stacks: Stack[] = [];
  const closeAll = async () => {
    await Promise.allSettled(stacks.splice(0).map((stack) => stack.close()));
    await around.close();
  };
  // Interrupted, it must not leave a database behind.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void closeAll().then(() => process.exit(130)));
  try {
    const backends = options.backends.filter((backend) => backend !== "redis" || around.redisUrl !== null);
    for (const backend of backends) {
      say(`${backend}: linking ${options.changes} organizations`);
      const stack = await startStack(backend, around);
      stacks.push(stack);
      await linkOrganizations(stack, options.changes);
    }
    const measured = await measure(stacks, around);
    const { changes, tenants, repetitions, concurrency } = options;
    const skipped = backends.length < options.backends.length ? "everything on Redis: no Redis on this machine" : null;
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return {
      ok: measured.tokens.every((cost) => cost.ok),
      machine: await describeMachine(around.databaseUrl, around.redisUrl),
      setup: { changes, tenants, repetitions, concurrency, processes: PROCESSES, skipped, seconds },
      ...measured,
      accessReviews: measureAccessReviews(),
    };
  } finally {
    await closeAll();
  }
}

async function measure(stacks: Stack[], { options, recorder }: Surroundings) {
  const { repetitions, answerSeconds } = options;
  const throughput = await measureThroughput(stacks, repetitions, recorder, say);
  const answers = [];
  for (const stack of stacks) {
    say(`${stack.backend}: webhook answer times`);
    answers.push(await measureAnswerTimes(stack, answerSeconds, recorder, repetitions + 1));
  }
  const tokens = [];
  for (const stack of stacks) {
    say(`${stack.backend}: tokens per change`);
    tokens.push(...(await measureTokens(stack, recorder)));
  }
  return { throughput, answers, tokens };
}

function optionsOrExit(): BenchOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

const options = optionsOrExit();
const report = await main(options);
process.stdout.write(`${options.json ? JSON.stringify(report) : toText(report)}\n`);
process.exitCode = report.ok ? 0 : 1;
