import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner } from "./channel.ts";
import { interfere } from "./interference.ts";

describe("a record that refers to another one", () => {
  let channel: Channel;
  let partner: Partner;

  beforeAll(async () => {
    channel = await openChannel({ tenant: "kestrel-obs" });
    partner = await channel.partner("Nordlicht Systems");
  }, 90_000);
  afterAll(() => channel.close());

  const laneOf = async (kind: string, id: unknown) =>
    (
      await channel.rows<{ attempts: number; blocked_kind: string | null; cause: string | null }>(
        "select attempts, blocked_kind, cause from lane where kind = $1 and program_id = $2",
        [kind, id],
      )
    )[0];
  const holdBackEvents = (count: number, ms: number) =>
    channel.twin.call("POST", "/deliveries", { meddle: { kind: "delay", count, ms, sender: "program" } });

  test("waits for its link without using an attempt, and is done once the link is there", async () => {
    let contact: Snapshot | undefined;
    const early = interfere(channel.system, {
      program: (real) => ({
        async apply(command) {
          const answer = await real.apply(command);
          if (contact || command.command !== "partner.upsert_from_crm") return answer;
          // The partner exists in the program, and its link is not stored yet.
          contact = await channel.twin.act({
            action: "register_contact",
            partner_id: answer.id,
            email: "early@zwirn.example",
            first_name: "Early",
            last_name: "Bird",
          });
          await eventually(
            "the contact waits",
            async () => (await laneOf("contact", contact?.partner_user_id))?.blocked_kind === "partner",
          );
          expect(await laneOf("contact", contact.partner_user_id)).toEqual({
            attempts: 0,
            blocked_kind: "partner",
            cause: null,
          });
          return answer;
        },
      }),
    });
    const zwirn = await channel.partner("Zwirn AG");
    early.stop();
    const people = (await channel.twin.records("person")).filter(({ org_id }) => org_id === zwirn.organization.id);
    expect(people.map(({ name, labels }) => [name, labels["Allbound ID"]])).toEqual([
      ["Early Bird", contact?.partner_user_id],
    ]);
    expect(await laneOf("contact", contact?.partner_user_id)).toEqual({ attempts: 0, blocked_kind: null, cause: null });
  });

  test("goes on with everything else, and has the missing link written when it is there", async () => {
    await holdBackEvents(1, 1_500);
    const late = await channel.twin.act({
      action: "register_contact",
      partner_id: partner.id,
      email: "late@nordlicht.example",
      first_name: "Late",
      last_name: "Comer",
    });
    const registration = await channel.register(partner, late, "Early deal");
    await eventually("the deal is made", async () =>
      (await channel.twin.records("deal")).some(({ title }) => title === "Early deal"),
    );
    expect((await channel.dealNamed("Early deal")).labels["Partner rep"]).toBeNull();
    await channel.system.quiet();
    const deal = await channel.dealNamed("Early deal");
    expect(deal.labels).toMatchObject({
      "Partner rep": "Late Comer",
      "Registering partner": "Nordlicht Systems",
      "Allbound ID": registration.registration_id,
    });
    expect((await laneOf("deal_registration", registration.registration_id))?.attempts).toBe(0);
  });

  test("is not created without what only its creation can carry", async () => {
    let made: Snapshot | undefined;
    const early = interfere(channel.system, {
      program: (real) => ({
        async apply(command) {
          const answer = await real.apply(command);
          if (made || command.command !== "partner.upsert_from_crm") return answer;
          const contact = await channel.twin.act({
            action: "register_contact",
            partner_id: answer.id,
            email: "quick@blitz.example",
            first_name: "Quick",
            last_name: "Fox",
          });
          made = await channel.register({ id: answer.id } as Partner, contact, "Quick deal");
          await eventually("the registration is worked on", async () => {
            const lane = await laneOf("deal_registration", made?.registration_id);
            return (
              lane?.blocked_kind === "partner" ||
              (await channel.twin.records("deal")).some(({ title }) => title === "Quick deal")
            );
          });
          return answer;
        },
      }),
    });
    await channel.partner("Blitz AG");
    early.stop();
    expect((await channel.dealNamed("Quick deal")).labels["Registering partner"]).toBe("Blitz AG");
  });
});
