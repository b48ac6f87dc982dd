import { type Checker, differences, idShown } from "../checker.ts";
import type { People } from "../people.ts";
import { missing, needed, type Step } from "./step.ts";

const tenant = "kestrel-obs";

/** The partner that the program sets to Inactive, and the one that registers deals. */
const FERRULE = { name: "Test Ferrule Analytics", website: "https://ferrule.example" };
export const ORIOLE = { name: "Test Oriole Metrics", website: "https://oriole.example" };
type Company = typeof FERRULE;

export async function partnerOf(look: Checker, { name }: Pick<Company, "name">) {
  const [organization] = await look.recordsWith("organization", "Name", name);
  const partner = organization && (await look.partners()).find(({ crm }) => crm.org_id === organization.id);
  return organization && partner ? { organization, partner } : null;
}

async function enrol(company: Company, people: People, look: Checker): Promise<void> {
  if ((await look.recordsWith("organization", "Name", company.name)).length > 0) return;
  await people.create("organization", {
    name: company.name,
    "label:Company website": company.website,
    "label:Partner tier": "Gold",
    "label:Sales region": "EMEA",
    "label:Allbound Status": "Active",
  });
}

async function checkEnrolled(company: Company, look: Checker) {
  const found = await partnerOf(look, company);
  if (!found) return missing(`partner ${company.name}`);
  const { organization, partner } = found;
  const pipedrive = {
    Name: organization.labels.Name,
    "Company website": organization.labels["Company website"],
    "Partner tier": organization.labels["Partner tier"],
    "Sales region": organization.labels["Sales region"],
    "Allbound Status": organization.labels["Allbound Status"],
    "Allbound ID": idShown(organization.labels["Allbound ID"], partner.partner_id),
    "Partner since": organization.labels["Partner since"] ? "set" : "(empty)",
  };
  const { name, website, tier, region, status } = partner;
  const program = { name, website, tier, region, status };
  const wrong = [
    ...differences("Pipedrive", pipedrive, { "Allbound ID": "set", "Partner since": "set" }),
    ...differences("program", program, { name: company.name, website: company.website, tier: "gold", region: "emea" }),
  ];
  return { pipedrive, program, wrong };
}

export const enrolledWithTier: Step = {
  name: "an Active organization with tier and region: the partner appears with both, id and date are patched back",
  tenant,
  play: (people, look) => enrol(FERRULE, people, look),
  check: (look) => checkEnrolled(FERRULE, look),
};

export const secondEnrolled: Step = {
  name: "a second partner is enrolled",
  tenant,
  play: (people, look) => enrol(ORIOLE, people, look),
  check: (look) => checkEnrolled(ORIOLE, look),
};

export const inactivated: Step = {
  name: "the program sets a partner to Inactive: this account's option id is written under this account's key",
  tenant,
  async play(people, look) {
    const { partner } = needed(await partnerOf(look, FERRULE), `partner ${FERRULE.name}`);
    if (partner.status === "inactive") return;
    await people.act({ action: "set_partner_status", partner_id: partner.partner_id, status: "inactive" });
  },
  async check(look) {
    const found = await partnerOf(look, FERRULE);
    if (!found) return missing(`partner ${FERRULE.name}`);
    const status = (await look.company()).fields.organization?.["Allbound Status"];
    const stored = found.organization.custom_fields[status?.key ?? ""];
    const pipedrive = {
      "Allbound Status": found.organization.labels["Allbound Status"],
      "stored as": stored === status?.options?.Inactive ? "this account's option id" : "something else",
    };
    const program = { status: found.partner.status };
    const wrong = [
      ...differences("Pipedrive", pipedrive, {
        "Allbound Status": "Inactive",
        "stored as": "this account's option id",
      }),
      ...differences("program", program, { status: "inactive" }),
    ];
    return { pipedrive, program, wrong };
  },
};
