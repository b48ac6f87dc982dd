import type { TwinClient } from "../support/twin-client.ts";
import type { Act, Customer, Status } from "./plan.ts";

/** What one side's people said last of a value that both may change. */
export type Said = Partial<Record<"pipedrive" | "program", unknown>>;

/** What people have done so far: everything that has to be found on both sides in the end. */
export interface Story {
  customer: Customer;
  /** Of the account. */
  domain: string;
  /** See the plan. */
  manual: boolean;
  /** `id` is that of the record which stands for it by now. */
  partners: Map<number, { id: number; name: string; website: string; status: Said; double?: number }>;
  contacts: Map<number, { id: string; email: string; partner: number }>;
  deals: Map<number, DealTold>;
  /** E-mails of persons that people made themselves. */
  knownPersons: Set<string>;
}

export interface DealTold {
  id: string;
  title: string;
  contact: number;
  account: number;
  review: "submitted" | "approved" | "rejected";
  value: Said;
  closes: Said;
  outcome: "open" | "won" | "lost";
  /** Its Deal, if somebody deleted that. */
  deleted: number | null;
}

/** Somebody cannot do this yet: what they would have to see for it is not there. */
export class NotYet extends Error {
  override name = "NotYet";
}

export function newStory(about: Pick<Story, "customer" | "domain" | "manual">): Story {
  return { ...about, partners: new Map(), contacts: new Map(), deals: new Map(), knownPersons: new Set() };
}

export const websiteLabel = (customer: Customer) => (customer === "harbourline" ? "Website" : "Company website");
export const accountName = (account: number) => `Customer ${account} GmbH`;
export const customerEmail = (account: number) => `buyer@customer${account}.example`;
export const currencyOf = (customer: Customer) => (customer === "harbourline" ? "EUR" : "USD");
export const LOST_REASON = "price";
const emailOf = (contact: number) => `rep${contact}@partner.example`;

/** @throws NotYet when its time has not come; whatever the twin says otherwise */
export async function perform(act: Act, story: Story, twin: TwinClient): Promise<void> {
  switch (act.do) {
    case "make partner":
      return makePartner(act, story, twin);
    case "edit partner":
      return editPartner(act, story, twin);
    case "set status":
      return setStatus(act, story, twin);
    case "make known person":
      return makeKnownPerson(act, story, twin);
    case "register contact":
      return registerContact(act, story, twin);
    case "register deal":
      return registerDeal(act, story, twin);
    case "review":
      return review(act, story, twin);
    case "edit deal":
      return editDeal(act, story, twin);
    case "move deal":
      return void (await twin.edit("deal", { stage: act.stage }, await dealId(story, twin, act.deal)));
    case "edit deal on both sides":
      return editOnBothSides(act, story, twin);
    case "merge partner":
      return mergePartner(act, story, twin);
    case "delete deal":
      return deleteDeal(act, story, twin);
    case "restore deal":
      return restoreDeal(act, story, twin);
    case "end deal":
      return endDeal(act, story, twin);
  }
}

type Of<D extends Act["do"]> = Extract<Act, { do: D }>;

async function makePartner({ partner, status }: Of<"make partner">, story: Story, twin: TwinClient): Promise<void> {
  const [name, website] = [`Partner ${partner}`, `partner${partner}.example`];
  const more = story.customer === "kestrel-obs" ? { "label:Partner tier": "Gold", "label:Sales region": "EMEA" } : {};
  const set = { name, [`label:${websiteLabel(story.customer)}`]: website, "label:Allbound Status": status, ...more };
  const { id } = await twin.edit("organization", set);
  story.partners.set(partner, { id, name, website, status: { pipedrive: status } });
}

