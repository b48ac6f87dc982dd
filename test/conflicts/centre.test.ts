import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { decideConflict, undoConflict } from "../../src/operations/conflicts.ts";
import { unlinkRecord } from "../../src/operations/link-records.ts";
import { dies, interfere } from "../reconcile/interference.ts";
import { ADA, type Desk, openDesk, TENANT } from "./desk.ts";

const EUR = (value: number) => ({ amount: { value, currency: "EUR" } });
const money = (amount: string) => ({ amount, currency: "EUR" });

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
}, 90_000);
afterAll(() => desk.channel.close());
beforeEach(async () => {
  desk.channel.system.startWorkers();
  await desk.next();
});

const commands = async () => (await desk.channel.twin.commands()).total;
const finding = async () =>
  (await desk.channel.found("CONFLICT_MANUAL")).filter(({ subject }) => subject.startsWith(`deal ${desk.deal.id} `));

describe("a field that the mapping leaves to people, changed on both sides", () => {
  test("is written on neither, and kept with both values, their times and what was agreed", async () => {
    const before = await commands();
    const spent = await desk.channel.spentBy(() => desk.disagree());
    expect(spent.calls["deals.update"]).toBeUndefined();
    expect(await commands()).toBe(before);
    expect(await desk.amounts()).toEqual([10, 20]);
    const [{ id } = { id: 0 }] = await desk.conflicts("open");
    const found = await desk.show(id);
    expect(found).toMatchObject({
      state: "open",
      rule: "manual",
      revision: 1,
      label: expect.any(String),
      verdict: null,
    });
    expect(found.evidence).toEqual({
      ...{ crm: money("10"), program: money("20") },
      ...{ crmAt: expect.stringMatching(/^2/), programAt: expect.stringMatching(/^2/) },
      base: { crm: money("1200"), program: money("1200") },
    });
    expect(await finding()).toHaveLength(1);
    const [sealed] = await desk.channel.rows<{ evidence: Buffer }>("select evidence from conflict where id = $1", [id]);
    expect(sealed?.evidence.toString("latin1")).not.toContain("EUR");
  });

  test("is over when its pair is unlinked: nothing could carry a decision out", async () => {
    const id = await desk.disagree();
    const { version } = await desk.show(id);
    const programId = String(desk.registration.registration_id);
    const pair = { object: "deal", crmId: desk.deal.id, kind: "deal_registration", programId } as const;
    await unlinkRecord(desk.channel.system.app, TENANT, pair, "ada");
    expect(await desk.show(id)).toMatchObject({ state: "ended" });
    expect(await finding()).toEqual([]);
    await expect(desk.decide(id, "crm", version)).rejects.toMatchObject({ code: "CONFLICT_NOT_OPEN" });
  });

  test("stands still while both go on, shows the newest values, and refuses who saw older ones", async () => {
    const id = await desk.disagree();
    const { version } = await desk.show(id);
    await desk.editRegistration(EUR(30));
    await desk.channel.system.quiet();
    await desk.channel.later();
    await desk.editDeal({ value: 1200 }); // back to what was agreed: the other side's word is still not heard
    await desk.channel.system.quiet();
    expect(await desk.amounts()).toEqual([1200, 30]);
    expect((await desk.show(id)).evidence).toMatchObject({ crm: money("1200"), program: money("30") });
    await expect(desk.decide(id, "crm", version)).rejects.toMatchObject({ code: "CONFLICT_CHANGED" });
    expect(await desk.amounts()).toEqual([1200, 30]);
    expect(await desk.conflicts()).toHaveLength(1);
  });

  test("closes itself when both come to say the same", async () => {
    const id = await desk.disagree();
    await desk.editRegistration(EUR(10));
    await desk.channel.system.quiet();
    expect(await desk.show(id)).toMatchObject({ state: "agreed", winner: null, decidedBy: null });
    expect(await finding()).toEqual([]);
  });

  test.each([
    ["crm", [10, 10]],
    ["program", [20, 20]],
  ] as const)(
    "has %s's value on both sides once a person decides for it, and says who that was",
    async (side, amounts) => {
      const id = await desk.disagree();
      await desk.decide(id, side);
      expect(await desk.amounts()).toEqual(amounts);
      expect(await desk.show(id)).toMatchObject({
        state: "decided",
        winner: side,
        rule: "person",
        decidedBy: ADA.name,
      });
      expect(await finding()).toEqual([]);
      const [row] = await desk.channel.rows(
        "select winner, rule from history where event = 'conflict' and program_id = $1 and winner is not null",
        [desk.registration.registration_id],
      );
      expect(row).toEqual({ winner: side, rule: "person" });
      await expect(desk.decide(id, side)).rejects.toMatchObject({ code: "CONFLICT_NOT_OPEN" });
    },
  );

  test("is not written by a decision that a change overtook: it is open again with the new values", async () => {
    const id = await desk.disagree();
    await desk.channel.system.stopWorkers();
    const { version } = await desk.show(id);
    await desk.editDeal({ value: 11 });
    await decideConflict(desk.channel.system.app, TENANT, id, { choice: "program", seen: version, by: ADA });
    await expect(desk.decide(id, "crm")).rejects.toMatchObject({ code: "CONFLICT_NOT_OPEN" });
    desk.channel.system.startWorkers();
    await desk.channel.system.quiet();
    expect(await desk.amounts()).toEqual([11, 20]);
    expect(await desk.show(id)).toMatchObject({ state: "open", verdict: null, note: "CHANGED_SINCE" });
  });

  test.each(["before the write", "after the write, its answer unheard"])(
    "is carried out by the lane though its worker dies %s",
    async (when) => {
      const id = await desk.disagree();
      let died = false;
      const interference = interfere(desk.channel.system, {
        pipedrive: (real) => ({
          async patch(...args: Parameters<typeof real.patch>) {
            if (died) return real.patch(...args);
            died = true;
            if (when.startsWith("after")) await real.patch(...args);
            return dies();
          },
        }),
      });
      await desk.decide(id, "program").finally(() => interference.stop());
      expect(await desk.amounts()).toEqual([20, 20]);
      expect(await desk.show(id)).toMatchObject({ state: "decided", winner: "program", rule: "person" });
    },
  );
});

