import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { linkRecord } from "../../src/operations/link-records.ts";
import { decideMatch, type MatchWord } from "../../src/operations/match-reviews.ts";
import { syncRecord } from "../../src/operations/sync-record.ts";
import { localActor } from "../../src/store/actor.ts";
import type { MatchReview } from "../../src/store/match-reviews.ts";
import type { MappingPlan } from "../../src/sync/model.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, openChannel, type Partner, prospectOf } from "./channel.ts";
import { interfere } from "./interference.ts";

const TENANT = "harbourline";
const ADA = localActor("ada");

let channel: Channel;
let partner: Partner;
let other: Partner;
let rep: Snapshot;
let otherRep: Snapshot;
let rules: { stop(): void } | null = null;

beforeAll(async () => {
  channel = await openChannel();
  [partner, other] = [await channel.partner("Nordlicht Systems"), await channel.partner("Suedstern")];
  rep = await channel.rep(partner, "mara@nordlicht.example");
  otherRep = await channel.rep(other, "nils@suedstern.example");
}, 90_000);
afterAll(() => channel.close());
afterEach(() => {
  rules?.stop();
  rules = null;
});

/** Other rules than the document's, until the test ends. */
function withRules(changed: Partial<MappingPlan["rules"]>): void {
  rules = interfere(channel.system, { plan: (live) => ({ ...live, rules: { ...live.rules, ...changed } }) });
}

const organization = (name: string, website: string | null, more: Record<string, unknown> = {}) =>
  channel.twin.edit("organization", { name, ...(website && { "label:Website": website }), ...more });
const person = (email: string, org_id: number) =>
  channel.twin.edit("person", { name: "Ida Kern", org_id, emails: [{ value: email, primary: true, label: "work" }] });

async function approved(title: string, more: Record<string, unknown> = {}): Promise<Snapshot> {
  const registration = await channel.register(partner, rep, title, more);
  await channel.approve(registration);
  await channel.system.quiet();
  return registration;
}

const exists = async (title: string) => (await channel.twin.records("deal")).some((deal) => deal.title === title);
const reviews = (all = false) => channel.system.app.matchReviews.page(TENANT, { all, limit: 200 });
async function reviewOf({ registration_id }: Snapshot): Promise<MatchReview> {
  const found = (await reviews()).find(({ programId }) => programId === registration_id);
  if (!found) throw new Error(`no match of ${registration_id} waits`);
  return found;
}
async function decide({ id }: MatchReview, word: MatchWord): Promise<void> {
  await decideMatch(channel.system.app, TENANT, id, word, ADA);
  await channel.system.quiet();
}
const findingsOf = async (code: string, registration: Snapshot) => {
  const deal = (await channel.twin.records("deal")).find(
    ({ labels }) => labels["Allbound ID"] === registration.registration_id,
  );
  const subjects = [`deal_registration ${registration.registration_id}`, `deal ${deal?.id}`];
  return (await channel.found(code)).filter(({ subject }) => subjects.includes(subject));
};
const conflictOf = async ({ registration_id }: Snapshot) =>
  (await channel.twin.aggregates("deal_registration")).find((one) => one.registration_id === registration_id)?.conflict;

