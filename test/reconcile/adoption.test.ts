import { describe, expect, test } from "@jest/globals";
import { openChannel } from "./channel.ts";

describe("what the program ties to a record by itself", () => {
  test("is linked when the store has forgotten it, and nothing is created again", async () => {
    const channel = await openChannel();
    try {
      const partner = await channel.partner("Nordlicht Systems");
      const rep = await channel.rep(partner, "mara@nordlicht.example");
      const { deal, registration } = await channel.deal(partner, rep, "Fleet renewal");
      // As after a restore of an older backup: both sides have it, we do not.
      await channel.rows("truncate link, lane, inbox_lane, inbox, intent, reservation, effect, history cascade");
      await channel.twin.act({
        action: "edit_registration",
        registration_id: registration.registration_id,
        fields: { expected_close_date: "2027-09-09" },
      });
      await channel.system.quiet();
      expect(await channel.twin.records("deal")).toHaveLength(1);
      expect(await channel.rows("select crm_id::int as id from link where role = 'deal'")).toEqual([{ id: deal.id }]);
    } finally {
      await channel.close();
    }
  }, 60_000);

  test("is linked when it was tied after the aggregate was known here, and nothing is created beside it", async () => {
    const channel = await openChannel();
    try {
      const partner = await channel.partner("Nordlicht Systems");
      const rep = await channel.rep(partner, "mara@nordlicht.example");
      const registration = await channel.register(partner, rep, "Fleet renewal");
      await channel.system.quiet();
      // Somebody has made the Deal by hand, and told the portal.
      const { id } = await channel.twin.edit("deal", { title: "Made by hand", value: 7 });
      const context = await channel.system.app.contexts("harbourline");
      await context.program.apply({
        command: "registration.link_crm",
        registration_id: String(registration.registration_id),
        deal_id: id,
        org_id: null,
        person_id: null,
        idempotency_key: "by hand",
        origin: "crm",
        actor: { kind: "sync", id: "somebody", label: "somebody else" },
        cause: "by hand",
      });
      await channel.approve(registration);
      await channel.system.quiet();
      expect(await channel.twin.records("deal")).toHaveLength(1);
      const record = await channel.twin.record("deal", id);
      expect(record.labels["Allbound ID"]).toBe(registration.registration_id);
      expect(await channel.rows("select crm_id::int as id from link where role = 'deal'")).toEqual([{ id }]);
    } finally {
      await channel.close();
    }
  }, 60_000);
});
