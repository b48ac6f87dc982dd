import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Channel, openChannel } from "./channel.ts";

/** kestrel-obs, whose status travels both ways. */
describe("a partnership that ends", () => {
  let channel: Channel;
  const statusOf = async (id: string) =>
    (await channel.twin.aggregates("partner")).find((partner) => partner.partner_id === id)?.status;
  const labelOf = async (id: number) => (await channel.twin.record("organization", id)).labels["Allbound Status"];
  const codesOf = async (id: number) =>
    (await channel.codes()).filter((code) => code.includes(`organization ${id}`)).map((code) => code.split(" ")[0]);

  beforeAll(async () => {
    channel = await openChannel({ tenant: "kestrel-obs" });
  }, 90_000);
  afterAll(() => channel.close());

  test("by deleting the Organization makes the partner inactive, once, and a restored one active again", async () => {
    const { organization, id } = await channel.partner("Nordlicht Systems");
    await channel.later();
    const order = { object: "organization", id: organization.id };
    await channel.twin.call("POST", "/companies/kestrel-sandbox/delete", order);
    await channel.system.quiet();
    expect(await statusOf(id)).toBe("inactive");
    expect(await codesOf(organization.id)).toEqual(["RECORD_DELETED"]);

    await channel.twin.act({ action: "set_partner_status", partner_id: id, status: "pending" });
    await channel.system.quiet();
    expect(await statusOf(id)).toBe("pending");

    await channel.twin.call("POST", "/companies/kestrel-sandbox/restore", order);
    await channel.system.quiet();
    expect(await statusOf(id)).toBe("active");
  });

  test("by archiving the partner makes the Organization inactive, deletes nothing and tells a person", async () => {
    const { organization, id } = await channel.partner("Suedstern");
    await channel.twin.act({ action: "archive_partner", partner_id: id });
    await channel.system.quiet();
    expect(await labelOf(organization.id)).toBe("Inactive");
    expect(await codesOf(organization.id)).toEqual(["PARTNER_ARCHIVED"]);
    expect(await channel.twin.record("organization", organization.id)).toMatchObject({ is_deleted: false });
  });

  test("by merging the partner into another tells a person which two Organizations belong together", async () => {
    const [left, kept] = [await channel.partner("Ostwind"), await channel.partner("Westwind")];
    await channel.twin.act({ action: "merge_partners", partner_id: left.id, into: kept.id });
    await channel.system.quiet();
    expect(await labelOf(left.organization.id)).toBe("Inactive");
    expect(await labelOf(kept.organization.id)).toBe("Active");
    expect(await codesOf(left.organization.id)).toEqual(["PARTNER_MERGED"]);
    expect((await channel.found("PARTNER_MERGED"))[0]?.message).toContain(kept.id);
  });
});
