import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { MappingDocument } from "../../src/sync/mapping/parse.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";

type Extra = MappingDocument["objects"]["deal"]["extra"][number];
type Listed = Omit<Extra, "program"> & { program: string };

const custom = (program: string, label: string, type: string, more: Partial<Listed> = {}) =>
  ({ program, key: "0".repeat(40), label, type, direction: "program_to_crm", ...more }) as never; // keys come by label

/** harbourline with a field of every type that can hold something of the program. */
function everyType({ objects, rules }: MappingDocument): void {
  rules.default_currency = "EUR";
  const both = { direction: "both", on_conflict: "crm" } as const;
  const tiers = { silver: "Silver", gold: "Gold" };
  objects.organization.extra.push(
    custom("partner.tier", "Tier", "Single option", { ...both, options: tiers }),
    custom("partner.region", "Region", "Single option", { ...both, options: { emea: "EMEA", apac: "APAC" } }),
    custom("partner.manager_email", "Channel manager", "User", { direction: "crm_to_program" }),
    custom("partner.enrolled_at", "Partner since", "Date"),
  );
  objects.person.extra.push(
    custom("contact.phone", "Portal phone", "Phone", { write: "always" }),
    custom("contact.email", "Portal e-mail", "Text", { write: "always" }),
    custom("contact.status", "Portal status", "Single option", {
      write: "always",
      options: { pending: "Pending", active: "Active", inactive: "Inactive", disabled: "Disabled" },
    }),
    { program: "contact.first_name", system: "first_name", direction: "program_to_crm", write: "always" },
    { program: "contact.last_name", system: "last_name", direction: "program_to_crm", write: "always" },
    { program: "contact.job_title", system: "job_title", direction: "program_to_crm", write: "on_create" },
  );
  objects.deal.extra = [
    custom("registration.amount", "Registered sum", "Monetary", both),
    custom("registration.expected_close_date", "Closing", "Date", { ...both, write: "on_create" }),
    custom("registration.number", "Number", "Autocomplete"),
    custom("registration.description", "Notes", "Large text", { write: "always" }),
    custom("registration.description", "Notes again", "Text", { write: "if_empty" }),
    custom("registration.products", "Products", "Multiple options", {
      write: "always",
      options: { apm: "APM", logs: "Log analytics" },
    }),
    custom("registration.partner_id", "Partner", "Organization"),
    custom("registration.owner_user_id", "Rep", "Person"),
    custom("registration.submitted_at", "Submitted", "Date"),
    custom("registration.source", "Source", "Text", { constant: "Partner portal" }),
  ];
}

