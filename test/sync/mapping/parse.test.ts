import { describe, expect, test } from "@jest/globals";
import { maskKey } from "../../../src/sync/mapping/finding.ts";
import { parseMappingDocument } from "../../../src/sync/mapping/parse.ts";
import { type Bendable, brief, EXAMPLES, example, exampleText, findingsAfter, keysOf, someKey } from "./examples.ts";

const KEY = someKey("a key of this test");
const ORGANIZATION = "$.objects.organization";
const STATUS = `${ORGANIZATION}.fields.allbound_status`;
const WEBSITE = `${ORGANIZATION}.extra[1]`;
const DEAL_ID = "$.objects.deal.fields.allbound_id";

const fieldsOf = (d: Bendable, object: string) => d.objects[object].fields;
const status = (d: Bendable) => fieldsOf(d, "organization").allbound_status;
const website = (d: Bendable) => d.objects.organization.extra[1];
const dealId = (d: Bendable) => fieldsOf(d, "deal").allbound_id;

describe("the two examples", () => {
  test.each(EXAMPLES)("%s has nothing to complain about", (name) => {
    const { document, findings } = parseMappingDocument(exampleText(name));
    expect(findings).toEqual([]);
    expect(document?.tenant).toBe(name);
  });

  test("defaults that were left out are filled in", () => {
    const bent = JSON.parse(exampleText("harbourline"));
    for (const name of ["create_on", "match_customer", "on_rejected", "on_expired", "program_owns_outcome"]) {
      delete bent.rules[name];
    }
    delete bent.sync.poll_minutes;
    delete bent.stages.unmapped;
    delete status(bent).direction;
    expect(parseMappingDocument(JSON.stringify(bent)).document).toEqual(example("harbourline"));
  });
});

describe("a file that is no JSON", () => {
  const text = exampleText("harbourline");

  test.each([
    ["a trailing comma", text.replace(/\n}\n$/, ",\n}\n"), "comma"],
    ["a comment", text.replace("\n", " // ours\n"), "comment"],
    ["a curly quote", text.replace('"harbourline"', "“harbourline”"), "curly quote"],
    ["a missing comma", text.replace('"harbourline",', '"harbourline"'), "comma is missing"],
    ["half a file", text.slice(0, text.indexOf("\n", 500)), "ends too early"],
    ["nothing at all", "", "ends too early"],
  ])("%s is a syntax error with its place", (_, broken, words) => {
    const { document, findings } = parseMappingDocument(broken);
    expect(document).toBeUndefined();
    expect(findings[0]).toMatchObject({ code: "JSON_SYNTAX", message: expect.stringContaining(words) });
    expect(findings[0]!.line).toBeGreaterThan(0);
    expect(findings.filter(({ code }) => code !== "JSON_SYNTAX")).toEqual([]);
  });

  test("a syntax error stands where the offending character is", () => {
    const { findings } = parseMappingDocument('{\n  "tenant": “x”\n}');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ line: 2, column: 13 });
  });

  test("a trailing comma does not hide the other mistakes", () => {
    const broken = text.replace(/\n}\n$/, ",\n}\n").replace('"EUR"', '"Euro"');
    expect(brief(parseMappingDocument(broken).findings)).toEqual([
      "VALUE_INVALID $.rules.default_currency",
      "JSON_SYNTAX $",
    ]);
  });

  test("a byte order mark is only a warning", () => {
    const { document, findings } = parseMappingDocument(`\ufeff${text}`);
    expect(brief(findings)).toEqual(["ENCODING $"]);
    expect(document).toBeDefined();
  });

  test("a member given twice is refused with both places", () => {
    const twice = text.replace('"verify": {', '"verify": {},\n  "verify": {');
    const [finding, ...others] = parseMappingDocument(twice).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: "JSON_DUPLICATE_MEMBER", path: "$.verify" });
    const line = twice.slice(0, twice.lastIndexOf('"verify"')).split("\n").length;
    expect(finding).toMatchObject({ line, column: 3, message: expect.stringContaining(`line ${line - 1}, column 3`) });
  });

  test.each([
    ["deep nesting", "[".repeat(100_000)],
    ["a huge text", `"${"x".repeat(400_000)}"`],
  ])("%s is refused rather than read", (_, monster) => {
    expect(brief(parseMappingDocument(monster).findings)).toEqual(["JSON_SYNTAX $"]);
  });

  test.each(["null", "[]", "3", '"text"'])("%s is not a document", (text) => {
    expect(brief(parseMappingDocument(text).findings)).toEqual(["VALUE_INVALID $"]);
  });
});

