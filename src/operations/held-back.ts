import type { App } from "../app.ts";
import { otherProgram } from "../contexts.ts";
import { InputError, SIDES } from "../errors.ts";
import type { Connection } from "../store/connection-rows.ts";
import { DOCUMENT, type Tenant } from "../store/tenants.ts";
import type { Breaker } from "../store/write-limits.ts";

/** Why nothing of a tenant is worked on, or nothing is sent to one side; empty when all may flow. What comes in is kept. */
export async function heldBack(app: App, tenantId: string): Promise<string[]> {
  const [tenant, ...connections] = await Promise.all([
    app.tenants.get(tenantId),
    ...SIDES.map((side) => app.connections.current(tenantId, side)),
  ]);
  const breakers = await app.writeLimits.breakers(tenantId);
  const problem = await mappingProblem(app, tenantId, connections[SIDES.indexOf("program")] ?? null);
  return [
    tenant?.pausedAt && pauseOf(tenant),
    problem,
    ...breakers.map((breaker) => tooMany(tenantId, breaker)),
    ...SIDES.map((side, i) => waitOf(side, connections[i] ?? null)),
  ].filter((reason) => typeof reason === "string");
}

/** A stored lock that cannot be used holds the tenant back, and must not keep a person from seeing that. */
async function mappingProblem({ mappings }: App, tenantId: string, program: Connection | null): Promise<string | null> {
  try {
    const live = await mappings.live(tenantId);
    if (live) return program && otherProgram(live.plan, program);
    return `no mapping is in force: partnersync mapping load mappings/${tenantId}.json`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `the mapping in force cannot be used: ${error.message}; ${error.hint}`;
  }
}

function pauseOf({ id, pausedBy }: Tenant): string {
  if (pausedBy === DOCUMENT) return "the mapping in force says so (sync.paused)";
  return `${id} was paused by ${pausedBy ?? "a person"}: partnersync tenant resume ${id}`;
}

function tooMany(tenantId: string, { direction, trippedAt, kind, most }: Breaker): string | null {
  if (!trippedAt) return null;
  const side = direction === "inbound" ? "the partner program" : "Pipedrive";
  return `writes to ${side} are paused: more than ${most} records would be ${kind}. To go on: partnersync limits resume ${tenantId}`;
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