describe("values kept apart", () => {
  test("both stand, whatever else is written of the record, until a side changes: then it is a conflict again", async () => {
    const id = await desk.disagree();
    await desk.decide(id, "apart");
    await desk.editRegistration({ expected_close_date: "2027-05-05" });
    await desk.channel.system.quiet();
    expect([await desk.amounts(), (await desk.dates())[0]]).toEqual([[10, 20], "2027-05-05"]);
    expect(await desk.show(id)).toMatchObject({ state: "apart", decidedBy: ADA.name });
    expect(await finding()).toEqual([]);

    await desk.editRegistration(EUR(21));
    await desk.channel.system.quiet();
    expect(await desk.amounts()).toEqual([10, 21]);
    expect(await desk.show(id)).toMatchObject({ state: "ended" });
    expect(await desk.conflicts("open")).toHaveLength(1);
  });

  test("are open again when that is undone", async () => {
    const id = await desk.disagree();
    await desk.decide(id, "apart");
    await desk.undo(id);
    expect(await desk.show(id)).toMatchObject({ state: "open", verdict: null });
    expect(await desk.amounts()).toEqual([10, 20]);
  });
});

describe("a decision that is undone", () => {
  test.each([
    ["crm", "program"],
    ["program", "crm"],
  ] as const)("for %s: puts the value of %s back, and the conflict is open again", async (winner, loser) => {
    const id = await desk.disagree();
    await desk.decide(id, winner);
    await desk.channel.later();
    await desk.undo(id);
    expect(await desk.amounts()).toEqual([10, 20]);
    expect(await desk.show(id)).toMatchObject({ state: "open", verdict: null, rule: "undo", decidedBy: ADA.name });
    await desk.decide(id, loser);
    expect(await desk.amounts()).toEqual(winner === "crm" ? [20, 20] : [10, 10]);
  });

  test("is refused once the field has changed, with what did", async () => {
    const id = await desk.disagree();
    await desk.decide(id, "crm");
    await desk.channel.later();
    await desk.editDeal({ value: 15 });
    await desk.channel.system.quiet();
    const refused = expect(undoConflict(desk.channel.system.app, TENANT, id, ADA)).rejects;
    await refused.toMatchObject({ code: "CONFLICT_OVERTAKEN", message: expect.stringContaining("in Pipedrive since") });
    expect(await desk.amounts()).toEqual([15, 15]);
  });

  test("overwrites nothing that changed before the lane came to it", async () => {
    const id = await desk.disagree();
    await desk.decide(id, "crm");
    await desk.channel.later();
    await desk.channel.system.stopWorkers();
    await desk.editRegistration(EUR(33));
    await undoConflict(desk.channel.system.app, TENANT, id, ADA);
    desk.channel.system.startWorkers();
    await desk.channel.system.quiet();
    expect(await desk.amounts()).toEqual([33, 33]);
    expect(await desk.show(id)).toMatchObject({
      state: "decided",
      winner: "crm",
      verdict: null,
      note: "CHANGED_SINCE",
    });
  });

  test("by rule: both values stand apart from then on", async () => {
    await desk.bothEdit(async () => {
      await desk.editRegistration({ expected_close_date: "2027-08-01" });
      await desk.channel.later();
      await desk.editDeal({ expected_close_date: "2027-08-02" });
    });
    const [{ id } = { id: 0 }] = await desk.conflicts("decided");
    expect(await desk.show(id)).toMatchObject({ winner: "crm", rule: "newest", decidedBy: null });
    await desk.channel.later();
    await desk.undo(id);
    expect(await desk.dates()).toEqual(["2027-08-02", "2027-08-01"]);
    expect(await desk.show(id)).toMatchObject({ state: "apart" });
  });
});