type Case = [code: string, mistake: string, bend: (document: Bendable) => void, expected: string[]];

const shape: Case[] = [
  [
    "UNKNOWN_MEMBER",
    "a required field the object does not have",
    (d) => {
      fieldsOf(d, "deal").allbound_deal_id = { key: KEY, label: "Allbound Deal ID", type: "Text" };
    },
    ["UNKNOWN_MEMBER $.objects.deal.fields.allbound_deal_id"],
  ],
  ["UNKNOWN_MEMBER", "a member at the top", (d) => (d.comment = "hello"), ["UNKNOWN_MEMBER $.comment"]],
  [
    "UNKNOWN_MEMBER",
    "an option the program does not have",
    (d) => (status(d).options.prospective = "Prospective"),
    [`UNKNOWN_MEMBER ${STATUS}.options.prospective`],
  ],
  [
    "MISSING_FIELD",
    "one of the six left out",
    (d) => delete fieldsOf(d, "person").allbound_deal_id,
    ["MISSING_FIELD $.objects.person.fields.allbound_deal_id"],
  ],
  ["MISSING_MEMBER", "a part left out", (d) => delete d.rules, ["MISSING_MEMBER $.rules"]],
  ["MISSING_MEMBER", "no type", (d) => delete website(d).type, [`MISSING_MEMBER ${WEBSITE}.type`]],
  ["MISSING_MEMBER", "no direction", (d) => delete website(d).direction, [`MISSING_MEMBER ${WEBSITE}.direction`]],
  ["MISSING_MEMBER", "neither key nor system", (d) => delete website(d).key, [`MISSING_MEMBER ${WEBSITE}.key`]],
  ["MISSING_MEMBER", "an approval without approver", (d) => delete d.approved_by, ["MISSING_MEMBER $.approved_by"]],
  [
    "MISSING_MEMBER",
    "a loss without its reason",
    (d) => (d.rules.on_rejected = "lose"),
    ["MISSING_MEMBER $.rules.rejected_lost_reason"],
  ],
  ["VALUE_INVALID", "a text for a number", (d) => (d.revision = "1"), ["VALUE_INVALID $.revision"]],
  [
    "VALUE_INVALID",
    "an e-mail that is none",
    (d) => (d.pipedrive.service_user_email = "me"),
    ["VALUE_INVALID $.pipedrive.service_user_email"],
  ],
  ["VALUE_INVALID", "key and system at once", (d) => (website(d).system = "website"), [`VALUE_INVALID ${WEBSITE}`]],
  [
    "VALUE_INVALID",
    "on_approved without submission",
    (d) => (d.stages.on_approved = d.stages.entry),
    ["VALUE_INVALID $.stages.on_approved"],
  ],
  [
    "TYPE_WORD_FOREIGN",
    "another CRM's type",
    (d) => (dealId(d).type = "Single Line Text"),
    [`TYPE_WORD_FOREIGN ${DEAL_ID}.type`],
  ],
];

const keys: Case[] = [
  ...["PASTE KEY HERE", "xxxxxxxx", "0".repeat(40), "", "<key>"].map(
    (key): Case => ["KEY_PLACEHOLDER", `"${key}"`, (d) => (dealId(d).key = key), [`KEY_PLACEHOLDER ${DEAL_ID}.key`]],
  ),
  ...[`${KEY}\n`, ` ${KEY}`, `${KEY.slice(0, 9)}\u200b${KEY.slice(9)}`, `${KEY}\u00a0`].map(
    (key, i): Case => [
      "KEY_WHITESPACE",
      `of kind ${i}`,
      (d) => (dealId(d).key = key),
      [`KEY_WHITESPACE ${DEAL_ID}.key`],
    ],
  ),
  ["KEY_LENGTH", "a character short", (d) => (dealId(d).key = KEY.slice(1)), [`KEY_LENGTH ${DEAL_ID}.key`]],
  ["KEY_LENGTH", "a character long", (d) => (dealId(d).key = `${KEY}a`), [`KEY_LENGTH ${DEAL_ID}.key`]],
  [
    "KEY_LENGTH_SUBFIELD",
    "a subfield",
    (d) => (dealId(d).key = `${KEY}_currency`),
    [`KEY_LENGTH_SUBFIELD ${DEAL_ID}.key`],
  ],
  ["KEY_NOT_HEX", "a label", (d) => (dealId(d).key = "Allbound ID"), [`KEY_NOT_HEX ${DEAL_ID}.key`]],
  ["KEY_NOT_HEX", "a field's number", (d) => (dealId(d).key = "12491"), [`KEY_NOT_HEX ${DEAL_ID}.key`]],
  ["KEY_NOT_HEX", "the letter O", (d) => (dealId(d).key = `O${KEY.slice(1)}`), [`KEY_NOT_HEX ${DEAL_ID}.key`]],
  ["KEY_UPPERCASE", "capitals", (d) => (dealId(d).key = KEY.toUpperCase()), [`KEY_UPPERCASE ${DEAL_ID}.key`]],
  [
    "KEY_REUSED",
    "the Organization's key on the Deal",
    (d) => (dealId(d).key = fieldsOf(d, "organization").allbound_id.key.toUpperCase()),
    [`KEY_REUSED ${DEAL_ID}.key`, `KEY_UPPERCASE ${DEAL_ID}.key`],
  ],
  [
    "SYSTEM_FIELD_AS_KEY",
    "a standard field",
    (d) => (website(d).key = "owner_id"),
    [`SYSTEM_FIELD_AS_KEY ${WEBSITE}.key`],
  ],
];

