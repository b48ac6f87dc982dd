/** One field's change on one side, as that side's log tells it. */
export interface Written {
  /** What both sides' records have in common: the program's id. */
  pair: string;
  /** The program's name of the field. */
  field: string;
  side: "pipedrive" | "program";
  /** Made by the sync, not by a person. */
  ours: boolean;
  /** ISO 8601. */
  at: string;
  from: unknown;
  to: unknown;
}

/**
 * Counts writes of ours that brought a side back to a value it had already had since the last person touched that
 * field: nobody asked for them, so one of our own writes must have caused them.
 */
export function countEchoes(written: Written[]): number {
  const inOrder = [...written].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const had = new Map<string, Record<Written["side"], Set<string>>>();
  let echoes = 0;
  for (const { pair, field, side, ours, from, to } of inOrder) {
    const key = JSON.stringify([pair, field]);
    const known = had.get(key);
    const fresh = { pipedrive: new Set<string>(), program: new Set<string>() };
    const values = ours && known ? known : fresh;
    if (ours && values[side].has(JSON.stringify(to))) echoes += 1;
    if (ours) values[side].add(JSON.stringify(from));
    values[side].add(JSON.stringify(to));
    had.set(key, values);
  }
  return echoes;
}
