import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decideMatch } from "../../src/operations/match-reviews.ts";
import { syncRecord } from "../../src/operations/sync-record.ts";
import { localActor } from "../../src/store/actor.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";
import { interfere } from "./interference.ts";

const ADA = localActor("ada");

describe("matching", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  beforeAll(async () => {
    channel = await openChannel();
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  test("a Person who is another partner user already is for a person to look at", async () => {
    const emails = ["ada", "ada.winter"].map((name, i) => ({
      value: `${name}@nordlicht.example`,
      primary: i === 0,
      label: "work",
    }));
    const { id } = await channel.twin.edit("person", { name: "Ada", org_id: partner.organization.id, emails });
    await channel.rep(partner, "ada@nordlicht.example");
    const second = await channel.rep(partner, "ada.winter@nordlicht.example");
    const links = "select program_id from link where object = 'person' and crm_id = $1";
    expect(await channel.rows(links, [id])).not.toContainEqual({ program_id: second.partner_user_id });
    const [finding] = await channel.found("MATCH_REVIEW");
    expect(finding?.subject).toBe(`contact ${second.partner_user_id}`);
    expect(finding?.message).toContain(`person ${id}, which stands for`);
    const [review] = await channel.system.app.matchReviews.page("harbourline", { all: false, limit: 9 });
    const refused = decideMatch(
      channel.system.app,
      "harbourline",
      Number(review?.id),
      { choice: "link", crmId: id },
      ADA,
    );
    await expect(refused).rejects.toMatchObject({ code: "CANDIDATE_TAKEN" });
    expect(await channel.rows("select 1 from lane where attempts > 0")).toEqual([]);

    // Separated in Pipedrive, as the finding says, and run again.
    const [first] = emails;
    await channel.twin.edit("person", { emails: [first] }, id);
    const name = { kind: "contact", programId: String(second.partner_user_id) } as const;
    await syncRecord(channel.system.app, "harbourline", name);
    await channel.system.quiet();
    expect(await channel.rows("select crm_id from link where program_id = $1", [second.partner_user_id])).toHaveLength(
      1,
    );
  });

  test("an aggregate that the program does not have is told, and looked for once", async () => {
    const name = { kind: "deal_registration", programId: "reg_nobody" } as const;
    await syncRecord(channel.system.app, "harbourline", name);
    await channel.system.quiet();
    expect((await channel.found("UNKNOWN_IN_PROGRAM")).map(({ subject }) => subject)).toEqual([
      "deal_registration reg_nobody",
    ]);
  });

  test("a registration whose events were lost is found by asking for it", async () => {
    await channel.twin.call("POST", "/deliveries", { meddle: { kind: "drop", count: 2, sender: "program" } });
    const registration = await channel.register(partner, rep, "Unheard");
    await channel.approve(registration);
    await channel.system.quiet();
    const name = { kind: "deal_registration", programId: String(registration.registration_id) } as const;
    await syncRecord(channel.system.app, "harbourline", name);
    await channel.system.quiet();
    expect((await channel.dealNamed("Unheard")).labels["Allbound ID"]).toBe(registration.registration_id);
  });

  test("reads no more hits than it needs: one by one while they are few, together when they are many", async () => {
    const calls = { get: 0, getMany: 0 };
    const others = Array.from({ length: 30 }, (_, i) => 900_000 + i);
    const counting = interfere(channel.system, {
      pipedrive: (real) => ({
        search: async (object, query, call) => (object === "organization" ? others : real.search(object, query, call)),
        searchField: async () => others,
        get: (...args) => {
          calls.get += 1;
          return real.get(...args);
        },
        getMany: (...args) => {
          calls.getMany += 1;
          return real.getMany(...args);
        },
      }),
    });
    await channel.approve(await channel.register(partner, rep, "Many hits"));
    await channel.system.quiet();
    counting.stop();
    expect((await channel.dealNamed("Many hits")).org_id).toBeTruthy();
    expect(calls.getMany).toBe(2); // by domain, then by name: none of them is there
    expect(calls.get).toBeLessThan(10);
  });
});
