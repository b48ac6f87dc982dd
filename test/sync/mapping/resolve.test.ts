import { describe, expect, test } from "@jest/globals";
import { resolveMapping } from "../../../src/sync/mapping/resolve.ts";
import { brief, EXAMPLES, example, soundAccount } from "./examples.ts";
import { type Bend, type Case, DEAL_ID, fieldOf, reportsEach, resolveAfter, STATUS, status } from "./live-account.ts";

describe("an account that fits", () => {
  test.each(EXAMPLES)("gives %s a plan without findings", (name) => {
    const { plan, findings } = resolveAfter(() => {}, name);
    expect(findings).toEqual([]);
    expect(plan?.tenantId).toBe(name);
  });

  test("warnings and information do not withhold the plan", () => {
    const { plan, findings } = resolveAfter((account) => {
      fieldOf(account, "deal", "Allbound ID").field_name = "Allbound Id";
      status(account).options!.push({ id: 999, label: "Prospective" });
    });
    expect(brief(findings)).toEqual([`OPTION_EXTRA ${STATUS}.options`, `LABEL_CASE ${DEAL_ID}.label`]);
    expect(plan).toBeDefined();
  });
});

const mismatch: Case[] = [
  [
    "ACCOUNT_MISMATCH",
    "another account, whose keys are not looked up",
    (account) => {
      account.companyDomain = "harbourline-sandbox";
      for (const object of ["organization", "person", "deal"] as const) account.fields[object] = [];
    },
    ["ACCOUNT_MISMATCH $.pipedrive.company_domain"],
  ],
];

describe("another account", () => reportsEach(mismatch));

describe("a connection's mark", () => {
  const attempt = (environment: "production" | "sandbox" | "rehearsal", bend: Bend = () => {}) => {
    const document = example("harbourline");
    const account = soundAccount(document);
    bend(account, document);
    return resolveMapping(document, account, { environment });
  };

  test("must be the document's environment", () => {
    const { plan, findings } = attempt("sandbox");
    expect(plan).toBeUndefined();
    expect(brief(findings)).toEqual(["ACCOUNT_MISMATCH $.pipedrive.environment"]);
  });

  test("rehearsal allows the twin's company domain and nothing else", () => {
    const elsewhere: Bend = (account) => {
      account.companyDomain = "twin";
    };
    expect(attempt("rehearsal", elsewhere).plan).toBeDefined();
    const { plan, findings } = attempt("rehearsal", (account) => {
      account.companyDomain = "twin";
      fieldOf(account, "deal", "Allbound ID").field_type = "double";
    });
    expect(plan).toBeUndefined();
    expect(brief(findings)).toEqual([`TYPE_MISMATCH ${DEAL_ID}.type`]);
  });
});