const meaning: Case[] = [
  [
    "TYPE_NOT_ALLOWED",
    "an id as a number",
    (d) => (dealId(d).type = "Numerical"),
    [`TYPE_NOT_ALLOWED ${DEAL_ID}.type`],
  ],
  [
    "TYPE_NOT_ALLOWED",
    "several statuses",
    (d) => (status(d).type = "Multiple options"),
    [`TYPE_NOT_ALLOWED ${STATUS}.type`],
  ],
  [
    "TYPE_NOT_ALLOWED",
    "an amount as a title",
    (d) => (d.objects.deal.extra[0].system = "title"),
    ["TYPE_NOT_ALLOWED $.objects.deal.extra[0].system"],
  ],
  ["TYPE_RISKY", "an id as Large text", (d) => (dealId(d).type = "Large text"), [`TYPE_RISKY ${DEAL_ID}.type`]],
  [
    "SYSTEM_READONLY",
    "writing the time of the update",
    (d) => {
      const line = {
        program: "registration.protection_expires_on",
        system: "update_time",
        direction: "program_to_crm",
      };
      d.objects.deal.extra.push(line);
    },
    ["SYSTEM_READONLY $.objects.deal.extra[2].system"],
  ],
  [
    "DIRECTION_ILLEGAL",
    "an id from Pipedrive",
    (d) => (dealId(d).direction = "both"),
    [`DIRECTION_ILLEGAL ${DEAL_ID}.direction`],
  ],
  [
    "DIRECTION_ILLEGAL",
    "an outcome to Pipedrive",
    (d) => {
      const line = { program: "registration.sales.status", system: "status", direction: "program_to_crm" };
      d.objects.deal.extra.push(line);
    },
    ["DIRECTION_ILLEGAL $.objects.deal.extra[2].direction"],
  ],
  [
    "DIRECTION_ILLEGAL",
    "a constant that comes back",
    (d) => (website(d).constant = "x"),
    [`DIRECTION_ILLEGAL ${WEBSITE}.direction`],
  ],
  [
    "WRITE_ILLEGAL",
    "a write rule on what is only read",
    (d) => (website(d).write = "always"),
    [`WRITE_ILLEGAL ${WEBSITE}.write`],
  ],
  ["WRITE_ILLEGAL", "an id that overwrites", (d) => (dealId(d).write = "always"), [`WRITE_ILLEGAL ${DEAL_ID}.write`]],
  [
    "CONFLICT_RULE_MISSING",
    "both without a rule",
    (d) => delete d.objects.deal.extra[0].on_conflict,
    ["CONFLICT_RULE_MISSING $.objects.deal.extra[0].on_conflict"],
  ],
  [
    "CONFLICT_RULE_UNUSED",
    "a rule on a one-way line",
    (d) => (website(d).on_conflict = "newest"),
    [`CONFLICT_RULE_UNUSED ${WEBSITE}.on_conflict`],
  ],
  [
    "PROGRAM_FIELD_UNKNOWN",
    "a slip",
    (d) => (website(d).program = "partner.wesbite"),
    [`PROGRAM_FIELD_UNKNOWN ${WEBSITE}.program`],
  ],
  [
    "PROGRAM_FIELD_UNKNOWN",
    "another object's field",
    (d) => (website(d).program = "registration.title"),
    [`PROGRAM_FIELD_UNKNOWN ${WEBSITE}.program`],
  ],
  [
    "PROGRAM_FIELD_TWICE",
    "two sources",
    (d) => (website(d).program = "partner.name"),
    [`PROGRAM_FIELD_TWICE ${WEBSITE}.program`],
  ],
  [
    "PROGRAM_FIELD_TWICE",
    "the status listed again",
    (d) => {
      const { options } = status(d);
      Object.assign(website(d), { program: "partner.status", type: "Single option", options });
    },
    [`PROGRAM_FIELD_TWICE ${WEBSITE}.program`],
  ],
  [
    "OPTIONS_INCOMPLETE",
    "no pending",
    (d) => delete status(d).options.pending,
    [`OPTIONS_INCOMPLETE ${STATUS}.options`],
  ],
  [
    "OPTIONS_INCOMPLETE",
    "no pairing at all",
    (d) => Object.assign(website(d), { program: "partner.tier", type: "Single option" }),
    [`OPTIONS_INCOMPLETE ${WEBSITE}.options`],
  ],
  [
    "OPTIONS_INCOMPLETE",
    "a constant without its option",
    (d) => {
      const source = { program: "registration.source", key: KEY, label: "Source", type: "Single option" };
      const rest = { options: { direct: "Direct" }, constant: "partner", direction: "program_to_crm" };
      d.objects.deal.extra.push({ ...source, ...rest });
    },
    ["OPTIONS_INCOMPLETE $.objects.deal.extra[2].options"],
  ],
  [
    "OPTION_TARGET_REUSED",
    "two keys, one option",
    (d) => (status(d).options.pending = "inactive "),
    [`OPTION_TARGET_REUSED ${STATUS}.options`],
  ],
  ["STAGE_ENTRY_MISSING", "no entry", (d) => delete d.stages.entry, ["STAGE_ENTRY_MISSING $.stages.entry"]],
  ["STAGE_TWICE", "one stage for two", (d) => (d.stages.map[3].stage = "quote sent"), ["STAGE_TWICE $.stages.map[3]"]],
  ["APPROVER_SAME", "two eyes", (d) => (d.approved_by = "Partner-Ops"), ["APPROVER_SAME $.approved_by"]],
  [
    "SECRET_IN_DOCUMENT",
    "a token",
    (d) => (d.pipedrive.api_token = KEY),
    ["SECRET_IN_DOCUMENT $.pipedrive.api_token", "UNKNOWN_MEMBER $.pipedrive.api_token"],
  ],
  [
    "SECRET_IN_DOCUMENT",
    "a token in a note",
    (d) => (website(d).notes = `token ${KEY}`),
    [`SECRET_IN_DOCUMENT ${WEBSITE}.notes`],
  ],
];

