import { parseArgs } from "node:util";

export const BACKENDS = ["postgres", "redis"] as const;
export type Backend = (typeof BACKENDS)[number];

export interface ChaosOptions {
  /** The first seed; the others follow it. */
  from: number;
  seeds: number;
  /** Both: odd seeds keep the queue in PostgreSQL, even ones in Redis. */
  backend: Backend | "both";
  /** No seed is begun after that long. */
  seconds: number;
  /** The version that runs beside this one in a rolling deploy: a git ref. Default: see `previous.ts`. */
  previous: string | undefined;
  json: boolean;
  /** Where logs and the state of failed seeds are kept; a folder below the system's temporary one, unless given. */
  keep: string | undefined;
}

export const USAGE = `npm run chaos -- [options]

  --seeds <n>       how many seeds to play (default 10)
  --from <n>        the first of them (default 1); --from 17 --seeds 1 repeats number 17
  --backend <name>  postgres, redis or both (default both: odd seeds postgres, even ones redis)
  --seconds <n>     begin no seed after that long
  --previous <ref>  the version that works beside this one in a rolling deploy (default: the newest tag, else the commit
                    before the newest migration)
  --keep <folder>   keep logs there, also of seeds that went well
  --json            one JSON object on stdout instead of a table

Exit code 1 when a record was lost, duplicated or left different on the two sides, or the writing did not stop.`;

/** @throws Error in words for whoever typed it */
export function parseOptions(args: string[]): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      seeds: { type: "string" },
      from: { type: "string" },
      backend: { type: "string", default: "both" },
      seconds: { type: "string" },
      previous: { type: "string" },
      keep: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const { backend, previous, json, keep } = values;
  if (backend !== "both" && !BACKENDS.some((one) => one === backend)) {
    throw new Error(`--backend is postgres, redis or both, not ${backend}`);
  }
  return {
    from: count("--from", values.from, 1),
    seeds: count("--seeds", values.seeds, 10),
    seconds: count("--seconds", values.seconds, 86_400),
    backend: backend as ChaosOptions["backend"],
    previous,
    json,
    keep,
  };
}

/** Where a seed's queue is kept. */
export function backendOf(seed: number, { backend }: Pick<ChaosOptions, "backend">): Backend {
  if (backend !== "both") return backend;
  return seed % 2 === 1 ? "postgres" : "redis";
}

function count(name: string, text: string | undefined, byDefault: number): number {
  const number = text === undefined ? byDefault : Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${name}: ${text} is not a positive whole number`);
}
