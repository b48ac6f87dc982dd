import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { listRewrites } from "../../src/operations/conflicts.ts";
import { openChannel } from "../reconcile/channel.ts";
import { interfere } from "../reconcile/interference.ts";
import type { ReadableRecord } from "../support/twin-client.ts";
import { type Desk, openDesk, TENANT } from "./desk.ts";

const EUR = (value: number) => ({ amount: { value, currency: "EUR" } });

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
}, 90_000);
afterAll(() => desk.channel.close());
beforeEach(async () => {
  desk.channel.system.startWorkers();
  await desk.next();
});

/** What is kept of the one conflict of this deal. */
async function evidence() {
  const [{ id } = { id: 0 }, ...others] = await desk.conflicts();
  expect(others).toEqual([]);
  return desk.show(id);
}

describe("C11 both sides edited since the last sync", () => {
  test("C11 on_conflict newest: the later word stands on both, and the other is kept with its evidence", async () => {
    await desk.bothEdit(async () => {
      await desk.editDeal({ expected_close_date: "2027-07-01" });
      await desk.channel.later();
      await desk.editRegistration({ expected_close_date: "2027-07-02" });
    });
    expect(await desk.dates()).toEqual(["2027-07-02", "2027-07-02"]);
    const found = await evidence();
    expect(found).toMatchObject({ state: "decided", winner: "program", rule: "newest", revision: 1, decidedBy: null });
    const { crmAt, programAt, ...values } = found.evidence;
    expect(values).toEqual({
      ...{ crm: "2027-07-01", program: "2027-07-02" },
      base: { crm: "2027-03-01", program: "2027-03-01" },
      after: { crm: "2027-07-02", program: "2027-07-02" },
    });
    expect(Date.parse(programAt ?? "") - Date.parse(crmAt ?? "")).toBeGreaterThan(1_000);
  });

  test("C11 on_conflict manual: neither is written before a person has decided", async () => {
    const id = await desk.disagree();
    expect(await desk.amounts()).toEqual([10, 20]);
    await desk.decide(id, "program");
    expect(await desk.amounts()).toEqual([20, 20]);
  });

  test("C11 the loser of a write whose outcome was unknown is kept as well", async () => {
    await desk.channel.fault({ kind: "lost_answer", method: "PATCH", times: 1 });
    await desk.bothEdit(async () => {
      await desk.editDeal({ expected_close_date: "2027-06-01" });
      await desk.channel.later();
      await desk.editRegistration({ expected_close_date: "2027-06-02" });
    });
    expect(await desk.dates()).toEqual(["2027-06-02", "2027-06-02"]);
    expect(await evidence()).toMatchObject({
      winner: "program",
      evidence: { crm: "2027-06-01", program: "2027-06-02" },
    });
  });

  test("C11 the same change on both sides is none", async () => {
    await desk.bothEdit(async () => {
      await desk.editDeal({ value: 77 });
      await desk.editRegistration(EUR(77));
    });
    expect(await desk.conflicts()).toEqual([]);
  });
});

describe("C11 an edit in Pipedrive that came between our look and our write", () => {
  /** Sets a field in Pipedrive right before our PATCH, as nobody could have seen. */
  async function unseen(set: Record<string, unknown>, edit: () => Promise<unknown>) {
    let met = false;
    const interference = interfere(desk.channel.system, {
      pipedrive: (real) => ({
        async patch(...args: Parameters<typeof real.patch>) {
          if (!met) {
            met = true;
            await desk.editDeal(set);
            await desk.channel.later();
          }
          return real.patch(...args);
        },
      }),
    });
    await edit();
    await desk.channel.system.quiet();
    interference.stop();
    expect(met).toBe(true);
  }

  test("C11 is put back where the mapping decides for Pipedrive, counts as its change, and is on record", async () => {
    await unseen({ expected_close_date: "2027-10-01" }, () =>
      desk.editRegistration({ expected_close_date: "2027-10-02" }),
    );
    expect(await desk.dates()).toEqual(["2027-10-01", "2027-10-01"]);
    const found = await evidence();
    expect(found).toMatchObject({ state: "decided", winner: "crm", rule: "unseen", verdict: null });
    expect(found.evidence).toMatchObject({ crm: "2027-10-01", program: "2027-10-02" });
  });

  test("C11 of a field that is left to people, is put back and stands beside the other until one decides", async () => {
    // A deal's amount is read right before it is written: only the PATCH itself leaves a gap.
    await unseen({ value: 55 }, () => desk.editRegistration(EUR(66)));
    expect(await desk.amounts()).toEqual([55, 66]);
    const found = await evidence();
    expect(found).toMatchObject({ state: "open", verdict: null });
    await desk.decide(found.id, "crm");
    expect(await desk.amounts()).toEqual([55, 55]);
  });
});

