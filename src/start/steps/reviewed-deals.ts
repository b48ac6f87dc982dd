import { type Checked, type Checker, differences, type Shown } from "../checker.ts";
import { ORIOLE, partnerOf } from "./both-ways.ts";
import { dealShown, type Form, registrationShown, review, type Sale, saleOf, submit } from "./registration.ts";
import { missing, needed, type Step } from "./step.ts";

const tenant = "kestrel-obs";
const REP = { first_name: "Mina", last_name: "Okafor", email: "mina.okafor@oriole.example" };

const HALCYON: Form = {
  title: "Test Halcyon Energy: grid telemetry",
  account: { name: "Test Halcyon Energy", domain: "halcyon-energy.example" },
  contact: { first_name: "Luis", last_name: "Ferrer", email: "luis.ferrer@halcyon-energy.example" },
  amount: { value: 45_000, currency: "USD" },
  closes: "2027-07-01",
  description: "Two control rooms, then the substations.",
  products: ["apm", "logs"],
};

const PELICAN: Form = {
  title: "Test Pelican Freight: tracking",
  account: { name: "Test Pelican Freight", domain: "pelican-freight.example" },
  contact: { first_name: "Noor", last_name: "Haddad", email: "noor.haddad@pelican-freight.example" },
  amount: { value: 9_900, currency: "USD" },
  closes: "2027-08-01",
  products: ["synthetics"],
};

/** What this customer's Deals show besides. */
function registeredShown({ deal }: Sale): Shown {
  const { labels } = deal;
  return {
    "Registration status": labels["Registration status"],
    "Registered products": labels["Registered products"],
    "Registering partner": labels["Registering partner"],
    "Partner rep": labels["Partner rep"],
    "Lead source": labels["Lead source"],
    "Protected until": labels["Protected until"] ? "set" : "(empty)",
    "Lost reason": labels["Lost reason"],
  };
}

async function check(form: Form, look: Checker, wanted: { pipedrive: Shown; program: Shown }): Promise<Checked> {
  const sale = await saleOf(look, form);
  if (!sale) return missing(`deal of ${form.title}`);
  const pipedrive = { ...dealShown(sale), ...registeredShown(sale) };
  const program = registrationShown(sale);
  const wrong = [
    ...differences("Pipedrive", pipedrive, {
      "Allbound ID": "set",
      Organization: form.account.name,
      ...wanted.pipedrive,
    }),
    ...differences("program", program, wanted.program),
  ];
  return { pipedrive, program, wrong };
}

export const repRegistered: Step = {
  name: "a partner user registers: the Person is created with role and id",
  tenant,
  async play(people, look) {
    if ((await look.contacts()).some(({ email }) => email === REP.email)) return;
    const { partner } = needed(await partnerOf(look, ORIOLE), `partner ${ORIOLE.name}`);
    await people.act({ action: "register_contact", partner_id: partner.partner_id, role: "manager", ...REP });
  },
  async check(look) {
    const contact = (await look.contacts()).find(({ email }) => email === REP.email);
    const [person] = await look.recordsWith("person", "Allbound ID", contact?.partner_user_id ?? "");
    if (!contact || !person) return missing(`person ${REP.first_name} ${REP.last_name}`);
    const { Name, Organization, "Portal role": role } = person.labels;
    const pipedrive = { Name, Organization, "Portal role": role, "Allbound ID": "set" };
    const program = { email: contact.email, status: contact.status };
    const wanted = { Name: "Mina Okafor", Organization: ORIOLE.name, "Portal role": "Manager" };
    return { pipedrive, program, wrong: differences("Pipedrive", pipedrive, wanted) };
  },
};

export const createdOnSubmission: Step = {
  name: "a deal is registered: its Deal is created at once, in the pending stage",
  tenant,
  play: (people, look) => submit(HALCYON, REP.email, people, look),
  async check(look) {
    const decided = (await saleOf(look, HALCYON))?.registration.review.status === "approved";
    const early = decided
      ? { pipedrive: {}, program: {} }
      : {
          pipedrive: { Stage: "Pending registration", "Registration status": "Pending" },
          program: { review: "submitted", stage: "pending" },
        };
    return check(HALCYON, look, {
      pipedrive: {
        Title: HALCYON.title,
        Value: "45000 USD",
        "Registered products": ["APM", "Log analytics"],
        "Registering partner": ORIOLE.name,
        "Partner rep": "Mina Okafor",
        "Lead source": "Partner",
        ...early.pipedrive,
      },
      program: { sale: "open", ...early.program },
    });
  },
};

export const movedOnApproval: Step = {
  name: "it is approved: the Deal moves to the first stage, with its protection date",
  tenant,
  play: (people, look) => review(HALCYON, "approved", people, look),
  check: (look) =>
    check(HALCYON, look, {
      pipedrive: { Stage: "Qualified", "Registration status": "Approved", "Protected until": "set", Status: "open" },
      program: { review: "approved", stage: "working" },
    }),
};

export const anotherSubmitted: Step = {
  name: "another one is registered: its Deal is created too",
  tenant,
  play: (people, look) => submit(PELICAN, REP.email, people, look),
  check: (look) =>
    check(PELICAN, look, { pipedrive: { Title: PELICAN.title, "Registered products": ["Synthetics"] }, program: {} }),
};

export const lostOnRejection: Step = {
  name: "that one is rejected: its Deal is lost, with the reason",
  tenant,
  async play(people, look) {
    needed(await saleOf(look, PELICAN), `deal of ${PELICAN.title}`);
    await review(PELICAN, "rejected", people, look, "below_minimum");
  },
  check: (look) =>
    check(PELICAN, look, {
      pipedrive: { Status: "lost", "Lost reason": "Registration declined", "Registration status": "Declined" },
      program: { review: "rejected", sale: "lost" },
    }),
};