const unsupported: Case[] = (
  [
    ["$.intake", (d) => (d.intake = { kind: "workflow" })],
    ["$.rules.partners_create_in_crm", (d) => (d.rules.partners_create_in_crm = true)],
    ["$.rules.program_owns_outcome", (d) => (d.rules.program_owns_outcome = true)],
    ["$.objects.deal.extra[0].on_conflict", (d) => (d.objects.deal.extra[0].on_conflict = "manual")],
    ["$.state", (d) => (d.state = "draft")],
    ["$.state", (d) => (d.state = "retired")],
    [`${WEBSITE}.type`, (d) => (website(d).type = "Autocomplete")],
  ] satisfies [string, (d: Bendable) => void][]
).map(([path, bend]) => ["NOT_SUPPORTED_YET", path, bend, [`NOT_SUPPORTED_YET ${path}`]]);

describe("a mistake in the document", () => {
  test.each([...shape, ...keys, ...meaning, ...unsupported])("%s: %s", (code, _, bend, expected) => {
    const findings = findingsAfter(bend);
    expect(brief(findings).sort()).toEqual([...expected].sort());
    for (const finding of findings) {
      expect(finding.line).toBeGreaterThan(0);
      expect(finding.hint).not.toBe("");
    }
    expect(findings.map((finding) => finding.code)).toContain(code);
  });

  test("a finding points at the member it is about", () => {
    const bent: Bendable = JSON.parse(exampleText("harbourline"));
    dealId(bent).key = KEY.slice(1);
    const text = JSON.stringify(bent, null, 2);
    const [finding] = parseMappingDocument(text).findings;
    const line = text.split("\n")[finding!.line! - 1]!;
    expect(line.slice(finding!.column! - 1)).toContain(`"key": "${KEY.slice(1)}"`);
  });

  test("an error withholds the document, a warning does not", () => {
    const bent = (type: string) => exampleText("harbourline").replace('"type": "Text"', `"type": "${type}"`);
    expect(parseMappingDocument(bent("Numerical")).document).toBeUndefined();
    const { document } = parseMappingDocument(bent("Single Line Text"));
    expect(document?.objects.organization.fields.allbound_id.type).toBe("Text");
  });

  test("capitals in a key are lowered", () => {
    const bent = JSON.parse(exampleText("harbourline"));
    dealId(bent).key = dealId(bent).key.toUpperCase();
    expect(parseMappingDocument(JSON.stringify(bent)).document).toEqual(example("harbourline"));
  });

  test("two targets for one value are a warning and not supported yet", () => {
    const findings = findingsAfter((d) => {
      d.objects.deal.extra.push({ ...d.objects.deal.extra[7], key: KEY, label: "Second notes" });
    }, "kestrel-obs");
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ["NOT_SUPPORTED_YET", "error"],
      ["PROGRAM_FIELD_TWICE", "warning"],
    ]);
  });

  test("two keys may share an option where nothing comes back", () => {
    const findings = findingsAfter((d) => {
      d.objects.person.extra[1].options.executive = "Manager";
    }, "kestrel-obs");
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([["OPTION_TARGET_REUSED", "warning"]]);
  });

  test("all mistakes are reported at once, errors first, each naming object and label", () => {
    const findings = findingsAfter((d) => {
      dealId(d).type = "Large text";
      website(d).program = "partner.wesbite";
      dealId(d).key = "PASTE KEY HERE";
      d.rules.default_currency = "euro";
      delete status(d).options.pending;
    });
    expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "error OPTIONS_INCOMPLETE",
      "error PROGRAM_FIELD_UNKNOWN",
      "error KEY_PLACEHOLDER",
      "error VALUE_INVALID",
      "warning TYPE_RISKY",
    ]);
    expect(findings[0]).toMatchObject({ object: "organization", label: "Allbound Status" });
  });
});

