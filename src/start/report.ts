import type { Shown } from "./checker.ts";
import type { Played, StepResult } from "./play.ts";

/** A line as a step ends. */
export function stepLine(
  { ok, tenant, name, ms, tokens, played, wrong }: StepResult,
  done: number,
  all: number,
): string {
  const took = played ? `${ms} ms, ${tokens} tokens` : "done in an earlier run";
  const head = `${ok ? "✓" : "✗"} ${String(done).padStart(2)}/${all} ${tenant}: ${name} (${took})`;
  return [head, ...wrong.map((one) => `      ${one}`)].join("\n");
}

/** Every step with the values on both sides, then the totals. */
export function report({ steps, totals }: Played): string {
  const blocks = steps.map((step, index) => {
    const { ok, tenant, name, tokens, ms, played } = step;
    const head = `${ok ? "✓" : "✗"} ${index + 1}. ${tenant}: ${name}`;
    const took = played ? `${tokens} tokens, ${ms} ms` : "done in an earlier run";
    return [head, ...sideBySide(step), `     ${took}`, ...step.wrong.map((one) => `     ✗ ${one}`)].join("\n");
  });
  const failed = steps.filter(({ ok }) => !ok).length;
  const { changes, writes, tokens, echoes } = totals;
  const sum = `${changes} changes by people, ${writes} writes of the sync, ${tokens} tokens, ${echoes} echoes`;
  const verdict =
    failed === 0 ? `all ${steps.length} steps as they should be` : `${failed} of ${steps.length} steps failed`;
  return `${blocks.join("\n\n")}\n\n${sum}\n${verdict}`;
}

/** The answer of --json. */
export function toJson({ steps, totals }: Played): string {
  return JSON.stringify({ steps, totals }, null, 2);
}

function sideBySide({ pipedrive, program }: StepResult): string[] {
  const [left, right] = [linesOf("Pipedrive", pipedrive), linesOf("partner program", program)];
  const width = Math.max(...left.map((line) => line.length), 0);
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, row) => [
    left[row] ?? "",
    right[row] ?? "",
  ]);
  return rows.map(([crm = "", other = ""]) => `     ${crm.padEnd(width)}  |  ${other}`.trimEnd());
}

function linesOf(side: string, shown: Shown): string[] {
  return [side, ...Object.entries(shown).map(([name, value]) => `${name}: ${text(value)}`)];
}

function text(value: unknown): string {
  if (value === null || value === undefined || value === "") return "(empty)";
  return Array.isArray(value) ? value.map(text).join(", ") : String(value);
}
