import { describe, expect, test } from "@jest/globals";
import { describeFinding } from "../../../src/failure.ts";
import { checkMapping } from "../../../src/sync/mapping/check.ts";
import { MAPPING_CODES, type MappingFinding } from "../../../src/sync/mapping/finding.ts";
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

describe("each of the mistakes that people were seen to make", () => {
  test.each(Object.entries(VARIANTS))("%s", (_, broken) => answersExactly(broken));
});

describe("every code", () => {
  test.each(Object.entries(BROKEN))("%s", (code, broken) => {
    expect(broken.live ?? broken.offline).toContain(code);
    answersExactly(broken);
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
