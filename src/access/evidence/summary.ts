import { inForce, type Review, undecided } from "../review/review.ts";
import type { Run } from "../run.ts";

/** `summary.json`: what was concluded, from what, and when. Times are the run's and the review's, never today's. */
export function toSummary(run: Run, review: Review | null): Record<string, unknown> {
  const open = run.findings.filter(({ state }) => state === "open");
  return {
    format: "access-summary/1",
    tool: { name: "partnersync", version: run.toolVersion },
    run_id: run.runId,
    assessed_at: run.at,
    time_zone: run.timeZone,
    company: run.company,
    inputs: { snapshot: run.snapshot, roster: run.roster, policy: run.policy, map_sha256: run.mapSha256 },
    accounts: {
      all: run.accounts.length,
      active: run.accounts.filter(({ active }) => active).length,
      by_verdict: countBy(run.accounts.map(({ verdict }) => verdict)),
    },
    findings: {
      open: open.length,
      overdue: open.filter(({ overdue }) => overdue).length,
      excepted: run.findings.length - open.length,
      by_severity: countBy(open.map(({ severity }) => severity)),
      by_code: countBy(open.map(({ code }) => code)),
    },
    checks: run.checks.map(({ id, title, outcome, passed, failed, excepted, notAssessed, reasons }) => {
      return { id, title, outcome, passed, failed, excepted, not_assessed: notAssessed, not_assessed_because: reasons };
    }),
    review: review && toReview(review),
  };
}

function toReview(review: Review): Record<string, unknown> {
  return {
    review_id: review.reviewId,
    state: review.state,
    started: review.started,
    completed: review.completed,
    accounts: review.items.length,
    undecided: undecided(review).length,
    decisions: countBy([...inForce(review).values()].map(({ choice }) => choice)),
    follow_ups: {
      all: review.followUps.length,
      closed: review.followUps.filter(({ closed }) => closed !== null).length,
    },
  };
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