describe("a customer that may be in Pipedrive already", () => {
  test("C5 one Organization of exactly that domain is linked, however its website is written", async () => {
    const known = await organization("Fresh", "https://www.Fresh.example/about/");
    await organization("Refresh", "https://refresh.example");
    await approved("Fresh", { prospect: { ...prospectOf("Fresh"), account: { name: "F.", domain: "fresh.example" } } });
    expect(await channel.dealNamed("Fresh")).toMatchObject({ org_id: known.id });
    expect(await reviews()).toEqual([]);
  });

  test("C5 several exact hits wait for a person, who chooses one; nothing is spent on waiting", async () => {
    const [first, second] = [
      await organization("Two A", "two.example"),
      await organization("Two B", "www.two.example"),
    ];
    const registration = await approved("Two");
    const after = await channel.register(other, otherRep, "Two too", { prospect: prospectOf("Two") });
    await channel.approve(after);
    await channel.system.quiet();
    expect([await exists("Two"), await exists("Two too")]).toEqual([false, false]);
    const review = await reviewOf(registration);
    expect(review).toMatchObject({ role: "customer_org", because: "several", state: "open" });
    expect(review.evidence.candidates.map(({ id, name, by }) => [id, name, by])).toEqual([
      [first.id, "Two A", "domain"],
      [second.id, "Two B", "domain"],
    ]);
    const [finding] = await findingsOf("MATCH_REVIEW", registration);
    expect(finding?.message).toContain(`cost ${review.evidence.tokens} tokens`);
    expect(await channel.rows("select attempts, stopped_at from lane where blocked_kind = 'match'")).toEqual([
      { attempts: 0, stopped_at: null },
    ]);
    const fields = { description: "still there?" };
    const edit = { action: "edit_registration", registration_id: registration.registration_id, fields };
    expect(await channel.spentBy(() => channel.twin.act(edit))).toMatchObject({ tokens: 0 });

    await expect(
      decideMatch(channel.system.app, TENANT, review.id, { choice: "link", crmId: partner.organization.id }, ADA),
    ).rejects.toMatchObject({ code: "CANDIDATE_UNKNOWN" });
    await decide(review, { choice: "link", crmId: second.id, comment: "the one with the contract" });
    expect(await channel.dealNamed("Two")).toMatchObject({ org_id: second.id });
    expect(await channel.dealNamed("Two too")).toMatchObject({ org_id: second.id });
    expect(await channel.system.app.matchReviews.get(TENANT, review.id)).toMatchObject({
      ...{ state: "done", choice: "link", decidedBy: "ada (command line)", comment: "the one with the contract" },
      evidence: review.evidence,
    });
    expect(await findingsOf("MATCH_REVIEW", registration)).toEqual([]);
    const links = "select created_by from link where role = 'customer_org' and crm_id = $1 order by 1";
    expect(await channel.rows(links, [second.id])).toEqual([{ created_by: "decision" }, { created_by: "match" }]);
    await expect(decideMatch(channel.system.app, TENANT, review.id, { choice: "create" }, ADA)).rejects.toMatchObject({
      code: "MATCH_ENDED",
    });
    const { rows } = await channel.system.database.pool.query("select evidence, comment from match_review");
    expect(rows.map(({ evidence, comment }) => `${evidence} ${comment}`).join()).not.toMatch(/Two A|contract/);
  });

  test("C5 a person may say that it is a new one", async () => {
    const known = [await organization("New A", "new.example"), await organization("New B", "new.example")];
    const registration = await approved("New");
    await decide(await reviewOf(registration), { choice: "create" });
    const { org_id } = await channel.dealNamed("New");
    expect(known.map(({ id }) => id)).not.toContain(org_id);
    expect(org_id).toBeTruthy();
  });

  test("C5 a decision is done when the answer to its create was lost, too", async () => {
    for (const name of ["Lost A", "Lost B"]) await organization(name, "lost.example");
    const registration = await approved("Lost");
    const review = await reviewOf(registration);
    await channel.fault({ kind: "lost_answer", method: "POST", path: "^/api/v2/organizations$" });
    await decide(review, { choice: "create" });
    expect(await channel.faults()).toEqual([]);
    expect(await exists("Lost")).toBe(true);
    expect(await channel.system.app.matchReviews.get(TENANT, review.id)).toMatchObject({ state: "done" });
  });

  test("C5 nobody is asked any more once somebody has linked a record by hand", async () => {
    const [first] = [await organization("Hand A", "hand.example"), await organization("Hand B", "hand.example")];
    const registration = await approved("Hand");
    const review = await reviewOf(registration);
    const programId = String(registration.registration_id);
    const pair = { object: "organization", crmId: first.id, kind: "deal_registration", programId } as const;
    await linkRecord(channel.system.app, TENANT, pair, "ada");
    await channel.system.quiet();
    expect(await channel.dealNamed("Hand")).toMatchObject({ org_id: first.id });
    expect(await channel.system.app.matchReviews.get(TENANT, review.id)).toMatchObject({ state: "withdrawn" });
    expect(await findingsOf("MATCH_REVIEW", registration)).toEqual([]);
  });

  test("C5 a person may leave it out: nothing is made, and another registration of it goes on", async () => {
    for (const name of ["Out A", "Out B"]) await organization(name, "out.example");
    const registration = await approved("Out");
    await decide(await reviewOf(registration), { choice: "drop" });
    await channel.twin.act({
      action: "edit_registration",
      registration_id: registration.registration_id,
      fields: { description: "and now?" },
    });
    const next = await channel.register(other, otherRep, "Out again", { prospect: prospectOf("Out") });
    await channel.approve(next);
    await channel.system.quiet();
    expect(await exists("Out")).toBe(false);
    const review = await reviewOf(next);
    expect(review.state).toBe("open");
    // A decision that was not carried out may be changed.
    await decide((await reviews()).find(({ choice }) => choice === "drop") as MatchReview, { choice: "create" });
    expect(await exists("Out")).toBe(true);
  });

  test("C5 what was mended in Pipedrive is found by asking for another look, and nobody has to decide", async () => {
    const [stays, goes] = [await organization("Mend A", "mend.example"), await organization("Mend B", "mend.example")];
    const registration = await approved("Mend");
    const review = await reviewOf(registration);
    await channel.twin.edit("organization", { "label:Website": "elsewhere.example" }, goes.id);
    const name = { kind: "deal_registration", programId: String(registration.registration_id) } as const;
    await syncRecord(channel.system.app, TENANT, name);
    await channel.system.quiet();
    expect(await channel.dealNamed("Mend")).toMatchObject({ org_id: stays.id });
    expect(await channel.system.app.matchReviews.get(TENANT, review.id)).toMatchObject({ state: "withdrawn" });
    expect(await findingsOf("MATCH_REVIEW", registration)).toEqual([]);
  });

  test("C5 a contact with exactly that e-mail is linked; of two a person chooses", async () => {
    const home = await organization("Contacts", "contacts.example");
    const known = await person("ida@contacts.example", home.id);
    await approved("Contacts");
    expect(await channel.dealNamed("Contacts")).toMatchObject({ org_id: home.id, person_id: known.id });
    await organization("Pair", "pair.example");
    const [, second] = [await person("ida@pair.example", home.id), await person("ida@pair.example", home.id)];
    const registration = await approved("Pair");
    const review = await reviewOf(registration);
    expect(review).toMatchObject({ role: "customer_person", because: "several" });
    await decide(review, { choice: "link", crmId: second.id });
    expect(await channel.dealNamed("Pair")).toMatchObject({ person_id: second.id });
  });

  test("C6 a subdomain, a free-mail address and a mere name link nothing; the likeness is told", async () => {
    await organization("Holding", "holding.example");
    await organization("Freemail", "gmail.com");
    const named = await organization("Sole Trader", null);
    const accounts = [
      { name: "Branch", domain: "emea.holding.example" },
      { name: "Somebody", domain: "gmail.com" },
      { name: "sole trader", domain: null, country: "DE" },
    ];
    const told: boolean[] = [];
    for (const account of accounts) {
      const registration = await approved(account.name, { prospect: { ...prospectOf(account.name), account } });
      const { org_id } = await channel.dealNamed(account.name);
      const made = await channel.twin.record("organization", Number(org_id));
      expect(made.labels["Allbound Deal ID"]).toBe(registration.registration_id);
      told.push((await findingsOf("RESEMBLES_RECORD", registration)).length > 0);
    }
    expect(told).toEqual([true, false, true]);
    expect((await channel.found("RESEMBLES_RECORD")).map(({ message }) => message).join()).toContain(
      `organization ${named.id}`,
    );
  });

  test("C6 under review the same hints wait for a person, and so does one exact hit", async () => {
    withRules({ matchCustomer: "review" });
    await organization("Parent", "parent.example");
    const account = { name: "Child", domain: "child.parent.example" };
    const hint = await approved("Child", { prospect: { ...prospectOf("Child"), account } });
    expect((await reviewOf(hint)).evidence.candidates).toMatchObject([{ by: "related_domain", exact: false }]);
    const exact = await approved("Exact", {
      prospect: { ...prospectOf("Exact"), account: { name: "E", domain: "parent.example" } },
    });
    expect(await reviewOf(exact)).toMatchObject({ because: "suspected", evidence: { candidates: [{ by: "domain" }] } });
  });

  test("C6 a name counts with its country, alone only where the rule says so, and never where it says that", async () => {
    const here = await organization("Gleich AG", null, { address: { value: "Kai 1, Hamburg", country: "Germany" } });
    const of = (name: string, country: string | null) => ({
      ...prospectOf(name),
      account: { name: "Gleich AG", country },
    });
    await approved("Gleich with country", { prospect: of("Gleich with country", "DE") });
    expect(await channel.dealNamed("Gleich with country")).toMatchObject({ org_id: here.id });
    const lone = await organization("Allein AG", null);
    const alone = { account: { name: "Allein AG" }, contact: prospectOf("Allein").contact };
    withRules({ matchName: "never" });
    await approved("Allein never", { prospect: alone });
    expect(await channel.dealNamed("Allein never")).not.toMatchObject({ org_id: lone.id });
    rules?.stop();
    await channel.twin.edit(
      "organization",
      { name: "Renamed" },
      Number((await channel.dealNamed("Allein never")).org_id),
    );
    withRules({ matchName: "alone" });
    await approved("Allein alone", { prospect: alone });
    expect(await channel.dealNamed("Allein alone")).toMatchObject({ org_id: lone.id });
  });

  test("a partner user whose address stands in another Organization waits for a person", async () => {
    const elsewhere = await person("kim@nordlicht.example", other.organization.id);
    const contact = await channel.rep(partner, "kim@nordlicht.example");
    const review = (await reviews()).find(({ programId }) => programId === contact.partner_user_id);
    expect(review).toMatchObject({
      role: "partner_user",
      evidence: { candidates: [{ id: elsewhere.id, by: "email_elsewhere" }] },
    });
    await decide(review as MatchReview, { choice: "link", crmId: elsewhere.id });
    const { labels } = await channel.twin.record("person", elsewhere.id);
    expect(labels["Allbound ID"]).toBe(contact.partner_user_id);
  });
});

