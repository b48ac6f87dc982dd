import { randomUUID } from "node:crypto";
import type { App } from "../app.ts";
import { InputError, type Side } from "../errors.ts";
import type { ReadRequest } from "../reconcile/rows.ts";
import type { RecordName } from "../store/records.ts";
import { unknownTenant } from "../store/tenants.ts";

/**
 * Has a record, or an aggregate of the program, looked at again, whatever state its lane is in. The ask is a row of the
 * inbox like any other, so it survives what happens to the workers; it is read afresh (a record: 1 token), and nothing is
 * written unless the sides differ.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED
 */
export async function syncRecord(app: App, tenantId: string, name: RecordName): Promise<void> {
  if (!(await app.tenants.get(tenantId))) throw unknownTenant(tenantId);
  const side: Side = "object" in name ? "pipedrive" : "program";
  const connection = await app.connections.active(tenantId, side);
  if (!connection) {
    const hint = "see `partnersync connect list`: it is missing, or paused with its cause";
    throw new InputError("NOT_CONNECTED", `${tenantId} has no working ${side} connection`, "tenant", hint);
  }
  const ask: ReadRequest = { asked: "sync" };
  await app.lanes.accept({
    tenantId,
    connectionId: connection.id,
    source: side,
    deliveryKey: `sync ${randomUUID()}`,
    payload: (await app.tenants.key(tenantId)).sealJson("inbox.payload", ask),
    object: null,
    crmId: null,
    kind: null,
    programId: null,
    ...name,
  });
  await app.ringer.ringDue(tenantId);
}
