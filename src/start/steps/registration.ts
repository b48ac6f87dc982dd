import { type Checker, type CrmRecord, idShown, type Registration, type Shown } from "../checker.ts";
import type { People } from "../people.ts";
import { needed } from "./step.ts";

/** A registration as a partner fills it in. */
export interface Form {
  title: string;
  account: { name: string; domain: string };
  contact: { first_name: string; last_name: string; email: string };
  amount: { value: number; currency: string };
  closes: string;
  description?: string;
  products?: string[];
}

export async function registrationOf(look: Checker, { title }: Pick<Form, "title">): Promise<Registration | undefined> {
  return (await look.registrations()).find((one) => one.title === title);
}

/** Registers a deal in the portal, unless that was done before. @param by e-mail of the partner user */
export async function submit(form: Form, by: string, people: People, look: Checker): Promise<void> {
  if (await registrationOf(look, form)) return;
  const user = needed(
    (await look.contacts()).find(({ email }) => email === by),
    `partner user ${by}`,
  );
  await people.act({
    action: "submit_registration",
    partner_id: user.partner_id,
    submitted_by: user.partner_user_id,
    title: form.title,
    prospect: { account: form.account, contact: form.contact },
    amount: form.amount,
    expected_close_date: form.closes,
    description: form.description ?? null,
    products: form.products ?? [],
  });
}

/** The vendor decides about a registration, unless that was done before. */
export async function review(
  form: Form,
  to: "approved" | "rejected",
  people: People,
  look: Checker,
  reason: string | null = null,
): Promise<void> {
  const registration = needed(await registrationOf(look, form), `registration ${form.title}`);
  if (registration.review.status === to) return;
  await people.act({ action: "review", registration_id: registration.registration_id, to, reason });
}

/** A registration and what it brought about in Pipedrive. */
export interface Sale {
  registration: Registration;
  deal: CrmRecord;
  organization: CrmRecord | undefined;
  person: CrmRecord | undefined;
}

/** Null until the registration knows its Deal. */
export async function saleOf(look: Checker, form: Form): Promise<Sale | null> {
  const registration = await registrationOf(look, form);
  const deal = await look.record("deal", registration?.crm.deal_id);
  if (!registration || !deal) return null;
  const organization = await look.record("organization", deal.org_id as number | null);
  const person = await look.record("person", deal.person_id as number | null);
  return { registration, deal, organization, person };
}

/** The Deal as a user sees it, and whose it is. */
export function dealShown({ registration, deal, organization, person }: Sale): Shown {
  const { registration_id: id } = registration;
  return {
    Title: deal.labels.Title,
    Value: `${deal.labels.Value} ${deal.labels.Currency}`,
    "Expected close date": deal.labels["Expected close date"],
    Stage: deal.labels.Stage,
    Status: deal.labels.Status,
    "Allbound ID": idShown(deal.labels["Allbound ID"], id),
    Organization: organization?.labels.Name ?? null,
    "Contact person": person?.labels.Name ?? null,
  };
}

export function registrationShown({ registration: { review: decided, sales, amount, ...rest } }: Sale): Shown {
  return {
    review: decided.status,
    amount: amount && `${amount.value} ${amount.currency}`,
    expected_close_date: rest.expected_close_date,
    stage: sales.stage_key,
    sale: sales.status,
  };
}
