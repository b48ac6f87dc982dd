import { describe, expect, test } from "@jest/globals";
import { decide } from "../../src/sync/decide.ts";
import { both, decideOne, NOTHING, NOW, pair, plan, toCrm, toProgram } from "./deciding.ts";

describe("nothing to do", () => {
  test("when neither side differs from its own half, however much the halves differ", () => {
    expect(decideOne(both, "+49 30 1", "49301 x", pair("+49 30 1", "49301 x"))).toEqual(NOTHING);
  });

  test("when a side is unknown", () => {
    expect(decideOne(both, undefined, "b", pair("a", "a"))).toEqual(NOTHING);
    expect(decideOne(both, "b", undefined, pair("a", "a"))).toEqual(NOTHING);
    expect(decideOne(both, "b", "a", pair("a", "a"), { crm: null })).toEqual(NOTHING);
    expect(decideOne(both, "b", "a", pair("a", "a"), { program: null })).toEqual(NOTHING);
  });

  test("for a field that is written at creation only", () => {
    expect(decideOne(plan({ direction: "program_to_crm", write: "on_create" }), null, "b")).toEqual(NOTHING);
    expect(decideOne(plan({ write: "on_create" }), "a", "b", pair("a", "a"))).toEqual(NOTHING);
    expect(decideOne(plan({ write: "on_create" }), null, "b")).toEqual(NOTHING);
  });

  test("for a paused field", () => {
    expect(decideOne(both, "b", "a", pair("a", "a"), { paused: [{ field: "f", until: "crm" }] })).toEqual(NOTHING);
    const other = { field: "other", until: "crm" as const };
    expect(decideOne(both, "a", "b", pair("a", "a"), { paused: [other] }).outbound).toHaveLength(1);
    expect(decideOne(both, "b", "a", pair("a", "a"), { paused: [other, { field: "f", until: "crm" }] })).toEqual(
      NOTHING,
    );
  });
});

test("write: on_create says nothing about a field that only Pipedrive writes", () => {
  const field = plan({ direction: "crm_to_program", write: "on_create" });
  expect(decideOne(field, "b", "a", pair("a", "a")).inbound).toHaveLength(1);
});

describe("agreement", () => {
  test("canonically equal values become a pair without a write", () => {
    expect(decideOne(both, "a ", "a")).toEqual({ ...NOTHING, agreed: { f: pair("a ", "a") } });
    expect(decideOne(both, "b", " b", pair("a", "a")).agreed).toEqual({ f: pair("b", " b") });
  });

  test("a side that only reformatted its value moves its half", () => {
    expect(decideOne(both, "a", "a  ", pair("a", "a"))).toEqual({ ...NOTHING, agreed: { f: pair("a", "a  ") } });
    expect(decideOne(both, "a  ", "a", pair("a", "a"))).toEqual({ ...NOTHING, agreed: { f: pair("a  ", "a") } });
  });
});

describe("one side changed", () => {
  test("Pipedrive's change goes to the program", () => {
    const write = { field: "f", value: "b", source: "b", rule: "changed" };
    expect(decideOne(plan({ onConflict: "program" }), "b", "a", pair("a", "a"))).toEqual({
      ...NOTHING,
      inbound: [write],
    });
  });

  test("the program's change goes to Pipedrive", () => {
    const write = { field: "f", value: "b", source: "b", rule: "changed" };
    expect(decideOne(both, "a", "b", pair("a", "a"))).toEqual({ ...NOTHING, outbound: [write] });
  });

  test("each is held against its own half: a stripped phone is no change of the program", () => {
    const phone = plan({ type: "phone", onConflict: "program" });
    const { inbound, outbound } = decideOne(phone, "+49 30 2", "49301", pair("+49 30 1", "49301"));
    expect(inbound).toHaveLength(1);
    expect(outbound).toEqual([]);
  });

  test("emptying is a change", () => {
    expect(decideOne(both, null, "a", pair("a", "a")).inbound).toMatchObject([{ value: null }]);
    expect(decideOne(both, "a", null, pair("a", "a")).outbound).toMatchObject([{ value: null }]);
  });
});

describe("both sides changed", () => {
  const base = pair("a", "a");
  const conflict = { field: "f", crm: "c", program: "p", base };

  test("crm: Pipedrive wins and the program's word is on record", () => {
    expect(decideOne(both, "c", "p", base)).toEqual({
      ...NOTHING,
      inbound: [{ field: "f", value: "c", source: "c", rule: "crm" }],
      conflicts: [{ ...conflict, winner: "crm", rule: "crm" }],
    });
  });

  test("program: the program wins and Pipedrive's word is on record", () => {
    expect(decideOne(plan({ onConflict: "program" }), "c", "p", base)).toEqual({
      ...NOTHING,
      outbound: [{ field: "f", value: "p", source: "p", rule: "program" }],
      conflicts: [{ ...conflict, winner: "program", rule: "program" }],
    });
  });

  test("manual: a person has to decide, and nothing is written", () => {
    expect(decideOne(plan({ onConflict: "manual" }), "c", "p", base)).toEqual({
      ...NOTHING,
      undecided: [{ field: "f", crm: "c", program: "p", base }],
    });
  });

  test("a loser that is empty is no conflict", () => {
    expect(decideOne(both, "c", null, base)).toMatchObject({ inbound: [{ value: "c" }], conflicts: [] });
    expect(decideOne(plan({ onConflict: "program" }), null, "p", base)).toMatchObject({
      outbound: [{ value: "p" }],
      conflicts: [],
    });
  });

  test.each([
    ["the program, later by more than the tolerance", "10:00:00.000", "10:00:03.001", 2000, "program"],
    ["Pipedrive within the tolerance", "10:00:00.000", "10:00:03.000", 2000, "crm"],
    ["Pipedrive within the tolerance of a clock that is behind", "10:00:00.000", "10:00:03.000", -2000, "crm"],
    ["Pipedrive within one second of equal clocks", "10:00:00.000", "10:00:01.000", undefined, "crm"],
    ["the program beyond it", "10:00:00.000", "10:00:01.001", undefined, "program"],
    ["Pipedrive when later", "10:00:09.000", "10:00:00.000", undefined, "crm"],
    ["Pipedrive when its time is unknown", null, "10:00:09.000", undefined, "crm"],
    ["Pipedrive when the program's time is unknown", "10:00:00.000", null, undefined, "crm"],
  ])("newest: %s", (_name, crmAt, programAt, clockOffsetMs, winner) => {
    const at = (time: string | null): Record<string, string> => (time ? { f: `2025-03-04T${time}Z` } : {});
    const times = { crm: at(crmAt), program: at(programAt) };
    const { conflicts } = decideOne(plan({ onConflict: "newest" }), "c", "p", base, { times, clockOffsetMs });
    expect(conflicts).toEqual([{ ...conflict, winner, rule: "newest" }]);
  });

  test("newest without any times: Pipedrive", () => {
    expect(decideOne(plan({ onConflict: "newest" }), "c", "p", base).inbound).toHaveLength(1);
  });
});

