import { type About, type Remembered, toHistoryRow } from "./history-row.ts";
import type { Round } from "./round.ts";

/** One line of a field's history. */
export function remember(round: Round, what: About, row: Remembered): void {
  round.history.push(toHistoryRow(round, what, row));
}
