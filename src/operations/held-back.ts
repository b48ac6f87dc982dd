import type { App } from "../app.ts";
import { SIDES } from "../errors.ts";
import type { Connection } from "../store/connection-rows.ts";
import { DOCUMENT, type Tenant } from "../store/tenants.ts";

/** Why nothing of a tenant is worked on, or nothing is sent to one side; empty when all may flow. What comes in is kept. */
export async function heldBack(app: App, tenantId: string): Promise<string[]> {
  const [tenant, mapping, ...connections] = await Promise.all([
    app.tenants.get(tenantId),
    app.mappings.live(tenantId),
    ...SIDES.map((side) => app.connections.current(tenantId, side)),
  ]);
  return [
    tenant?.pausedAt && pauseOf(tenant),
    !mapping && `no mapping is in force: partnersync mapping load mappings/${tenantId}.json`,
    ...SIDES.map((side, i) => waitOf(side, connections[i] ?? null)),
  ].filter((reason) => typeof reason === "string");
}

function pauseOf({ id, pausedBy }: Tenant): string {
  if (pausedBy === DOCUMENT) return "the mapping in force says so (sync.paused)";
  return `${id} was paused by ${pausedBy ?? "a person"}: partnersync tenant resume ${id}`;
}

function waitOf(side: Connection["side"], connection: Connection | null): string | null {
  if (!connection) return `${side} is not connected: partnersync connect ${side} …`;
  const { id, state, pausedCause, parkedUntil, parkedCause } = connection;
  if (state === "paused") {
    return `the ${side} connection is paused: ${pausedCause ?? "by a person"}. Mend that, then: partnersync connect resume ${id}`;
  }
  if (!parkedUntil || parkedUntil.getTime() <= Date.now()) return null;
  return `nothing is sent to ${side} before ${parkedUntil.toISOString()}: ${parkedCause ?? "its allowance is used up"}`;
}
