import { describe, expect, test } from "@jest/globals";
import { canonicalJson } from "../../../src/access/canonical-json.ts";
import { CODES } from "../../../src/access/codes.ts";
import type { Finding, Run } from "../../../src/access/run.ts";
import { runOf } from "../world.ts";
import { GOLDEN } from "./cases.ts";

/** `AR-DORMANT 2 medium`; what is about no account is named by its subject. */
function shown({ code, userId, key, severity, state }: Finding): string {
  const subject = userId ?? key.slice(code.length + 1);
  return `${code} ${subject} ${severity}${state === "excepted" ? " excepted" : ""}`;
}

function outcomesOf(run: Run): Record<string, string> {
  return Object.fromEntries(run.checks.map(({ id, outcome }) => [id, outcome]));
}

const ALL = Object.values(GOLDEN).flat();

for (const [group, cases] of Object.entries(GOLDEN)) {
  describe(group, () => {
    test.each(cases)("$name", ({ given, findings, outcomes }) => {
      const run = runOf(given);
      expect(run.findings.map(shown).sort()).toEqual([...findings].sort());
      expect(outcomesOf(run)).toMatchObject(outcomes ?? {});
    });
  });
}

test("every code is the outcome of some case", () => {
  const met = new Set(ALL.flatMap(({ findings }) => findings.map((one) => one.split(" ")[0])));
  expect([...met].sort()).toEqual(Object.keys(CODES).sort());
});

test("no two cases have the same name", () => {
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
});

test("findings are told apart by keys that name nobody, and a run is the same when made again", () => {
  for (const { given } of ALL) {
    const run = runOf(given);
    const keys = run.findings.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.includes("@"))).toEqual([]);
    expect(canonicalJson(runOf(given))).toBe(canonicalJson(run));
  }
});

test("a check with something not assessed never passes", () => {
  for (const { given } of ALL) {
    for (const check of runOf(given).checks) {
      if (check.notAssessed > 0) expect(check.outcome).not.toBe("pass");
      if (check.failed > 0) expect(check.outcome).toBe("fail");
    }
  }
});
