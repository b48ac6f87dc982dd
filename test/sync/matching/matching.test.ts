import { describe, expect, test } from "@jest/globals";
import { companyDomain } from "../../../src/sync/matching/company-domain.ts";
import { countryOf } from "../../../src/sync/matching/country.ts";
import {
  candidateName,
  customerNames,
  isLive,
  placeOf,
  suspectRegistrations,
} from "../../../src/sync/matching/duplicates.ts";
import { type Company, companyEvidence, type NameRule } from "../../../src/sync/matching/evidence.ts";
import { type Candidate, judgeCandidates, type MatchRule } from "../../../src/sync/matching/verdict.ts";

describe("a company's domain", () => {
  test.each([
    ["https://www.Acme.co.uk/about?x=1", "acme.co.uk", "acme.co.uk"],
    ["acme.example", "acme.example", "acme.example"],
    ["http://emea.acme.example:8080/", "emea.acme.example", "acme.example"],
    ["www.acme.example", "acme.example", "acme.example"],
    ["shop-one.myshopify.com", "shop-one.myshopify.com", "shop-one.myshopify.com"],
  ])("C6 %s is %s, registered as %s", (website, host, registered) => {
    expect(companyDomain(website)).toEqual({ host, registered });
  });

  test.each([
    "gmail.com",
    "https://www.gmx.de",
    "mail.yahoo.co.uk",
    "10.0.0.1",
    "localhost",
    "co.uk",
    "",
    "not a site",
  ])("C6 %j says nothing of a company", (website) => {
    expect(companyDomain(website)).toBeNull();
  });
});

test("countries are one in words and as a code, in the languages of addresses", () => {
  expect(["DE", "de", "Germany", "Deutschland", "Allemagne", "Alemania"].map(countryOf)).toEqual(Array(6).fill("DE"));
  expect([countryOf("UK"), countryOf("Elbonia"), countryOf(" "), countryOf(null)]).toEqual([
    "GB",
    "ELBONIA",
    null,
    null,
  ]);
});

describe("what speaks for two companies being one", () => {
  const of = (name: string | null, website: string | null, ...countries: string[]): Company => ({
    name,
    website,
    countries,
  });
  test.each<[string, Company, Company, NameRule, string]>([
    ["the same host", of("A", "www.a.example"), of("B", "https://A.example/x"), "never", "domain exact"],
    ["a host of the same domain", of("A", "de.a.example"), of("A", "a.example"), "alone", "related_domain hint"],
    [
      "a name with its country",
      of("Acme", null, "DE"),
      of(" ACME ", "x.example", "Germany"),
      "with_country",
      "name_and_country exact",
    ],
    ["a name without one", of("Acme", null, "DE"), of("Acme", null), "with_country", "name hint"],
    ["a name with another country", of("Acme", null, "DE"), of("Acme", null, "France"), "with_country", "name hint"],
    ["a name alone", of("Acme", null), of("acme", null), "alone", "name exact"],
    [
      "a name that other domains contradict",
      of("Acme", "a.example", "DE"),
      of("Acme", "b.example", "DE"),
      "alone",
      "name hint",
    ],
    ["a name that must not count", of("Acme", null, "DE"), of("Acme", null, "DE"), "never", "nothing"],
    ["another name", of("Acme", null, "DE"), of("Acme AG", null, "DE"), "alone", "nothing"],
    ["one free-mail domain", of("A", "gmail.com"), of("B", "gmail.com"), "alone", "nothing"],
  ])("%s", (_what, sought, record, rule, expected) => {
    const evidence = companyEvidence(sought, record, rule);
    expect(evidence ? `${evidence.by} ${evidence.exact ? "exact" : "hint"}` : "nothing").toBe(expected);
  });
});

