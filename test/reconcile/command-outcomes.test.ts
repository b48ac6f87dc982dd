import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { RefusedError } from "../../src/errors.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner } from "./channel.ts";
import { interfere } from "./interference.ts";

describe("a program command", () => {
  let channel: Channel;
  let partner: Partner;
  let rep: Snapshot;
  const COMMAND = { side: "program", method: "POST", path: "/commands$" } as const;

  interface Log {
    command: string;
    idempotency_key: string;
    outcome: string;
  }
  const log = async (): Promise<Log[]> =>
    (await channel.twin.call<{ log: Log[] }>("GET", "/program/harbourline/commands")).log;
  async function during(work: () => Promise<unknown>): Promise<Log[]> {
    const before = (await log()).length;
    await work();
    await channel.system.quiet();
    return (await log()).slice(before);
  }

  beforeAll(async () => {
    channel = await openChannel();
    partner = await channel.partner("Nordlicht Systems");
    rep = await channel.rep(partner, "mara@nordlicht.example");
  }, 90_000);
  afterAll(() => channel.close());

  test("whose answer is lost is sent again unchanged under its key, with one effect", async () => {
    const { deal } = await channel.deal(partner, rep, "Alpha");
    await channel.fault({ kind: "lost_answer", ...COMMAND });
    const commands = await during(() => channel.twin.edit("deal", { value: 10 }, deal.id));
    expect(commands.map(({ outcome }) => outcome)).toEqual(["changed", "repeated"]);
    expect(new Set(commands.map((command) => command.idempotency_key)).size).toBe(1);
    expect(await channel.registrationNamed("Alpha")).toMatchObject({ amount: { value: 10, currency: "EUR" } });
  });

  test("that enrols a partner and loses its answer makes one partner", async () => {
    await channel.fault({ kind: "lost_answer", ...COMMAND });
    const before = (await channel.twin.aggregates("partner")).length;
    const { id } = await channel.partner("Zwillingswerk");
    expect(await channel.twin.aggregates("partner")).toHaveLength(before + 1);
    expect(id).toMatch(/^prt_/);
  });

  test("that commits late has one effect", async () => {
    const { deal } = await channel.deal(partner, rep, "Bravo");
    await channel.fault({ kind: "late_commit", ms: 700, ...COMMAND });
    const commands = await during(() => channel.twin.edit("deal", { value: 20 }, deal.id));
    expect(commands.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
    expect(new Set(commands.map((command) => command.idempotency_key)).size).toBe(1);
  });

  test("that is answered only when its caller has given up has one effect", async () => {
    const { deal } = await channel.deal(partner, rep, "Foxtrot");
    await channel.fault({ kind: "latency", ms: channel.system.app.config.timings.callTimeoutMs + 600, ...COMMAND });
    const commands = await during(() => channel.twin.edit("deal", { value: 70 }, deal.id));
    expect(commands.filter(({ outcome }) => outcome === "changed")).toHaveLength(1);
    expect(new Set(commands.map((command) => command.idempotency_key)).size).toBe(1);
    expect(await channel.registrationNamed("Foxtrot")).toMatchObject({ amount: { value: 70, currency: "EUR" } });
  });

  test("whose own event beats its answer is not sent again, and answers no echo", async () => {
    const { deal } = await channel.deal(partner, rep, "Golf");
    await channel.later(); // two changes within one second would be read
    const beaten = interfere(channel.system, {
      program: (real) => ({
        async apply(command) {
          const answer = await real.apply(command);
          const come = `select 1 from inbox_lane r join lane l on l.id = r.lane_id join inbox i on i.id = r.inbox_id
            where l.object = 'deal' and l.crm_id = $1 and i.source = 'program' and r.read_at is null`;
          await eventually("its event came", async () => (await channel.rows(come, [deal.id])).length > 0, 900);
          return answer;
        },
      }),
    });
    let commands: Log[] = [];
    const spent = await channel.spentBy(async () => {
      commands = await during(() => channel.twin.edit("deal", { value: 80 }, deal.id));
    });
    beaten.stop();
    expect(commands.map(({ outcome }) => outcome)).toEqual(["changed"]);
    expect(spent.tokens).toBe(0);
  });

  test("of unknown outcome that the program refuses when it is asked again is decided anew", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Hotel");
    await channel.system.stopWorkers();
    await channel.fault({ kind: "reset", ...COMMAND });
    await channel.twin.edit("deal", { value: 90 }, deal.id);
    channel.system.startWorkers();
    await eventually("it broke off", async () => (await channel.faults()).length === 0);
    // Its version is not the program's any more when it is sent again.
    const fields = { description: "somebody was faster" };
    await channel.twin.act({ action: "edit_registration", registration_id: registration.registration_id, fields });
    await channel.system.quiet();
    expect(await channel.registrationNamed("Hotel")).toMatchObject({
      amount: { value: 90, currency: "EUR" },
      description: "somebody was faster",
    });
    expect(await channel.rows("select 1 from intent where state = 'open'")).toEqual([]);
  });

  test("refused with version_conflict is decided anew on what the program says now", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Charlie");
    // The program changes unheard: its event is held back while Pipedrive's change travels.
    await channel.twin.call("POST", "/deliveries", {
      meddle: { kind: "delay", count: 1, ms: 2_000, sender: "program" },
    });
    await channel.twin.act({
      action: "edit_registration",
      registration_id: registration.registration_id,
      fields: { description: "seen by nobody yet" },
    });
    const commands = await during(() => channel.twin.edit("deal", { value: 30 }, deal.id));
    expect(commands.map(({ outcome }) => outcome)).toEqual(["refused", "changed"]);
    expect(new Set(commands.map((command) => command.idempotency_key)).size).toBe(2);
    expect(await channel.registrationNamed("Charlie")).toMatchObject({
      amount: { value: 30, currency: "EUR" },
      description: "seen by nobody yet",
    });
    expect(await channel.codes()).toEqual([]);
  });

  test("refused for its content stops the record with a finding, and not the others", async () => {
    const taken = await channel.twin.edit("organization", {
      name: "First",
      "label:Website": "https://taken.example",
      "label:Allbound Status": "Active",
    });
    await channel.system.quiet();
    const second = await channel.twin.edit("organization", {
      name: "Second",
      "label:Website": "https://taken.example",
      "label:Allbound Status": "Active",
    });
    await channel.system.quiet();
    expect(await channel.codes()).toEqual([`REFUSED_DOMAIN_TAKEN organization ${second.id}`]);
    expect((await channel.twin.record("organization", taken.id)).labels["Allbound ID"]).toBeTruthy();
    await channel.twin.edit("organization", { "label:Website": "https://free.example" }, second.id);
    await channel.system.quiet();
    expect((await channel.twin.record("organization", second.id)).labels["Allbound ID"]).toBeTruthy();
  });

  test("refused with version_conflict though nothing new is to be read backs off", async () => {
    const { deal } = await channel.deal(partner, rep, "Delta");
    let tries = 0;
    const lagging = interfere(channel.system, {
      program: () => ({
        apply() {
          tries += 1;
          return Promise.reject(new RefusedError("version_conflict", "another version"));
        },
      }),
    });
    await channel.twin.edit("deal", { value: 40 }, deal.id);
    await eventually("it was tried", async () => tries > 0);
    await new Promise((resolve) => setTimeout(resolve, 700)); // its first backoff is a second
    expect(tries).toBe(1);
    lagging.stop();
    await channel.system.quiet();
    expect(await channel.registrationNamed("Delta")).toMatchObject({ amount: { value: 40, currency: "EUR" } });
  });

  test("that wins a conflict is put on record once, however often it has to be sent", async () => {
    const { deal, registration } = await channel.deal(partner, rep, "Echo");
    await channel.system.stopWorkers();
    await channel.fault({ kind: "status", status: 406, times: 2, ...COMMAND });
    await channel.twin.edit("deal", { value: 50 }, deal.id);
    await channel.twin.act({
      action: "edit_registration",
      registration_id: registration.registration_id,
      fields: { amount: { value: 60, currency: "EUR" } },
    });
    channel.system.startWorkers();
    await channel.system.quiet();
    const conflicts = "select winner from history where event = 'conflict' and program_id = $1";
    expect(await channel.rows(conflicts, [registration.registration_id])).toEqual([{ winner: "crm" }]);
  });
});
