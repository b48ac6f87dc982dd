import { z } from "zod";
import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import type { ReadRequest } from "../reconcile/rows.ts";
import type { Connection } from "../store/connection-rows.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";

/** Work of ours that waits behind whatever people do. */
const RECONCILE = 2;
const PAGE = 500;

/** Why records are looked at. */
export interface Asking {
  /** Shown as the reason. */
  asked: string;
  /** One row per key and record, however often it is asked. */
  key: string;
}

const laneRow = z.object({ id: z.coerce.number(), object: z.enum(CRM_OBJECTS), crm_id: z.coerce.number() });

/**
 * Has known records looked at by the workers, behind live work, a page of up to 500. Each is read afresh (1 token), and
 * nothing is written unless the sides differ. Asking again under the same key does nothing.
 *
 * @param of     one object's records, or those of every object; `linked`: only those that stand for something
 * @param behind lane of the last page
 * @returns the last lane of this page, or null behind the last one, and how many were asked
 */
export async function askKnownRecords(
  app: App,
  tenantId: string,
  of: { object?: CrmObject; linked?: boolean },
  asking: Asking,
  behind = 0,
  most = PAGE,
): Promise<{ last: number | null; asked: number }> {
  const rows = await app.database.rows(
    laneRow,
    `select id, object, crm_id from lane l where tenant_id = $1 and id > $2 and crm_id is not null
       and ($3::text is null or object = $3) and seen_crm is not null
       and (not $4 or exists (select 1 from link k where k.lane_id = l.id and k.state = 'active'))
     order by id limit $5`,
    [tenantId, behind, of.object ?? null, of.linked ?? false, most],
  );
  const records = rows.map(({ object, crm_id }) => ({ object, crmId: crm_id }));
  await askRecords(app, tenantId, records, asking);
  return { last: rows.length < most ? null : (rows.at(-1)?.id ?? null), asked: rows.length };
}

/** @throws InputError NOT_CONNECTED */
export async function askRecords(
  app: App,
  tenantId: string,
  records: readonly { object: CrmObject; crmId: number }[],
  { asked, key }: Asking,
  more: Omit<ReadRequest, "asked"> = {},
): Promise<void> {
  if (records.length === 0) return;
  const connectionId = await connectionOf(app, tenantId, "pipedrive");
  const tenantKey = await app.tenants.key(tenantId);
  for (const { object, crmId } of records) {
    await app.lanes.accept({
      tenantId,
      connectionId,
      source: "pipedrive",
      deliveryKey: `${key} ${object} ${crmId}`,
      payload: tenantKey.sealJson("inbox.payload", { asked, ...more } satisfies ReadRequest),
      object,
      crmId,
      kind: null,
      programId: null,
      class: RECONCILE,
    });
  }
  await app.ringer.ringDue(tenantId);
}

export async function connectionOf(app: App, tenantId: string, side: "pipedrive" | "program"): Promise<string> {
  return (await activeConnection(app, tenantId, side)).id;
}

/** @throws InputError NOT_CONNECTED */
export async function activeConnection(app: App, tenantId: string, side: "pipedrive" | "program"): Promise<Connection> {
  const connection = await app.connections.active(tenantId, side);
  if (connection) return connection;
  const hint = "see `partnersync connect list`: it is missing, or paused with its cause";
  throw new InputError("NOT_CONNECTED", `${tenantId} has no working ${side} connection`, "tenant", hint);
}
