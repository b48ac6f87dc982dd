import { z } from "zod";
import type { CanaryOrder } from "../sync/mapping/canary.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { id } from "./lane-rows.ts";
import type { Tenants } from "./tenants.ts";

export interface TestRecordName {
  object: CrmObject;
  crmId: number;
}

export interface LeftOrder extends TestRecordName {
  tenantId: string;
  order: CanaryOrder;
}

/** A trial that takes longer is taken for dead: what it wrote is taken back beside it. */
const LEASE_S = 300;
const COLUMN = "canary_order.content";

const orderRow = z.object({
  tenant_id: z.string(),
  object: z.enum(CRM_OBJECTS),
  crm_id: id,
  content: z.instanceof(Buffer),
});

/** What trials are about to write to test records, kept until it has been taken back. */
export function createCanaryOrders(db: Pick<Database, "rows" | "pool">, tenants: Pick<Tenants, "key">) {
  return {
    /** Before the write. @returns false when another trial has that record, or one that died and was not taken back yet */
    async keep(tenantId: string, { object, crmId }: TestRecordName, order: CanaryOrder): Promise<boolean> {
      const sealed = (await tenants.key(tenantId)).sealJson(COLUMN, order);
      const sql = `insert into canary_order (tenant_id, object, crm_id, content, lease_until)
        values ($1, $2, $3, $4, clock_timestamp() + interval '${LEASE_S} seconds') on conflict do nothing`;
      return ((await db.pool.query(sql, [tenantId, object, crmId, sealed])).rowCount ?? 0) > 0;
    },

    async isOpen(tenantId: string, { object, crmId }: TestRecordName): Promise<boolean> {
      const sql = "select 1 from canary_order where tenant_id = $1 and object = $2 and crm_id = $3";
      return ((await db.pool.query(sql, [tenantId, object, crmId])).rowCount ?? 0) > 0;
    },

    /** It has been taken back. */
    async forget(tenantId: string, { object, crmId }: TestRecordName): Promise<void> {
      const sql = "delete from canary_order where tenant_id = $1 and object = $2 and crm_id = $3";
      await db.pool.query(sql, [tenantId, object, crmId]);
    },

    /** It could not be taken back: somebody tries again soon. */
    async release(tenantId: string, { object, crmId }: TestRecordName): Promise<void> {
      const sql =
        "update canary_order set lease_until = clock_timestamp() where tenant_id = $1 and object = $2 and crm_id = $3";
      await db.pool.query(sql, [tenantId, object, crmId]);
    },

    /** One whose trial has died, handed to this process alone for a while; null when there is none. */
    async take(): Promise<LeftOrder | null> {
      const [row] = await db.rows(
        orderRow,
        `update canary_order o set lease_until = clock_timestamp() + interval '${LEASE_S} seconds'
         where (tenant_id, object, crm_id) in (select tenant_id, object, crm_id from canary_order
           where lease_until < clock_timestamp() order by lease_until limit 1 for update skip locked)
         returning tenant_id, object, crm_id, content`,
      );
      if (!row) return null;
      const key = await tenants.key(row.tenant_id);
      const order = key.unsealJson(COLUMN, row.content) as CanaryOrder;
      return { tenantId: row.tenant_id, object: row.object, crmId: row.crm_id, order };
    },
  };
}

export type CanaryOrders = ReturnType<typeof createCanaryOrders>;
