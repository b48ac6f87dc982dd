import { describe, expect, test } from "@jest/globals";
import type { AccountField, AccountSnapshot } from "../../../src/sync/account.ts";
import type { MappingDocument } from "../../../src/sync/mapping/parse.ts";
import { resolveMapping } from "../../../src/sync/mapping/resolve.ts";
import type { CrmObject } from "../../../src/sync/model.ts";
import { brief, EXAMPLES, type Example, example, keysOf, someKey, soundAccount } from "./examples.ts";

type Bend = (account: AccountSnapshot, document: MappingDocument) => void;

function resolveAfter(bend: Bend, name: Example = "harbourline") {
  const document = example(name);
  const account = soundAccount(document);
  bend(account, document);
  return resolveMapping(document, account, { environment: document.pipedrive.environment });
}

function fieldOf(account: AccountSnapshot, object: CrmObject, label: string): AccountField {
  const field = account.fields[object].find(({ field_name }) => field_name === label);
  if (!field) throw new Error(`no ${label}`);
  return field;
}
const status = (account: AccountSnapshot) => fieldOf(account, "organization", "Allbound Status");
const custom = (field_name: string, field_type = "varchar"): AccountField => ({
  field_code: someKey(field_name),
  field_name,
  field_type,
  is_custom_field: true,
  options: null,
});

const STATUS = "$.objects.organization.fields.allbound_status";
const DEAL_ID = "$.objects.deal.fields.allbound_id";

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

type Case = [code: string, mistake: string, bend: Bend, expected: string[]];

const fields: Case[] = [
  [
    "ACCOUNT_MISMATCH",
    "another account, whose keys are not looked up",
    (account) => {
      account.companyDomain = "harbourline-sandbox";
      for (const object of ["organization", "person", "deal"] as const) account.fields[object] = [];
    },
    ["ACCOUNT_MISMATCH $.pipedrive.company_domain"],
  ],
  [
    "KEY_UNKNOWN",
    "a deleted field",
    (account) => {
      account.fields.deal = account.fields.deal.filter(({ field_name }) => field_name !== "Allbound ID");
    },
    [`KEY_UNKNOWN ${DEAL_ID}.key`],
  ],
  [
    "KEY_WRONG_OBJECT",
    "a key of another object",
    (_, { objects }) => {
      objects.deal.fields.allbound_id.key = objects.person.fields.allbound_id.key;
    },
    [`KEY_WRONG_OBJECT ${DEAL_ID}.key`],
  ],
  [
    "KEY_LABEL_MISMATCH",
    "the two keys of Person swapped",
    (_, { objects }) => {
      const { allbound_id, allbound_deal_id } = objects.person.fields;
      [allbound_id.key, allbound_deal_id.key] = [allbound_deal_id.key, allbound_id.key];
    },
    [
      "KEY_LABEL_MISMATCH $.objects.person.fields.allbound_id.label",
      "KEY_LABEL_MISMATCH $.objects.person.fields.allbound_deal_id.label",
    ],
  ],
  [
    "LABEL_CASE",
    "another spelling",
    (account) => {
      fieldOf(account, "deal", "Allbound ID").field_name = " ALLBOUND ID";
    },
    [`LABEL_CASE ${DEAL_ID}.label`],
  ],
  [
    "LABEL_AMBIGUOUS",
    "a second field of the label",
    (account) => {
      account.fields.deal.push(custom("Allbound ID"));
    },
    [`LABEL_AMBIGUOUS ${DEAL_ID}.label`],
  ],
  [
    "TYPE_MISMATCH",
    "a number instead of a text",
    (account) => {
      fieldOf(account, "deal", "Allbound ID").field_type = "double";
    },
    [`TYPE_MISMATCH ${DEAL_ID}.type`],
  ],
  [
    "NOT_CUSTOM",
    "a standard field",
    (account) => {
      fieldOf(account, "deal", "Allbound ID").is_custom_field = false;
    },
    [`NOT_CUSTOM ${DEAL_ID}.key`],
  ],
];

const options: Case[] = [
  [
    "OPTION_MISSING",
    "no Pending",
    (account) => {
      status(account).options = status(account).options!.filter(({ label }) => label !== "Pending");
    },
    [`OPTION_MISSING ${STATUS}.options`],
  ],
  [
    "OPTION_MISSING",
    "In-active, which is another word",
    (account) => {
      status(account).options!.find(({ label }) => label === "Inactive")!.label = "In-active";
    },
    [`OPTION_MISSING ${STATUS}.options`, `OPTION_EXTRA ${STATUS}.options`],
  ],
  [
    "OPTION_SPELLING",
    "an outer space",
    (account) => {
      status(account).options!.find(({ label }) => label === "Active")!.label = "active ";
    },
    [`OPTION_SPELLING ${STATUS}.options`],
  ],
  [
    "OPTION_EXTRA",
    "one more",
    (account) => {
      status(account).options!.push({ id: 999, label: "Prospective" });
    },
    [`OPTION_EXTRA ${STATUS}.options`],
  ],
  [
    "OPTION_DUPLICATE_LABEL",
    "Active twice",
    (account) => {
      status(account).options!.push({ id: 999, label: "Active" });
    },
    [`OPTION_DUPLICATE_LABEL ${STATUS}.options`],
  ],
];

