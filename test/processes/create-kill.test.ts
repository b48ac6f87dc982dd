import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { until } from "../support/child.ts";
import { type Processes, startProcesses } from "../support/processes.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { killBeforeStoring, killDuring } from "./kill-moments.ts";

/** So long that a create lands after its worker's lease and before its grace ends: the next worker has to wait for it. */
const LATE_MS = 4_000;
const GRACE_MS = 4_500;

const creating = (objects: string, kind: string, ms = 600) => ({
  match: { side: "pipedrive", method: "POST", path: `^/api/v2/${objects}` },
  kind,
  ms,
});

// Waiting for what may still land is the store's business, whatever rings; beside Redis, chaos kills at any time.
describe("an approved registration ends with one Organization, one Person and one Deal", () => {
  let system: Processes;
  let rep: Snapshot;
  beforeAll(async () => {
    system = await startProcesses({ timings: { GRACE_MS } });
    const { twin } = system;
    const { id } = await twin.edit("organization", {
      name: "Nordlicht",
      "label:Website": "https://nordlicht.example",
      "label:Allbound Status": "Active",
    });
    const partnerId = async () => (await twin.record("organization", id)).labels["Allbound ID"];
    const partner_id = await until("a partner", partnerId);
    const person = { email: "mara@nordlicht.example", first_name: "Mara", last_name: "Voss" };
    rep = await twin.act({ action: "register_contact", partner_id, ...person });
    await system.quiet();
  }, 120_000);
  afterAll(() => system?.close(), 30_000);

  async function approve(customer: string): Promise<void> {
    const { twin } = system;
    const domain = `${customer.toLowerCase()}.example`;
    const { registration_id } = await twin.act({
      action: "submit_registration",
      partner_id: rep.partner_id,
      submitted_by: rep.partner_user_id,
      title: customer,
      prospect: {
        account: { name: customer, domain, country: "DE" },
        contact: { first_name: "Ida", last_name: "Kern", email: `ida@${domain}` },
      },
    });
    await twin.act({ action: "review", registration_id, to: "approved" });
  }

  async function creates(): Promise<number[]> {
    const { byOperation } = await system.twin.spend();
    return ["organizations", "persons", "deals"].map((objects) => byOperation[`${objects}.create`]?.calls ?? 0);
  }

  async function expectOneOfEach(customer: string, before: number[]): Promise<void> {
    const { twin, worker, app } = system;
    await worker.start();
    await system.quiet();
    const deals = (await twin.records("deal")).filter(({ title }) => title === customer);
    expect(deals).toHaveLength(1);
    expect(await twin.record("organization", Number(deals[0]?.org_id))).toMatchObject({ name: customer });
    expect(await twin.record("person", Number(deals[0]?.person_id))).toMatchObject({ name: "Ida Kern" });
    expect((await twin.records("organization")).filter(({ name }) => name === customer)).toHaveLength(1);
    expect((await twin.records("person")).filter(({ org_id }) => org_id === deals[0]?.org_id)).toHaveLength(1);
    expect(await creates()).toEqual(before.map((calls) => calls + 1));
    expect(await app.findings.list("harbourline")).toEqual([]);
  }

  test("when the worker is killed after each create's answer, before it is stored", async () => {
    const before = await creates();
    await killBeforeStoring(system, creating("organizations", "latency"), () => approve("Zweigwerk"));
    await killBeforeStoring(system, creating("persons", "latency"), () => system.worker.start());
    await killBeforeStoring(system, creating("deals", "latency"), () => system.worker.start());
    await expectOneOfEach("Zweigwerk", before);
  }, 120_000);

  test("when the worker is killed during each create: one never arrives, one lands, one lands after its lease", async () => {
    const before = await creates();
    await killDuring(system, creating("organizations", "reset"), () => approve("Kestrel"));
    await killDuring(system, creating("persons", "latency"), () => system.worker.start());
    await killDuring(system, creating("deals", "latency", LATE_MS), () => system.worker.start());
    await expectOneOfEach("Kestrel", before);
  }, 120_000);
});
