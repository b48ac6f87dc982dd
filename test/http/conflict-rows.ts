import type pg from "pg";
import type { Tenants } from "../../src/store/tenants.ts";
import type { Row } from "./audited-writes.ts";

interface Whose {
  tenantId: string;
  linkId: number;
  role: string;
  object: string;
  crmId: number;
  kind: string;
  programId: string;
  field: string;
  /** Pipedrive's. */
  value: string;
}

/** A field that a person has to decide, and that somebody sets back besides. @returns the conflict's id */
export async function addConflict(
  { pool, tenants }: { pool: pg.Pool; tenants: Tenants },
  { tenantId, linkId, role, object, crmId, kind, programId, field, value }: Whose,
): Promise<number> {
  const evidence = { crm: value, program: "b", crmAt: null, programAt: null, base: null };
  const sealed = (await tenants.key(tenantId)).sealJson("conflict.evidence", evidence);
  const { rows } = await pool.query(
    `insert into conflict (tenant_id, link_id, role, object, crm_id, kind, program_id, field, state, revision, evidence)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', 1, $9) returning id`,
    [tenantId, linkId, role, object, crmId, kind, programId, field, sealed],
  );
  const sql = "insert into field_rewrite (tenant_id, link_id, role, field, paused) values ($1, $2, $3, $4, false)";
  await pool.query(sql, [tenantId, linkId, role, field]);
  return Number(rows[0].id);
}

const path = (rest: string) => () => `/tenants/harbourline/conflicts/1${rest}`;

/** What people do about conflicts, in an order in which each finds what it needs. */
export const conflictWrites = (
  on: () => { api: Parameters<typeof addConflict>[0] },
  secret: string,
): Record<string, Row> => ({
  "POST /tenants/:tenant/conflicts/:conflict/decide": {
    given: () =>
      addConflict(on().api, {
        ...{ tenantId: "harbourline", linkId: 0, role: "deal", object: "deal", crmId: 12, kind: "deal_registration" },
        ...{ programId: "reg_1", field: "registration.title", value: secret },
      }),
    path: path("/decide"),
    body: { winner: "program", seen: 1 },
    ends: ["done"],
    target: /^conflict 1$/,
    before: { state: "open" },
    after: { winner: "program" },
  },
  "POST /tenants/:tenant/conflicts/:conflict/undo": {
    path: path("/undo"),
    ends: ["done"],
    target: /^conflict 1$/,
    after: { state: "open", verdict: null },
  },
  "POST /tenants/:tenant/conflicts/:conflict/keep-apart": {
    path: path("/keep-apart"),
    body: { seen: 3 },
    ends: ["done"],
    target: /^conflict 1$/,
    before: { state: "open" },
    after: { state: "apart" },
  },
});
