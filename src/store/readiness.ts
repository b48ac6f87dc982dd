import type { Database } from "./database.ts";

const PROBE_SQL = `
  insert into inbox (tenant_id, connection_id, source, delivery_key, payload)
  values ('', gen_random_uuid(), 'probe', 'probe', '')`;

/**
 * Writes a row into the inbox and takes it back: a standby, a full disk or a missing table is found out like this, by
 * a mere `select 1` it is not.
 *
 * @throws what the database said
 */
export async function probeInbox({ pool }: Pick<Database, "pool">): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(PROBE_SQL);
    await client.query("rollback");
    client.release();
  } catch (error) {
    client.release(true); // whatever state the session is in
    throw error;
  }
}
