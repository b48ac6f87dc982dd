import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Channel, openChannel } from "./channel.ts";

describe("an organization with a status", () => {
  let channel: Channel;
  beforeAll(async () => {
    channel = await openChannel({
      adjust: (document) => {
        document.sync.start_at = "2030-06-01T00:00:00Z";
      },
    });
  }, 90_000);
  afterAll(() => channel.close());

  const choose = async (fields: Record<string, unknown>, id?: number) => {
    const organization = await channel.twin.edit("organization", { "label:Allbound Status": "Active", ...fields }, id);
    await channel.system.quiet();
    return organization;
  };
  const partners = async () => (await channel.twin.aggregates("partner")).map(({ name }) => name);

  test("last changed before start_at is left alone until it is changed", async () => {
    const { id } = await choose({ name: "Early", "label:Website": "https://early.example" });
    expect(await partners()).toEqual([]);
    const { now } = await channel.twin.call<{ now: string }>("GET", "/clock");
    const advanceMs = Date.parse("2030-06-02T00:00:00Z") - Date.parse(now);
    await channel.twin.call("POST", "/clock", { advanceMs });
    await choose({ name: "Early bird" }, id);
    expect(await partners()).toEqual(["Early bird"]);
    expect(await channel.codes()).toEqual([]);
  });

  test("that lacks what the mapping requires enters the program all the same, with a finding", async () => {
    const { id } = await choose({ name: "Siteless" });
    expect(await partners()).toContain("Siteless");
    const [finding] = await channel.found("REQUIRED_EMPTY");
    expect(finding?.subject).toBe(`organization ${id} partner.website`);
    expect(finding?.message).toContain("Website is empty in Pipedrive, and the mapping requires it");
  });
});