async function editPartner(act: Of<"edit partner">, story: Story, twin: TwinClient): Promise<void> {
  const known = needed(story.partners.get(act.partner));
  const name = `Partner ${act.partner}, as of ${act.turn}`;
  const website = `partner${act.partner}-${act.turn}.example`;
  const set = act.rename ? { name } : { [`label:${websiteLabel(story.customer)}`]: website };
  await twin.edit("organization", set, known.id);
  Object.assign(known, act.rename ? { name } : { website });
}

async function setStatus(act: Of<"set status">, story: Story, twin: TwinClient): Promise<void> {
  const known = needed(story.partners.get(act.partner));
  if (act.side === "pipedrive") await twin.edit("organization", { "label:Allbound Status": act.status }, known.id);
  else {
    const { partner_id } = await programPartner(twin, known.id);
    await twin.act({ action: "set_partner_status", partner_id, status: act.status.toLowerCase() });
  }
  known.status[act.side] = act.status;
}

async function makeKnownPerson(act: Of<"make known person">, story: Story, twin: TwinClient): Promise<void> {
  const email = emailOf(act.contact);
  const emails = [{ value: email, primary: true, label: "work" }];
  const org_id = needed(story.partners.get(act.partner)).id;
  await twin.edit("person", { name: "Known Rep", emails, org_id });
  story.knownPersons.add(email);
}

async function registerContact(act: Of<"register contact">, story: Story, twin: TwinClient): Promise<void> {
  const { partner_id } = await programPartner(twin, needed(story.partners.get(act.partner)).id);
  const email = emailOf(act.contact);
  const names = { first_name: "Rep", last_name: `Number ${act.contact}` };
  const { partner_user_id } = await twin.act({ action: "register_contact", partner_id, email, ...names });
  story.contacts.set(act.contact, { id: String(partner_user_id), email, partner: act.partner });
}

async function registerDeal(act: Of<"register deal">, story: Story, twin: TwinClient): Promise<void> {
  const contact = needed(story.contacts.get(act.contact));
  const { partner_id } = await programPartner(twin, needed(story.partners.get(contact.partner)).id);
  const title = `Deal ${act.deal}`;
  const { registration_id } = await twin.act({
    action: "submit_registration",
    partner_id,
    submitted_by: contact.id,
    title,
    prospect: {
      account: { name: accountName(act.account), domain: `customer${act.account}.example`, country: "DE" },
      contact: { first_name: "Ida", last_name: `Buyer ${act.account}`, email: customerEmail(act.account) },
    },
    amount: { value: act.value, currency: currencyOf(story.customer) },
    expected_close_date: act.closes,
  });
  story.deals.set(act.deal, {
    id: String(registration_id),
    title,
    contact: act.contact,
    account: act.account,
    review: "submitted",
    value: { program: act.value },
    closes: { program: act.closes },
    outcome: "open",
    deleted: null,
  });
}

async function review({ deal, to }: Of<"review">, story: Story, twin: TwinClient): Promise<void> {
  const known = needed(story.deals.get(deal));
  const reason = to === "rejected" ? "too_early" : null;
  await twin.act({ action: "review", registration_id: known.id, to, reason });
  known.review = to;
}

async function editDeal({ deal, side, value, closes }: Of<"edit deal">, story: Story, twin: TwinClient): Promise<void> {
  const known = needed(story.deals.get(deal));
  if (side === "pipedrive") {
    const set = { ...(value !== undefined && { value }), ...(closes && { expected_close_date: closes }) };
    await twin.edit("deal", set, await dealId(story, twin, deal));
  } else {
    if (known.review !== "approved") throw new NotYet(); // only then may a partner change these
    const currency = currencyOf(story.customer);
    const amount = value === undefined ? {} : { amount: { value, currency } };
    const fields = { ...amount, ...(closes && { expected_close_date: closes }) };
    await twin.act({ action: "edit_registration", registration_id: known.id, fields });
  }
  if (value !== undefined) known.value[side] = value;
  if (closes) known.closes[side] = closes;
}

