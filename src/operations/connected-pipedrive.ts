import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import type { Connection } from "../store/connection-rows.ts";

/**
 * A tenant's connection to Pipedrive, paused or not, with a client for it.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED
 */
export async function connectedPipedrive(
  app: App,
  tenantId: string,
): Promise<{ connection: Connection; pipedrive: Pipedrive }> {
  await app.tenants.known(tenantId);
  const connection = await app.connections.current(tenantId, "pipedrive");
  if (!connection) {
    const hint = `partnersync connect pipedrive --tenant ${tenantId} …`;
    throw new InputError("NOT_CONNECTED", `${tenantId} has no Pipedrive connection`, "tenant", hint);
  }
  return { connection, pipedrive: await app.clients.pipedrive(connection) };
}
