import { type Checker, type CrmRecord, differences, idShown, type Partner, type ProgramEvent } from "../checker.ts";
import { missing, needed, type Step } from "./step.ts";

const tenant = "harbourline";

/** The partner company under the names it goes by in the course of the script. */
const FIRST_NAME = "Test Northlight Systems";
const NAME = "Test Northlight Systems GmbH";
const PORTAL_NAME = "Northlight, as the portal would have it";
const FIRST_WEBSITE = "https://northlight.example";
const WEBSITE = "https://www.northlight-systems.example";

const organizationOf = async (look: Checker): Promise<CrmRecord | undefined> =>
  (await look.records("organization")).find(({ labels }) => labels.Name === FIRST_NAME || labels.Name === NAME);

/** The partner company of the script on both sides, once they know of each other. @throws CannotPlayError */
export async function northlight(look: Checker): Promise<{ organization: CrmRecord; partner: Partner }> {
  const organization = needed(await organizationOf(look), `organization ${NAME}`);
  const partner = (await look.partners()).find(({ crm }) => crm.org_id === organization.id);
  return { organization, partner: needed(partner, `partner ${NAME} in the program`) };
}

async function sides(look: Checker) {
  const events = await look.events(); // first: what they tell of must show in what is read after them
  const organization = await organizationOf(look);
  const partner = organization && (await look.partners()).find(({ crm }) => crm.org_id === organization.id);
  if (!organization || !partner) return null;
  const history = events.filter(({ aggregate }) => aggregate.id === partner.partner_id);
  const pipedrive = {
    Name: organization.labels.Name,
    Website: organization.labels.Website,
    "Allbound Status": organization.labels["Allbound Status"],
    "Allbound ID": idShown(organization.labels["Allbound ID"], partner.partner_id),
  };
  const program = { name: partner.name, website: partner.website, status: partner.status };
  return { pipedrive, program, history };
}

/** What the program said of the partner at some time; what came later is not this step's business. */
function wasOnce(history: ProgramEvent[], wanted: Record<string, unknown>): boolean {
  return history.some(({ data }) => Object.entries(wanted).every(([name, value]) => data[name] === value));
}

export const enrolled: Step = {
  name: "an organization gets the status Pending: the partner appears, its id is patched back",
  tenant,
  async play(people, look) {
    const known = await organizationOf(look);
    const id = known?.id ?? (await people.create("organization", { name: FIRST_NAME, "label:Website": FIRST_WEBSITE }));
    if (!known?.labels["Allbound Status"])
      await people.edit("organization", id, { "label:Allbound Status": "Pending" });
  },
  async check(look) {
    const seen = await sides(look);
    if (!seen) return missing(`partner ${FIRST_NAME}`);
    const { pipedrive, program, history } = seen;
    const [first] = history;
    const wrong = differences("partner, at first", first?.data ?? {}, {
      name: FIRST_NAME,
      website: FIRST_WEBSITE,
      status: "pending",
    });
    return { pipedrive, program, wrong: [...wrong, ...differences("Pipedrive", pipedrive, { "Allbound ID": "set" })] };
  },
};

export const activated: Step = {
  name: "its status becomes Active: the program follows",
  tenant,
  async play(people, look) {
    const { organization } = await northlight(look);
    await people.edit("organization", organization.id, { "label:Allbound Status": "Active" });
  },
  async check(look) {
    const seen = await sides(look);
    if (!seen) return missing(`partner ${FIRST_NAME}`);
    const { pipedrive, program } = seen;
    const wrong = [
      ...differences("Pipedrive", pipedrive, { "Allbound Status": "Active", "Allbound ID": "set" }),
      ...differences("program", program, { status: "active" }),
    ];
    return { pipedrive, program, wrong };
  },
};

export const renamed: Step = {
  name: "name and website change in Pipedrive: the program follows",
  tenant,
  async play(people, look) {
    const { organization } = await northlight(look);
    await people.edit("organization", organization.id, { name: NAME, "label:Website": WEBSITE });
  },
  async check(look) {
    const seen = await sides(look);
    if (!seen) return missing(`partner ${NAME}`);
    const { pipedrive, program, history } = seen;
    const wrong = differences("Pipedrive", pipedrive, { Name: NAME, Website: WEBSITE });
    if (!wasOnce(history, { name: NAME, website: WEBSITE })) wrong.push(`program: name is never ${NAME}`);
    return { pipedrive, program, wrong };
  },
};

export const oneWay: Step = {
  name: "the name changes in the program, which is not its source: Pipedrive keeps its own, the program gets it back",
  tenant,
  async play(people, look) {
    const { partner } = await northlight(look);
    await people.act({ action: "edit_partner", partner_id: partner.partner_id, fields: { name: PORTAL_NAME } });
  },
  async check(look) {
    const seen = await sides(look);
    if (!seen) return missing(`partner ${NAME}`);
    const { pipedrive, program, history } = seen;
    const wrong = [
      ...differences("Pipedrive", pipedrive, { Name: NAME }),
      ...differences("program", program, { name: NAME }),
    ];
    if (!wasOnce(history, { name: PORTAL_NAME })) wrong.push("program: nobody has changed the name yet");
    return { pipedrive, program, wrong };
  },
  holdsMs: 1_000,
};