async function endDeal({ deal, status }: Of<"end deal">, story: Story, twin: TwinClient): Promise<void> {
  const known = needed(story.deals.get(deal));
  if (known.review !== "approved") throw new NotYet();
  const reason = status === "lost" ? { lost_reason: LOST_REASON } : {};
  await twin.edit("deal", { status, ...reason }, await dealId(story, twin, deal));
  known.outcome = status;
}

async function editOnBothSides(act: Of<"edit deal on both sides">, story: Story, twin: TwinClient): Promise<void> {
  const { deal } = act;
  if (needed(story.deals.get(deal)).review !== "approved") throw new NotYet(); // neither before both can
  await editDeal({ do: "edit deal", deal, side: "pipedrive", closes: act.pipedrive }, story, twin);
  await editDeal({ do: "edit deal", deal, side: "program", closes: act.program }, story, twin);
}

/**
 * Somebody finds the partner twice in Pipedrive: the survivor takes over what it has not itself. They do so when nothing of
 * this partner's is still to come: what is made with a reference to a record that was merged a moment ago is refused, and
 * stops with a finding until a person replays it.
 */
async function mergePartner({ partner, into }: Of<"merge partner">, story: Story, twin: TwinClient): Promise<void> {
  const known = needed(story.partners.get(partner));
  const persons = JSON.stringify(await twin.records("person"));
  for (const [number, contact] of story.contacts) {
    if (contact.partner !== partner) continue;
    if (!persons.includes(`"${contact.id}"`)) throw new NotYet();
    for (const [deal, told] of story.deals) {
      const isAwaited = told.contact === number && told.deleted === null && told.review !== "rejected";
      if (isAwaited) await dealId(story, twin, deal);
    }
  }
  const name = `Double of partner ${partner}`;
  known.double ??= (await twin.edit("organization", { name })).id;
  const [gone, kept] = into === "itself" ? [known.double, known.id] : [known.id, known.double];
  const merge = { object: "organization", id: gone, into: kept };
  await twin.call("POST", `/companies/${story.domain}/merge`, merge);
  if (into === "its double") Object.assign(known, { id: kept, name });
}

/** Of a Deal that both sides know. */
async function deleteDeal({ deal }: Of<"delete deal">, story: Story, twin: TwinClient): Promise<void> {
  const known = needed(story.deals.get(deal));
  const id = await dealId(story, twin, deal);
  const registrations = await twin.aggregates("deal_registration");
  needed(registrations.find(({ crm }) => (crm as { deal_id: number | null }).deal_id === id));
  await twin.call("POST", `/companies/${story.domain}/delete`, { object: "deal", id });
  known.deleted = id;
}

async function restoreDeal({ deal }: Of<"restore deal">, story: Story, twin: TwinClient): Promise<void> {
  const known = needed(story.deals.get(deal));
  if (known.deleted === null) throw new NotYet();
  await twin.call("POST", `/companies/${story.domain}/restore`, { object: "deal", id: known.deleted });
  known.deleted = null;
}

/** The partner's own name for itself in the program, once it is there and may act. */
async function programPartner(twin: TwinClient, organization: number) {
  const all = await twin.aggregates("partner");
  return needed(all.find(({ crm }) => (crm as { org_id: number }).org_id === organization));
}

/** The Deal that people see for a registration. */
async function dealId(story: Story, twin: TwinClient, deal: number): Promise<number> {
  const { id } = needed(story.deals.get(deal));
  return needed((await twin.records("deal")).find(({ labels }) => labels["Allbound ID"] === id)).id;
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new NotYet();
  return value;
}

/** An option was deleted and made again, which emptied it everywhere: people set it again where it had been. */
export async function fillEmptied(status: Status, story: Story, twin: TwinClient): Promise<void> {
  for (const { id, status: said } of story.partners.values()) {
    const { labels } = await twin.record("organization", id);
    if (labels["Allbound Status"] !== null) continue;
    await twin.edit("organization", { "label:Allbound Status": status }, id);
    said.pipedrive = status;
  }
}