describe("first contact", () => {
  test("values that differ are a conflict and recorded", () => {
    expect(decideOne(both, "c", "p").conflicts).toEqual([
      { field: "f", winner: "crm", crm: "c", program: "p", base: null, rule: "crm" },
    ]);
    expect(decideOne(plan({ onConflict: "program" }), "c", "p").conflicts).toHaveLength(1);
    expect(decideOne(plan({ onConflict: "manual" }), "c", "p").undecided).toMatchObject([{ base: null }]);
  });

  test("an empty side is filled, whatever the conflict rule, and nothing is lost", () => {
    for (const onConflict of ["crm", "program", "newest", "manual"] as const) {
      expect(decideOne(plan({ onConflict }), null, "p")).toEqual({
        ...NOTHING,
        outbound: [{ field: "f", value: "p", source: "p", rule: "first_contact" }],
      });
      expect(decideOne(plan({ onConflict }), "c", "")).toEqual({
        ...NOTHING,
        inbound: [{ field: "f", value: "c", source: "c", rule: "first_contact" }],
      });
    }
  });
});

describe("one-way fields", () => {
  test("the source wins, also against its conflict rule", () => {
    const stubborn = plan({ direction: "crm_to_program", onConflict: "program" });
    expect(decideOne(stubborn, "c", "p", pair("a", "a")).inbound).toMatchObject([{ value: "c", rule: "one_way" }]);
    const meek = plan({ direction: "program_to_crm", onConflict: "crm" });
    expect(decideOne(meek, "c", "p", pair("a", "a")).outbound).toMatchObject([{ value: "p", rule: "one_way" }]);
  });

  test("a changed receiver is corrected and its word recorded", () => {
    expect(decideOne(toProgram, "a", "p", pair("a", "a"))).toMatchObject({
      inbound: [{ value: "a" }],
      outbound: [],
      conflicts: [{ winner: "crm", program: "p" }],
    });
    expect(decideOne(toCrm, "c", "a", pair("a", "a"))).toMatchObject({
      outbound: [{ value: "a" }],
      inbound: [],
      conflicts: [{ winner: "program", crm: "c" }],
    });
  });

  test("a receiver that did not change has nothing to lose", () => {
    expect(decideOne(toProgram, "b", "a", pair("a", "a")).conflicts).toEqual([]);
    expect(decideOne(toCrm, "a", "b", pair("a", "a")).conflicts).toEqual([]);
  });

  test("an emptied receiver is filled again without a conflict", () => {
    expect(decideOne(toCrm, null, "a", pair("a", "a"))).toMatchObject({ outbound: [{ value: "a" }], conflicts: [] });
  });
});

test("a two-way field that is written at creation only follows Pipedrive from then on", () => {
  const onCreate = plan({ write: "on_create" });
  expect(decideOne(onCreate, "c", "a", pair("a", "a")).inbound).toMatchObject([{ value: "c", rule: "one_way" }]);
  expect(decideOne(onCreate, "c", "b", pair("a", "a"))).toMatchObject({ outbound: [], inbound: [{ value: "c" }] });
  expect(decideOne(onCreate, "c", "c", pair("a", "a")).agreed).toEqual({ f: pair("c", "c") });
});

describe("a lost reason", () => {
  const reason = plan({ field: "why", crm: { system: "lost_reason" }, direction: "program_to_crm" });
  const outcome = (direction: "program_to_crm" | "crm_to_program") =>
    plan({ field: "sales.status", type: "outcome", crm: { system: "status" }, direction });
  const decided = (owner: "program_to_crm" | "crm_to_program", crmStatus: string, programStatus: string) =>
    decide({
      plan: [reason, outcome(owner)],
      bases: {},
      crm: { why: null, "sales.status": crmStatus },
      program: { why: "price", "sales.status": programStatus },
      nowMs: NOW,
    }).outbound.map(({ field }) => field);

  test("is written into a Deal that is lost, and into no other", () => {
    expect(decided("crm_to_program", "lost", "lost")).toEqual(["why"]);
    expect(decided("crm_to_program", "open", "lost")).toEqual([]);
    expect(decided("crm_to_program", "won", "lost")).toEqual([]);
  });

  test("is written together with the loss where the program says that the Deal is lost", () => {
    expect(decided("program_to_crm", "open", "lost")).toEqual(["why", "sales.status"]);
    expect(decided("program_to_crm", "lost", "open")).toEqual(["sales.status"]);
  });
});
