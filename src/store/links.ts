import { z } from "zod";
import type { ProgramKind, Role } from "../sync/model.ts";
import type { Database } from "./database.ts";
import { id } from "./lane-rows.ts";

const crmIdRow = z.object({ crm_id: id });
const createdByRow = z.object({ created_by: z.string() });
const standsForRow = z.object({ crm_id: id, program_id: z.string() });
const customerRow = z.object({ role: z.enum(["customer_org", "customer_person"]), crm_id: id });
const seenProgramRow = z.object({ seen_program: z.instanceof(Buffer).nullable() });

/** Questions one lane asks about other lanes' links. */
export function createLinks(db: Database) {
  return {
    /** The Pipedrive id of an aggregate's own record; undefined while there is none. */
    async crmIdOf(tenantId: string, kind: ProgramKind, programId: string): Promise<number | undefined> {
      const [row] = await db.rows(
        crmIdRow,
        `select crm_id from link where tenant_id = $1 and kind = $2 and state = 'active'
           and role in ('partner', 'partner_user', 'deal')
           and program_id in ($3, (select into_id from program_alias where tenant_id = $1 and kind = $2 and program_id = $3))
         order by program_id = $3 desc limit 1`,
        [tenantId, kind, programId],
      );
      return row?.crm_id;
    },

    /** Aggregates that these records stand for in this role, by the record's id. */
    async standFor(tenantId: string, role: Role, crmIds: number[]): Promise<Map<number, string>> {
      const rows = await db.rows(
        standsForRow,
        "select crm_id, program_id from link where tenant_id = $1 and role = $2 and crm_id = any ($3::bigint[])",
        [tenantId, role, crmIds],
      );
      return new Map(rows.map(({ crm_id, program_id }) => [crm_id, program_id]));
    },

    /** The customer's Organization and Person of a registration, as far as they are linked. */
    async customersOf(tenantId: string, registrationId: string): Promise<{ [R in Role]?: number }> {
      const rows = await db.rows(
        customerRow,
        `select role, crm_id from link where tenant_id = $1 and kind = 'deal_registration' and program_id = $2
           and role in ('customer_org', 'customer_person') and state = 'active'`,
        [tenantId, registrationId],
      );
      return Object.fromEntries(rows.map((row) => [row.role, row.crm_id]));
    },

    /** How this registration came by its customer's Organization; undefined while it has none. */
    async customerCameBy(tenantId: string, registrationId: string): Promise<string | undefined> {
      const sql = `select created_by from link where tenant_id = $1 and kind = 'deal_registration' and program_id = $2
        and role = 'customer_org' and state = 'active'`;
      return (await db.rows(createdByRow, sql, [tenantId, registrationId]))[0]?.created_by;
    },

    /** What was last seen of another aggregate, sealed; null when nothing was. */
    async seenProgramOf(tenantId: string, kind: ProgramKind, programId: string): Promise<Buffer | null> {
      const [row] = await db.rows(
        seenProgramRow,
        "select seen_program from lane where tenant_id = $1 and kind = $2 and program_id = $3",
        [tenantId, kind, programId],
      );
      return row?.seen_program ?? null;
    },
  };
}

export type Links = ReturnType<typeof createLinks>;
