import { describe, expect, test } from "@jest/globals";
import { describeFinding } from "../../../src/failure.ts";
import { tryRecord } from "../../../src/sync/mapping/canary.ts";
import { checkMapping } from "../../../src/sync/mapping/check.ts";
import { MAPPING_CODES, type MappingFinding, toFinding } from "../../../src/sync/mapping/finding.ts";
import { tellExisting } from "../../../src/sync/mapping/live/existing.ts";
import { BROKEN, type Broken, TOKEN, VARIANTS } from "../../fixtures/mapping/broken.ts";
import { example, exampleText, keysOf, soundAccount } from "./examples.ts";

/** What is said about a fixture, without and with its account. */
function check({ document, text, account }: Broken) {
  const bent = JSON.parse(exampleText("harbourline"));
  document?.(bent);
  const written = JSON.stringify(bent, null, 2);
  const file = text ? text(written) : written;
  const sound = soundAccount(example("harbourline"));
  account?.(sound);
  return { offline: checkMapping(file), live: checkMapping(file, { account: sound, environment: "production" }) };
}

/** What is said after an attempt to write to the test Deal; its fields are as before when nothing says otherwise. */
async function attempt({ deal = {}, existing }: Broken) {
  const document = example("harbourline");
  const { key } = document.objects.deal.fields.allbound_id;
  let fields = deal.fields ? deal.fields(key) : { [key]: "as it was" };
  let count = 0;
  const before = fields;
  const found = await tryRecord(document, soundAccount(document), "deal", {
    read: async () => fields,
    async write(sent) {
      const after = deal.write ? deal.write(fields ?? {}, sent, ++count) : { ...fields, ...sent };
      if (after) fields = after;
      return after;
    },
    isHeardOf: async () => deal.heard ?? true,
  });
  if (existing) found.push(...tellExisting(existing));
  return { findings: found.map((one) => toFinding(one)), before, after: fields };
}

const codes = (findings: readonly MappingFinding[]) => findings.map(({ code }) => code).sort();
const RANK = { error: 0, warning: 1, info: 2 };

/** Exactly its codes, each finding complete and nothing secret in it; a plan exactly when none is an error. */
function answersExactly(broken: Broken) {
  const { offline, live } = check(broken);
  expect(codes(offline.findings)).toEqual([...broken.offline].sort());
  expect(codes(live.findings)).toEqual([...(broken.live ?? broken.offline)].sort());
  for (const finding of [...offline.findings, ...live.findings]) {
    expect(finding.line).toBeGreaterThan(0);
    expect(finding.column).toBeGreaterThan(0);
    expect(finding.path).toMatch(/^\$/);
    expect(finding.hint).not.toBe("");
    // The top of an object and the six have labels; only a line without one cannot be called by it.
    if (/\.(fields\.allbound_\w+|extra\[\d+\])\./.test(finding.path)) expect(finding.object).toBeDefined();
    const said = `${JSON.stringify(finding)} ${describeFinding(finding)}`;
    expect(said).not.toMatch(/[0-9a-f]{16}/i);
    for (const key of [TOKEN, ...keysOf(example("harbourline"))])
      expect(said.toLowerCase()).not.toContain(key.slice(0, 12));
  }
  const ranks = live.findings.map(({ severity }) => RANK[severity]);
  expect(ranks).toEqual([...ranks].sort());
  expect(live.plan === undefined).toBe(live.findings.some(({ severity }) => severity === "error"));
}

/** The same with an attempt to write, after which the record is as it was wherever that is possible. */
async function triedExactly(broken: Broken) {
  const { findings, before, after } = await attempt(broken);
  expect(codes(findings)).toEqual([...(broken.tried ?? [])].sort());
  for (const { hint } of findings) expect(hint).not.toBe("");
  if (!broken.tried?.includes("CANARY_NOT_RESTORED")) expect(after).toEqual(before);
}

describe("each of the mistakes that people were seen to make", () => {
  test("there are sixteen", () => expect(Object.keys(VARIANTS)).toHaveLength(16));
  test.each(Object.entries(VARIANTS))("%s", async (_, broken) => {
    answersExactly(broken);
    await triedExactly(broken);
  });
});

describe("every code", () => {
  test.each(Object.entries(BROKEN))("%s", async (code, broken) => {
    expect([...(broken.live ?? broken.offline), ...(broken.tried ?? [])]).toContain(code);
    answersExactly(broken);
    await triedExactly(broken);
  });

  test("has a fixture, and there is none for a code that does not exist", () => {
    expect(Object.keys(BROKEN).sort()).toEqual(Object.keys(MAPPING_CODES).sort());
  });
});

test("all mistakes are told at once, those that only the account shows too", () => {
  const all: Broken = {
    mistake: "one of each level",
    document(d) {
      d.synk = {};
      d.objects.organization.extra[1].type = "Numerical";
      d.objects.deal.fields.allbound_id.label = "Registration ID";
      d.stages.map[0].stage = "Registred";
      delete d.rules.default_currency;
      d.rules.owner.fallback_email = "nobody@harbourline.example";
    },
    offline: ["UNKNOWN_MEMBER", "TYPE_NOT_ALLOWED", "MISSING_MEMBER"],
    live: [
      "UNKNOWN_MEMBER",
      "TYPE_NOT_ALLOWED",
      "MISSING_MEMBER",
      "KEY_LABEL_MISMATCH",
      "STAGE_UNKNOWN",
      "OWNER_UNKNOWN",
    ],
  };
  answersExactly(all);
});

test("a finding names its field by object, label and masked key, wherever it comes from", () => {
  const { offline } = check({
    mistake: "",
    document: (d) => (d.objects.deal.fields.allbound_id.direction = "sideways"),
    offline: [],
  });
  expect(offline.findings).toEqual([
    expect.objectContaining({ code: "VALUE_INVALID", object: "deal", label: "Allbound ID", key: "188c…f1df" }),
  ]);
});

test("a key that is unknown among unknown ones is another account's, and none is called a token", () => {
  const { live } = check({
    mistake: "",
    account(a) {
      for (const object of ["organization", "person", "deal"] as const)
        for (const field of a.fields[object]) field.field_code = field.field_code.split("").reverse().join("");
    },
    offline: [],
  });
  expect(new Set(codes(live.findings))).toEqual(new Set(["KEY_UNKNOWN"]));
});
