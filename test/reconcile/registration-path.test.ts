import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type System, startSystem } from "../support/system.ts";
import type { ReadableRecord, Snapshot, TwinClient } from "../support/twin-client.ts";

describe("a partner's people and deals", () => {
  let system: System;
  let twin: TwinClient;
  let organization: ReadableRecord;
  let partnerId: string;
  let rep: Snapshot;

  const prospect = (name: string, email: string) => ({
    account: { name, domain: `${name.toLowerCase().replace(/\W/g, "")}.example`, country: "DE" },
    contact: { first_name: "Ida", last_name: "Kern", email },
  });
  const register = (title: string, name: string, email: string): Promise<Snapshot> =>
    twin.act({
      action: "submit_registration",
      partner_id: partnerId,
      submitted_by: rep.partner_user_id,
      title,
      prospect: prospect(name, email),
      amount: { value: 1200, currency: "EUR" },
      expected_close_date: "2027-03-01",
    });
  const approve = (registration: Snapshot) =>
    twin.act({ action: "review", registration_id: registration.registration_id, to: "approved" });
  const codes = async () => (await system.app.findings.list("harbourline")).map((f) => `${f.code}: ${f.message}`);

  beforeAll(async () => {
    system = await startSystem();
    twin = system.of("harbourline");
    organization = await twin.edit("organization", {
      name: "Nordlicht Systems",
      "label:Website": "nordlicht.example",
      "label:Allbound Status": "Active",
    });
    await system.quiet();
    partnerId = String((await twin.record("organization", organization.id)).labels["Allbound ID"]);
  }, 60_000);
  afterAll(() => system.close());

  test("a partner user is matched by e-mail within the partner's organization", async () => {
    const person = await twin.edit("person", {
      name: "Mara Voss",
      org_id: organization.id,
      emails: [{ value: "mara@nordlicht.example", primary: true, label: "work" }],
    });
    await system.quiet();
    rep = await twin.act({
      action: "register_contact",
      partner_id: partnerId,
      email: "Mara@nordlicht.example",
      first_name: "Mara",
      last_name: "Voss",
    });
    await system.quiet();
    expect((await twin.record("person", person.id)).labels["Allbound ID"]).toBe(rep.partner_user_id);
    expect(await twin.records("person")).toHaveLength(1);
  });

  test("a partner user nobody knows yet is created", async () => {
    const contact = await twin.act({
      action: "register_contact",
      partner_id: partnerId,
      email: "jo@nordlicht.example",
      first_name: "Jo",
      last_name: "Berg",
    });
    await system.quiet();
    const people = await twin.records("person");
    expect(people).toHaveLength(2);
    expect(people[1]).toMatchObject({ name: "Jo Berg", org_id: organization.id });
    expect(people[1]?.labels["Allbound ID"]).toBe(contact.partner_user_id);
  });

  test("an approved registration becomes Organization, Person and Deal, and the program knows its deal", async () => {
    const registration = await register("Fleet renewal", "Kestrel GmbH", "ida@kestrelgmbh.example");
    await system.quiet();
    expect(await twin.records("deal")).toEqual([]);
    await approve(registration);
    await system.quiet();
    const [deal] = await twin.records("deal");
    expect(deal).toMatchObject({
      title: "Fleet renewal",
      value: 1200,
      currency: "EUR",
      expected_close_date: "2027-03-01",
    });
    expect(deal?.labels["Allbound ID"]).toBe(registration.registration_id);
    const customer = await twin.record("organization", Number(deal?.org_id));
    expect(customer).toMatchObject({ name: "Kestrel GmbH" });
    expect(customer.labels["Allbound Deal ID"]).toBe(registration.registration_id);
    expect((await twin.record("person", Number(deal?.person_id))).labels["Allbound Deal ID"]).toBe(
      registration.registration_id,
    );
    const [known] = await twin.aggregates("deal_registration");
    expect(known).toMatchObject({ crm: { deal_id: deal?.id, org_id: customer.id, person_id: deal?.person_id } });
    expect(await codes()).toEqual([]);
  });

  test("two registrations for one new customer at the same moment end with one Organization and one Person", async () => {
    const before = await twin.records("organization");
    const both = [
      await register("East", "Zweigwerk AG", "zw@zweigwerkag.example"),
      await register("West", "Zweigwerk AG", "zw@zweigwerkag.example"),
    ];
    await Promise.all(both.map(approve));
    await system.quiet();
    const organizations = await twin.records("organization");
    expect(organizations).toHaveLength(before.length + 1);
    const deals = (await twin.records("deal")).filter((deal) => deal.title === "East" || deal.title === "West");
    expect(deals).toHaveLength(2);
    expect(new Set(deals.map((deal) => deal.org_id)).size).toBe(1);
    expect(new Set(deals.map((deal) => deal.person_id)).size).toBe(1);
    const found = await system.app.findings.list("harbourline");
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["DUPLICATE_REGISTRATION"]));
    for (const { id } of found) await system.app.findings.close("harbourline", id);
  });

  test("stage, value and outcome of the Deal reach the registration", async () => {
    const deal = (await twin.records("deal")).find(({ title }) => title === "Fleet renewal");
    await twin.edit("deal", { value: 2500.5 }, deal?.id);
    await system.quiet();
    const registrations = () =>
      twin.aggregates("deal_registration").then((all) => all.find((r) => r.title === "Fleet renewal"));
    expect(await registrations()).toMatchObject({ amount: { value: 2500.5, currency: "EUR" } });
    await twin.edit("deal", { status: "won" }, deal?.id);
    await system.quiet();
    expect(await registrations()).toMatchObject({ sales: { status: "won" } });
    await twin.edit("deal", { status: "lost", lost_reason: "price" }, deal?.id);
    await system.quiet();
    expect(await registrations()).toMatchObject({ sales: { status: "lost", lost_reason: "price" } });
    await twin.edit("deal", { status: "open" }, deal?.id);
    await system.quiet();
    expect(await registrations()).toMatchObject({ sales: { status: "open" } });
    expect(await codes()).toEqual([]);
  });

  test("a one-way field changed in the program does not travel to Pipedrive, and Pipedrive's value comes back", async () => {
    await twin.act({ action: "edit_partner", partner_id: partnerId, fields: { name: "Somebody Else" } });
    await system.quiet();
    expect(await twin.record("organization", organization.id)).toMatchObject({ name: "Nordlicht Systems" });
    expect((await twin.aggregates("partner"))[0]).toMatchObject({ name: "Nordlicht Systems" });
  });
});
