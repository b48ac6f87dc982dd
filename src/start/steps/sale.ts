import { type Checked, type Checker, differences, type ProgramEvent, type Shown } from "../checker.ts";
import { MERIDIAN } from "./customers.ts";
import { dealShown, registrationShown, saleOf } from "./registration.ts";
import { missing, needed, type Step } from "./step.ts";

const tenant = "harbourline";
const VALUE = 18_000;

async function dealId(look: Checker): Promise<number> {
  return needed(await saleOf(look, MERIDIAN), `deal of ${MERIDIAN.title}`).deal.id;
}

/** What the registration was told of its Deal, now or before a later step. */
async function check(look: Checker, deal: Shown, told: (event: ProgramEvent) => boolean): Promise<Checked> {
  const events = await look.events(); // first: what they tell of must show in what is read after them
  const sale = await saleOf(look, MERIDIAN);
  if (!sale) return missing(`deal of ${MERIDIAN.title}`);
  const ofSale = events.filter(({ aggregate }) => aggregate.id === sale.registration.registration_id);
  const [pipedrive, program] = [dealShown(sale), registrationShown(sale)];
  const wrong = differences("Pipedrive", pipedrive, deal);
  if (!ofSale.some(told)) wrong.push("program: the registration has not followed");
  return { pipedrive, program, wrong };
}

const salesOf = ({ data }: ProgramEvent) => data.sales as { stage_key: unknown; status: unknown; closed_at: unknown };

export const stageMoved: Step = {
  name: "the Deal moves to another stage: the registration follows",
  tenant,
  play: async (people, look) => people.edit("deal", await dealId(look), { stage: "Quote sent" }),
  check: (look) => check(look, { Stage: "Quote sent" }, (event) => salesOf(event).stage_key === "proposal"),
};

export const valueChanged: Step = {
  name: "the Deal's value changes: the registration follows",
  tenant,
  play: async (people, look) => people.edit("deal", await dealId(look), { value: VALUE }),
  check: (look) =>
    check(look, { Value: `${VALUE} EUR` }, ({ data }) => (data.amount as { value?: unknown } | null)?.value === VALUE),
};

export const won: Step = {
  name: "the Deal is won: the registration is won",
  tenant,
  play: async (people, look) => people.edit("deal", await dealId(look), { status: "won" }),
  check: (look) =>
    check(look, { Status: "won" }, (event) => salesOf(event).status === "won" && salesOf(event).closed_at !== null),
};
