import type { App } from "../app.ts";
import { withPatience } from "../pipedrive/patience.ts";
import type { CrmRecord, Pipedrive } from "../pipedrive/port.ts";
import { PRICES } from "../pipedrive/prices.ts";
import type { SampledLink } from "../store/roll-out-reach.ts";
import type { TenantKey } from "../store/vault.ts";
import { crmValues, programValues } from "../sync/codec.ts";
import { decide, type FieldWrite } from "../sync/decide.ts";
import type { ExistingRecords } from "../sync/mapping/live/existing.ts";
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
  type Values,
} from "../sync/model.ts";
import { type DryEntry, enters, intoPipedrive, intoProgram, toBeLinked } from "./dry-entries.ts";
import { EXISTING_PRICE, lookAtExisting } from "./existing-records.ts";
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
  /** Some of what would be made anew on either side, or tied to what is there. */
  entries: DryEntry[];
  /** What unlinked records carry already. */
  existing: ExistingRecords;
}

/** A read that tries nothing is no live work. */
const WHY = { purpose: "plan" };
const ENTRIES = 20;

/** Tokens that a dry run costs at most. */
export function dryRunPrice(sample: number, objects: number): number {
  return objects * Math.ceil(sample / 100) * PRICES.getMany + EXISTING_PRICE;
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
  const { existing, unlinked } = await lookAtExisting(app, plan, pipedrive, WHY.purpose);
  const entering = unlinked.organization.filter((record) => enters(plan, record, enrol));
  const run: DryRun = {
    sampled: 0,
    changed: { pipedrive: 0, program: 0 },
    rows: [],
    organizations: {
      looked: existing.looked.organization,
      more: existing.more.includes("organization"),
      enrolled: entering.length,
      carryingIds: existing.ids.filter(({ object }) => object === "organization").length,
      carryingStatus: existing.statuses,
    },
    entries: [
      ...intoProgram(plan, entering, ENTRIES),
      ...toBeLinked(unlinked, existing.ids, ENTRIES),
      ...(await intoPipedrive(app, plan, key, ENTRIES)),
    ],
    existing,
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
