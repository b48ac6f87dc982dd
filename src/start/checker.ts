import { z } from "zod";
import { callTwin } from "./twin-http.ts";

/*
 * Looks at both twins over HTTP and judges for itself. It shares no code with what it judges: nothing of the sync, of
 * reconcile or of the mapping may be imported here, nor by what is imported here.
 */

const record = z.looseObject({
  id: z.int(),
  is_deleted: z.boolean(),
  custom_fields: z.record(z.string(), z.unknown()),
  labels: z.record(z.string(), z.unknown()),
});
/** A Pipedrive record; `labels` is what a user sees: field name → readable value. */
export type CrmRecord = z.infer<typeof record>;

const partner = z.looseObject({
  partner_id: z.string(),
  version: z.int(),
  name: z.string(),
  website: z.string().nullable(),
  status: z.string(),
  tier: z.string().nullable(),
  region: z.string().nullable(),
  crm: z.object({ org_id: z.int().nullable() }),
});
const contact = z.looseObject({
  partner_user_id: z.string(),
  partner_id: z.string(),
  email: z.string(),
  status: z.string(),
});
const registration = z.looseObject({
  registration_id: z.string(),
  title: z.string(),
  amount: z.object({ value: z.number(), currency: z.string() }).nullable(),
  expected_close_date: z.string().nullable(),
  review: z.looseObject({ status: z.string() }),
  sales: z.looseObject({
    status: z.string(),
    stage_key: z.string().nullable(),
    closed_at: z.string().nullable(),
    lost_reason: z.string().nullable(),
  }),
  crm: z.object({ deal_id: z.int().nullable(), org_id: z.int().nullable(), person_id: z.int().nullable() }),
});
export type Partner = z.infer<typeof partner>;
export type Contact = z.infer<typeof contact>;
export type Registration = z.infer<typeof registration>;

const event = z.looseObject({
  event_id: z.string(),
  type: z.string(),
  occurred_at: z.string(),
  origin: z.string(),
  aggregate: z.object({ kind: z.string(), id: z.string(), version: z.int() }),
  changed: z.array(z.object({ path: z.string(), from: z.unknown(), to: z.unknown() })),
  data: z.looseObject({}),
});
export type ProgramEvent = z.infer<typeof event>;

const field = z.object({ key: z.string(), type: z.string(), options: z.record(z.string(), z.int()).nullish() });
const company = z.looseObject({ fields: z.record(z.string(), z.record(z.string(), field)) });
export type Company = z.infer<typeof company>;

type ObjectName = "organization" | "person" | "deal";

/** What can be seen of one customer's two sides. */
export interface Checker {
  /** Records that are not deleted. */
  records(object: ObjectName): Promise<CrmRecord[]>;
  /** Those whose field of this name, as a user sees it, has this value. */
  recordsWith(object: ObjectName, label: string, value: unknown): Promise<CrmRecord[]>;
  record(object: ObjectName, id: number | null | undefined): Promise<CrmRecord | undefined>;
  partners(): Promise<Partner[]>;
  contacts(): Promise<Contact[]>;
  registrations(): Promise<Registration[]>;
  /** All that ever happened in the program. */
  events(): Promise<ProgramEvent[]>;
  /** The account's field keys and option ids, by name. */
  company(): Promise<Company>;
}

/** @param who the tenant's program, and the domain of its Pipedrive account */
export function createChecker(twinUrl: string, who: { tenant: string; domain: string }): Checker {
  const crm = `${twinUrl}/_twin/companies/${who.domain}`;
  const program = `${twinUrl}/_twin/program/${who.tenant}`;
  const read = async <S extends z.ZodType>(schema: S, url: string): Promise<z.infer<S>> =>
    schema.parse(await callTwin(url));

  async function records(object: ObjectName): Promise<CrmRecord[]> {
    const all = await read(z.object({ records: z.array(record) }), `${crm}/records/${object}`);
    return all.records.filter((one) => !one.is_deleted);
  }

  return {
    records,
    recordsWith: async (object, label, value) => (await records(object)).filter((one) => one.labels[label] === value),
    record: async (object, id) => (await records(object)).find((one) => one.id === id),
    partners: () => read(z.array(partner), `${program}/aggregates/partner`),
    contacts: () => read(z.array(contact), `${program}/aggregates/contact`),
    registrations: () => read(z.array(registration), `${program}/aggregates/deal_registration`),
    events: () => read(z.array(event), `${program}/events`),
    company: () => read(company, crm),
  };
}

/** What a step shows of a side: names as people know them → values; no keys, no ids. */
export type Shown = Record<string, unknown>;

/** A step as the checker finds it. */
export interface Checked {
  pipedrive: Shown;
  program: Shown;
  /** What is not as it should be, in words; empty when all is well. */
  wrong: string[];
}

/** Whether an id field holds the id it should, for people: ids differ with every seed. */
export function idShown(value: unknown, expected: string | null | undefined): string {
  if (value === null || value === undefined || value === "") return "(empty)";
  return value === expected ? "set" : "another's";
}

/** Compares what is there with what should be. Values are compared as JSON. @returns a sentence per difference */
export function differences(where: string, found: Shown, wanted: Shown): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => JSON.stringify(found[name]) !== JSON.stringify(value))
    .map(([name, value]) => `${where}: ${name} is ${show(found[name])}, not ${show(value)}`);
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
