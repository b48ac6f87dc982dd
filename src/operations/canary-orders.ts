import type { App } from "../app.ts";
import { NotFoundError, RecordError } from "../errors.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { Pipedrive } from "../pipedrive/port.ts";
import type { LeftOrder, TestRecordName } from "../store/canary-orders.ts";
import { type CustomFields, type TestRecord, valuesToRestore } from "../sync/mapping/canary.ts";
import type { CrmObject } from "../sync/model.ts";

export interface CanaryTrial {
  /** Whose first write is preceded by an order to take it back. */
  record: TestRecord;
  /** @param restored whether what was written has been taken back */
  end(restored: boolean): Promise<void>;
}

/**
 * A trial of a test record that survives its process: what was there is written down before anything is written, and
 * the workers put it back when the trial does not. Null while another trial has the record.
 */
export async function beginTrial(
  { canaryOrders }: Pick<App, "canaryOrders">,
  tenantId: string,
  name: TestRecordName,
  pipedrive: Pipedrive,
): Promise<CanaryTrial | null> {
  if (await canaryOrders.isOpen(tenantId, name)) return null;
  const record = testRecord(pipedrive, name.object, name.crmId);
  let before: CustomFields = {};
  let kept = false;
  return {
    record: {
      async read() {
        const fields = await record.read();
        before = fields ?? {};
        return fields;
      },
      async write(fields) {
        if (!kept) {
          const there = Object.fromEntries(Object.keys(fields).map((key) => [key, before[key] ?? null]));
          kept = await canaryOrders.keep(tenantId, name, { before: there, sent: fields });
          if (!kept) throw new Error(`${tenantId}: ${name.object} ${name.crmId} is being tried by somebody else`);
        }
        return record.write(fields);
      },
    },
    async end(restored) {
      if (!kept) return;
      if (restored) await canaryOrders.forget(tenantId, name);
      else await canaryOrders.release(tenantId, name);
    },
  };
}

/** Puts back what trials wrote whose processes died. May be done twice. */
export async function restoreCanaries(app: App): Promise<void> {
  for (let left = await app.canaryOrders.take(); left; left = await app.canaryOrders.take()) await restore(app, left);
}

async function restore(app: App, left: LeftOrder): Promise<void> {
  const { tenantId, object, crmId, order } = left;
  const connection = await app.connections.active(tenantId, "pipedrive");
  if (!connection) return; // its lease runs out, and it is tried again
  const record = testRecord(await app.clients.pipedrive(connection), object, crmId);
  const shown = await record.read();
  const values = shown ? valuesToRestore(order, shown) : {};
  const answer = Object.keys(values).length > 0 ? await record.write(values) : {};
  if (!answer || Object.keys(valuesToRestore(order, answer)).length > 0) {
    const message = `${tenantId}: what a check wrote to the test record ${object} ${crmId} could not be taken back. Clear the fields that begin with "partnersync-check" or look odd by hand.`;
    const subject = `${object} ${crmId}`;
    await app.findings.raise({ tenantId, code: "CANARY_NOT_RESTORED", severity: "warning", subject, message });
  }
  await app.canaryOrders.forget(tenantId, left);
}

function testRecord(pipedrive: Pipedrive, object: CrmObject, id: number): TestRecord {
  const call = <T>(work: () => Promise<T>) => withPatience(work, {});
  return {
    async read() {
      const record = await call(() => pipedrive.get(object, id, { purpose: "setup" })).catch((error) => {
        if (error instanceof NotFoundError) return null;
        throw error;
      });
      return record && record.is_deleted !== true ? record.custom_fields : null;
    },
    async write(fields) {
      const body = { custom_fields: fields };
      const record = await call(() => pipedrive.patch(object, id, body, { purpose: "setup" })).catch((error) => {
        if (error instanceof RecordError) return null;
        throw error;
      });
      return record?.custom_fields ?? null;
    },
  };
}
