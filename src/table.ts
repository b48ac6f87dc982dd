/**
 * Rows in columns for people at a terminal.
 *
 * @param rows cells; null and undefined are shown as nothing
 */
export function table(head: string[], rows: (string | number | null | undefined)[][]): string {
  const lines = [head, ...rows.map((row) => row.map((cell) => String(cell ?? "")))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ""))));
  const text = lines.map((line) =>
    line
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [text[0], widths.map((width) => "-".repeat(width)).join("  "), ...text.slice(1)].join("\n");
}

/** `2026-03-01 10:15:30`, UTC. @param at an instant, or how JSON says one */
export function time(at: Date | string | null): string {
  return at ? new Date(at).toISOString().slice(0, 19).replace("T", " ") : "";
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(width - widthOf(cell));
}

/** Columns on a terminal: East Asian characters take two. */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, sign) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(sign) ? 2 : 1),
    0,
  );
}
