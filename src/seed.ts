import { join } from "node:path";
import type { Config } from "./config.ts";
import { InputError } from "./errors.ts";

/** The seed of a first run that is not given one; its database is the one that everything else uses too. */
export const DEFAULT_SEED = "first-run";

const SEED = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
/** What lies in DATA_DIR beside the seeds' folders. */
const RESERVED = new Set(["postgres", "redis"]);

/** @throws InputError BAD_SEED for what cannot name a folder and a database */
export function toSeed(text: string): string {
  if (SEED.test(text) && !RESERVED.has(text)) return text;
  const hint = "use 1 to 40 letters, digits, hyphens and underscores, e.g. demo-2";
  throw new InputError("BAD_SEED", `"${text}" cannot be a seed`, "--seed", hint);
}

/** Where a seed's own files are. */
export function seedFolder({ dataDir }: Pick<Config, "dataDir">, seed: string): string {
  return join(dataDir, seed);
}

/** The database of a seed on the same server; undefined for the one that is configured. */
export function seedDatabase({ databaseUrl }: Pick<Config, "databaseUrl">, seed: string): string | undefined {
  if (seed === DEFAULT_SEED) return undefined;
  const base = databaseUrl ? decodeURIComponent(new URL(databaseUrl).pathname.slice(1)) : "";
  return `${base || "partnersync"}_${seed}`;
}
