import { describe, expect, test } from "@jest/globals";
import { agreePair, agrees, type DecideInput, type RecentWrite } from "../../src/sync/decide.ts";
import { both, decideOne, finding, MINUTE, NOTHING, NOW, pair, plan, toCrm, toProgram, UNMAPPED } from "./deciding.ts";

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

  test("does not stand for inactive before both sides ever agreed", () => {
    expect(decideOne({ ...status, direction: "both" }, null, "inactive").outbound).toMatchObject([
      { value: "inactive" },
    ]);
  });

  test("means nothing where only the program writes it", () => {
    const inactive = pair("inactive", "inactive");
    const refill = decideOne({ ...status, direction: "program_to_crm" }, null, "inactive", inactive);
    expect(refill.outbound).toMatchObject([{ value: "inactive" }]);
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

test("a status that both sides emptied is agreed, though an emptied one means inactive", () => {
  const status = { ...both, field: "partner.status", type: "option" as const };
  for (const more of [{ write: "if_empty" as const }, { onConflict: "program" as const }]) {
    const decision = decideOne({ ...status, ...more }, null, null, pair("active", "active"));
    expect(decision).toEqual({ ...NOTHING, agreed: { "partner.status": { crm: null, program: null } } });
  }
});

describe("a field that somebody keeps rewriting", () => {
  const base = pair("a", "a");
  const AT = "2025-03-04T09:00:00Z";
  const times = { crm: {}, program: { f: AT } };
  const write = (minutesAgo: number, more: Partial<RecentWrite> = {}): RecentWrite => ({
    to: "crm",
    field: "f",
    value: "a",
    atMs: NOW - minutesAgo * MINUTE,
    sourceAt: AT,
    ...more,
  });
  const paused = (until: "crm" | "program") => [expect.objectContaining({ code: "FIELD_PAUSED", field: "f", until })];
  const again = (recent: DecideInput["recent"], more: Partial<DecideInput> = {}) =>
    decideOne(toCrm, "AUTO", "a", base, { times, recent, ...more });

  test("pauses after two acknowledged writes of one value in ten minutes", () => {
    expect(again([write(1), write(9)])).toEqual({ ...NOTHING, findings: paused("program") });
    expect(again([write(1), write(9, { value: " a" })]).outbound).toEqual([]);
  });

  test.each([
    ["after one write", [write(1)]],
    ["when one of them was longer ago", [write(1), write(10)]],
    ["when one was another value", [write(1), write(2, { value: "b" })]],
    ["when one was another field", [write(1), write(2, { field: "g" })]],
    ["when one was written to the program", [write(1), write(2, { to: "program" })]],
    ["when the program has spoken since", [write(1, { sourceAt: "2025-03-04T08:00:00Z" }), write(2)]],
  ])("is written %s", (_name, recent) => {
    expect(again(recent)).toMatchObject({ outbound: [{ value: "a" }], findings: [] });
  });

  test("pauses also when the program's time is not known", () => {
    const unknown = [write(1, { sourceAt: null }), write(2, { sourceAt: null })];
    expect(again(unknown, { times: undefined }).findings).toEqual(paused("program"));
    expect(again(unknown).findings).toEqual([]);
  });

  test("in Pipedrive does not hold up writes to the program", () => {
    expect(decideOne(both, "b", "a", base, { recent: [write(1), write(2)], times }).inbound).toHaveLength(1);
    expect(decideOne(both, "a", "AUTO", base, { recent: [write(1), write(2)], times }).findings).toEqual([]);
    expect(decideOne(toProgram, "a", "AUTO", base, { recent: [write(1), write(2)], times }).inbound).toHaveLength(1);
  });

  test("in the program pauses likewise, until Pipedrive says something new", () => {
    const crmAt = { crm: { f: AT }, program: {} };
    const recent = [write(1, { to: "program" }), write(2, { to: "program" })];
    const decide = (more: Partial<DecideInput>) => decideOne(toProgram, "a", "AUTO", base, { recent, ...more });
    expect(decide({ times: crmAt })).toEqual({ ...NOTHING, findings: paused("crm") });
    expect(decide({ times: { crm: { f: "2025-03-04T09:30:00Z" }, program: {} } }).inbound).toHaveLength(1);
    expect(decideOne(toProgram, "b", "AUTO", base, { recent, times: crmAt }).inbound).toHaveLength(1);
  });
});
