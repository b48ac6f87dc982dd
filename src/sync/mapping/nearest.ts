const LONGEST = 64;

/** Number of single-character edits between two short strings. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * The known name that somebody most likely meant.
 *
 * @returns undefined when none is near: more than a third of the letters would have to change
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length === 0 || name.length > LONGEST) return undefined;
  const wanted = name.trim().toLowerCase();
  let best: { name: string; edits: number } | undefined;
  for (const candidate of known.slice(0, 1000)) {
    if (candidate.length > LONGEST) continue;
    const edits = distance(wanted, candidate.trim().toLowerCase());
    if (edits <= Math.max(2, candidate.length / 3) && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) {
      best = { name: candidate, edits };
    }
  }
  return best && best.edits < best.name.length ? best.name : undefined;
}

/** A sentence for a hint: `Did you mean "x"?`, or the known names when nothing is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (known.length === 0) return "Remove it.";
  return `Known here: ${known.slice(0, 20).join(", ")}${known.length > 20 ? " …" : ""}.`;
}
