import { type Checked, type Checker, differences, idShown } from "../checker.ts";
import type { People } from "../people.ts";
import { northlight } from "./partner.ts";
import { missing, type Step } from "./step.ts";

const tenant = "harbourline";

interface Somebody {
  first: string;
  last: string;
  email: string;
}

/** Somebody whom the customer's Pipedrive knows already, and somebody it does not. */
export const ADA: Somebody = { first: "Ada", last: "Winter", email: "ada.winter@northlight.example" };
const BRUNO: Somebody = { first: "Bruno", last: "Keller", email: "bruno.keller@northlight.example" };

const nameOf = ({ first, last }: Somebody) => `${first} ${last}`;

const personsWith = async (look: Checker, { email }: Somebody) =>
  (await look.records("person")).filter(({ emails }) => JSON.stringify(emails).includes(`"${email}"`));

async function register(somebody: Somebody, people: People, look: Checker): Promise<void> {
  if ((await look.contacts()).some(({ email }) => email === somebody.email)) return;
  const { partner } = await northlight(look);
  const { first: first_name, last: last_name, email } = somebody;
  await people.act({ action: "register_contact", partner_id: partner.partner_id, email, first_name, last_name });
}

/** One Person of the partner's Organization, with the user's id. */
async function check(somebody: Somebody, look: Checker): Promise<Checked> {
  const contact = (await look.contacts()).find(({ email }) => email === somebody.email);
  const persons = await personsWith(look, somebody);
  const [person] = persons;
  if (!contact || !person) return missing(`user or person ${nameOf(somebody)}`);
  const { organization } = await northlight(look);
  const pipedrive = {
    "Persons with this e-mail": persons.length,
    Name: person.labels.Name,
    Organization: person.labels.Organization,
    "Allbound ID": idShown(person.labels["Allbound ID"], contact.partner_user_id),
  };
  const program = { email: contact.email, status: contact.status };
  const wanted = {
    "Persons with this e-mail": 1,
    Name: nameOf(somebody),
    Organization: organization.labels.Name,
    "Allbound ID": "set",
  };
  const wrong = [
    ...differences("Pipedrive", pipedrive, wanted),
    ...differences("program", program, { email: somebody.email, status: "active" }),
  ];
  return { pipedrive, program, wrong };
}

export const userMatched: Step = {
  name: "a partner user registers whose Person is in that organization: matched by e-mail",
  tenant,
  async play(people, look) {
    const { organization } = await northlight(look);
    if ((await personsWith(look, ADA)).length === 0) {
      const emails = [{ value: ADA.email, primary: true, label: "work" }];
      await people.create("person", { name: nameOf(ADA), emails, org_id: organization.id });
    }
    await register(ADA, people, look);
  },
  check: (look) => check(ADA, look),
};

export const userCreated: Step = {
  name: "a partner user registers whom Pipedrive does not know: the Person is created in that organization",
  tenant,
  play: (people, look) => register(BRUNO, people, look),
  check: (look) => check(BRUNO, look),
};
