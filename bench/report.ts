import type { AccessReviewTimes } from "./access.ts";
import type { AnswerTimes } from "./answer-times.ts";
import type { Machine } from "./machine.ts";
import type { Throughput } from "./throughput.ts";
import type { TokenCost } from "./tokens.ts";

/** What `npm run bench -- --json` prints. */
export interface Report {
  /** False when a change cost other tokens than it should: the one thing that fails a run. */
  ok: boolean;
  machine: Machine;
  setup: {
    changes: number;
    tenants: number;
    repetitions: number;
    concurrency: number;
    /** What ran as processes of their own. */
    processes: string;
    /** What could not be measured here, and why. */
    skipped: string | null;
    seconds: number;
  };
  throughput: Throughput[];
  answers: AnswerTimes[];
  tokens: TokenCost[];
  accessReviews: AccessReviewTimes[];
}

/** The report for people. */
export function toText({ machine, setup, throughput, answers, tokens, accessReviews, ok }: Report): string {
  const { cores, cpu, node, postgres, redis } = machine;
  const lines = [
    `${cores} cores of ${cpu}, Node ${node}, PostgreSQL ${postgres}, ${redis ? `Redis ${redis}` : "no Redis"}`,
    `${setup.changes} organizations of ${setup.tenants} tenants, concurrency ${setup.concurrency}, median of ${setup.repetitions}, ${setup.seconds} s`,
    setup.processes,
    ...(setup.skipped ? [`SKIPPED: ${setup.skipped}`] : []),
    "",
    ...table([
      ["changes end to end", "backend", "sync/s", "bare BullMQ/s", "ratio", "of each repetition"],
      ...throughput.map((one) => [
        one.direction,
        one.backend,
        String(one.sync.perSecond),
        String(one.baseline.perSecond),
        one.ratio.toFixed(2),
        one.ratios.map((ratio) => ratio.toFixed(2)).join(" "),
      ]),
    ]),
    "",
    ...table([
      ["webhook answers", "backend", "requests", "p50 ms", "p99 ms", "lanes due"],
      ...answers.flatMap(({ backend, idle, saturated }) => [
        ["idle", backend, String(idle.requests), String(idle.p50Ms), String(idle.p99Ms), ""],
        [
          "workers saturated",
          backend,
          String(saturated.requests),
          String(saturated.p50Ms),
          String(saturated.p99Ms),
          String(saturated.medianBacklog),
        ],
      ]),
    ]),
    "",
    ...table([
      ["tokens per change", "backend", "expected", "measured", ""],
      ...tokens.map((one) => [
        one.change,
        one.backend,
        String(one.expected),
        String(one.measured),
        one.ok ? "ok" : "WRONG",
      ]),
    ]),
    "",
    ...table([
      ["access review", "roster lines", "import ms", "assess ms", "evidence ms", "zip ms", "findings"],
      ...accessReviews.map((one) => [
        `${one.accounts} accounts`,
        ...[one.rosterLines, one.importMs, one.assessMs, one.evidenceMs, one.zipMs, one.findings].map(String),
      ]),
    ]),
    "",
    ok ? "Every change cost what it should." : "A change cost other tokens than it should.",
  ];
  return lines.join("\n");
}

/** First column to the left, numbers to the right. */
function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  return rows.map((row) => line(row).trimEnd());
}
