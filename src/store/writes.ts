import { z } from "zod";
import { ClaimLostError, HeldError } from "../errors.ts";
import type { CrmObject, Direction, ProgramKind, Role } from "../sync/model.ts";
import { createBatcher } from "./batcher.ts";
import type { Database } from "./database.ts";
import { historyValues, keepingHistory } from "./kept-history.ts";
import { type Claim, type HistoryRow, id, type StoredIntent } from "./lane-rows.ts";
import { type CountedWrite, DEFAULT_LIMITS, toLimitRow } from "./write-limits.ts";

/** A remote write about to be made, with its sealed request. */
export interface NewIntent {
  type: StoredIntent["type"];
  direction: Direction;
  role: Role | null;
  object: CrmObject | null;
  crmId: number | null;
  programId: string | null;
  key: string;
  body: Buffer;
  revision: number;
  /** What the tenant's limits count of it; null for what only says which record stands for which. */
  counted: CountedWrite | null;
}

export interface NewLink {
  role: Role;
  object: CrmObject;
  crmId: number;
  kind: ProgramKind;
  programId: string;
  createdBy: "create" | "match" | "decision" | "program" | "adopt" | "hand";
  bases: Buffer | null;
  seenCrm: Buffer | null;
  /** The intent that this link closes. */
  intentId: number | null;
  /** Reservations that now lead to this record. */
  identities: Buffer[];
  /** What its record's history tells of it; default: nothing. */
  history?: HistoryRow;
}

/**
 * What became of a link. `told`: webhooks of the record were passed over while nobody knew that it was ours. Not linked:
 * the claim is "lost", another lane of the record is being worked on ("taken"), or the record stands for another
 * aggregate ("occupied").
 */
export type Linked = { outcome: "linked"; id: number; told: boolean } | { outcome: "lost" | "taken" | "occupied" };

/** What reserving an identity found. */
export type Reserved = { ours: true } | { ours: false; crmId: number } | { ours: false; heldAs: string };

const openedRow = z.object({
  nth: z.number(),
  outcome: z.enum(["open", "held", "near", "lost"]),
  id: id.nullable(),
  deadline: z.date().nullable(),
});
const DEFAULTS = JSON.stringify(toLimitRow(DEFAULT_LIMITS));
const LINK_SQL = keepingHistory(
  "select * from link_record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
  13,
  "done.outcome = 'linked'",
);
const linkedRow = z.object({
  outcome: z.enum(["linked", "lost", "taken", "occupied"]),
  link_id: id.nullable(),
  told: z.boolean(),
});
const reservationRow = z.object({
  identity: z.instanceof(Buffer).nullable(),
  holder_id: id.nullable(),
  crm_id: id.nullable(),
});

/**
 * Intents, links and reservations: what is written down around a remote write. Each carries its claim, and does
 * nothing once the claim is lost.
 */
