import type { App } from "../app.ts";
import { InputError } from "../errors.ts";

/** A person has dealt with it. @throws InputError UNKNOWN_TENANT, UNKNOWN_FINDING also for one that is closed */
export async function closeFinding(app: App, tenantId: string, id: number): Promise<void> {
  await app.tenants.known(tenantId);
  if (await app.findings.close(tenantId, id)) return;
  const hint = `see \`partnersync findings list --tenant ${tenantId}\``;
  throw new InputError("UNKNOWN_FINDING", `${tenantId} has no open finding ${id}`, "finding", hint);
}