describe("a mapping with a field of every type", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  const labelsOf = async (title: string) => (await channel.dealNamed(title)).labels;
  const organization = async () => (await channel.twin.record("organization", partner.organization.id)).labels;
  const program = async () => (await channel.twin.aggregates("partner"))[0];
  const inPipedrive = async (set: Record<string, unknown>) => {
    await channel.later();
    await channel.twin.edit("organization", set, partner.organization.id);
    await channel.system.quiet();
  };
  const inProgram = async (fields: Record<string, unknown>) => {
    await channel.twin.act({ action: "edit_partner", partner_id: partner.id, fields });
    await channel.system.quiet();
  };

  beforeAll(async () => {
    channel = await openChannel({ adjust: everyType });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.twin.act({
      action: "register_contact",
      partner_id: partner.id,
      email: "mara@nordlicht.example",
      first_name: "Mara Lena",
      last_name: "von Voss",
      phone: "+49 30 1234",
      job_title: "Buyer",
    });
    await channel.system.quiet();
  }, 90_000);
  afterAll(() => channel.close());

  test("makes a Person with both parts of the name as they are, and what the account turns out to have", async () => {
    const [person] = await channel.twin.records("person");
    expect(person).toMatchObject({ name: "Mara Lena von Voss", first_name: "Mara Lena", last_name: "von Voss" });
    expect(person).toMatchObject({ job_title: "Buyer" });
    expect(person!.labels).toMatchObject({ "Portal e-mail": "mara@nordlicht.example", "Portal status": "Active" });
    expect(String(person!.labels["Portal phone"]).replace(/\D/g, "")).toBe("49301234");
    expect(await channel.codes()).toEqual([]);
  });

  test("makes a Deal with all of them, one value in two places among them", async () => {
    const registration = await channel.register(partner, rep, "Fleet", {
      products: ["logs", "apm"],
      description: "Met at the fair",
      amount: { value: 1200.5, currency: "USD" },
    });
    await channel.approve(registration);
    await channel.system.quiet();
    expect(await labelsOf("Fleet")).toMatchObject({
      "Registered sum": { value: 1200.5, currency: "USD" },
      Closing: "2027-03-01",
      Number: registration.number,
      Notes: "Met at the fair",
      "Notes again": "Met at the fair",
      Products: ["APM", "Log analytics"],
      Partner: "Nordlicht Systems",
      Rep: "Mara Lena von Voss",
      Submitted: String(registration.submitted_at).slice(0, 10),
      Source: "Partner portal",
    });
    expect(await channel.codes()).toEqual([]);
  });

  test("writes a value again to each place by its own rule", async () => {
    const { registration_id } = await channel.registrationNamed("Fleet");
    const fields = { description: "Met twice", expected_close_date: "2027-04-01" };
    await channel.twin.act({ action: "edit_registration", registration_id, fields });
    await channel.system.quiet();
    expect(await labelsOf("Fleet")).toMatchObject({
      Notes: "Met twice",
      "Notes again": "Met at the fair",
      Closing: "2027-03-01",
    });
  });

  test("brings amount and date of people in Pipedrive to the program", async () => {
    const { id } = await channel.dealNamed("Fleet");
    await channel.later();
    const set = { "label:Registered sum": { value: 990, currency: "EUR" }, "label:Closing": "2027-05-01" };
    await channel.twin.edit("deal", set, id);
    await channel.system.quiet();
    expect(await channel.registrationNamed("Fleet")).toMatchObject({
      amount: { value: 990, currency: "EUR" },
      expected_close_date: "2027-05-01",
    });
  });

  test("turns options into keys and back, and a user into an e-mail", async () => {
    await inPipedrive({ "label:Tier": "Gold", "label:Channel manager": "partner-manager@harbourline.example" });
    expect(await program()).toMatchObject({ tier: "gold", manager_email: "partner-manager@harbourline.example" });
    await inProgram({ tier: "silver", region: "apac" });
    expect(await organization()).toMatchObject({ Tier: "Silver", Region: "APAC" });
    expect(await channel.codes()).toEqual([]);
  });

  test("shows at a partner's people what became of the partner", async () => {
    const portalStatus = async () => (await channel.twin.records("person"))[0]?.labels["Portal status"];
    await inPipedrive({ "label:Allbound Status": "Inactive" });
    expect(await portalStatus()).toBe("Inactive");
    await inPipedrive({ "label:Allbound Status": "Active" });
    expect(await portalStatus()).toBe("Active");
  });

  test("lets no option through that the mapping does not pair, in neither direction", async () => {
    await inProgram({ tier: "diamond" });
    expect(await organization()).toMatchObject({ Tier: "Silver" });
    expect(await channel.codes()).toEqual([`OPTION_UNMAPPED organization ${partner.organization.id} partner.tier`]);

    const company = `/companies/${await domain()}`;
    const key = (await channel.system.app.contexts("harbourline")).plan.roles.partner.find(
      ({ field }) => field === "partner.region",
    )!;
    const code = "custom" in key.crm ? key.crm.custom : "";
    const { api_token: token } = await channel.twin.call<{ api_token: string }>("GET", company);
    const url = `${channel.system.twin.url}/api/v2/organizationFields/${code}/options`;
    const headers = { "x-api-token": token, "content-type": "application/json" };
    const added = await fetch(url, { method: "POST", headers, body: JSON.stringify([{ label: "Mars" }]) });
    expect(added.ok).toBe(true);
    await inPipedrive({ "label:Region": "Mars" });
    expect(await program()).toMatchObject({ region: "apac" });
    const found = await channel.found("OPTION_UNMAPPED");
    expect(found.map(({ field }) => field).sort()).toEqual(["partner.region", "partner.tier"]);
  });

  test("leaves a set out of a new Deal when one of its values is not paired, and says so", async () => {
    await channel.approve(await channel.register(partner, rep, "Half known", { products: ["apm", "quantum"] }));
    await channel.system.quiet();
    expect((await labelsOf("Half known")).Products).toBeNull();
    const found = await channel.found("OPTION_UNMAPPED");
    expect(found.map(({ field }) => field)).toContain("registration.products");
  });

  async function domain(): Promise<string> {
    return (await channel.system.app.connections.active("harbourline", "pipedrive"))!.companyDomain!;
  }
});
