import { z } from "zod";
import type { Database } from "./database.ts";
import type { Tenants } from "./tenants.ts";

/** The first byte of a wrapped key is the version of its master key. */
const ONE_TENANT_PER_VERSION = "select distinct on (get_byte(data_key, 0)) id from tenant where length(data_key) > 0";

/**
 * Opens one tenant's key of each master key version in use: a process that could not read what it stores should say so
 * at its start, and not tenant by tenant later. Without tenants there is nothing to open.
 *
 * @throws MasterKeyError
 */
export async function checkMasterKey({ rows }: Pick<Database, "rows">, { key }: Pick<Tenants, "key">): Promise<void> {
  for (const { id } of await rows(z.object({ id: z.string() }), ONE_TENANT_PER_VERSION)) await key(id);
}
