import { parseArgs } from "node:util";

/** How much is measured. Counts, except where a unit is named. */
export interface BenchOptions {
  json: boolean;
  /** Linked organizations per backend, spread over the tenants; each repetition changes every one of them once. */
  changes: number;
  tenants: number;
  repetitions: number;
  /** How long webhook answers are timed, idle and beside saturated workers. */
  answerSeconds: number;
  /** Lanes (or baseline jobs) a worker process handles at once, per queue. */
  concurrency: number;
  backends: ("postgres" | "redis")[];
}

const QUICK = { changes: 450, repetitions: 3, answerSeconds: 4 };
const FULL = { changes: 1_500, repetitions: 5, answerSeconds: 10 };

export const USAGE = `npm run bench -- [options]

  --quick              smaller numbers: two or three minutes
  --json               one JSON object on stdout instead of tables
  --backend <name>     only postgres, or only redis
  --changes <n>        linked organizations, each changed once per repetition
  --tenants <n>        tenants they are spread over (default 3)
  --repetitions <n>    of which the median is taken
  --answer-seconds <n> how long webhook answers are timed
  --concurrency <n>    lanes or jobs a worker handles at once (default 20)

Exit code 1 when a change cost other tokens than it should; rates are reported, never judged.`;

/** @throws Error in words for whoever typed it */
export function parseOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      backend: { type: "string" },
      changes: { type: "string" },
      tenants: { type: "string" },
      repetitions: { type: "string" },
      "answer-seconds": { type: "string" },
      concurrency: { type: "string" },
    },
  });
  const size = values.quick ? QUICK : FULL;
  const count = (text: string | undefined, byDefault: number): number => {
    const number = text === undefined ? byDefault : Number(text);
    if (Number.isInteger(number) && number > 0) return number;
    throw new Error(`${text} is not a positive whole number`);
  };
  return {
    json: values.json,
    changes: count(values.changes, size.changes),
    tenants: count(values.tenants, 3),
    repetitions: count(values.repetitions, size.repetitions),
    answerSeconds: count(values["answer-seconds"], size.answerSeconds),
    concurrency: count(values.concurrency, 20),
    backends: toBackends(values.backend),
  };
}

function toBackends(name: string | undefined): BenchOptions["backends"] {
  if (name === undefined) return ["postgres", "redis"];
  if (name === "postgres" || name === "redis") return [name];
  throw new Error(`--backend is postgres or redis, not ${name}`);
}
