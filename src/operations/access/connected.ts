import type { App } from "../../app.ts";
import { InputError } from "../../errors.ts";
import type { Pipedrive } from "../../pipedrive/port.ts";
import type { Connection } from "../../store/connection-rows.ts";

/** The connection to Pipedrive that is worked with. @throws InputError UNKNOWN_TENANT, NOT_CONNECTED, also while paused */
export async function workingConnection(app: App, tenantId: string): Promise<Connection> {
  await app.tenants.known(tenantId);
  const connection = await app.connections.active(tenantId, "pipedrive");
  if (connection) return connection;
  const hint = "see `partnersync connect list`: it is missing, or paused with its cause";
  throw new InputError("NOT_CONNECTED", `${tenantId} has no working pipedrive connection`, "tenant", hint);
}

/** A client for it. @throws what `workingConnection` does */
export async function workingPipedrive(app: App, tenantId: string): Promise<Pipedrive> {
  return app.clients.pipedrive(await workingConnection(app, tenantId));
}
