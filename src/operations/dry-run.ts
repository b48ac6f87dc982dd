import type { App } from "../app.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { CrmRecord, Pipedrive } from "../pipedrive/port.ts";
import { PRICES } from "../pipedrive/prices.ts";
import type { SampledLink } from "../store/roll-out-reach.ts";
import type { TenantKey } from "../store/vault.ts";
import { isUnmapped } from "../sync/canonical.ts";
import { crmValues, programValues } from "../sync/codec.ts";
import { decide, type FieldWrite } from "../sync/decide.ts";
import {
  type Aggregate,
  type BasePair,
  CRM_OBJECTS,
  type CrmObject,
  type FieldPlan,
  type MappingPlan,
  type ProgramKind,
  programField,
  ROLE_KIND,
  ROLE_OBJECT,
  ROLES,
  type Values,
} from "../sync/model.ts";
import { valueText } from "./value-text.ts";

/** One value that a plan would change on one side of one record. */
export interface DryRow {
  object: CrmObject;
  crmId: number;
  label: string;
  /** The side that would be written to. */
  to: "pipedrive" | "program";
  before: string;
  after: string;
}

export interface DryRun {
  /** Linked records that were looked at, and how many of them would change on each side. */
  sampled: number;
  changed: { pipedrive: number; program: number };
  rows: DryRow[];
  /** Of the first page of organizations: those that would enter the program, and unlinked ones that carry an id. */
  organizations: {
    looked: number;
    more: boolean;
    enrolled: number;
    carryingIds: number;
    carryingStatus: Record<string, number>;
  };
}

const ORGANIZATIONS = 500;
/** A read that tries nothing is no live work. */
const WHY = { purpose: "plan" };

/** Tokens that a dry run costs at most. */
export function dryRunPrice(sample: number, objects: number): number {
  return objects * Math.ceil(sample / 100) * PRICES.getMany + PRICES.listUpdated;
}

/**
 * What a plan would do to some live records, read now. Nothing is written, on either side or in the store.
 *
 * @param enrol as in a roll-out: whatever `start_at` says
 */
export async function dryRun(
  app: App,
  plan: MappingPlan,
  pipedrive: Pipedrive,
  { sample, enrol }: { sample: number; enrol: boolean },
): Promise<DryRun> {
  const { tenantId } = plan;
  const key = await app.tenants.key(tenantId);
  const run: DryRun = {
    sampled: 0,
    changed: { pipedrive: 0, program: 0 },
    rows: [],
    organizations: await organizations(app, plan, pipedrive, enrol),
  };
  for (const object of CRM_OBJECTS) {
    const links = await app.rollOutReach.sample(tenantId, object, sample);
    const ids = [...new Set(links.map(({ crmId }) => crmId))];
    if (ids.length === 0) continue;
    const records = await withPatience(() => pipedrive.getMany(object, ids, WHY), {});
    for (const record of records) {
      const own = links.filter(({ crmId }) => crmId === record.id);
      const rows = await rowsOf(app, plan, key, record, own);
      run.sampled += 1;
      for (const side of ["pipedrive", "program"] as const)
        if (rows.some(({ to }) => to === side)) run.changed[side] += 1;
      run.rows.push(...rows);
    }
  }
  return run;
}

async function rowsOf(
  app: App,
  plan: MappingPlan,
  key: TenantKey,
  record: CrmRecord,
  links: SampledLink[],
): Promise<DryRow[]> {
  const rows: DryRow[] = [];
  const done = new Set<string>();
  for (const link of links) {
    if (done.has(link.role)) continue; // a customer of several registrations speaks for the first
    done.add(link.role);
    const fields = plan.roles[link.role];
    const crm = crmValues(fields, record, plan);
    const program = await programSide(app, plan, key, link);
    const bases = link.bases ? (key.unsealJson("link.bases", link.bases) as Record<string, BasePair>) : {};
    const decision = decide({ plan: fields, bases, crm, program, nowMs: Date.now() });
    const row = (to: DryRow["to"], now: Values | null) => (write: FieldWrite) => toRow(link, fields, write, to, now);
    rows.push(...decision.outbound.map(row("pipedrive", crm)), ...decision.inbound.map(row("program", program)));
  }
  return rows;
}

