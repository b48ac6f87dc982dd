import type pg from "pg";

/** Lanes are handed out only to tenants with a mapping in force. For tests that ring and never look into it. */
export async function giveLiveMapping(pool: pg.Pool, tenantId: string): Promise<void> {
  await pool.query(
    `insert into mapping_revision (tenant_id, revision, document, document_sha256, plan, state, loaded_by)
     values ($1, 1, '', '', '{}', 'live', 'test')`,
    [tenantId],
  );
}
