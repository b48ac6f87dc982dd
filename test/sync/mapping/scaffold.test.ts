import { describe, expect, test } from "@jest/globals";
import type { AccountSnapshot } from "../../../src/sync/account.ts";
import { checkMapping } from "../../../src/sync/mapping/check.ts";
import { type Scaffold, scaffoldMapping } from "../../../src/sync/mapping/scaffold.ts";
import { type Bendable, EXAMPLES, example, soundAccount } from "./examples.ts";

const wish = (account: AccountSnapshot) => ({
  account,
  environment: "sandbox" as const,
  tenant: "new",
  revision: 3,
  ...blank,
});
const blank = { verify: {}, today: "2026-03-04" };
/** The account has no test records, and the document need not name any. */
const VERIFY = ["verify.organization_id", "verify.person_id", "verify.deal_id"];
const gapsOf = ({ gaps }: Scaffold) => gaps.map(({ at }) => at.join("."));
const otherKey = (key: string) => [...key].reverse().join("");

/** What keeps a draft out, offline. */
const errorsOf = (document: string) => checkMapping(document).findings.filter(({ severity }) => severity === "error");

describe("from an account alone", () => {
  // What only posts is a decision that no account tells: everything would travel the other way.
  test.each(EXAMPLES.filter((name) => !("intake" in example(name))))(
    "finds the fields of %s with their options, and leaves the decisions open",
    (name) => {
      const known = example(name);
      const made = scaffoldMapping(wish(soundAccount(known)));
      const document: Bendable = JSON.parse(made.document);
      expect(document).toMatchObject({ tenant: "new", revision: 3, state: "draft" });
      for (const object of ["organization", "person", "deal"] as const) {
        for (const [field, { key, label, type }] of Object.entries(known.objects[object].fields)) {
          expect(document.objects[object].fields[field]).toMatchObject({ key, label, type });
        }
        const wanted = known.objects[object].extra.filter(({ key }) => key);
        const proposed = document.objects[object].extra.filter(({ key }: Bendable) => key);
        const brief = ({ program, key, type, direction }: Bendable) => [program, key, type, direction];
        expect(proposed.map(brief).sort()).toEqual(
          wanted
            .filter(({ constant }) => !constant)
            .map(brief)
            .sort(),
        );
      }
    },
  );

  test("names each gap, in the draft and when it is checked, and nothing else", () => {
    const made = scaffoldMapping(wish(soundAccount(example("kestrel-obs"))));
    const errors = errorsOf(made.document);
    expect(errors.map(({ code }) => code)).toEqual(made.gaps.map(() => "GAP_LEFT"));
    for (const { what } of made.gaps) expect(errors.some(({ message }) => message.includes(what))).toBe(true);
    expect(gapsOf(made)).toEqual(
      expect.arrayContaining([
        ...["rules.default_currency", "stages.entry.stage", "rules.owner.fallback_email"],
        ...VERIFY,
      ]),
    );
    expect(checkMapping(made.document).document).toBeUndefined();
  });

  test("takes from the account what it tells, and says what a person has to confirm", () => {
    const account = soundAccount(example("harbourline"));
    account.me.default_currency = "CHF";
    const made = scaffoldMapping({ ...wish(account), verify: { person: 7 } });
    const document: Bendable = JSON.parse(made.document);
    expect(document.sync.start_at).toBe("2026-03-04T00:00:00Z");
    expect(document.rules.default_currency).toBe("CHF");
    expect(document.verify.person_id).toBe(7);
    expect(gapsOf(made)).toEqual(expect.arrayContaining(["verify.organization_id", "verify.deal_id"]));
    expect(made.assumed.map(({ at }) => at.join("."))).toEqual([
      "sync.start_at",
      "rules.default_currency",
      "verify.person_id",
    ]);
  });

  test("says which field has to be made, or settled, first", () => {
    const account = soundAccount(example("harbourline"));
    account.fields.deal = account.fields.deal.filter(({ field_name }) => field_name !== "Allbound ID");
    for (const field of account.fields.person) if (field.field_name === "Allbound ID") field.field_type = "double";
    const { gaps } = scaffoldMapping(wish(account));
    const at = (path: string) => gaps.find((gap) => gap.at.join(".") === path)?.what;
    expect(at("objects.deal.fields.allbound_id.key")).toBe("make the field first: partnersync fields provision new");
    expect(at("objects.person.fields.allbound_id.key")).toContain("of type Numerical, not Text");
  });

  test("proposes no field whose type cannot hold the value", () => {
    const account = soundAccount(example("kestrel-obs"));
    const field = { field_code: "ab".repeat(20), is_custom_field: true, options: null };
    account.fields.organization.push({ ...field, field_name: "Partner country", field_type: "varchar" });
    const { document } = scaffoldMapping(wish(account));
    expect(document).not.toContain("partner.country");
  });
});

describe("from another account's document", () => {
  test.each(EXAMPLES)("%s is the same there, with that account's keys and nobody's approval", (name) => {
    const from = example(name);
    const there = soundAccount(from, otherKey);
    there.companyDomain = "production";
    const verify = { organization: 1, person: 2, deal: 3 };
    const made = scaffoldMapping({ ...wish(there), environment: "production", from, verify });
    expect(made.gaps).toEqual([]);
    const document: Bendable = JSON.parse(made.document);
    expect(document.pipedrive).toMatchObject({ company_domain: "production", environment: "production" });
    expect(document).not.toHaveProperty("approved_by");
    expect(document.verify).toEqual({ organization_id: 1, person_id: 2, deal_id: 3 });
    const live = { account: there, environment: "production" as const };
    const { findings } = checkMapping(made.document, live);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(document.rules).toEqual(from.rules);
    expect(document.stages).toEqual(from.stages);
  });

  test("what the other account lacks is a gap", () => {
    const from = example("harbourline");
    const there = soundAccount(from, otherKey);
    there.fields.organization = there.fields.organization.filter(({ field_name }) => field_name !== "Website");
    for (const stage of there.stages) if (stage.name === "Quote sent") stage.name = "Offer sent";
    for (const user of there.users) user.email = user.email.replace("channel-desk", "desk");
    const made = scaffoldMapping({ ...wish(there), from });
    expect(gapsOf(made)).toEqual([
      "objects.organization.extra.1.key",
      "stages.map.2.stage",
      "rules.owner.fallback_email",
      ...VERIFY,
    ]);
    expect(errorsOf(made.document).map(({ code }) => code)).toEqual(Array(6).fill("GAP_LEFT"));
  });
});