describe("a registration that may be a duplicate", () => {
  const purposes = async () => {
    const totals = await channel.system.app.spend.totals(TENANT);
    return totals.reduce((sum, { purpose, tokens }) => sum + (purpose === "duplicates" ? tokens : 0), 0);
  };

  test("C1 the same partner registers the same customer twice: both go on, the second is flagged", async () => {
    const first = await channel.register(partner, rep, "Double", { products: ["pumps", "valves"] });
    await channel.system.quiet();
    const prospect = {
      ...prospectOf("Double"),
      account: { name: "Other words", domain: "https://emea.double.example" },
    };
    let second = first;
    const spent = await channel.spentBy(async () => {
      second = await channel.register(partner, rep, "Double again", { prospect, products: ["valves"] });
    });
    expect(spent).toMatchObject({ tokens: 0 });
    expect(await conflictOf(second)).toEqual({ state: "suspected", candidates: [first.registration_id] });
    const [finding] = await findingsOf("DUPLICATE_REGISTRATION", second);
    expect(finding).toMatchObject({
      message: expect.stringMatching(/the same partner's .* number 2 of 2.*no tokens/),
      detail: { candidates: [{ reason: "same_partner", registrationId: first.registration_id }] },
    });
    const unlike = await channel.register(partner, rep, "Double otherwise", { prospect, products: ["cranes"] });
    await channel.system.quiet();
    expect(await conflictOf(unlike)).toEqual({ state: "none", candidates: [] });
    for (const registration of [first, second]) await channel.approve(registration);
    await channel.system.quiet();
    expect([await exists("Double"), await exists("Double again")]).toEqual([true, true]);
    // It is looked at once: neither an approval nor an edit asks again.
    expect((await findingsOf("DUPLICATE_REGISTRATION", second))[0]?.count ?? 1).toBe(1);
  });

  test("C1 one that has ended is no duplicate", async () => {
    const ended = await channel.register(partner, rep, "Ended");
    await channel.system.quiet();
    await channel.twin.act({
      action: "review",
      registration_id: ended.registration_id,
      to: "rejected",
      reason: "too_early",
    });
    await channel.system.quiet();
    const again = await channel.register(partner, rep, "Ended again", { prospect: prospectOf("Ended") });
    await channel.system.quiet();
    expect(await conflictOf(again)).toMatchObject({ state: "none" });
  });

  test("C2 two partners name one customer: both go on, ranked by when the program received them", async () => {
    const prospect = { ...prospectOf("Shared"), account: { name: "Shared SE", country: "Germany" } };
    const first = await channel.register(other, otherRep, "Shared", { prospect });
    await channel.later();
    await channel.system.quiet();
    const account = { name: "SHARED  se", country: "DE" };
    const second = await channel.register(partner, rep, "Shared too", { prospect: { ...prospect, account } });
    await channel.approve(first);
    await channel.approve(second);
    await channel.system.quiet();
    expect(await conflictOf(second)).toMatchObject({ state: "suspected", candidates: [first.registration_id] });
    const [finding] = await findingsOf("DUPLICATE_REGISTRATION", second);
    expect(finding?.message).toMatch(/another partner's .* number 2 of 2/);
    expect([await exists("Shared"), await exists("Shared too")]).toEqual([true, true]);
  });

  test("C3 the direct team has an open Deal with the customer: it is told of and left alone, for 10 tokens", async () => {
    const home = await organization("Direct", "direct.example");
    const direct = await channel.twin.edit("deal", { title: "Ours", org_id: home.id });
    const before = await purposes();
    const registration = await approved("Direct");
    expect(await conflictOf(registration)).toEqual({ state: "suspected", candidates: [`pipedrive:deal:${direct.id}`] });
    const [finding] = await findingsOf("CUSTOMER_HAS_DEALS", registration);
    expect(finding?.message).toMatch(new RegExp(`open Deal that no partner registered \\(${direct.id}\\).*10 tokens`));
    expect((await channel.dealNamed("Direct")).id).not.toBe(direct.id);
    expect((await channel.twin.record("deal", direct.id)).labels["Allbound ID"]).toBeNull();
    expect((await purposes()) - before).toBe(10);
    await channel.twin.edit("deal", { value: 3_000 }, (await channel.dealNamed("Direct")).id);
    await channel.system.quiet();
    expect((await purposes()) - before).toBe(10);
  });

  test("C4 the end customer is a customer already: a won Deal is told of", async () => {
    const home = await organization("Existing", "existing.example");
    const won = await channel.twin.edit("deal", { title: "Last year", org_id: home.id });
    await channel.twin.edit("deal", { status: "won" }, won.id);
    const lost = await channel.twin.edit("deal", { title: "Lost", org_id: home.id });
    await channel.twin.edit("deal", { status: "lost" }, lost.id);
    const registration = await approved("Existing");
    expect(await conflictOf(registration)).toEqual({ state: "suspected", candidates: [`pipedrive:deal:${won.id}`] });
    expect((await findingsOf("CUSTOMER_HAS_DEALS", registration))[0]?.message).toContain(`a won Deal (${won.id})`);
    expect(await exists("Existing")).toBe(true);
  });

  test("what a person in the program has judged stays judged", async () => {
    const home = await organization("Judged", "judged.example");
    await channel.twin.edit("deal", { title: "Direct one", org_id: home.id });
    const first = await channel.register(other, otherRep, "Judged");
    await channel.system.quiet();
    const second = await channel.register(partner, rep, "Judged too", { prospect: prospectOf("Judged") });
    await channel.system.quiet();
    const judged = { state: "overridden", candidates: [first.registration_id] };
    const { registration_id } = second;
    await channel.twin.act({ action: "resolve_conflict", registration_id, state: judged.state });
    await channel.approve(second);
    await channel.system.quiet();
    expect(await findingsOf("CUSTOMER_HAS_DEALS", second)).toHaveLength(1);
    expect(await conflictOf(second)).toEqual(judged);
  });

  test("a program that refuses to hear of a duplicate holds nothing up", async () => {
    const first = await channel.register(partner, rep, "Refused");
    await channel.system.quiet();
    await channel.fault({ kind: "status", status: 400, side: "program", method: "POST", path: "/commands$" });
    const second = await channel.register(partner, rep, "Refused too", { prospect: prospectOf("Refused") });
    await channel.system.quiet();
    expect(await channel.faults()).toEqual([]);
    expect(await conflictOf(second)).toMatchObject({ state: "none" });
    expect(await findingsOf("CONFLICT_NOT_FLAGGED", second)).toHaveLength(1);
    await channel.approve(second);
    await channel.system.quiet();
    expect(await exists("Refused too")).toBe(true);
    expect(await conflictOf(first)).toMatchObject({ state: "none" });
  });
});

describe("a partner that the program had first (partners_create_in_crm)", () => {
  const create = async (name: string, website: string) => {
    const made = await channel.twin.act({ action: "create_partner", name, website });
    await channel.system.quiet();
    return made;
  };
  const now = async ({ partner_id }: Snapshot) =>
    (await channel.twin.aggregates("partner")).find((one) => one.partner_id === partner_id);
  const named = async (name: string) => (await channel.twin.records("organization")).filter((one) => one.name === name);

  test("has an Organization made for it, with all that the program knows, and is told which", async () => {
    withRules({ partnersCreateInCrm: true });
    const made = await create("Brandneu", "brandneu.example");
    const [organization] = await named("Brandneu");
    expect(organization?.labels).toMatchObject({ "Allbound ID": made.partner_id, "Allbound Status": "Active" });
    expect(await now(made)).toMatchObject({ status: "active", crm: { org_id: organization?.id } });
    await channel.twin.edit("organization", { "label:Allbound Status": "Pending" }, organization?.id);
    await channel.system.quiet();
    expect(await now(made)).toMatchObject({ status: "pending" });
    expect(await named("Brandneu")).toHaveLength(1);
  });

  test("takes the Organization that is there, and an empty status there does not end the partnership", async () => {
    withRules({ partnersCreateInCrm: true });
    const there = await organization("Schon da GmbH", "http://schonda.example");
    const made = await create("Schon da", "schonda.example");
    expect(await now(made)).toMatchObject({ status: "active", crm: { org_id: there.id } });
    expect((await channel.twin.record("organization", there.id)).labels["Allbound ID"]).toBe(made.partner_id);
  });
});
