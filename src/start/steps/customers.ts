import { type Checked, type Checker, differences, idShown } from "../checker.ts";
import { ADA } from "./partner-users.ts";
import { dealShown, type Form, registrationShown, review, saleOf, submit } from "./registration.ts";
import { missing, type Step } from "./step.ts";

const tenant = "harbourline";

/** A customer that nobody knows yet; the sale of the later steps. */
export const MERIDIAN: Form = {
  title: "Test Meridian Foods: perimeter renewal",
  account: { name: "Test Meridian Foods", domain: "meridian-foods.example" },
  contact: { first_name: "Zoë", last_name: "Lindqvist", email: "zoe.lindqvist@meridian-foods.example" },
  amount: { value: 12_500.5, currency: "EUR" },
  closes: "2027-03-31",
};

/** A customer that is in Pipedrive already. */
const SOLVEIG: Form = {
  title: "Test Solveig Logistics: branch offices",
  account: { name: "Test Solveig Logistics", domain: "solveig-logistics.example" },
  contact: { first_name: "Piet", last_name: "de Vries", email: "piet.devries@solveig-logistics.example" },
  amount: { value: 8_000, currency: "EUR" },
  closes: "2027-04-15",
};

/** One new customer, registered twice. */
const AURORA: [Form, Form] = [
  {
    title: "Test Aurora Clinics: ward network",
    account: { name: "Test Aurora Clinics 株式会社", domain: "aurora-clinics.example" },
    contact: { first_name: "Ines", last_name: "Morel", email: "ines.morel@aurora-clinics.example" },
    amount: { value: 21_000, currency: "EUR" },
    closes: "2027-05-01",
  },
  {
    title: "Test Aurora Clinics: imaging archive",
    account: { name: "Test Aurora Clinics 株式会社", domain: "aurora-clinics.example" },
    contact: { first_name: "Jonas", last_name: "Brandt", email: "jonas.brandt@aurora-clinics.example" },
    amount: { value: 34_000, currency: "EUR" },
    closes: "2027-06-01",
  },
];

/** A Deal with its customer, each knowing the registration, each there once. */
async function checkSale(form: Form, look: Checker): Promise<Checked> {
  const sale = await saleOf(look, form);
  if (!sale) return missing(`deal of ${form.title}`);
  const { registration, organization, person } = sale;
  const { registration_id: id } = registration;
  const named = {
    organizations: (await look.recordsWith("organization", "Name", form.account.name)).length,
    deals: (await look.recordsWith("deal", "Allbound ID", id)).length,
  };
  const pipedrive = {
    ...dealShown(sale),
    "Organization's Allbound Deal ID": idShown(organization?.labels["Allbound Deal ID"], id),
    "Person's Allbound Deal ID": idShown(person?.labels["Allbound Deal ID"], id),
    "Organizations of this name": named.organizations,
    "Deals with this id": named.deals,
  };
  const program = registrationShown(sale);
  const wrong = differences("Pipedrive", pipedrive, {
    Title: form.title,
    Value: program.amount,
    "Expected close date": form.closes,
    "Allbound ID": "set",
    Organization: form.account.name,
    "Contact person": `${form.contact.first_name} ${form.contact.last_name}`,
    "Organization's Allbound Deal ID": "set",
    "Person's Allbound Deal ID": "set",
    "Organizations of this name": 1,
    "Deals with this id": 1,
  });
  if (registration.crm.org_id !== organization?.id) wrong.push("program: knows another organization than the deal has");
  if (registration.crm.person_id !== person?.id) wrong.push("program: knows another person than the deal has");
  if (program.sale === "none") wrong.push("program: the sale has not begun");
  return { pipedrive, program, wrong };
}

export const dealCreated: Step = {
  name: "a deal is registered and approved: customer, contact and Deal are created, each knowing the registration",
  tenant,
  async play(people, look) {
    await submit(MERIDIAN, ADA.email, people, look);
    await review(MERIDIAN, "approved", people, look);
  },
  check: (look) => checkSale(MERIDIAN, look),
};

export const customerMatched: Step = {
  name: "a deal is registered for a customer that Pipedrive knows: its organization is matched",
  tenant,
  async play(people, look) {
    const { name, domain } = SOLVEIG.account;
    if ((await look.recordsWith("organization", "Name", name)).length === 0) {
      await people.create("organization", { name, "label:Website": domain });
    }
    await submit(SOLVEIG, ADA.email, people, look);
    await review(SOLVEIG, "approved", people, look);
  },
  check: (look) => checkSale(SOLVEIG, look),
};

export const sameCustomerTwice: Step = {
  name: "two registrations for the same new customer are approved at the same moment: one organization",
  tenant,
  async play(people, look) {
    for (const form of AURORA) await submit(form, ADA.email, people, look);
    await Promise.all(AURORA.map((form) => review(form, "approved", people, look)));
  },
  async check(look) {
    const sales = [await saleOf(look, AURORA[0]), await saleOf(look, AURORA[1])];
    const [first, second] = sales;
    if (!first || !second) return missing(`deal of ${(first ? AURORA[1] : AURORA[0]).title}`);
    const marker = first.organization?.labels["Allbound Deal ID"];
    const ids = [first.registration.registration_id, second.registration.registration_id];
    const organizations = await look.recordsWith("organization", "Name", AURORA[0].account.name);
    const pipedrive = {
      "Organizations of this name": organizations.length,
      "Deals of it": sales.filter((sale) => sale?.organization?.id === organizations[0]?.id).length,
      "Contact persons": sales.map((sale) => sale?.person?.labels.Name),
      "Organization's Allbound Deal ID": ids.some((id) => id === marker) ? "the first one's" : "neither's",
    };
    const program = { sales: [first, second].map(({ registration }) => registration.sales.status) };
    const wrong = differences("Pipedrive", pipedrive, {
      "Organizations of this name": 1,
      "Deals of it": 2,
      "Contact persons": AURORA.map(({ contact }) => `${contact.first_name} ${contact.last_name}`),
      "Organization's Allbound Deal ID": "the first one's",
    });
    return { pipedrive, program, wrong: [...wrong, ...differences("program", program, { sales: ["open", "open"] })] };
  },
};
