import { z } from "zod";
import { ClaimLostError } from "../errors.ts";
import type { CrmObject, Direction, ProgramKind, Role } from "../sync/model.ts";
import { createBatcher } from "./batcher.ts";
import type { Database } from "./database.ts";
import { type Claim, id, type StoredIntent } from "./lane-rows.ts";

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
}

export interface NewLink {
  role: Role;
  object: CrmObject;
  crmId: number;
  kind: ProgramKind;
  programId: string;
  createdBy: "create" | "match" | "program" | "adopt" | "hand";
  bases: Buffer | null;
  seenCrm: Buffer | null;
  /** The intent that this link closes. */
  intentId: number | null;
  /** Reservations that now lead to this record. */
  identities: Buffer[];
}

/**
 * What became of a link. `told`: webhooks of the record were passed over while nobody knew that it was ours. Not linked:
 * the claim is "lost", another lane of the record is being worked on ("taken"), or the record stands for another
 * aggregate ("occupied").
 */
export type Linked = { outcome: "linked"; id: number; told: boolean } | { outcome: "lost" | "taken" | "occupied" };

/** What reserving an identity found. */
export type Reserved = { ours: true } | { ours: false; crmId: number } | { ours: false; heldAs: string };

const openedRow = z.object({ id, lane_id: id, key: z.string(), deadline: z.date() });
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

const OPEN_SQL = `
  insert into intent (tenant_id, lane_id, type, direction, role, object, crm_id, program_id, key, body, revision, deadline)
  select l.tenant_id, l.id, n.type, n.direction, n.role, n.object, n.crm_id, n.program_id, n.key,
         decode(n.body, 'base64'), n.revision, clock_timestamp() + n.timeout_ms * interval '1 millisecond'
  from jsonb_to_recordset($1::jsonb) n (ordinal int, lane bigint, epoch bigint, type text, direction text, role text,
       object text, crm_id bigint, program_id text, key text, body text, revision int, timeout_ms int, needs_ms int)
  join lane l on l.id = n.lane and l.epoch = n.epoch
    and l.lease_until > clock_timestamp() + n.needs_ms * interval '1 millisecond'
  returning id, lane_id, key, deadline`;

/**
 * Intents, links and reservations: what is written down around a remote write. Each carries its claim, and does
 * nothing once the claim is lost.
 */
export function createWrites(
  db: Database,
  { callTimeoutMs, callMarginMs }: { callTimeoutMs: number; callMarginMs: number },
) {
  const open = createBatcher(async (asks: { claim: Claim; intent: NewIntent }[]) => {
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
    const rows = await db.rows(openedRow, OPEN_SQL, [JSON.stringify(payload)]);
    return asks.map(({ claim, intent }) => {
      const row = rows.find((r) => r.lane_id === claim.laneId && r.key === intent.key);
      return row ? { id: row.id, deadline: row.deadline } : null;
    });
  });

  return {
    /** Writes an intent down. Null when the claim is lost or the call would not fit into its lease. */
    openIntent: (claim: Claim, intent: NewIntent) => open({ claim, intent }),

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
      const [row] = await db.rows(
        linkedRow,
        "select * from link_record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        [
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
        ],
      );
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
