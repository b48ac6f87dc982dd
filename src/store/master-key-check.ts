import { z } from "zod";
import type { Database } from "./database.ts";
import type { Vault } from "./vault.ts";

const Row = z.object({ id: z.string(), data_key: z.instanceof(Uint8Array) });

/** The first byte of a wrapped key is the version of its master key. */
const ONE_TENANT_PER_VERSION = `
  select distinct on (get_byte(data_key, 0)) id, data_key from tenant where length(data_key) > 0`;

/**
 * Opens one tenant's key of each master key version in use: a process that could not read what it stores should say so
 * at its start, and not tenant by tenant later. Without tenants there is nothing to open. The keys are opened past the
 * cache of tenants: a tenant that is forgotten next, and added anew, gets another one.
 *
 * @throws MasterKeyError
 */
export async function checkMasterKey({ rows }: Pick<Database, "rows">, vault: Pick<Vault, "tenantKey">): Promise<void> {
  for (const { id, data_key } of await rows(Row, ONE_TENANT_PER_VERSION)) vault.tenantKey(id, data_key);
}