describe("the verdict on candidates", () => {
  const some = (id: number, more: Partial<Candidate> = {}): Candidate => ({
    ...{ object: "organization", id, name: null, website: null, email: null, takenBy: null, by: "domain", exact: true },
    ...more,
  });
  const hint = (id: number) => some(id, { by: "related_domain", exact: false });
  const linkExact: MatchRule = { exact: "link", hints: "create" };
  const review: MatchRule = { exact: "review", hints: "review" };
  const careful: MatchRule = { exact: "link", hints: "review" };
  test.each<[string, Candidate[], MatchRule, string]>([
    ["nothing found is a new record", [], review, "create"],
    ["one exact hit is linked", [some(1), hint(2)], linkExact, "link 1"],
    ["two exact hits are for a person", [some(1), some(2)], linkExact, "review several"],
    ["hints alone make a new record", [hint(1), hint(2)], linkExact, "create"],
    ["hints alone are for a person", [hint(1)], careful, "review suspected"],
    ["one exact hit is for a person", [some(1)], review, "review suspected"],
    ["what stands for another is not taken", [some(1, { takenBy: "usr_x" })], careful, "review taken"],
    ["our own id outweighs the rest", [some(1), some(2, { by: "id" }), some(3)], linkExact, "link 2"],
    [
      "our own id on two records is for a person",
      [some(1, { by: "id" }), some(2, { by: "id" })],
      linkExact,
      "review several",
    ],
  ])("%s", (_what, candidates, rule, expected) => {
    const found = judgeCandidates(candidates, rule);
    const more = {
      link: () => ` ${"candidate" in found && found.candidate.id}`,
      review: () => ` ${"because" in found && found.because}`,
    };
    expect(found.verdict + (found.verdict === "create" ? "" : more[found.verdict]())).toBe(expected);
  });
});

describe("suspected duplicates", () => {
  const facts = (partnerId: string, submittedAt: string | null, products: string[] = []) => ({
    partnerId,
    products,
    submittedAt,
  });
  const other = (
    registrationId: string,
    partnerId: string,
    submittedAt: string | null,
    products: string[] = [],
    live = true,
  ) => ({
    ...facts(partnerId, submittedAt, products),
    ...{ registrationId, live },
  });
  const own = facts("prt_a", "2026-03-02T00:00:00Z", ["pumps"]);

  test("C1 C2 live ones with a product in common, whoever's, in the order of submission", () => {
    const suspects = suspectRegistrations(own, [
      other("reg_late", "prt_b", "2026-03-03T00:00:00Z"),
      other("reg_unknown", "prt_b", null),
      other("reg_early", "prt_a", "2026-03-02T20:00:00+14:00", ["valves", "pumps"]),
      other("reg_other_product", "prt_a", "2026-03-01T00:00:00Z", ["valves"]),
      other("reg_over", "prt_a", "2026-03-01T00:00:00Z", [], false),
    ]);
    expect(suspects).toMatchObject([
      { registrationId: "reg_early", reason: "same_partner" },
      { registrationId: "reg_late", reason: "other_partner" },
      { registrationId: "reg_unknown", reason: "other_partner" },
    ]);
    const places = ["2026-03-01T00:00:00Z", "2026-03-02T12:00:00Z", "2026-03-04T00:00:00Z"];
    expect(places.map((at) => placeOf(facts("prt_a", at), suspects))).toEqual([1, 2, 3]);
  });

  test("a customer is one by its registered domain, or by name and country", () => {
    const names = customerNames({ name: "Acme  AG", website: "https://emea.acme.example", country: "Germany" });
    expect(names).toEqual(["domain acme.example", "name acme ag DE"]);
    expect(customerNames({ name: "Acme", website: "gmail.com", country: null })).toEqual([]);
  });

  test("one whose review or sale has ended is not live", () => {
    expect([isLive("submitted", "none"), isLive("approved", "open")]).toEqual([true, true]);
    expect([
      isLive("rejected", "none"),
      isLive("approved", "won"),
      isLive("draft", "none"),
      isLive(undefined, null),
    ]).toEqual(Array(4).fill(false));
  });

  test("Deals are named apart from registrations", () => {
    expect(candidateName({ reason: "won_deal", dealId: 17, title: null })).toBe("pipedrive:deal:17");
  });
});
