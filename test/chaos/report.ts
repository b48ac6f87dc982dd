import { type FaultKind, PROCESS_FAULTS, REDIS_FAULTS, TWIN_FAULTS } from "./plan.ts";
import { isWell, type Outcome } from "./seed.ts";

export interface FaultCount {
  kind: FaultKind;
  /** How often it happened to something. */
  injected: number;
  /** How often of these in a seed that ended well. */
  survived: number;
}

export interface ChaosReport {
  ok: boolean;
  seeds: number;
  lost: number;
  duplicated: number;
  diverged: number;
  /** Seeds in which something was written after all had been said. */
  neverStopped: number;
  /** Seeds that broke off, or left a record given up. */
  broken: number;
  /** Records repaired by their `sync`, because the notification of their last change was lost. */
  repaired: number;
  faults: FaultCount[];
  /** What this machine cannot have, and why. */
  skipped: string[];
  /** How to repeat each seed that did not end well. */
  failures: { repeat: string; outcome: Outcome }[];
  /** Findings by code, of all seeds. */
  findings: Record<string, number>;
  seconds: number;
}

export function toReport(outcomes: Outcome[], skipped: string[], seconds: number): ChaosReport {
  const bad = outcomes.filter((one) => !isWell(one));
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + count(one), 0);
  const findings: Record<string, number> = {};
  for (const { findings: own } of outcomes) {
    for (const [code, count] of Object.entries(own)) findings[code] = (findings[code] ?? 0) + count;
  }
  return {
    ok: bad.length === 0 && outcomes.length > 0,
    seeds: outcomes.length,
    lost: sum(({ verdict }) => verdict.lost.length),
    duplicated: sum(({ verdict }) => verdict.duplicated.length),
    diverged: sum(({ verdict }) => verdict.diverged.length),
    neverStopped: sum(({ lateWrites }) => Math.min(1, lateWrites)),
    broken: sum(({ broke, stopped }) => (broke || stopped.length > 0 ? 1 : 0)),
    repaired: sum(({ repaired }) => repaired),
    faults: [...PROCESS_FAULTS, ...REDIS_FAULTS, ...TWIN_FAULTS].map((kind) => ({
      kind,
      injected: sum(({ faults }) => faults[kind] ?? 0),
      survived: sum((outcome) => (isWell(outcome) ? (outcome.faults[kind] ?? 0) : 0)),
    })),
    skipped,
    failures: bad.map((outcome) => ({ repeat: repeatOf(outcome), outcome })),
    findings,
    seconds,
  };
}

export function repeatOf({ seed, backend }: Pick<Outcome, "seed" | "backend">): string {
  return `npm run chaos -- --from ${seed} --seeds 1 --backend ${backend}`;
}

export function toText(report: ChaosReport): string {
  const lines = report.faults.map(
    ({ kind, injected, survived }) =>
      `${kind.padEnd(44)}${String(injected).padStart(9)}${String(survived).padStart(10)}`,
  );
  const { seeds, lost, duplicated, diverged, neverStopped, broken, repaired, seconds } = report;
  return [
    `${"fault".padEnd(44)}${"injected".padStart(9)}${"survived".padStart(10)}`,
    ...lines,
    ...report.skipped.map((why) => `SKIPPED: ${why}`),
    `findings: ${JSON.stringify(report.findings)}`,
    `${repaired} records repaired by a sync of theirs, as the word of their last change was lost`,
    ...report.failures.map(({ repeat, outcome }) => `${repeat}\n${describe(outcome)}`),
    `${seeds} seeds in ${seconds} s: ${lost} lost, ${duplicated} duplicated, ${diverged} diverged, ` +
      `${neverStopped} never stopped, ${broken} broken`,
  ].join("\n");
}

function describe({ verdict, lateWrites, stopped, broke }: Outcome): string {
  const lines = Object.entries(verdict).flatMap(([what, list]: [string, string[]]) =>
    list.map((one) => `  ${what}: ${one}`),
  );
  if (lateWrites > 0) lines.push(`  ${lateWrites} writes after all had been said`);
  lines.push(...stopped.map((lane) => `  given up: ${lane}`));
  if (broke) lines.push(`  ${broke.slice(0, 3_000)}`);
  return lines.join("\n");
}
