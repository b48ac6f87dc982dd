import type { ProgramCommand } from "../src/partner/adapter.ts";

export const BASELINE_QUEUE = "bench-baseline";
export const BASELINE_PREFIX = "{partnersync}";

/** One HTTP call, ready to be made. */
export type BaselineJob = { account: string } & (
  | { command: ProgramCommand }
  | { patch: { id: number; body: Record<string, unknown> } }
);

/** Where the baseline writes to: a company and a program of the twin, by one name. */
export interface Account {
  id: string;
  token: string;
  secret: string;
  twinUrl: string;
}
