import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { ReadableRecord, Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";
import { withContactDetails } from "./documents.ts";

describe("a base pair", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  let deal: ReadableRecord;
  let registration: Snapshot;
  let count = 0;

  beforeAll(async () => {
    channel = await openChannel({
      adjust(document) {
        withContactDetails(document);
        for (const line of document.objects.deal.extra) {
          if (line.program === "registration.expected_close_date") line.on_conflict = "newest";
        }
      },
    });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());
  beforeEach(async () => {
    count += 1;
    ({ deal, registration } = await channel.deal(partner, rep, `Deal ${count}`));
    await channel.later();
  });

  const editRegistration = (fields: Record<string, unknown>) =>
    channel.twin.act({ action: "edit_registration", registration_id: registration.registration_id, fields });
  const dealNow = () => channel.dealNamed(`Deal ${count}`);
  const registrationNow = () => channel.registrationNamed(`Deal ${count}`);
  const history = (field: string) =>
    channel.rows<{ event: string; winner: string | null; rule: string | null }>(
      "select event, winner, rule from history where field = $1 and program_id = $2 and rule <> 'create' order by id",
      [field, registration.registration_id],
    );
  const conflicts = async (field: string) => (await history(field)).filter(({ event }) => event === "conflict");
  /** Both edits are known before either is looked at. */
  async function bothEdit(edits: () => Promise<unknown>) {
    await channel.system.stopWorkers();
    await edits();
    channel.system.startWorkers();
    await channel.system.quiet();
  }

  test("keeps each side's own form: a phone that one formats and the other strips needs no write", async () => {
    const [person] = (await channel.twin.records("person")) as [ReadableRecord];
    const phones = [{ value: "+4930901820", primary: true, label: "work" }];
    await channel.twin.edit("person", { phones }, person.id);
    await channel.system.quiet();
    await channel.later();
    const spent = await channel.spentBy(() =>
      channel.twin.act({ action: "edit_contact", contact_id: rep.partner_user_id, fields: { phone: "+49 30 901820" } }),
    );
    expect(spent.tokens).toBe(0);
    expect((await channel.twin.aggregates("contact"))[0]).toMatchObject({ phone: "4930901820" });
    const after = await channel.twin.record("person", person.id);
    expect((after.phones as { value: string }[]).map(({ value }) => value)).toEqual(["+49 309 018 20"]);
    expect(await channel.codes()).toEqual([]);
  });

  test("keeps each side's own amount: one that Pipedrive rounds is written once, and is a finding", async () => {
    const commands = (await channel.twin.commands()).total;
    // The program pays dinars in thousandths, Pipedrive keeps hundredths.
    const spent = await channel.spentBy(() => editRegistration({ amount: { value: 1.234, currency: "KWD" } }));
    expect(spent.calls["deals.update"]).toBe(1);
    expect(await dealNow()).toMatchObject({ value: 1.23, currency: "KWD" });
    expect((await channel.twin.commands()).total).toBe(commands);
    expect(await channel.codes()).toEqual([`READBACK_DIFFERS deal ${deal.id} registration.amount`]);
  });

  test("that both sides have left is a conflict: on_conflict decides, and the loser is on record", async () => {
    await bothEdit(async () => {
      await channel.twin.edit("deal", { value: 10 }, deal.id);
      await editRegistration({ amount: { value: 20, currency: "EUR" } });
    });
    expect(await dealNow()).toMatchObject({ value: 10 });
    expect(await registrationNow()).toMatchObject({ amount: { value: 10, currency: "EUR" } });
    expect(await conflicts("registration.amount")).toEqual([{ event: "conflict", winner: "crm", rule: "crm" }]);
  });

  test("with on_conflict newest: the later change wins, whichever side it was made on", async () => {
    await bothEdit(async () => {
      await channel.twin.edit("deal", { expected_close_date: "2027-07-01" }, deal.id);
      await channel.later();
      await editRegistration({ expected_close_date: "2027-07-02" });
    });
    expect(await dealNow()).toMatchObject({ expected_close_date: "2027-07-02" });
    await channel.later();
    await bothEdit(async () => {
      await editRegistration({ expected_close_date: "2027-08-01" });
      await channel.later();
      await channel.twin.edit("deal", { expected_close_date: "2027-08-02" }, deal.id);
    });
    expect(await dealNow()).toMatchObject({ expected_close_date: "2027-08-02" });
    expect(await registrationNow()).toMatchObject({ expected_close_date: "2027-08-02" });
    expect((await conflicts("registration.expected_close_date")).map(({ winner }) => winner)).toEqual([
      "program",
      "crm",
    ]);
  });

  test("on both sides the same change is agreed without a write", async () => {
    const commands = (await channel.twin.commands()).total;
    await channel.system.stopWorkers();
    const spent = await channel.spentBy(async () => {
      await channel.twin.edit("deal", { expected_close_date: "2027-09-01" }, deal.id);
      await editRegistration({ expected_close_date: "2027-09-01" });
      channel.system.startWorkers();
    });
    expect(spent.tokens).toBe(0);
    expect((await channel.twin.commands()).total).toBe(commands);
  });

  test("of a one-way field changed on its receiving side: corrected once, and on record", async () => {
    const before = await channel.twin.commands();
    await channel.twin.act({ action: "edit_partner", partner_id: partner.id, fields: { name: "Somebody Else" } });
    await channel.system.quiet();
    expect((await channel.twin.aggregates("partner"))[0]).toMatchObject({ name: "Nordlicht Systems" });
    expect((await channel.twin.commands()).total).toBe(before.total + 1);
    const rows = await channel.rows(
      "select winner, rule from history where field = 'partner.name' and event = 'conflict'",
    );
    expect(rows).toEqual([{ winner: "crm", rule: "one_way" }]);
  });

  test("that is missing at first contact makes a difference a conflict, and puts it on record", async () => {
    const { id } = await channel.twin.edit("person", {
      name: "Jo Berg",
      org_id: partner.organization.id,
      emails: [{ value: "jo@nordlicht.example", primary: true, label: "work" }],
      "label:Portal role": "Owner",
    });
    await channel.rep(partner, "jo@nordlicht.example");
    expect((await channel.twin.record("person", id)).labels["Portal role"]).toBe("Sales");
    const rows = await channel.rows(
      "select h.winner, h.rule from history h join lane l on l.id = h.lane_id where h.field = 'contact.role' and h.event = 'conflict' and l.crm_id = $1",
      [id],
    );
    expect(rows).toEqual([{ winner: "program", rule: "one_way" }]);
  });

  test("that another automation keeps breaking pauses its field after two writes, until its source changes", async () => {
    const person = (await channel.twin.records("person")).find(({ name }) => name === "mara Voss") as ReadableRecord;
    const roleOf = async () => (await channel.twin.record("person", person.id)).labels["Portal role"];
    const editRole = (role: string) =>
      channel.twin.act({ action: "edit_contact", contact_id: rep.partner_user_id, fields: { role } });
    const automation = setInterval(async () => {
      if ((await roleOf()) === "Manager")
        await channel.twin.edit("person", { "label:Portal role": "Owner" }, person.id);
    }, 20);
    const spent = await channel.spentBy(() => editRole("manager")).finally(() => clearInterval(automation));
    expect(spent.calls["persons.update"]).toBe(2);
    expect(await roleOf()).toBe("Owner");
    expect((await channel.found("FIELD_PAUSED")).map(({ subject }) => subject)).toEqual([
      `person ${person.id} contact.role`,
    ]);

    const resumed = await channel.spentBy(() => editRole("executive"));
    expect(resumed.calls["persons.update"]).toBe(1);
    expect(await roleOf()).toBe("Executive");
  });

  test("that the program keeps setting back pauses likewise, until Pipedrive says something new", async () => {
    const other = await openChannel(); // its partners' names come from Pipedrive only
    try {
      const { id, organization } = await other.partner("Nordlicht Systems");
      const nameOf = async () =>
        (await other.twin.aggregates("partner")).find(({ partner_id }) => partner_id === id)?.name;
      const before = (await other.twin.commands()).total;
      for (let i = 0; i < 4; i++) {
        await other.twin.act({ action: "edit_partner", partner_id: id, fields: { name: "Robot" } });
        await other.system.quiet();
      }
      expect((await other.twin.commands()).total - before).toBe(2);
      expect(await nameOf()).toBe("Robot");
      const [finding] = await other.found("FIELD_PAUSED");
      expect(finding?.message).toContain("another automation in the partner program");

      await other.later();
      await other.twin.edit("organization", { name: "Nordlicht Neu" }, organization.id);
      await other.system.quiet();
      expect(await nameOf()).toBe("Nordlicht Neu");
    } finally {
      await other.close();
    }
  });
});
