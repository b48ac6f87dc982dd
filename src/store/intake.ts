import { randomUUID } from "node:crypto";
import type pg from "pg";
import { z } from "zod";
import type { ProgramEvent } from "../partner/adapter.ts";
import { eventType, foldPost } from "../partner/intake/fold-post.ts";
import type { PostedEvent } from "../partner/intake/translate.ts";
import type { Aggregate, ProgramKind } from "../sync/model.ts";
import type { Database } from "./database.ts";
import type { Tenants } from "./tenants.ts";
import type { TenantKey } from "./vault.ts";

/** What is known of an aggregate; sealed. */
interface State {
  data: Record<string, unknown>;
  /** When the program said it was so; null when it never says. */
  occurredAt: string | null;
}

/** What became of one event of a post. */
export type Taken = "accepted" | "duplicate" | "older";

const STATE_COLUMN = "intake_aggregate.state";
const stateRow = z.object({ version: z.number(), state: z.instanceof(Buffer) });
const laneRow = z.object({ lane: z.string().nullable() });

/**
 * What programs that can only post have told. A post names some fields of an aggregate and no version: here it becomes a
 * whole snapshot with a version of its own, in the order of arrival.
 */
export function createIntake(db: Database, tenants: Tenants) {
  return {
    /**
     * Takes the events of one post in, all or none: each is put together with what was known, and accepted as an event
     * with the next version. A post that tells nothing new is a duplicate; so is one whose event id was taken in before.
     *
     * @returns what became of each, in their order
     */
    async accept(tenantId: string, connectionId: string, events: PostedEvent[]): Promise<Taken[]> {
      const key = await tenants.key(tenantId);
      // In one order everywhere: two posts about the same aggregates wait for each other, and never in a circle.
      const order = events.map((_, i) => i).sort((a, b) => (nameOf(events[a]) < nameOf(events[b]) ? -1 : 1));
      const taken: Taken[] = [];
      const client = await db.pool.connect();
      try {
        await client.query("begin");
        for (const i of order) {
          const event = events[i];
          if (event) taken[i] = await acceptOne(client, key, { tenantId, connectionId, event });
        }
        await client.query("commit");
        client.release();
        return taken;
      } catch (error) {
        client.release(true); // its transaction goes with it
        throw error;
      }
    },

    /** The aggregate as the posts left it; null for one that none was about. */
    async aggregate(tenantId: string, kind: ProgramKind, id: string): Promise<Aggregate | null> {
      const sql =
        "select version, state from intake_aggregate where tenant_id = $1 and kind = $2 and program_id = $3 and version > 0";
      const [row] = await db.rows(stateRow, sql, [tenantId, kind, id]);
      if (!row) return null;
      const { data } = (await tenants.key(tenantId)).unsealJson<State>(STATE_COLUMN, row.state);
      return { kind, id, version: row.version, data: { ...data, version: row.version } };
    },
  };
}

export type Intakes = ReturnType<typeof createIntake>;

const nameOf = (event?: PostedEvent) => `${event?.kind} ${event?.id}`;

interface Arrival {
  tenantId: string;
  connectionId: string;
  event: PostedEvent;
}

async function acceptOne(client: pg.PoolClient, key: TenantKey, arrival: Arrival): Promise<Taken> {
  const { tenantId, event } = arrival;
  const { kind, id, occurredAt } = event;
  const name = [tenantId, kind, id];
  // The first post about something makes its row, so that a second one at the same moment waits for this transaction.
  const empty = key.sealJson(STATE_COLUMN, { data: {}, occurredAt: null } satisfies State);
  await client.query(
    "insert into intake_aggregate (tenant_id, kind, program_id, version, state) values ($1, $2, $3, 0, $4) on conflict do nothing",
    [...name, empty],
  );
  const locked = await client.query(
    "select version, state from intake_aggregate where tenant_id = $1 and kind = $2 and program_id = $3 for update",
    name,
  );
  const row = stateRow.parse(locked.rows[0]);
  const known = key.unsealJson<State>(STATE_COLUMN, row.state);
  if (occurredAt !== null && known.occurredAt !== null && occurredAt < known.occurredAt) return "older";
  const before = row.version === 0 ? null : known.data;
  const data = foldPost(before, event.told);
  if (before && sameContent(before, data)) return "duplicate";

  const version = row.version + 1;
  const envelope = toEnvelope(arrival, { before, data, version });
  if (!(await acceptDelivery(client, key, arrival, envelope))) return "duplicate";
  const state: State = { data, occurredAt: occurredAt ?? known.occurredAt };
  await client.query(
    "update intake_aggregate set version = $4, state = $5, updated_at = now() where tenant_id = $1 and kind = $2 and program_id = $3",
    [...name, version, key.sealJson(STATE_COLUMN, state)],
  );
  return "accepted";
}

/** False when the program has told this very event before, under the id that it gives it. */
async function acceptDelivery(
  client: pg.PoolClient,
  key: TenantKey,
  { tenantId, connectionId, event }: Arrival,
  envelope: ProgramEvent,
): Promise<boolean> {
  const { kind, id, eventId } = event;
  // Hashed: nobody knows what a program makes its ids of.
  const deliveryKey = `post/${kind}/${id}/${eventId === null ? envelope.aggregate.version : key.identityHash(eventId)}`;
  const { rows } = await client.query(
    "select accept_delivery($1, $2, 'program', $3, $4, null, null, $5, $6, 0::smallint)::text as lane",
    [tenantId, connectionId, deliveryKey, key.sealJson("inbox.payload", envelope), kind, id],
  );
  return laneRow.parse(rows[0]).lane !== null;
}

function toEnvelope(
  { tenantId, event }: Arrival,
  change: { before: Record<string, unknown> | null; data: Record<string, unknown>; version: number },
): ProgramEvent {
  const { before, data, version } = change;
  return {
    event_id: `post_${randomUUID()}`,
    type: eventType(event.kind, before, data),
    schema_version: 1,
    tenant_id: tenantId,
    occurred_at: event.occurredAt ?? new Date().toISOString(),
    aggregate: { kind: event.kind, id: event.id, version },
    actor: { kind: "workflow", id: "intake", label: "a workflow of the partner program" },
    origin: "program",
    correlation_id: "",
    causation_id: null,
    changed: [],
    data: { ...data, version },
  };
}

/** Members in whatever order: what is put together out of posts has none of its own. */
function sameContent(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
