import { until } from "../support/child.ts";
import type { ReadableRecord, Snapshot, TwinClient } from "../support/twin-client.ts";

/** What the script's people know of its records by now. */
interface Story {
  twin: TwinClient;
  organization?: ReadableRecord;
  partnerId?: string;
  rep?: Snapshot;
  registrations: Snapshot[];
}

/** One thing after the other; each waits only for what its people would have to see first. */
const SCENES: { name: string; play(story: Story): Promise<void> }[] = [
  {
    name: "an organization becomes a partner",
    async play(story) {
      const { twin } = story;
      const set = { name: "Nordlicht Systems", "label:Website": "nordlicht.example" };
      const { id } = await twin.edit("organization", { ...set, "label:Allbound Status": "Pending" });
      await until("the partner's id", async () => (await twin.record("organization", id)).labels["Allbound ID"]);
      story.organization = await twin.edit("organization", { "label:Allbound Status": "Active" }, id);
      await until("an active partner", async () => (await twin.aggregates("partner"))[0]?.status === "active");
      story.partnerId = String(story.organization.labels["Allbound ID"]);
    },
  },
  {
    name: "its name and website change, and two of its people sign up, one of whom is known",
    async play(story) {
      const { twin, organization, partnerId: partner_id } = story;
      await twin.edit(
        "organization",
        { name: "Nordlicht AG", "label:Website": "nordlicht-ag.example" },
        organization?.id,
      );
      const emails = [{ value: "mara@nordlicht.example", primary: true, label: "work" }];
      await twin.edit("person", { name: "Mara Voss", org_id: organization?.id, emails });
      const signUp = { action: "register_contact", partner_id };
      story.rep = await twin.act({ ...signUp, email: "Mara@nordlicht.example", first_name: "Mara", last_name: "Voss" });
      await twin.act({ ...signUp, email: "jo@nordlicht.example", first_name: "Jo", last_name: "Berg" });
    },
  },
  {
    name: "three deals are registered and approved, two of them for one new customer",
    async play(story) {
      const { twin } = story;
      for (const [title, customer, value] of DEALS) {
        const registration = registrationOf(story, title, customer, value);
        story.registrations.push(await twin.act({ action: "submit_registration", ...registration }));
      }
      const approve = ({ registration_id }: Snapshot) =>
        twin.act({ action: "review", registration_id, to: "approved" });
      await Promise.all(story.registrations.map(approve));
    },
  },
  {
    name: "a deal moves stage and changes value",
    async play({ twin }) {
      const deal = await dealCalled(twin, "Fleet renewal");
      await twin.edit("deal", { stage: "Quote sent" }, deal.id);
      await twin.edit("deal", { value: 2500.5 }, deal.id);
    },
  },
  {
    name: "one deal is won, another is lost",
    async play({ twin }) {
      await twin.edit("deal", { status: "won" }, (await dealCalled(twin, "Fleet renewal")).id);
      await twin.edit("deal", { status: "lost", lost_reason: "price" }, (await dealCalled(twin, "West")).id);
    },
  },
];

const DEALS: [title: string, customer: string, value: number][] = [
  ["Fleet renewal", "Kestrel GmbH", 1200],
  ["East", "Zweigwerk AG", 800],
  ["West", "Zweigwerk AG", 900],
];

/**
 * Plays the whole script through the twin's control API.
 *
 * @param between is called after each scene but the last, and awaited
 */
export async function playScript(twin: TwinClient, between?: (scene: number) => Promise<void>): Promise<void> {
  const story: Story = { twin, registrations: [] };
  for (const [index, scene] of SCENES.entries()) {
    await scene.play(story).catch((error) => {
      throw new Error(`${scene.name}: ${error}`, { cause: error });
    });
    if (index < SCENES.length - 1) await between?.(index);
  }
}

function registrationOf({ partnerId, rep }: Story, title: string, customer: string, value: number) {
  const domain = `${customer.toLowerCase().replace(/\W/g, "")}.example`;
  return {
    partner_id: partnerId,
    submitted_by: rep?.partner_user_id,
    title,
    prospect: {
      account: { name: customer, domain, country: "DE" },
      contact: { first_name: "Ida", last_name: "Kern", email: `ida@${domain}` },
    },
    amount: { value, currency: "EUR" },
    expected_close_date: "2027-03-01",
  };
}

/** Deals are made by the sync: its people see one when it knows its registration. */
function dealCalled(twin: TwinClient, title: string): Promise<ReadableRecord> {
  const find = async () => (await twin.records("deal")).find((deal) => deal.title === title);
  return until(`a deal called ${title}`, async () => {
    const deal = await find();
    return deal?.labels["Allbound ID"] ? deal : undefined;
  });
}
