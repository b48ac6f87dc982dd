import type { Prisma } from "./generated/client.ts";
import { Prisma as sql } from "./generated/client.ts";
import { unknownTenant } from "./tenants.ts";

/**
 * The version after the newest; whoever asks at the same time waits for this transaction to end.
 *
 * @throws InputError UNKNOWN_TENANT
 */
export async function nextVersion(
  tx: Prisma.TransactionClient,
  tenantId: string,
  table: "access_roster" | "access_policy",
): Promise<number> {
  const tenant = await tx.$queryRaw<unknown[]>`select 1 from tenant where id = ${tenantId} for no key update`;
  if (tenant.length === 0) throw unknownTenant(tenantId);
  const [row] = await tx.$queryRaw<{ version: number }[]>`
    select coalesce(max(version), 0)::int + 1 as version from ${sql.raw(table)} where tenant_id = ${tenantId}`;
  return row?.version ?? 1;
}
