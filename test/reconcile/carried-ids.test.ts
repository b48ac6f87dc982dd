import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { linkRecord, unlinkRecord } from "../../src/operations/link-records.ts";
import { syncRecord } from "../../src/operations/sync-record.ts";
import type { SystemOptions } from "../support/system.ts";
import type { ReadableRecord, Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner } from "./channel.ts";

describe.each([
  ["prefixes", "prefixed"],
  ["no prefixes", "opaque"],
] as const)("ids of ours in Pipedrive, with %s", (_what, idFormat) => {
  let channel: Channel;
  let one: Partner;
  let rep: Snapshot;
  let count = 0;

  beforeAll(async () => {
    const adjust: SystemOptions["adjust"] = ({ sync }) => void Object.assign(sync, { id_format: idFormat });
    channel = await openChannel({ tenant: "kestrel-obs", adjust });
  }, 90_000);
  afterAll(() => channel.close());
  beforeEach(async () => {
    count += 1;
    one = await channel.partner(`Partner ${count}`);
    rep = await channel.rep(one, `mara${count}@nordlicht.example`);
    await channel.later();
  });

  const statusOf = async ({ id }: Partner) =>
    (await channel.twin.aggregates("partner")).find((partner) => partner.partner_id === id)?.status;
  const setStatus = (id: number, status: string) =>
    channel.twin.edit("organization", { "label:Allbound Status": status }, id);
  const codesAbout = async (object: string, id: number) =>
    (await channel.codes()).filter((code) => code.includes(`${object} ${id}`)).map((code) => code.split(" ")[0]);
  /** What was sent to either side meanwhile. */
  async function writesOf(work: () => Promise<unknown>) {
    const commands = (await channel.twin.commands()).total;
    const { calls } = await channel.spentBy(work);
    const patches = Object.entries(calls).filter(([name]) => /patch|create|update|add/i.test(name));
    return { commands: (await channel.twin.commands()).total - commands, patches };
  }
  const NONE = { commands: 0, patches: [] };
  const clone = (partner: Partner, more: Record<string, unknown> = {}) =>
    channel.twin.edit("organization", {
      ...{ name: `Copy of ${count}`, "label:Allbound ID": partner.id, "label:Allbound Status": "Active" },
      ...more,
    });

  test("C7: a copy of a record holds both until the copy carries the id no more", async () => {
    const copies: ReadableRecord[] = [];
    const made = await writesOf(async () => copies.push(await clone(one)));
    const copy = copies[0] as ReadableRecord;
    expect(made).toEqual(NONE);
    const subject = `RECORD_CLONED organization ${copy.id} and ${one.organization.id}`;
    expect((await channel.codes()).filter((code) => code.startsWith("RECORD_CLONED"))).toEqual([subject]);

    await channel.later();
    const edits = await writesOf(async () => {
      await setStatus(one.organization.id, "Pending");
      await setStatus(copy.id, "Inactive");
      await channel.twin.act({ action: "edit_partner", partner_id: one.id, fields: { name: "Another name" } });
      await channel.system.quiet();
      await syncRecord(channel.system.app, "kestrel-obs", { object: "organization", crmId: one.organization.id });
      await syncRecord(channel.system.app, "kestrel-obs", { object: "organization", crmId: copy.id });
    });
    expect(edits).toEqual(NONE);
    expect(await statusOf(one)).toBe("active");

    await channel.later();
    await channel.twin.edit("organization", { "label:Allbound ID": null, "label:Allbound Status": null }, copy.id);
    await channel.system.quiet();
    expect(await statusOf(one)).toBe("pending");
    expect((await channel.codes()).filter((code) => code.startsWith("RECORD_CLONED"))).toEqual([]);
  });

  test("C7: whoever deletes the original has the copy stand for the partner", async () => {
    const copy = await clone(one);
    await channel.system.quiet();
    await channel.later();
    await channel.twin.call("POST", "/companies/kestrel-sandbox/delete", {
      ...{ object: "organization", id: one.organization.id },
    });
    await channel.system.quiet();
    const links = await channel.rows("select crm_id::int as id, state from link where program_id = $1", [one.id]);
    expect(links).toEqual([{ id: copy.id, state: "active" }]);
  });

  test("C7: a copied Deal is no second Deal of its registration, and holds the first", async () => {
    const { deal, registration } = await channel.deal(one, rep, `Alpha ${count}`);
    await channel.later();
    const copied = { title: "A copy", organization: deal.org_id, "label:Allbound ID": registration.registration_id };
    const copy = await channel.twin.edit("deal", copied);
    await channel.system.quiet();
    await channel.later();
    const won = await writesOf(() => channel.twin.edit("deal", { status: "won" }, deal.id));
    expect(won).toEqual(NONE);
    expect(await codesAbout("deal", copy.id)).toEqual(["RECORD_CLONED"]);
    await channel.later();
    await channel.twin.call("POST", "/companies/kestrel-sandbox/delete", { object: "deal", id: copy.id });
    await channel.system.quiet();
    expect(await channel.registrationNamed(`Alpha ${count}`)).toMatchObject({ sales: { status: "won" } });
  });

  test("C9: an edited id holds the record until it is put right", async () => {
    const other = await channel.partner(`Other ${count}`);
    await channel.later();
    for (const pasted of ["pasted by somebody", other.id]) {
      const edited = await writesOf(async () => {
        await channel.twin.edit("organization", { "label:Allbound ID": pasted }, one.organization.id);
        await setStatus(one.organization.id, "Pending");
      });
      expect(edited).toEqual(NONE);
      expect(await codesAbout("organization", one.organization.id)).toEqual(["ID_MISMATCH"]);
      await channel.later();
    }
    await channel.twin.edit("organization", { "label:Allbound ID": one.id }, one.organization.id);
    await channel.system.quiet();
    expect(await statusOf(one)).toBe("pending");
  });

  test("C9: an id that was moved to another record makes that one no partner", async () => {
    const { organization } = one;
    const moved = await channel.twin.edit("organization", { name: `Moved ${count}` });
    await channel.system.quiet();
    await channel.system.stopWorkers();
    await channel.twin.edit("organization", { "label:Allbound ID": null }, organization.id);
    await channel.twin.edit(
      "organization",
      { "label:Allbound ID": one.id, "label:Allbound Status": "Active" },
      moved.id,
    );
    const partners = (await channel.twin.aggregates("partner")).length;
    channel.system.startWorkers();
    await channel.system.quiet();
    expect(await channel.twin.aggregates("partner")).toHaveLength(partners);
    expect((await codesAbout("organization", moved.id)).length).toBeGreaterThan(0);
  });

  test("C10: ids that were filled in the wrong way round hold the record", async () => {
    const { registration } = await channel.deal(one, rep, `Bravo ${count}`);
    await channel.later();
    const reg = String(registration.registration_id);
    const swapped = await writesOf(async () => {
      await channel.twin.edit(
        "organization",
        { "label:Allbound ID": reg, "label:Allbound Deal ID": one.id, "label:Allbound Status": "Pending" },
        one.organization.id,
      );
      await clone(one, { "label:Allbound ID": reg });
    });
    expect(swapped).toEqual(NONE);
    expect(await codesAbout("organization", one.organization.id)).toEqual(["ID_SWAPPED"]);
    expect((await channel.found("ID_SWAPPED")).length).toBeGreaterThanOrEqual(2);
    await channel.later();
    await channel.twin.edit(
      "organization",
      { "label:Allbound ID": one.id, "label:Allbound Deal ID": null },
      one.organization.id,
    );
    await channel.system.quiet();
    expect(await statusOf(one)).toBe("pending");
  });

  test("C7: a person who says which of both it is ends it", async () => {
    const copy = await clone(one);
    await channel.system.quiet();
    const right = { object: "organization", crmId: copy.id, kind: "partner", programId: one.id } as const;
    await unlinkRecord(channel.system.app, "kestrel-obs", { ...right, crmId: one.organization.id }, "ada");
    await linkRecord(channel.system.app, "kestrel-obs", right, "ada");
    await channel.system.quiet();
    await channel.later();
    await setStatus(copy.id, "Pending");
    await setStatus(one.organization.id, "Inactive");
    await channel.system.quiet();
    expect(await statusOf(one)).toBe("pending");
    // Whoever copied it left its website empty; nothing else is the matter any more.
    expect(await codesAbout("organization", copy.id)).toEqual(["REQUIRED_EMPTY"]);
  });

  test("C7: a pair that a person has parted is no copy", async () => {
    const pair = { object: "organization", crmId: one.organization.id, kind: "partner", programId: one.id } as const;
    await unlinkRecord(channel.system.app, "kestrel-obs", pair, "ada");
    await channel.system.quiet();
    await channel.later();
    await setStatus(one.organization.id, "Inactive");
    await channel.system.quiet();
    expect(await codesAbout("organization", one.organization.id)).toEqual([]);
  });
});
