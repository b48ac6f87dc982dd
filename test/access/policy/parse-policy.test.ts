import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { policyJsonSchema } from "../../../src/access/policy/json-schema.ts";
import { parsePolicy } from "../../../src/access/policy/parse-policy.ts";
import { fc } from "../../support/seeded.ts";
import { POLICY } from "../world.ts";

const FULL = {
  $schema: "./access-policy.schema.json",
  ...POLICY,
  tickets: [{ email: "a@x.example", ticket: "IT-1", access: ["sales:admin"], until: "2026-12-31" }],
  service_accounts: [
    { email: "Sync@x.example", owner_email: "a@x.example", purpose: "sync", expires_on: "2026-12-31" },
  ],
  exceptions: [{ email: "a@x.example", check: "dormant", reason: "leave", approved_by: "Bo", until: "2026-12-31" }],
  matching: { strip_plus_tags: true, former_domains: ["Old.example"] },
  freshness: { roster_days: 7 },
};

/** `POLICY_INVALID 4 $.removal_sla_hours` of each fault. */
function faults(text: string): string[] {
  const parsed = parsePolicy(text);
  if (parsed.ok) throw new Error("it was taken in");
  return parsed.faults.map(({ code, line, path }) => `${code} ${line} ${path}`);
}
const bent = (changes: Record<string, unknown>) => JSON.stringify({ ...POLICY, ...changes }, null, 2);

test("a whole policy is read, with defaults and addresses in lower case", () => {
  const parsed = parsePolicy(JSON.stringify(FULL));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const { document } = parsed.policy;
  expect(document.service_accounts[0]?.email).toBe("sync@x.example");
  expect(document.matching.former_domains).toEqual(["old.example"]);
  expect(document.freshness).toEqual({ roster_days: 7, snapshot_hours: 24, review_days: 30 });
});

test("its digest is of the text as given", () => {
  const [plain, spaced] = [JSON.stringify(FULL), JSON.stringify(FULL, null, 2)].map((text) => parsePolicy(text));
  expect(plain?.ok && spaced?.ok && plain.policy.sha256 !== spaced.policy.sha256).toBe(true);
});

describe("what is wrong is named with its place", () => {
  test.each([
    ["no JSON", '{\n"system": pipedrive }', ["POLICY_SYNTAX 2 $"]],
    ["nothing", "", ["POLICY_SYNTAX 1 $"]],
    ["a list", "[]", ["POLICY_INVALID 1 $"]],
    [
      "no SLA, for which there is no default",
      bent({ removal_sla_hours: undefined }),
      ["POLICY_MEMBER_MISSING 1 $.removal_sla_hours"],
    ],
    ["an SLA below nothing", bent({ removal_sla_hours: -1 }), ["POLICY_INVALID 16 $.removal_sla_hours"]],
    ["an unknown member", bent({ removal_sla: 1 }), ["POLICY_MEMBER_UNKNOWN 24 $.removal_sla"]],
    ["a member given twice", '{\n"allowed": {"A": [],\n"A": []}}', ["POLICY_MEMBER_TWICE 3 $.allowed.A"]],
    ["an app that is none", bent({ allowed: { Sales: ["crm:admin"] } }), ["POLICY_INVALID 6 $.allowed.Sales[0]"]],
    [
      "a role in two spellings",
      bent({ allowed: { Sales: [], "sales ": [] } }),
      ['POLICY_INVALID 6 $.allowed["sales "]'],
    ],
    [
      "a day that is none",
      bent({ two_factor: { ...POLICY.two_factor, taken_on: "2026-02-30" } }),
      ["POLICY_INVALID 21 $.two_factor.taken_on"],
    ],
    [
      "a check that knows no exceptions",
      bent({ exceptions: [{ ...FULL.exceptions[0], check: "inputs" }] }),
      ["POLICY_INVALID 27 $.exceptions[0].check"],
    ],
    [
      "an exception given twice",
      bent({ exceptions: [FULL.exceptions[0], { ...FULL.exceptions[0], until: "2027-01-01" }] }),
      ["POLICY_INVALID 32 $.exceptions[1]"],
    ],
    [
      "a service account given twice",
      bent({ service_accounts: [FULL.service_accounts[0], FULL.service_accounts[0]] }),
      ["POLICY_INVALID 31 $.service_accounts[1]"],
    ],
    ["more depth than any policy", `${"[".repeat(5_000)}${"]".repeat(5_000)}`, ["POLICY_TOO_LARGE 1 $"]],
  ])("%s", (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  test("no text makes it fail", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parsePolicy(text)),
      { numRuns: 300 },
    );
  });
});

describe("the JSON Schema", () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(policyJsonSchema());

  test("checked in is current (else run src/access/policy/write-json-schema.ts)", () => {
    const file = new URL("../../../mappings/access-policy.schema.json", import.meta.url);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(policyJsonSchema());
  });

  test("underlines nothing in the example, which names the user of the same customer's mapping", () => {
    const read = (name: string) => readFileSync(new URL(`../../../mappings/${name}.json`, import.meta.url), "utf8");
    const text = read("harbourline.access-policy");
    const parsed = parsePolicy(text);
    expect([validate(JSON.parse(text)), parsed.ok]).toEqual([true, true]);
    const service = JSON.parse(read("harbourline")).pipedrive.service_user_email;
    expect(parsed.ok && parsed.policy.document.service_accounts[0]?.email).toBe(service);
  });

  test("underlines nothing in a whole policy, and what is wrong in another", () => {
    expect([validate(FULL), validate.errors]).toEqual([true, null]);
    expect(validate({ ...POLICY, removal_sla_hours: undefined, validity: "everybody", x: 1 })).toBe(false);
    expect(validate.errors!.map(({ keyword }) => keyword).sort()).toEqual(["additionalProperties", "enum", "required"]);
  });
});