function toRow(
  link: SampledLink,
  fields: FieldPlan[],
  write: FieldWrite,
  to: DryRow["to"],
  now: Values | null,
): DryRow {
  const field = fields.find((one) => one.field === write.field)!; // decided by this very plan
  return {
    object: ROLE_OBJECT[link.role],
    crmId: link.crmId,
    label: field.label,
    to,
    before: valueText(field, now?.[write.field] ?? null),
    after: valueText(field, write.value),
  };
}

async function programSide(
  app: App,
  plan: MappingPlan,
  key: TenantKey,
  { role, programId }: SampledLink,
): Promise<Values | null> {
  if (role === "customer_org" || role === "customer_person") return { allbound_deal_id: programId };
  const kind = ROLE_KIND[role];
  const sealed = await app.links.seenProgramOf(plan.tenantId, kind, programId);
  if (!sealed) return null;
  const aggregate = key.unsealJson("lane.seen_program", sealed) as Aggregate;
  const fields = plan.roles[role];
  const known = await referred(app, plan.tenantId, fields, aggregate);
  return programValues(fields, { ...aggregate, kind }, { link: (of, id) => known.get(`${of} ${id}`) });
}

const REFERRED = { partner: "partner", partner_user: "contact" } as const;

async function referred(
  app: App,
  tenantId: string,
  fields: FieldPlan[],
  { data }: Aggregate,
): Promise<Map<string, number>> {
  const known = new Map<string, number>();
  for (const { type, field } of fields) {
    if (type !== "partner" && type !== "partner_user") continue;
    const kind: ProgramKind = REFERRED[type];
    const id = data[programField(field).replace(/^registration\./, "")];
    const crmId = typeof id === "string" ? await app.links.crmIdOf(tenantId, kind, id) : undefined;
    if (crmId !== undefined) known.set(`${kind} ${String(id)}`, crmId);
  }
  return known;
}

async function organizations(
  app: App,
  plan: MappingPlan,
  pipedrive: Pipedrive,
  enrol: boolean,
): Promise<DryRun["organizations"]> {
  const page = await withPatience(
    () => pipedrive.listUpdated("organization", new Date(0), { limit: ORGANIZATIONS }, WHY),
    {},
  );
  const ids = page.records.map(({ id }) => id);
  const linked = await app.rollOutReach.linkedAmong(plan.tenantId, "organization", ids);
  const found = {
    looked: ids.length,
    more: page.cursor !== null,
    enrolled: 0,
    carryingIds: 0,
    carryingStatus: {} as Record<string, number>,
  };
  for (const record of page.records.filter(({ id, is_deleted }) => !linked.has(id) && is_deleted !== true)) {
    const { status, id } = carried(plan, record);
    if (id !== null) found.carryingIds += 1;
    if (status === null) continue;
    found.carryingStatus[status] = (found.carryingStatus[status] ?? 0) + 1;
    if (enrol || record.update_time >= plan.startAt) found.enrolled += 1;
  }
  return found;
}

/** The mapped status of an Organization, and the id it carries; null where there is none. */
export function carried(plan: MappingPlan, record: CrmRecord): { status: string | null; id: string | null } {
  const values = crmValues(plan.roles.partner, record, plan);
  const { "partner.status": status, allbound_id: id } = values;
  const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";
  return { status: isText(status) && !isUnmapped(status) ? status : null, id: isText(id) ? id : null };
}

/** Ids that a record of an object carries in any of its roles. */
export function carriedId(plan: MappingPlan, object: CrmObject, record: CrmRecord): string | null {
  const role = ROLES.find(
    (one) => ROLE_OBJECT[one] === object && plan.roles[one].some(({ field }) => field === "allbound_id"),
  );
  if (!role) return null;
  const id = crmValues(plan.roles[role], record, plan).allbound_id;
  return typeof id === "string" && id.trim() !== "" ? id.trim() : null;
}
