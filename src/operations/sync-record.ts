import { randomUUID } from "node:crypto";
import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { ReadRequest } from "../reconcile/round.ts";
import type { CrmObject } from "../sync/model.ts";

/**
 * Has a record looked at again, whatever state its lane is in. The ask is a row of the inbox like any other, so it
 * survives what happens to the workers; the record is read afresh (1 token), and nothing is written unless the sides
 * differ.
 *
 * @throws InputError UNKNOWN_TENANT, NOT_CONNECTED
 */
export async function syncRecord(app: App, tenantId: string, object: CrmObject, crmId: number): Promise<void> {
  if (!(await app.tenants.get(tenantId))) {
    throw new InputError(
      "UNKNOWN_TENANT",
      `there is no tenant "${tenantId}"`,
      "tenant",
      "see `partnersync tenant list`",
    );
  }
  const connection = await app.connections.active(tenantId, "pipedrive");
  if (!connection) {
    const hint = "see `partnersync connect list`: it is missing, or paused with its cause";
    throw new InputError("NOT_CONNECTED", `${tenantId} has no working Pipedrive connection`, "tenant", hint);
  }
  const ask: ReadRequest = { asked: "sync" };
  await app.lanes.accept({
    tenantId,
    connectionId: connection.id,
    source: "pipedrive",
    deliveryKey: `sync ${randomUUID()}`,
    payload: (await app.tenants.key(tenantId)).sealJson("inbox.payload", ask),
    object,
    crmId,
    kind: null,
    programId: null,
  });
  await app.ringer.ringDue(tenantId);
}