describe("hints", () => {
  test.each<[string, (d: Bendable) => void, string]>([
    ["a misspelt member", (d) => (d.objects.oraganization = {}), '"organization"'],
    ["a misspelt word", (d) => (website(d).type = "Txt"), '"Text"'],
    ["a misspelt program field", (d) => (website(d).program = "partner.wesbite"), '"partner.website"'],
    ["the short form of a long name", (d) => (website(d).program = "partner.tire"), '"partner.tier"'],
    ["a field of another object", (d) => (website(d).program = "registration.title"), "Deal"],
    ["a misspelt standard field", (d) => (d.objects.deal.extra[0].system = "values"), '"value"'],
  ])("%s gets the nearest known name", (_, bend, name) => {
    expect(findingsAfter(bend)[0]!.hint).toContain(name);
  });
});

describe("secrets and keys", () => {
  test("a key is shown masked", () => {
    const [finding] = findingsAfter((d) => (dealId(d).key = fieldsOf(d, "organization").allbound_id.key));
    const key = example("harbourline").objects.organization.fields.allbound_id.key;
    expect(finding!.message).toContain(maskKey(key));
    expect(finding!.message).not.toContain(key);
  });

  test.each<[string, (d: Bendable, secret: string) => void]>([
    ["as a value", (d, secret) => (d.tenant = secret)],
    ["as a member's name", (d, secret) => (d[secret] = 1)],
    ["as a label", (d, secret) => (website(d).label = secret)],
    ["as a type", (d, secret) => (website(d).type = secret)],
    ["as a program field", (d, secret) => (website(d).program = secret)],
    ["as an option's key", (d, secret) => (status(d).options[secret] = "x")],
    ["as a stage", (d, secret) => (d.stages.map[1].stage = d.stages.map[2].stage = secret)],
  ])("a token %s is found and never shown", (_, bend) => {
    const secret = someKey("a token");
    const findings = findingsAfter((d) => bend(d, secret));
    expect(findings.map(({ code }) => code)).toContain("SECRET_IN_DOCUMENT");
    expect(JSON.stringify(findings)).not.toContain(secret.slice(0, 12));
  });

  test("a password by its name is found and never shown", () => {
    const findings = findingsAfter((d) => (d.sync.webhook_password = "hunter2"));
    expect(findings.map(({ code }) => code).sort()).toEqual(["SECRET_IN_DOCUMENT", "UNKNOWN_MEMBER"]);
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });

  test.each(EXAMPLES)("no finding about %s contains a whole key", (name) => {
    const keys = keysOf(example(name));
    const findings = findingsAfter((d) => {
      for (const object of Object.values<Bendable>(d.objects)) {
        for (const entry of [...Object.values<Bendable>(object.fields), ...object.extra]) entry.key = `${keys[0]}`;
      }
      d.tenant = keys[1];
    }, name);
    expect(findings.length).toBeGreaterThan(3);
    for (const key of keys) expect(JSON.stringify(findings)).not.toContain(key);
  });
});