export function createWrites(
  db: Database,
  { callTimeoutMs, callMarginMs }: { callTimeoutMs: number; callMarginMs: number },
) {
  type Asked = { claim: Claim; intent: NewIntent };

  async function openAll(asks: Asked[], exact: boolean) {
    const payload = asks.map(({ claim, intent }, ordinal) => ({
      ordinal,
      lane: claim.laneId,
      epoch: claim.epoch,
      type: intent.type,
      direction: intent.direction,
      role: intent.role,
      object: intent.object,
      crm_id: intent.crmId,
      program_id: intent.programId,
      key: intent.key,
      body: intent.body.toString("base64"),
      revision: intent.revision,
      timeout_ms: callTimeoutMs,
      needs_ms: callTimeoutMs + callMarginMs,
    }));
    const counted = asks.flatMap(({ claim, intent }, ordinal) => {
      const { laneId: lane, epoch } = claim;
      return intent.counted ? [{ ordinal, lane, epoch, direction: intent.direction, ...intent.counted }] : [];
    });
    const sql = "select * from open_intents($1::jsonb, $2::jsonb, $3::jsonb, $4)";
    const rows = await db.rows(openedRow, sql, [JSON.stringify(payload), JSON.stringify(counted), DEFAULTS, exact]);
    const byPosition = new Map(rows.map((row) => [row.nth, row]));
    return asks.map((_, ordinal) => byPosition.get(ordinal));
  }

  const open = createBatcher(async (asks: Asked[]) => {
    const first = await openAll(asks, false);
    const near = asks.flatMap((ask, at) => (first[at]?.outcome === "near" ? [{ ask, at }] : []));
    if (near.length === 0) return first;
    const second = await openAll(
      near.map(({ ask }) => ask),
      true,
    );
    for (const [i, { at }] of near.entries()) first[at] = second[i];
    return first;
  });

  return {
    /**
     * Writes an intent down. Null when the claim is lost or the call would not fit into its lease.
     *
     * @throws HeldError when the tenant's limits are reached: nothing was written down
     */
    async openIntent(claim: Claim, intent: NewIntent): Promise<{ id: number; deadline: Date } | null> {
      const opened = await open({ claim, intent });
      if (opened?.outcome === "held") throw new HeldError(claim.tenantId, intent.direction);
      return opened?.id && opened.deadline ? { id: opened.id, deadline: opened.deadline } : null;
    },

    /** A record seen with the id of an open create: its lane completes the create without a lookup. */
    async hintCreate(tenantId: string, object: CrmObject, crmId: number, programId: string): Promise<boolean> {
      // The lane first, as everybody does: its holder may be closing the intent.
      const result = await db.pool.query(
        `with found as materialized (
           select i.id, i.lane_id from intent i where i.tenant_id = $1 and i.object = $2 and i.program_id = $4
             and i.type = 'create' and i.state = 'open' and i.hint_crm_id is null),
         locked as materialized (
           select l.id from lane l where l.id in (select lane_id from found) order by l.id for update),
         hinted as (
           update intent i set hint_crm_id = $3 from found, locked
             where i.id = found.id and locked.id = found.lane_id and i.state = 'open' and i.hint_crm_id is null
             returning i.lane_id)
         update lane set due_outbound = least(due_outbound, now()), rang = rang + 1 from hinted where lane.id = hinted.lane_id`,
        [tenantId, object, crmId, programId],
      );
      return (result.rowCount ?? 0) > 0;
    },

    /** Ties record and aggregate together and closes the intent, in one transaction. */
    async link(claim: Claim, link: NewLink): Promise<Linked> {
      const [row] = await db.rows(linkedRow, LINK_SQL, [
        claim.laneId,
        claim.epoch,
        link.role,
        link.object,
        link.crmId,
        link.kind,
        link.programId,
        link.createdBy,
        link.bases,
        link.seenCrm,
        link.intentId,
        link.identities,
        ...historyValues(claim, link.history),
      ]);
      if (row?.outcome === "linked") return { outcome: "linked", id: Number(row.link_id), told: row.told };
      return { outcome: row?.outcome ?? "lost" };
    },

    /**
     * Reserves a customer's identities for this lane. A lane that settles with nothing left to do gives them up again.
     *
     * @throws ClaimLostError
     */
    async reserve(claim: Claim, role: Role, identities: Buffer[]): Promise<Reserved> {
      const rows = await db.rows(reservationRow, "select * from reserve_identities($1, $2, $3, $4)", [
        claim.laneId,
        claim.epoch,
        role,
        identities,
      ]);
      for (const { identity, holder_id, crm_id } of rows) {
        if (!identity) throw new ClaimLostError(`${claim.tenantId}: the claim on this lane is lost`);
        if (crm_id !== null) return { ours: false, crmId: crm_id };
        if (holder_id !== claim.laneId) return { ours: false, heldAs: identity.toString("hex") };
      }
      return { ours: true };
    },
  };
}

export type Writes = ReturnType<typeof createWrites>;
