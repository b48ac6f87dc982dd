import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ConnectionError } from "../../src/errors.ts";
import { createNeutralProgram } from "../../src/partner/neutral-http.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner } from "./channel.ts";
import { interfere } from "./interference.ts";

describe("a connection that fails", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  let scene: { deal: { id: number }; registration: Snapshot };
  let day = 0;

  beforeAll(async () => {
    channel = await openChannel();
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
    scene = await channel.deal(partner, rep, "Deal");
  }, 90_000);
  afterAll(() => channel.close());

  /** The program says a new close date; a person types a new value into Pipedrive. */
  async function changeBothSides() {
    day += 1;
    await channel.twin.act({
      action: "edit_registration",
      registration_id: scene.registration.registration_id,
      fields: { expected_close_date: `2027-06-${String(day).padStart(2, "0")}` },
    });
    await channel.twin.edit("deal", { value: 1000 + day }, scene.deal.id);
  }
  async function expectBothSidesAgree() {
    await channel.system.quiet();
    const date = `2027-06-${String(day).padStart(2, "0")}`;
    expect(await channel.dealNamed("Deal")).toMatchObject({ expected_close_date: date, value: 1000 + day });
    expect(await channel.registrationNamed("Deal")).toMatchObject({
      expected_close_date: date,
      amount: { value: 1000 + day, currency: "EUR" },
    });
    expect(await channel.rows("select attempts from lane where attempts > 0")).toEqual([]);
    expect(await channel.faults()).toEqual([]);
    expect(await channel.codes()).toEqual([]);
  }
  const connection = async (side: string) =>
    (
      await channel.rows<{ id: string; state: string; paused_cause: string | null; parked_until: Date | null }>(
        "select id, state, paused_cause, parked_until from connection where side = $1",
        [side],
      )
    )[0];
  async function resume(side: string) {
    await channel.system.app.connections.resume((await connection(side))?.id ?? "");
    await channel.system.app.ringer.ringDue("harbourline");
  }
  const unpark = (side: string) => channel.rows("update connection set parked_until = null where side = $1", [side]);

  for (const [name, fault] of [
    ["401", { kind: "status", status: 401 }],
    ["the HTML page of the network in front", { kind: "html403" }],
  ] as const) {
    test(`towards Pipedrive with ${name} is paused, and everything flows once it is resumed`, async () => {
      await channel.fault({ ...fault, method: "PATCH" });
      await changeBothSides();
      await eventually("it is paused", async () => (await connection("pipedrive"))?.state === "paused");
      expect((await connection("pipedrive"))?.paused_cause).toBeTruthy();
      const [told] = await channel.found("CONNECTION_PAUSED");
      expect(told?.message).toMatch(/^harbourline: nothing is sent to Pipedrive any more, .*To mend it, /);
      await resume("pipedrive");
      await expectBothSidesAgree();
    });
  }

  test("towards the program with 401 is paused, and everything flows as soon as it is resumed", async () => {
    await channel.fault({ side: "program", kind: "status", status: 401, method: "POST" });
    await channel.twin.edit("deal", { value: 5000 }, scene.deal.id);
    await eventually("it is paused", async () => (await connection("program"))?.state === "paused");
    await resume("program");
    await channel.system.quiet();
    expect(await channel.registrationNamed("Deal")).toMatchObject({ amount: { value: 5000, currency: "EUR" } });
    await changeBothSides();
    await expectBothSidesAgree();
  });

  test("is not paused again by a call that was under way when a person mended it", async () => {
    let answer = () => {};
    let called = false;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const old = interfere(channel.system, {
      pipedrive: () => ({
        async patch() {
          called = true;
          await held;
          throw new ConnectionError("pipedrive", "UNAUTHORIZED", "the old token");
        },
      }),
    });
    await changeBothSides();
    await eventually("the call is under way", async () => called);
    old.stop();
    const { id } = (await connection("pipedrive")) ?? { id: "" };
    const { connections } = channel.system.app;
    await connections.pause(id, "another run met it first", {
      since: new Date(),
      finding: "the token is not accepted",
    });
    await resume("pipedrive");
    answer();
    await expectBothSidesAgree();
    expect((await connection("pipedrive"))?.state).toBe("active");
  });

  test("and is paused before a bell is answered lets everything flow as soon as it is resumed", async () => {
    await channel.system.stopWorkers();
    await changeBothSides();
    const { id } = (await connection("program")) ?? { id: "" };
    await eventually("there is work", async () => (await due()).length > 0);
    await channel.system.app.connections.pause(id, "refused", { since: new Date(), finding: "refused" });
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // until no process believes it active
    channel.system.startWorkers();
    await eventually("the bells are answered", async () => (await due()).every(({ rung }) => rung === null));
    await resume("program");
    await eventually("it flows", async () => (await due()).length === 0, 5_000);
    await expectBothSidesAgree();
  });
  const due = () =>
    channel.rows<{ rung: Date | null }>(
      "select coalesce(rung_inbound, rung_outbound) as rung from lane where coalesce(due_inbound, due_outbound) is not null",
    );

  test("for the two-second allowance is parked until the reset, and nothing is lost", async () => {
    await channel.fault({ kind: "429_burst", method: "PATCH" });
    await changeBothSides();
    await eventually("it is parked", async () => (await connection("pipedrive"))?.parked_until != null);
    const until = Number((await connection("pipedrive"))?.parked_until);
    expect(until - Date.now()).toBeLessThan(5_000);
    await expectBothSidesAgree();
    const [last] = await channel.rows<{ opened_at: Date }>(
      "select opened_at from intent where type = 'patch' order by id desc limit 1",
    );
    expect(Number(last?.opened_at)).toBeGreaterThanOrEqual(until);
  });

  for (const [name, fault] of [
    ["406 (slow down)", { kind: "status", status: 406 }],
    ["500", { kind: "status", status: 500 }],
    ["a broken connection", { kind: "reset" }],
  ] as const) {
    test(`towards the program with ${name} loses nothing`, async () => {
      await channel.fault({ side: "program", ...fault, method: "POST" });
      await changeBothSides();
      await expectBothSidesAgree();
    });
  }

  test("because nobody answers there is parked, without an attempt", async () => {
    const nobody = createNeutralProgram({
      baseUrl: `http://127.0.0.1:${await closedPort()}`,
      secrets: ["x"],
      timeoutMs: 1_000,
    });
    const refused = interfere(channel.system, { program: () => nobody });
    await changeBothSides();
    await eventually("it is parked", async () => Number((await connection("program"))?.parked_until) > Date.now());
    await channel.system.stopWorkers(); // the run that parked it has settled by then
    refused.stop();
    expect(await channel.rows("select attempts from lane where attempts > 0")).toEqual([]);
    await unpark("program");
    await channel.rows("update lane set due_inbound = now() where due_inbound > now()");
    channel.system.startWorkers();
    await expectBothSidesAgree();
  });

  test("for the day's budget is parked until the next day; the other direction goes on", async () => {
    // Three seconds before midnight on the twin's clock.
    const { now } = await channel.twin.call<{ now: string }>("GET", "/clock");
    const untilMidnightMs = 86_400_000 - (Date.parse(now) % 86_400_000);
    await channel.twin.call("POST", "/clock", { advanceMs: untilMidnightMs - 3_000 });
    await channel.fault({ kind: "429_daily", method: "PATCH" });
    await changeBothSides();
    await eventually("it is parked", async () => Number((await connection("pipedrive"))?.parked_until) > Date.now());
    const until = Number((await connection("pipedrive"))?.parked_until);
    await eventually("the program is told all the same", async () => {
      const { amount } = (await channel.registrationNamed("Deal")) as { amount?: { value: number } };
      return amount?.value === 1000 + day;
    });
    expect(Date.now()).toBeLessThan(until);
    await expectBothSidesAgree();
    const [last] = await channel.rows<{ opened_at: Date }>(
      "select opened_at from intent where type = 'patch' order by id desc limit 1",
    );
    expect(Number(last?.opened_at)).toBeGreaterThanOrEqual(until);
  });
});

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
