import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { Actor } from "../store/actor.ts";
import { type Connection, unknownConnection } from "../store/connection-rows.ts";

export interface Changed {
  before: Connection;
  after: Connection;
}

/**
 * Nothing is sent over the connection until it is resumed; what comes in is kept. What the sync had paused
 * waits for a person from then on.
 *
 * @throws InputError UNKNOWN_CONNECTION, CONNECTION_RETIRED, CONNECTION_INCOMPLETE
 */
export async function pauseConnection(
  app: App,
  tenantId: string,
  id: string,
  reason: string,
  by: Actor,
): Promise<Changed> {
  const before = await connectionOf(app, tenantId, id);
  if (before.state === "connecting") throw incomplete(id);
  if (before.state === "retired") throw retired(id);
  const finding = `${tenantId}: the ${before.side} connection was paused by ${by.name}: ${reason}. To go on: partnersync connect resume ${id}`;
  await app.connections.pause(id, reason, { finding, by: by.name });
  return { before, after: await connectionOf(app, tenantId, id) };
}

/**
 * Goes on with a paused connection; what waited is rung for.
 *
 * @throws InputError UNKNOWN_CONNECTION, CONNECTION_RETIRED, CONNECTION_INCOMPLETE
 */
export async function resumeConnection(app: App, tenantId: string, id: string): Promise<Changed> {
  const before = await connectionOf(app, tenantId, id);
  const after = await app.connections.resume(id);
  if (after.state === "connecting") throw incomplete(id);
  await app.ringer.ringDue(tenantId);
  return { before, after };
}

/** Another tenant's is answered like none. */
async function connectionOf(app: App, tenantId: string, id: string): Promise<Connection> {
  const connection = await app.connections.get(id);
  if (connection?.tenantId !== tenantId) throw unknownConnection(id);
  return connection;
}

function retired(id: string): InputError {
  const hint = "see `partnersync connect list`: a newer connection has taken its place";
  return new InputError("CONNECTION_RETIRED", `connection ${id} is retired`, "connection", hint);
}

function incomplete(id: string): InputError {
  const message = `connection ${id} never was complete: its subscriptions are being made, or that was interrupted`;
  return new InputError("CONNECTION_INCOMPLETE", message, "connection", "connect again: that makes a whole one");
}
