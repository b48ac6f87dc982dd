import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { OutcomeUnknownError } from "../../src/errors.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner } from "./channel.ts";
import { dies, interfere } from "./interference.ts";

describe("a create of Organization, Person and Deal", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  let registration: Snapshot;
  let count = 0;
  const OBJECTS = ["organization", "person", "deal"] as const;

  beforeAll(async () => {
    channel = await openChannel({ timings: { graceMs: 700 } });
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());
  beforeEach(async () => {
    count += 1;
    registration = await channel.register(partner, rep, `Prospect ${count}`);
    await channel.system.quiet();
  });

  const faultOnEach = async (fault: { kind: string; ms?: number }) => {
    for (const object of OBJECTS) await channel.fault({ ...fault, method: "POST", path: `^/api/v2/${object}s$` });
  };
  const dropWebhooks = (count: number) =>
    channel.twin.call("POST", "/deliveries", { meddle: { kind: "drop", count, sender: "pipedrive" } });
  /** Approves, and expects one new record of each kind, each with its id and linked. */
  async function approveAndExpectOneOfEach() {
    const before = await counts();
    const lookups = await lookupTokens();
    const spent = await channel.spentBy(() => channel.approve(registration));
    expect(await counts()).toEqual(before.map((number) => number + 1));
    const id = registration.registration_id;
    const deal = await channel.dealNamed(`Prospect ${count}`);
    expect(deal.labels["Allbound ID"]).toBe(id);
    expect((await channel.twin.record("organization", Number(deal.org_id))).labels["Allbound Deal ID"]).toBe(id);
    expect((await channel.twin.record("person", Number(deal.person_id))).labels["Allbound Deal ID"]).toBe(id);
    expect(await channel.rows("select role from link where program_id = $1 order by role", [id])).toHaveLength(3);
    expect(await channel.rows("select 1 from intent where state = 'open'")).toEqual([]);
    expect(await channel.faults()).toEqual([]);
    expect(await channel.codes()).toEqual([]);
    return { spent, lookups: (await lookupTokens()) - lookups };
  }
  const counts = () => Promise.all(OBJECTS.map(async (object) => (await channel.twin.records(object)).length));
  async function lookupTokens(): Promise<number> {
    const totals = await channel.system.app.spend.totals("harbourline");
    return totals.filter(({ purpose }) => purpose === "lookup").reduce((sum, { tokens }) => sum + tokens, 0);
  }

  test("whose answer is lost is completed by its own webhook, without a lookup", async () => {
    await faultOnEach({ kind: "lost_answer" });
    const { lookups } = await approveAndExpectOneOfEach();
    expect(lookups).toBe(0);
  });

  test("whose webhook beats the answer ends with one link", async () => {
    const beaten = interfere(channel.system, {
      pipedrive: (real) => ({
        async create(object, body, options) {
          const answer = await real.create(object, body, options);
          await eventually("its webhook is read", async () => {
            const [row] = await channel.rows(
              "select 1 from inbox_lane il join lane l on l.id = il.lane_id where l.object = $1 and l.crm_id = $2 and read_at is not null",
              [object, answer.id],
            );
            return row !== undefined;
          });
          return answer;
        },
      }),
    });
    await approveAndExpectOneOfEach();
    beaten.stop();
  });

  test("whose answer and webhook are lost is found by search", async () => {
    await faultOnEach({ kind: "lost_answer" });
    await dropWebhooks(3);
    const { spent, lookups } = await approveAndExpectOneOfEach();
    expect(lookups).toBe(3 * 21);
    expect(spent.calls["organizations.list"]).toBeUndefined();
  });

  test("whose answer is lost and that the search index does not show yet is found in the list", async () => {
    await channel.twin.call("POST", "/companies", {
      domain: "harbourline-security",
      switches: { searchDelayMs: 600_000 },
    });
    await faultOnEach({ kind: "lost_answer" });
    await dropWebhooks(3);
    const { spent } = await approveAndExpectOneOfEach();
    expect(spent.calls).toMatchObject({ "organizations.list": 1, "persons.list": 1, "deals.list": 1 });
    await channel.twin.call("POST", "/companies", { domain: "harbourline-security", switches: { searchDelayMs: 0 } });
  });

  test("that commits after its caller gave up is not made twice", async () => {
    await faultOnEach({ kind: "late_commit", ms: 1_400 });
    await dropWebhooks(3);
    await approveAndExpectOneOfEach();
  });

  test("is not even looked for while it may still commit", async () => {
    const { timings } = channel.system.app.config;
    const { graceMs } = timings;
    timings.graceMs = 4_000; // longer than the backoff before the next try, on a busy machine too
    const lookedForAt: number[] = [];
    let answers = false;
    const nobodyAnswers = interfere(channel.system, {
      pipedrive: (real) => ({
        create(...args) {
          if (answers) return real.create(...args);
          answers = true;
          return Promise.reject(new OutcomeUnknownError("nobody answers"));
        },
        search(object, query, call) {
          if (call?.purpose === "lookup") lookedForAt.push(Date.now());
          return real.search(object, query, call);
        },
      }),
    });
    await approveAndExpectOneOfEach().finally(() => nobodyAnswers.stop());
    const [unknown] = await channel.rows<{ deadline: Date }>(
      "select deadline from intent where type = 'create' and program_id = $1 and state = 'failed' order by id limit 1",
      [registration.registration_id],
    );
    expect(lookedForAt[0]).toBeGreaterThanOrEqual(Number(unknown?.deadline) + timings.graceMs);
    timings.graceMs = graceMs;
  });

  test("that never arrived is made again once nothing can commit any more", async () => {
    await faultOnEach({ kind: "reset" });
    const { spent } = await approveAndExpectOneOfEach();
    expect(spent.calls).toMatchObject({ "organizations.create": 1, "persons.create": 1, "deals.create": 1 });
  });

  test("is not made again while the search for it fails", async () => {
    await faultOnEach({ kind: "lost_answer" });
    await dropWebhooks(3);
    await channel.approve(registration);
    await eventually("the first create has lost its answer", async () => (await channel.faults()).length === 2);
    await channel.fault({ kind: "status", status: 500, method: "GET", path: "/search" });
    const { id } = await channel.fault({ kind: "status", status: 500, method: "GET", path: "updated_since" });
    await channel.system.quiet();
    await channel.twin.call("DELETE", `/faults/${id}`);
    expect(
      await channel.rows("select 1 from intent where type = 'create' and program_id = $1 and state <> 'done'", [
        registration.registration_id,
      ]),
    ).toEqual([]);
    const made = (await channel.twin.records("organization")).filter(({ name }) => name === `Prospect ${count} GmbH`);
    expect(made).toHaveLength(1);
  });

  test("whose worker dies between its answer and the link is not made twice", async () => {
    const died = new Set<string>();
    const death = interfere(channel.system, {
      pipedrive: (real) => ({
        async create(object, body, options) {
          const answer = await real.create(object, body, options);
          if (died.has(object)) return answer;
          died.add(object);
          return dies();
        },
      }),
    });
    await dropWebhooks(3);
    await approveAndExpectOneOfEach();
    death.stop();
  });

  test("whose answer is lost takes back nothing that the program has said meanwhile", async () => {
    const lost = interfere(channel.system, {
      pipedrive: (real) => ({
        async create(object, body, call) {
          const answer = await real.create(object, body, call);
          if (object !== "deal") return answer;
          const amount = { value: 777, currency: "EUR" };
          const { registration_id } = registration;
          await channel.twin.act({ action: "edit_registration", registration_id, fields: { amount } });
          throw new OutcomeUnknownError("the answer was lost");
        },
      }),
    });
    await channel.approve(registration);
    await channel.system.quiet();
    lost.stop();
    expect(await channel.dealNamed(`Prospect ${count}`)).toMatchObject({ value: 777 });
    expect(await channel.registrationNamed(`Prospect ${count}`)).toMatchObject({ amount: { value: 777 } });
  });

  test("whose record was edited before the answer came has both sides agree on the edit", async () => {
    const quick = interfere(channel.system, {
      pipedrive: (real) => ({
        async create(object, body, call) {
          const answer = await real.create(object, body, call);
          if (object !== "deal") return answer;
          await channel.later();
          await channel.twin.edit("deal", { value: 4321 }, answer.id);
          const read = `select 1 from inbox_lane r join lane l on l.id = r.lane_id
            where l.object = 'deal' and l.crm_id = $1 and r.read_at is not null`;
          await eventually(
            "both webhooks are read",
            async () => (await channel.rows(read, [answer.id])).length > 1,
            900,
          );
          return answer;
        },
      }),
    });
    await channel.approve(registration);
    await channel.system.quiet();
    quick.stop();
    expect(await channel.dealNamed(`Prospect ${count}`)).toMatchObject({ value: 4321 });
    expect(await channel.registrationNamed(`Prospect ${count}`)).toMatchObject({ amount: { value: 4321 } });
  });
});
