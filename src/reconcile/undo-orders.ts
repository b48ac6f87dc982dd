import type { Round } from "./round.ts";
import { requestOf, type UndoOrder } from "./rows.ts";

/** An order that waits: its row counts as read once it was carried out or refused. */
export interface PendingUndo {
  rowId: number;
  undo: UndoOrder;
}

/** It stays unread for now. The direction that writes to its side is due for it, once anything may be written. */
export function deferUndo(round: Round): void {
  round.deferred += 1;
}

export function pendingUndos(round: Round, side?: UndoOrder["side"]): PendingUndo[] {
  return round.rows.flatMap((row) => {
    const undo = requestOf(row)?.undo;
    const waits = undo && !round.folded.includes(row.id) && (side === undefined || undo.side === side);
    return waits ? [{ rowId: row.id, undo }] : [];
  });
}

/** Carried out, or refused for good. */
export function endUndo(round: Round, { rowId }: PendingUndo): void {
  round.folded.push(rowId);
  round.deferred -= 1;
}
