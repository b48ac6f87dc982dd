import { type Checker, type CrmRecord, createChecker, type Registration } from "../../src/start/checker.ts";
import {
  accountName,
  currencyOf,
  customerEmail,
  type DealTold,
  LOST_REASON,
  type Said,
  type Story,
  websiteLabel,
} from "./story.ts";

/* Both twins, record by record, against what people did there. It shares no code with the sync that it judges. */

/** What is not as it should be, in words. */
export interface Verdict {
  /** Made on one side and not there on the other. */
  lost: string[];
  /** There, and nobody made it; or there twice. */
  duplicated: string[];
  /** On both sides, with different values, or another one than people gave it. */
  diverged: string[];
}

const STAGES: Record<Story["customer"], Record<string, string>> = {
  harbourline: { Registered: "working", "Demo held": "working", "Quote sent": "proposal", Contract: "negotiation" },
  "kestrel-obs": {
    "Pending registration": "pending",
    Qualified: "working",
    "Proof of concept": "evaluation",
    Legal: "negotiation",
  },
};

/**
 * @param who         the tenant's program and its Pipedrive account
 * @param undecided   Deals that people were asked about: which of two close dates is the right one
 */
export async function compare(
  twinUrl: string,
  who: { tenant: string; domain: string },
  story: Story,
  undecided: ReadonlySet<number>,
): Promise<Verdict> {
  const look = createChecker(twinUrl, who);
  const court = new Court(undecided);
  await judgePartners(look, story, court);
  await judgeContacts(look, story, court);
  await judgeDeals(look, story, court);
  return court.verdict;
}

class Court {
  readonly verdict: Verdict = { lost: [], duplicated: [], diverged: [] };
  readonly undecided: ReadonlySet<number>;

  constructor(undecided: ReadonlySet<number>) {
    this.undecided = undecided;
  }

  /** Exactly one, or it is said what is wrong. */
  one<T>(what: string, found: T[]): T | undefined {
    if (found.length === 0) this.verdict.lost.push(what);
    if (found.length > 1) this.verdict.duplicated.push(`${what}: ${found.length} of them`);
    return found[0];
  }
  same(what: string, found: unknown, ...allowed: unknown[]): void {
    if (allowed.some((one) => JSON.stringify(one) === JSON.stringify(found))) return;
    this.verdict.diverged.push(`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(allowed)}`);
  }
  /** As many as there should be: what is beyond that, nobody made. */
  count(what: string, found: number, wanted: number): void {
    if (found > wanted) this.verdict.duplicated.push(`${what}: ${found} where people made ${wanted}`);
  }
}

async function judgePartners(look: Checker, story: Story, court: Court): Promise<void> {
  const [organizations, partners] = [await look.records("organization"), await look.partners()];
  const accounts = new Set([...dealsMade(story)].map(({ account }) => account));
  court.count("organizations", organizations.length, story.partners.size + accounts.size);
  court.count("partners of the program", partners.length, story.partners.size);
  for (const [number, told] of story.partners) {
    const what = `partner ${number}`;
    const organization = court.one(
      what,
      organizations.filter(({ id }) => id === told.id),
    );
    const partner = court.one(
      `${what} in the program`,
      partners.filter(({ crm }) => crm.org_id === told.id),
    );
    if (!organization || !partner) continue;
    const { labels } = organization;
    court.same(`${what}: Allbound ID`, labels["Allbound ID"], partner.partner_id);
    court.same(`${what}: name`, labels.Name, told.name);
    court.same(`${what}: name in the program`, partner.name, told.name);
    court.same(`${what}: website`, labels[websiteLabel(story.customer)], told.website);
    court.same(`${what}: website in the program`, partner.website, told.website);
    court.same(`${what}: status`, labels["Allbound Status"], ...saidOf(told.status));
    court.same(`${what}: status in the program`, partner.status, String(labels["Allbound Status"]).toLowerCase());
    if (story.customer === "kestrel-obs") court.same(`${what}: tier in the program`, partner.tier, "gold");
  }
}

