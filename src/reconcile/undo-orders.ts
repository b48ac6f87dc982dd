import type { Direction } from "../sync/model.ts";
import type { Notice, Round } from "./round.ts";
import { requestOf, type UndoOrder } from "./rows.ts";

/** Which direction carries an order out: the one that writes to its side. */
const DIRECTION = { crm: "outbound", program: "inbound" } as const satisfies Record<Notice["side"], Direction>;

/** An order that waits: its row counts as read once it was carried out or refused. */
export interface PendingUndo {
  rowId: number;
  undo: UndoOrder;
}

/** It stays unread for now, and its direction runs. */
export function deferUndo(round: Round, undo: UndoOrder): void {
  round.deferred += 1;
  if (DIRECTION[undo.side] !== round.claim.direction) round.again.add(DIRECTION[undo.side]);
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