test("C12 a status that differs is corrected by the side that owns it, and the word it loses is kept", async () => {
  const { twin, system } = desk.channel;
  await twin.act({ action: "set_partner_status", partner_id: desk.partner.id, status: "pending" });
  await system.quiet();
  const statusOf = async () =>
    (await twin.aggregates("partner")).find(({ partner_id }) => partner_id === desk.partner.id)?.status;
  expect(await statusOf()).toBe("active");
  const { labels } = await twin.record("organization", desk.partner.organization.id);
  expect(labels["Allbound Status"]).toBe("Active");
  const rows = await system.app.conflicts.page(TENANT, { fields: ["partner.status"], limit: 10 });
  expect(rows).toMatchObject([{ state: "decided", winner: "crm", rule: "one_way" }]);
  const kept = await system.app.conflicts.get(TENANT, rows[0]?.id ?? 0);
  expect(kept?.evidence).toMatchObject({ crm: "active", program: "pending" });
});

test("C12 a status that travels both ways and was changed on both sides goes by on_conflict", async () => {
  const channel = await openChannel({ tenant: "kestrel-obs" });
  try {
    const { id, organization } = await channel.partner("Nordlicht Systems");
    await channel.later();
    await channel.system.stopWorkers();
    await channel.twin.edit("organization", { "label:Allbound Status": "Inactive" }, organization.id);
    await channel.twin.act({ action: "set_partner_status", partner_id: id, status: "pending" });
    channel.system.startWorkers();
    await channel.system.quiet();
    const [partner] = await channel.twin.aggregates("partner");
    expect(partner?.status).toBe("inactive");
    const rows = await channel.system.app.conflicts.page("kestrel-obs", { fields: ["partner.status"], limit: 10 });
    expect(rows).toMatchObject([{ state: "decided", winner: "crm", rule: "crm" }]);
  } finally {
    await channel.close();
  }
}, 60_000);

describe("C16 clocks that differ", () => {
  const edits = (first: "crm" | "program") => async () => {
    const crm = () => desk.editDeal({ expected_close_date: "2027-09-01" });
    const program = () => desk.editRegistration({ expected_close_date: "2027-09-02" });
    await (first === "crm" ? crm() : program());
    await desk.channel.later();
    await (first === "crm" ? program() : crm());
  };
  test("C16 within the measured offset and one second newest is a tie, and Pipedrive wins", async () => {
    const { app } = desk.channel.system;
    const { contexts } = app;
    app.contexts = async (...asked) => ({ ...(await contexts(...asked)), clockOffsetMs: 60_000 });
    await desk.bothEdit(edits("crm")).finally(() => {
      app.contexts = contexts;
    });
    expect(await desk.dates()).toEqual(["2027-09-01", "2027-09-01"]);
    expect(await evidence()).toMatchObject({ winner: "crm", rule: "newest" });
  });

  test("C16 beyond it the later word wins, whichever side said it", async () => {
    await desk.bothEdit(edits("program"));
    expect(await desk.dates()).toEqual(["2027-09-01", "2027-09-01"]);
    expect((await desk.conflicts())[0]).toMatchObject({ winner: "crm" });
    await desk.channel.later();
    await desk.bothEdit(async () => {
      await desk.editDeal({ expected_close_date: "2027-11-01" });
      await desk.channel.later();
      await desk.editRegistration({ expected_close_date: "2027-11-02" });
    });
    expect(await desk.dates()).toEqual(["2027-11-02", "2027-11-02"]);
  });

  test("C16 a change that no webhook told of has no time: a tie", async () => {
    await desk.channel.twin.call("POST", "/deliveries", { meddle: { kind: "drop", sender: "pipedrive", count: 1 } });
    await desk.bothEdit(async () => {
      await desk.editDeal({ expected_close_date: "2027-12-01" });
      await desk.channel.later();
      await desk.editRegistration({ expected_close_date: "2027-12-02" });
      const connection = await desk.channel.system.app.connections.active(TENANT, "pipedrive");
      const key = await desk.channel.system.app.tenants.key(TENANT);
      const payload = key.sealJson("inbox.payload", { asked: "sync" });
      const row = {
        source: "pipedrive",
        deliveryKey: `lost ${desk.deal.id}`,
        payload,
        kind: null,
        programId: null,
      } as const;
      const record = {
        tenantId: TENANT,
        connectionId: connection?.id ?? "",
        object: "deal",
        crmId: desk.deal.id,
      } as const;
      await desk.channel.system.app.lanes.accept({ ...row, ...record });
    });
    expect(await desk.dates()).toEqual(["2027-12-01", "2027-12-01"]);
    expect((await evidence()).evidence).toMatchObject({ crmAt: null });
  });
});