async function judgeContacts(look: Checker, story: Story, court: Court): Promise<void> {
  const [persons, contacts] = [await look.records("person"), await look.contacts()];
  const accounts = new Set([...dealsMade(story)].map(({ account }) => account));
  const emails = new Set([...[...story.contacts.values()].map(({ email }) => email), ...story.knownPersons]);
  court.count("persons", persons.length, emails.size + accounts.size);
  court.count("contacts of the program", contacts.length, story.contacts.size);
  for (const { id, email, partner } of story.contacts.values()) {
    const person = court.one(`person ${email}`, withEmail(persons, email));
    if (!person) continue;
    court.same(`${email}: Allbound ID`, person.labels["Allbound ID"], id);
    court.same(`${email}: organization`, person.org_id, story.partners.get(partner)?.id);
  }
}

async function judgeDeals(look: Checker, story: Story, court: Court): Promise<void> {
  const [deals, registrations] = [await look.records("deal"), await look.registrations()];
  const [organizations, persons] = [await look.records("organization"), await look.records("person")];
  const made = [...dealsMade(story)];
  const there = made.filter(({ deleted }) => deleted === null);
  court.count("deals", deals.length, there.length);
  court.count("registrations", registrations.length, story.deals.size);
  for (const { id, title } of made.filter(({ deleted }) => deleted !== null)) {
    const registration = court.one(
      title,
      registrations.filter(({ registration_id }) => registration_id === id),
    );
    court.same(`${title}, deleted: the program's deal`, registration?.crm.deal_id, null);
  }
  for (const told of there) {
    const deal = court.one(
      told.title,
      deals.filter(({ labels }) => labels["Allbound ID"] === told.id),
    );
    const registration = registrations.find(({ registration_id }) => registration_id === told.id);
    if (!deal || !registration) continue;
    judgeDeal(story, told, deal, registration, court);
    const organization = court.one(
      accountName(told.account),
      organizations.filter(({ name }) => name === accountName(told.account)),
    );
    const person = court.one(customerEmail(told.account), withEmail(persons, customerEmail(told.account)));
    court.same(`${told.title}: organization`, deal.org_id, organization?.id);
    court.same(`${told.title}: person`, deal.person_id, person?.id);
  }
}

function judgeDeal(story: Story, told: DealTold, deal: CrmRecord, registration: Registration, court: Court): void {
  const { title } = told;
  const { amount, sales, crm } = registration;
  court.same(`${title}: the program's deal`, crm.deal_id, deal.id);
  court.same(`${title}: value`, deal.value, ...saidOf(told.value));
  court.same(`${title}: amount in the program`, amount, { value: deal.value, currency: currencyOf(story.customer) });
  judgeCloseDate(story, told, deal, registration, court);
  court.same(`${title}: outcome`, deal.status, told.outcome);
  court.same(`${title}: outcome in the program`, sales.status, told.outcome);
  court.same(`${title}: stage in the program`, sales.stage_key, STAGES[story.customer][String(deal.labels.Stage)]);
  if (told.outcome === "lost") court.same(`${title}: reason in the program`, sales.lost_reason, LOST_REASON);
}

/** Left to people, both sides keep what was last said there, and the conflict is open; else they agree. */
function judgeCloseDate(story: Story, told: DealTold, deal: CrmRecord, registration: Registration, court: Court): void {
  const { title, closes } = told;
  const [here, there] = [deal.expected_close_date, registration.expected_close_date];
  if (story.manual && court.undecided.has(deal.id)) {
    court.same(`${title}: close date, undecided`, here, closes.pipedrive);
    court.same(`${title}: close date in the program, undecided`, there, closes.program);
    return;
  }
  court.same(`${title}: close date`, here, ...saidOf(closes));
  court.same(`${title}: close date in the program`, there, here);
}

/** Registrations that got a Deal. */
function* dealsMade({ customer, deals }: Story): Iterable<DealTold> {
  for (const told of deals.values()) {
    if (customer === "kestrel-obs" || told.review === "approved") yield told;
  }
}

/** Where both sides may say something, the last word of either may have won; which one is not this comparison's business. */
function saidOf(said: Said): unknown[] {
  return Object.values(said);
}

function withEmail(persons: CrmRecord[], email: string): CrmRecord[] {
  return persons.filter(({ emails }) => JSON.stringify(emails).toLowerCase().includes(`"${email}"`));
}
