import { randomBytes } from "node:crypto";
import type { HistoryRow } from "../store/lane-rows.ts";
import type { Role } from "../sync/model.ts";
import type { Round } from "./round.ts";

/** What a line of history is about. */
export interface About {
  role: Role;
  field: string;
  rule: string | null;
}

export interface Remembered {
  event: HistoryRow["event"];
  winner?: HistoryRow["winner"];
  intentId: number | null;
  content: Record<string, unknown>;
}

/** A line of history; values are sealed, and salted for the digest that the sealer makes. */
export function toHistoryRow(round: Round, what: About, row: Remembered): HistoryRow {
  const causes = round.rows.map(({ deliveryKey }) => deliveryKey).slice(-5);
  return {
    role: what.role,
    program_id: round.program?.id ?? round.claim.programId,
    field: what.field,
    event: row.event,
    winner: row.winner ?? null,
    rule: what.rule,
    revision: round.tenant.plan.revision,
    intent_id: row.intentId,
    content: round.tenant.key.sealJson("history.content", { ...row.content, causes }).toString("base64"),
    salt: randomBytes(16).toString("base64"),
  };
}
