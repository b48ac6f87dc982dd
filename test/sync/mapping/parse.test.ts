import { describe, expect, test } from "@jest/globals";
import { maskKey } from "../../../src/sync/mapping/finding.ts";
import { parseMappingDocument } from "../../../src/sync/mapping/parse.ts";
import { type Bendable, EXAMPLES, example, exampleText, findingsAfter, keysOf, someKey } from "./examples.ts";
import { dealId, fieldsOf, KEY, status, website } from "./mistakes.ts";

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

describe("a mistake in the document", () => {
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

  test("two targets for one value are a warning", () => {
    const findings = findingsAfter((d) => {
      d.objects.deal.extra.push({ ...d.objects.deal.extra[7], key: KEY, label: "Second notes" });
    }, "kestrel-obs");
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([["PROGRAM_FIELD_TWICE", "warning"]]);
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

  test.each([
    ["a character of two halves where none belongs", "\u{1f980}{}"],
    ["a name that is cut within one", JSON.stringify({ [`${"a ".repeat(28)}a\u{1f980}aaaa`]: 1 })],
    ["a name with a control character", JSON.stringify({ "a\u0000b": 1 })],
    ["a gap with one", JSON.stringify({ tenant: "<<a\u0000b\ud83e>>" })],
  ])("what is said of %s can be stored and shown", (_, text) => {
    const said = JSON.stringify(parseMappingDocument(text).findings);
    expect(said).not.toMatch(/\\u(0000|d[89a-f])/);
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