describe("C17 our own write that comes back as a change", () => {
  test("C17 is absorbed: no write answers it, and no conflict is made of it", async () => {
    const before = (await desk.channel.twin.commands()).total;
    const spent = await desk.channel.spentBy(() => desk.editRegistration({ expected_close_date: "2027-04-01" }));
    expect(spent.calls).toEqual({ "deals.update": 1 });
    expect((await desk.channel.twin.commands()).total).toBe(before);
    await desk.channel.later();
    const inbound = await desk.channel.spentBy(() => desk.editDeal({ expected_close_date: "2027-04-02" }));
    expect(inbound.calls).toEqual({});
    expect((await desk.channel.twin.commands()).total).toBe(before + 1);
    expect(await desk.conflicts()).toEqual([]);
  });

  test("C17 told twice and late it is absorbed still", async () => {
    await desk.channel.twin.call("POST", "/deliveries", {
      meddle: { kind: "duplicate", sender: "pipedrive", count: 2 },
    });
    await desk.channel.twin.call("POST", "/deliveries", {
      meddle: { kind: "delay", ms: 1_000, sender: "pipedrive", count: 1 },
    });
    const before = (await desk.channel.twin.commands()).total;
    const spent = await desk.channel.spentBy(() => desk.editRegistration({ expected_close_date: "2027-04-03" }));
    expect(spent.calls).toEqual({ "deals.update": 1 });
    expect((await desk.channel.twin.commands()).total).toBe(before);
    expect(await desk.conflicts()).toEqual([]);
  });
});

describe("a field that another automation sets back", () => {
  const roleLine = (rows: Awaited<ReturnType<typeof listRewrites>>) =>
    rows.find(({ field }) => field === "contact.role");
  const counted = async () => roleLine(await listRewrites(desk.channel.system.app, TENANT));

  test("once is a near miss, counted per field; twice it pauses, with both values for who may see them", async () => {
    const { twin, system } = desk.channel;
    const person = (await twin.records("person")).find(({ name }) => name === "mara Voss") as ReadableRecord;
    const roleOf = async () => (await twin.record("person", person.id)).labels["Portal role"];
    const setRole = (role: string) =>
      twin.act({ action: "edit_contact", contact_id: desk.rep.partner_user_id, fields: { role } });
    const setBack = async () => {
      await desk.channel.later();
      await twin.edit("person", { "label:Portal role": "Owner" }, person.id);
      await system.quiet();
    };
    await setRole("manager");
    await system.quiet();
    await setBack();
    expect(await roleOf()).toBe("Manager");
    expect(await counted()).toMatchObject({ nearMisses: 1, pauses: 0, label: "Portal role" });
    await setBack();
    expect(await roleOf()).toBe("Owner");
    expect(await counted()).toMatchObject({ nearMisses: 0, pauses: 1 });
    const [finding] = await desk.channel.found("FIELD_PAUSED");
    expect(finding?.detail).toEqual({ crm: "owner", program: "manager" });
    expect(finding?.message).not.toMatch(/owner|manager/i);
  });
});
