import type { Processes } from "../support/processes.ts";
import type { ReadableRecord, Snapshot, TwinClient } from "../support/twin-client.ts";

type Row = Record<string, unknown>;

/** What there is on both sides and in the store, in the words of people: every id as the name of what it stands for. */
export interface Outcome {
  organizations: Row[];
  people: Row[];
  deals: Row[];
  partners: Row[];
  contacts: Row[];
  registrations: Row[];
  /** Per link: its record, and each agreed field with its base. */
  links: Row[];
  findings: string[];
}

/** Two registrations of one customer: which of them is looked at last, and says so, is a matter of timing. */
const SUSPECTED = "DUPLICATE_REGISTRATION";

/** Reads everything. Call it when all is quiet. */
export async function readOutcome({ twin, app, database }: Processes): Promise<Outcome> {
  const sides = await readSides(twin);
  const names = namesOf(sides);
  const named = (rows: Row[]) =>
    rows.map((row) => nameIds(row, names) as Row).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  const { organizations, people, deals, partners, contacts, registrations } = sides;
  const key = await app.tenants.key("harbourline");
  const mapping = await app.mappings.live("harbourline");
  // What is written on creation only is never decided on again, so its base means nothing.
  const once = Object.values(mapping?.plan.roles ?? {}).flatMap((role) =>
    role.filter(({ write }) => write === "on_create"),
  );
  const links = await database.pool.query("select role, object, crm_id, bases from link where state = 'active'");
  return {
    organizations: named(organizations.map(organizationRow)),
    people: named(people.map(personRow)),
    deals: named(deals.map(dealRow)),
    partners: named(partners.map(partnerRow)),
    contacts: named(contacts.map(contactRow)),
    registrations: named(registrations.map(registrationRow)),
    links: named(
      links.rows.map(({ role, object, crm_id, bases }) => ({
        record: `${role} ${names.get(`${object} ${crm_id}`)}`,
        ...(bases && shortBases(key.unsealJson("link.bases", bases), once)),
      })),
    ),
    findings: (await app.findings.list("harbourline"))
      .filter(({ code }) => code !== SUSPECTED)
      .map(({ code, message }) => `${code}: ${message}`),
  };
}

interface Sides {
  organizations: ReadableRecord[];
  people: ReadableRecord[];
  deals: ReadableRecord[];
  partners: Snapshot[];
  contacts: Snapshot[];
  registrations: Snapshot[];
}

async function readSides(twin: TwinClient): Promise<Sides> {
  return {
    organizations: await twin.records("organization"),
    people: await twin.records("person"),
    deals: await twin.records("deal"),
    partners: await twin.aggregates("partner"),
    contacts: await twin.aggregates("contact"),
    registrations: await twin.aggregates("deal_registration"),
  };
}

/** Program ids, and `<object> <id>` of Pipedrive, to names. */
function namesOf(sides: Sides): Map<string, string> {
  const names = new Map<string, string>();
  for (const { id, name } of sides.organizations) names.set(`organization ${id}`, String(name));
  for (const { id, name } of sides.people) names.set(`person ${id}`, String(name));
  for (const { id, title } of sides.deals) names.set(`deal ${id}`, String(title));
  for (const { partner_id, name } of sides.partners) names.set(String(partner_id), `partner ${name}`);
  for (const { partner_user_id, email } of sides.contacts) names.set(String(partner_user_id), `contact ${email}`);
  for (const { registration_id, prospect, title } of sides.registrations) {
    names.set(`title ${registration_id}`, String(title));
    // A customer knows one of several registrations as its own: whichever came first.
    const { account } = prospect as { account: Row };
    names.set(String(registration_id), `registration of ${account.name}`);
  }
  return names;
}

/** Replaces ids wherever they stand in a value, and moments by the fact that there is one. */
function nameIds(value: unknown, names: Map<string, string>): unknown {
  if (typeof value === "string") return names.get(value) ?? value.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, "then");
  if (Array.isArray(value)) return value.map((one) => nameIds(one, names));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, nameIds(member, names)]));
}

/** A pair whose halves are equal as its value. */
function shortBases(bases: Record<string, { crm: unknown; program: unknown }>, without: { field: string }[]): Row {
  const short = (pair: { crm: unknown; program: unknown }) =>
    JSON.stringify(pair.crm) === JSON.stringify(pair.program) ? pair.crm : pair;
  const told = Object.entries(bases).filter(([field]) => !without.some((other) => other.field === field));
  return Object.fromEntries(told.map(([field, pair]) => [field, short(pair)]));
}

function organizationRow({ name, labels }: ReadableRecord): Row {
  return { name, website: labels.Website, ...allbound(labels) };
}

function personRow({ name, org_id, emails, labels }: ReadableRecord): Row {
  const email = (emails as { value: string }[]).map(({ value }) => value).join();
  return { name, email, organization: `organization ${org_id}`, ...allbound(labels) };
}

function dealRow({
  title,
  org_id,
  person_id,
  value,
  currency,
  status,
  expected_close_date,
  labels,
}: ReadableRecord): Row {
  const { Stage: stage, Owner: owner } = labels;
  const records = { organization: `organization ${org_id}`, person: `person ${person_id}` };
  const registration = `title ${labels["Allbound ID"]}`;
  return { title, registration, ...records, stage, owner, value, currency, status, expected_close_date };
}

/** The fields we fill, as far as they are filled. */
function allbound(labels: Row): Row {
  return Object.fromEntries(
    Object.entries(labels).filter(([label, value]) => label.startsWith("Allbound") && value !== null),
  );
}

function partnerRow({ name, website, status, crm }: Snapshot): Row {
  return { name, website, status, organization: `organization ${(crm as Row).org_id}` };
}

function contactRow({ email, first_name, last_name, status, partner_id }: Snapshot): Row {
  return { email, first_name, last_name, status, partner: partner_id };
}

function registrationRow({ title, amount, expected_close_date, review, sales, crm }: Snapshot): Row {
  const { deal_id, org_id, person_id } = crm as Row;
  const records = { deal: `deal ${deal_id}`, organization: `organization ${org_id}`, person: `person ${person_id}` };
  return { title, amount, expected_close_date, review: (review as Row).status, sales, ...records };
}