const places: Case[] = [
  [
    "PIPELINE_UNKNOWN",
    "a renamed pipeline",
    (account) => {
      account.pipelines[0]!.name = "Channels";
    },
    [
      "PIPELINE_UNKNOWN $.stages.entry.pipeline",
      ...[0, 1, 2, 3].map((i) => `PIPELINE_UNKNOWN $.stages.map[${i}].pipeline`),
    ],
  ],
  [
    "STAGE_UNKNOWN",
    "a renamed stage",
    (account) => {
      account.stages.find(({ name }) => name === "Contract")!.name = "Contracts";
    },
    ["STAGE_UNKNOWN $.stages.map[3].stage"],
  ],
  [
    "STAGE_UNKNOWN",
    "a deleted stage",
    (account) => {
      account.stages.find(({ name }) => name === "Contract")!.is_deleted = true;
    },
    ["STAGE_UNKNOWN $.stages.map[3].stage"],
  ],
  [
    "STAGE_AMBIGUOUS",
    "two stages of one name",
    (account) => {
      account.stages.push({ ...account.stages.find(({ name }) => name === "Contract")!, id: 999 });
    },
    ["STAGE_AMBIGUOUS $.stages.map[3].stage"],
  ],
];

const people: Case[] = [
  [
    "OWNER_UNKNOWN",
    "a mistyped address",
    (_, { rules }) => {
      rules.owner.fallback_email = "chanel-desk@harbourline.example";
    },
    ["OWNER_UNKNOWN $.rules.owner.fallback_email"],
  ],
  [
    "OWNER_INACTIVE",
    "a deactivated owner",
    ({ users }) => {
      users[1]!.active_flag = false;
    },
    ["OWNER_INACTIVE $.rules.owner.fallback_email"],
  ],
  [
    "SERVICE_USER_NOT_FOUND",
    "nobody of this address",
    (_, { pipedrive }) => {
      pipedrive.service_user_email = "nobody@harbourline.example";
    },
    ["SERVICE_USER_NOT_FOUND $.pipedrive.service_user_email"],
  ],
  [
    "SERVICE_USER_INACTIVE",
    "a deactivated service user",
    ({ users }) => {
      users[0]!.is_deleted = true;
    },
    ["SERVICE_USER_INACTIVE $.pipedrive.service_user_email"],
  ],
  [
    "SERVICE_USER_NOT_ADMIN",
    "a regular user",
    ({ users }) => {
      users[0]!.access = [{ app: "campaigns", admin: true }];
    },
    ["SERVICE_USER_NOT_ADMIN $.pipedrive.service_user_email"],
  ],
  [
    "TOKEN_OF_OTHER_USER",
    "a colleague's token",
    ({ users, me }) => {
      Object.assign(me, users[2]);
    },
    ["TOKEN_OF_OTHER_USER $.pipedrive.service_user_email"],
  ],
];

describe("an account that does not fit", () => {
  test.each([...fields, ...options, ...places, ...people])("%s: %s", (code, _, bend, expected) => {
    const { plan, findings } = resolveAfter(bend);
    expect(brief(findings)).toEqual(expected);
    expect(findings[0]!.code).toBe(code);
    expect(plan === undefined).toBe(findings.some(({ severity }) => severity === "error"));
    for (const key of keysOf(example("harbourline"))) expect(JSON.stringify(findings)).not.toContain(key);
  });

  test("says to which field a foreign key belongs", () => {
    const { findings } = resolveAfter((_, { objects }) => {
      objects.deal.fields.allbound_id.key = objects.person.fields.allbound_deal_id.key;
    });
    expect(findings[0]).toMatchObject({ object: "deal", label: "Allbound ID" });
    expect(findings[0]!.message).toContain('belongs to Person "Allbound Deal ID"');
  });

  test("says which stage was probably meant", () => {
    const { findings } = resolveAfter((account) => {
      account.stages.find(({ name }) => name === "Contract")!.name = "Contracts";
    });
    expect(findings[0]!.hint).toContain('"Contracts"');
  });

  test("extra options do not matter where nobody's choice comes back", () => {
    const { findings } = resolveAfter((account) => {
      fieldOf(account, "deal", "Lead source").options!.push({ id: 999, label: "Fair" });
    }, "kestrel-obs");
    expect(findings).toEqual([]);
  });
});

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
