import { z } from "zod";
import type { Run } from "../access/run.ts";

/** A run in numbers: nothing in it is about a single person, so it need not be sealed. */
export const runSummary = z.object({
  accounts: z.number(),
  activeAccounts: z.number(),
  openFindings: z.number(),
  overdue: z.number(),
  excepted: z.number(),
  bySeverity: z.object({ critical: z.number(), high: z.number(), medium: z.number(), low: z.number() }),
  checks: z.array(z.object({ id: z.string(), title: z.string(), outcome: z.enum(["pass", "fail", "not_assessed"]) })),
});
export type RunSummary = z.output<typeof runSummary>;

export function toRunSummary({ accounts, findings, checks }: Run): RunSummary {
  const open = findings.filter(({ state }) => state === "open");
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { severity } of open) bySeverity[severity] += 1;
  return {
    accounts: accounts.length,
    activeAccounts: accounts.filter(({ active }) => active).length,
    openFindings: open.length,
    overdue: open.filter(({ overdue }) => overdue).length,
    excepted: findings.length - open.length,
    bySeverity,
    checks: checks.map(({ id, title, outcome }) => ({ id, title, outcome })),
  };
}
