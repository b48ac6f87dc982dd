import { InputError } from "../errors.ts";
import type { Database } from "./database.ts";

/** Everything that belongs to one tenant; what refers to another table before that table. */
const TABLES = [
  "inbox_lane",
  "inbox",
  "link",
  "intent",
  "reservation",
  "effect",
  "history",
  "finding",
  "cursor",
  "token_spend",
  "intake_aggregate",
  "lane",
  "mapping_revision",
  "mapping_proposal",
  "access_snapshot",
  "access_roster",
  "access_policy",
  "access_map_entry",
  "access_run",
  "access_finding",
  "access_review",
  "access_schedule",
  "roll_out",
  "paused_field",
  "drift_look",
  "canary_order",
  "write_limit",
  "breaker",
  "counted_write",
  "held_write",
  "connection",
] as const;

/**
 * Removes tenants that only ever rehearsed, with everything known of them. What is connected to a customer's systems
 * stays.
 *
 * @throws InputError NOT_A_REHEARSAL, and nothing is removed
 */
export async function forgetRehearsals({ pool }: Pick<Database, "pool">, tenantIds: string[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select 1 from tenant where id = any($1) for update", [tenantIds]);
    await refuseOthers(client, tenantIds);
    await client.query("set local partnersync.forgetting = 'on'"); // else what evidence is made of cannot be deleted
    for (const table of TABLES) await client.query(`delete from ${table} where tenant_id = any($1)`, [tenantIds]);
    await client.query("delete from tenant where id = any($1)", [tenantIds]);
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(true); // its transaction goes with it
    throw error;
  }
}

async function refuseOthers(
  client: { query(sql: string, params: unknown[]): Promise<{ rows: { tenant_id: string }[] }> },
  tenantIds: string[],
): Promise<void> {
  const sql = "select tenant_id from connection where tenant_id = any($1) and environment <> 'rehearsal' limit 1";
  const [other] = (await client.query(sql, [tenantIds])).rows;
  if (!other) return;
  const hint = "rehearse in a database of its own: npm start -- --seed another";
  throw new InputError("NOT_A_REHEARSAL", `tenant ${other.tenant_id} is connected to a real account`, "tenant", hint);
}
