import { describe, expect, test } from "@jest/globals";
import { agreePair, agrees, type DecideInput, decide } from "../../src/sync/decide.ts";
import type { BasePair, FieldPlan, Value } from "../../src/sync/model.ts";

const NOW = Date.parse("2025-03-04T10:00:00Z");
const MINUTE = 60_000;
const UNMAPPED = { unmapped: 999 };

function plan(more: Partial<FieldPlan> = {}): FieldPlan {
  const crm = { custom: "k", crmType: "varchar" };
  return { field: "f", label: "F", type: "text", crm, direction: "both", write: "always", onConflict: "crm", ...more };
}

/** Decides one field. An undefined side is unknown, an undefined base means the sides never agreed. */
function decideOne(
  field: FieldPlan,
  crm: Value | undefined,
  program: Value | undefined,
  base?: BasePair,
  more: Partial<DecideInput> = {},
) {
  return decide({
    plan: [field],
    bases: base ? { [field.field]: base } : {},
    crm: crm === undefined ? {} : { [field.field]: crm },
    program: program === undefined ? {} : { [field.field]: program },
    nowMs: NOW,
    ...more,
  });
}

const pair = (crm: Value, program: Value): BasePair => ({ crm, program });
const NOTHING = { outbound: [], inbound: [], agreed: {}, conflicts: [], findings: [] };
const both = plan();
const toProgram = plan({ direction: "crm_to_program" });
const toCrm = plan({ direction: "program_to_crm" });
const finding = (code: string) => [expect.objectContaining({ code, field: "f", label: "F" })];

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
    expect(decideOne(plan({ write: "on_create" }), "c", "b", pair("a", "a"))).toEqual(NOTHING);
  });

  test("for a paused field", () => {
    expect(decideOne(both, "b", "a", pair("a", "a"), { paused: ["f"] })).toEqual(NOTHING);
    expect(decideOne(both, "a", "b", pair("a", "a"), { paused: ["other"] }).outbound).toHaveLength(1);
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

  test("manual: a finding and no write", () => {
    expect(decideOne(plan({ onConflict: "manual" }), "c", "p", base)).toEqual({
      ...NOTHING,
      findings: finding("CONFLICT_MANUAL"),
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
    expect(decideOne(plan({ onConflict: "manual" }), "c", "p").findings).toEqual(finding("CONFLICT_MANUAL"));
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

describe("if_empty", () => {
  const field = plan({ direction: "program_to_crm", write: "if_empty" });

  test("writes into an empty field, also one that a person emptied", () => {
    expect(decideOne(field, null, "p").outbound).toEqual([{ field: "f", value: "p", source: "p", rule: "if_empty" }]);
    expect(decideOne(field, " ", "p").outbound).toHaveLength(1);
    expect(decideOne(field, null, "p", pair("p", "p")).outbound).toHaveLength(1);
  });

  test("leaves another value alone", () => {
    expect(decideOne(field, "c", "p")).toEqual(NOTHING);
    expect(decideOne(field, "c", null)).toEqual(NOTHING);
  });

  test("does not write again what Pipedrive answered as empty", () => {
    expect(decideOne(field, null, "n/a", pair(null, "n/a"))).toEqual(NOTHING);
  });

  test("another id is a mismatch and never overwritten", () => {
    const id = { ...field, field: "allbound_id" };
    const { outbound, findings } = decideOne(id, "prt_other", "prt_1");
    expect(outbound).toEqual([]);
    expect(findings).toMatchObject([{ code: "ID_MISMATCH", field: "allbound_id", crm: "prt_other", program: "prt_1" }]);
  });

  test("another registration on a customer is normal", () => {
    expect(decideOne({ ...field, field: "allbound_deal_id" }, "reg_other", "reg_1")).toEqual(NOTHING);
  });

  test("on a two-way field what Pipedrive has speaks for both", () => {
    const twoWay = plan({ write: "if_empty", onConflict: "program" });
    expect(decideOne(twoWay, null, "p", pair("p", "p"))).toMatchObject({ outbound: [{ value: "p" }], inbound: [] });
    expect(decideOne(twoWay, "c", "p", pair("a", "a"))).toMatchObject({
      outbound: [],
      inbound: [{ value: "c", rule: "if_empty" }],
      conflicts: [{ winner: "crm", program: "p" }],
    });
  });
});

describe("restore_once", () => {
  const field = plan({ direction: "program_to_crm", write: "restore_once" });
  const base = pair("reg_1", "reg_1");

  test("puts an emptied id back once", () => {
    expect(decideOne(field, null, "reg_1", base)).toEqual({
      ...NOTHING,
      outbound: [{ field: "f", value: "reg_1", source: "reg_1", rule: "restore_once" }],
    });
  });

  test("after that reports it", () => {
    expect(decideOne(field, null, "reg_1", base, { restored: ["f"] })).toEqual({
      ...NOTHING,
      findings: finding("ID_CLEARED"),
    });
    expect(decideOne(field, null, "reg_1", base, { restored: ["g"] }).outbound).toHaveLength(1);
  });

  test("never overwrites another id", () => {
    expect(decideOne(field, "reg_2", "reg_1", base)).toEqual({ ...NOTHING, findings: finding("ID_MISMATCH") });
  });
});

describe("values the mapping cannot express", () => {
  const option = plan({ type: "option" });
  const base = pair("active", "active");

  test("never travel, and a person is told", () => {
    for (const direction of ["both", "crm_to_program"] as const) {
      expect(decideOne({ ...option, direction }, UNMAPPED, "active", base)).toEqual({
        ...NOTHING,
        findings: finding("OPTION_UNMAPPED"),
      });
    }
    for (const direction of ["both", "program_to_crm"] as const) {
      expect(decideOne({ ...option, direction }, "active", UNMAPPED, base)).toEqual({
        ...NOTHING,
        findings: finding("OPTION_UNMAPPED"),
      });
    }
  });

  test("do not travel into an empty field either", () => {
    const field = plan({ type: "option", direction: "program_to_crm", write: "if_empty" });
    expect(decideOne(field, null, UNMAPPED)).toEqual({ ...NOTHING, findings: finding("OPTION_UNMAPPED") });
  });

  test("are overwritten by the side that owns the field", () => {
    const field = plan({ type: "option", direction: "program_to_crm" });
    expect(decideOne(field, UNMAPPED, "active", base)).toMatchObject({
      outbound: [{ value: "active" }],
      conflicts: [{ crm: UNMAPPED }],
      findings: [],
    });
  });

  test("a stage outside the mapping is reported only where the mapping asks for it", () => {
    const stage = plan({ type: "stage", direction: "crm_to_program" });
    expect(decideOne(stage, UNMAPPED, "working")).toEqual(NOTHING);
    expect(decideOne(stage, UNMAPPED, "working", undefined, { unmappedStages: "ignore" })).toEqual(NOTHING);
    expect(decideOne(stage, UNMAPPED, "working", undefined, { unmappedStages: "finding" }).findings).toEqual(
      finding("OPTION_UNMAPPED"),
    );
  });
});

describe("a partner status emptied in Pipedrive", () => {
  const status = plan({ field: "partner.status", type: "option", direction: "crm_to_program" });
  const base = pair("active", "active");
  const cleared = [expect.objectContaining({ code: "STATUS_CLEARED", field: "partner.status" })];

  test.each(["crm_to_program", "both"] as const)("makes the partner inactive (%s)", (direction) => {
    const { inbound, outbound, findings } = decideOne({ ...status, direction }, null, "active", base);
    expect(inbound).toMatchObject([{ value: "inactive", source: null }]);
    expect(outbound).toEqual([]);
    expect(findings).toEqual(cleared);
  });

  test.each(["crm_to_program", "both"] as const)("is settled after that (%s)", (direction) => {
    const settled = agreePair({ ...status, direction }, "inactive", null, "inactive", true);
    expect(settled).toEqual(pair(null, "inactive"));
    expect(decideOne({ ...status, direction }, null, "inactive", settled ?? undefined)).toEqual(NOTHING);
  });

  test("agrees with a partner that is inactive already, and is still reported", () => {
    const decision = decideOne(status, null, "inactive", base);
    expect(decision).toEqual({ ...NOTHING, agreed: { "partner.status": pair(null, "inactive") }, findings: cleared });
  });

  test("at first contact is not an emptying: two-way it is filled, one-way an inactive partner agrees", () => {
    expect(decideOne({ ...status, direction: "both" }, null, "active")).toMatchObject({
      outbound: [{ value: "active" }],
      findings: [],
    });
    expect(decideOne(status, null, "inactive")).toEqual({
      ...NOTHING,
      agreed: { "partner.status": pair(null, "inactive") },
    });
  });

  test("means nothing where only the program writes it", () => {
    const decision = decideOne({ ...status, direction: "program_to_crm" }, null, "active", base);
    expect(decision).toMatchObject({ outbound: [{ value: "active" }], inbound: [], findings: [] });
  });

  test("is filled again when the program reactivates the partner and both may write", () => {
    const decision = decideOne({ ...status, direction: "both" }, null, "active", pair(null, "inactive"));
    expect(decision).toMatchObject({ outbound: [{ value: "active" }], inbound: [], findings: [] });
  });
});

describe("e-mails and phones of a person", () => {
  const email = plan({ type: "email", crm: { system: "emails" }, direction: "program_to_crm" });

  test("agree when the list holds the program's value", () => {
    expect(decideOne(email, ["a@x.test", "B@x.test"], "b@x.test").agreed).toEqual({
      f: pair(["a@x.test", "B@x.test"], "b@x.test"),
    });
    expect(agrees(email, ["a@x.test"], "b@x.test")).toBe(false);
    expect(agrees(email, null, "b@x.test")).toBe(false);
  });

  test("agree when the program has none: nothing is removed", () => {
    expect(decideOne(email, ["a@x.test"], null, pair(["a@x.test"], "a@x.test"))).toMatchObject({
      outbound: [],
      agreed: { f: {} },
    });
  });

  test("are added to without a conflict, as nothing is lost", () => {
    expect(decideOne(email, ["a@x.test"], "b@x.test")).toMatchObject({
      outbound: [{ value: "b@x.test" }],
      conflicts: [],
    });
  });
});

describe("a field that somebody keeps rewriting", () => {
  const base = pair("a", "a");
  const AT = "2025-03-04T09:00:00Z";
  const times = { crm: {}, program: { f: AT } };
  const write = (minutesAgo: number, more = {}) => ({
    field: "f",
    value: "a",
    atMs: NOW - minutesAgo * MINUTE,
    sourceAt: AT,
    ...more,
  });
  const again = (recent: DecideInput["recent"], more: Partial<DecideInput> = {}) =>
    decideOne(toCrm, "AUTO", "a", base, { times, recent, ...more });

  test("pauses after two acknowledged writes of one value in ten minutes", () => {
    expect(again([write(1), write(9)])).toEqual({ ...NOTHING, findings: finding("FIELD_PAUSED") });
    expect(again([write(1), write(9, { value: " a" })]).outbound).toEqual([]);
  });

  test.each([
    ["after one write", [write(1)]],
    ["when one of them was longer ago", [write(1), write(10)]],
    ["when one was another value", [write(1), write(2, { value: "b" })]],
    ["when one was another field", [write(1), write(2, { field: "g" })]],
    ["when the program has spoken since", [write(1, { sourceAt: "2025-03-04T08:00:00Z" }), write(2)]],
  ])("is written %s", (_name, recent) => {
    expect(again(recent)).toMatchObject({ outbound: [{ value: "a" }], findings: [] });
  });

  test("pauses also when the program's time is not known", () => {
    const unknown = [write(1, { sourceAt: null }), write(2, { sourceAt: null })];
    expect(again(unknown, { times: undefined }).findings).toEqual(finding("FIELD_PAUSED"));
    expect(again(unknown).findings).toEqual([]);
  });

  test("does not hold up writes to the program", () => {
    expect(decideOne(both, "a", "AUTO", base, { recent: [write(1), write(2)], times }).findings).toEqual([]);
    expect(decideOne(toProgram, "a", "AUTO", base, { recent: [write(1), write(2)], times }).inbound).toHaveLength(1);
  });
});

describe("a base advances", () => {
  test("to what was answered directly, however that side rewrote it", () => {
    expect(agreePair(both, "abcdef", "abc", "abcdef", true)).toEqual(pair("abc", "abcdef"));
  });

  test("to what a lookup shows, if that is what was sent", () => {
    expect(agreePair(both, "a ", "a", "a ", false)).toEqual(pair("a", "a "));
    expect(agreePair(both, "abcdef", "abc", "abcdef", false)).toBeNull();
    expect(agreePair(both, "abc", "abc", "else", false)).toBeNull();
  });

  test("not without both answers", () => {
    expect(agreePair(both, "a", undefined, "a", true)).toBeNull();
    expect(agreePair(both, "a", "a", undefined, true)).toBeNull();
  });

  test("for a list that holds what was sent", () => {
    const email = plan({ type: "email", crm: { system: "emails" }, direction: "program_to_crm" });
    expect(agreePair(email, "b@x.test", ["a@x.test", "b@x.test"], "b@x.test", false)).not.toBeNull();
    expect(agreePair(email, "b@x.test", ["a@x.test"], "b@x.test", false)).toBeNull();
  });

  test("for an emptied status that was looked up", () => {
    const status = plan({ field: "partner.status", type: "option" });
    expect(agreePair(status, "inactive", null, "inactive", false)).toEqual(pair(null, "inactive"));
  });
});
