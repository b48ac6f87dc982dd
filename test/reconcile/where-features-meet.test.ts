import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { NoEffectError, RefusedError } from "../../src/errors.ts";
import { decideConflict } from "../../src/operations/conflicts.ts";
import { linkRecord } from "../../src/operations/link-records.ts";
import { pauseField, resumeField } from "../../src/operations/pause-field.ts";
import { syncRecord } from "../../src/operations/sync-record.ts";
import { applyUndo, planUndo } from "../../src/operations/undo.ts";
import { resumeWrites, setWriteLimits } from "../../src/operations/write-limits.ts";
import type { ProgramCommand } from "../../src/partner/adapter.ts";
import { releaseOf } from "../../src/reconcile/settle.ts";
import type { TenantContext } from "../../src/reconcile/tenant.ts";
import { localActor } from "../../src/store/actor.ts";
import type { Snapshot } from "../support/twin-client.ts";
import { type Channel, eventually, openChannel, type Partner } from "./channel.ts";

/* Quarantine, merges, undo, conflicts and limits, each where another one of them is under way. */

const TENANT = "kestrel-obs";
const COMPANY = "/companies/kestrel-sandbox";
const ada = localActor("ada");

let channel: Channel;
let one: Partner;
let count = 0;
const app = () => channel.system.app;
const quiet = () => channel.system.quiet();

beforeAll(async () => {
  channel = await openChannel({
    tenant: TENANT,
    adjust: (document) => {
      const status = document.objects.organization?.fields.allbound_status;
      if (status) Object.assign(status, { on_conflict: "manual" });
    },
  });
}, 90_000);
afterAll(() => channel.close());
beforeEach(async () => {
  count += 1;
  one = await channel.partner(`Partner ${count}`);
  await channel.later();
});

const name = () => ({ object: "organization", crmId: one.organization.id }) as const;
const partner = async (id = one.id) =>
  (await channel.twin.aggregates("partner")).find((each) => each.partner_id === id) as Snapshot;
const edit = (set: Record<string, unknown>, id = one.organization.id) => channel.twin.edit("organization", set, id);
const labels = async (id = one.organization.id) => (await channel.twin.record("organization", id)).labels;
const clone = () =>
  channel.twin.edit("organization", {
    ...{ name: `Copy of ${count}`, "label:Allbound ID": one.id, "label:Allbound Status": "Active" },
  });
const clones = async () =>
  (await channel.codes()).filter((code) => code.startsWith("RECORD_CLONED") && code.includes(`${one.organization.id}`));
const laneOf = async (crmId = one.organization.id) => {
  const sql = "select id::int, epoch::int, stopped_at, due_inbound, due_outbound from lane where crm_id = $1";
  const [lane] = await channel.rows<{ id: number; epoch: number; stopped_at: Date | null }>(sql, [crmId]);
  if (!lane) throw new Error(`organization ${crmId} has no lane`);
  return lane;
};
describe("a quarantine", () => {
  const meddle = () =>
    channel.twin.call("POST", "/deliveries", { meddle: { kind: "reorder", count: 2, sender: "pipedrive" } });

  test.each([
    ["the copy into the original", false, false],
    ["the copy into the original, deliveries the other way round", false, true],
    ["the original into the copy", true, false],
    ["the original into the copy, deliveries the other way round", true, true],
  ])("ends when somebody merges %s", async (_what, copySurvives, reordered) => {
    const copy = await clone();
    await quiet();
    expect(await clones()).toHaveLength(1);
    await channel.later();
    const [id, into] = copySurvives ? [one.organization.id, copy.id] : [copy.id, one.organization.id];
    if (reordered) await meddle();
    await channel.twin.call("POST", `${COMPANY}/merge`, { object: "organization", id, into });
    await quiet();
    expect(await clones()).toEqual([]);
    expect(await channel.rows("select 1 from quarantine where $1 in (crm_id, other_id)", [into])).toEqual([]);
    await channel.later();
    await edit({ "label:Allbound Status": "Pending" }, into);
    await quiet();
    expect(await partner()).toMatchObject({ status: "pending", crm: { org_id: into } });
  });

  test("ends when a person has the ids of the copy emptied", async () => {
    const copy = await clone();
    await quiet();
    await channel.later();
    const { plan, connections, key } = await app().contexts(TENANT);
    const keys = plan.roles.partner.flatMap(({ field, crm }) =>
      (field === "allbound_id" || field === "partner.status") && "custom" in crm ? [crm.custom] : [],
    );
    await app().lanes.accept({
      ...{ tenantId: TENANT, connectionId: connections.program, source: "program", deliveryKey: `empty ${copy.id}` },
      payload: key.sealJson("inbox.payload", { asked: "ada", clear: keys }),
      ...{ object: "organization", crmId: copy.id, kind: null, programId: null },
    });
    await quiet();
    expect(await labels(copy.id)).toMatchObject({ "Allbound ID": null, "Allbound Status": null });
    expect(await clones()).toEqual([]);
  });

  test("does not end because the field with the id stands still", async () => {
    const copy = await clone();
    await quiet();
    const partners = (await channel.twin.aggregates("partner")).length;
    await channel.later();
    const asked = { field: "Allbound ID", object: "organization" } as const;
    const standsStill = async () =>
      (await app().contexts(TENANT)).plan.roles.partner.some(({ field, paused }) => field === "allbound_id" && paused);
    await pauseField(app(), TENANT, asked, ada);
    try {
      await eventually("the pause is in force", async () => {
        await edit({ "label:Partner tier": "Silver" }, copy.id);
        await channel.later();
        await quiet();
        return standsStill();
      });
      await edit({ "label:Partner tier": "Gold" }, copy.id);
      await quiet();
      expect(await channel.rows("select 1 from quarantine where crm_id = $1", [copy.id])).toHaveLength(1);
      expect(await channel.twin.aggregates("partner")).toHaveLength(partners);
    } finally {
      await resumeField(app(), TENANT, asked);
      await eventually("it flows again", async () => !(await standsStill()));
      await quiet();
    }
  });

  test("holds a person's undo of both sides, at rest, until it has ended", async () => {
    await edit({ name: "Called otherwise" });
    await quiet();
    const { plan, writes } = await planUndo(app(), TENANT, name(), { field: "partner.name" });
    expect(writes).toHaveLength(2);
    const copy = await clone();
    await quiet();
    await applyUndo(app(), TENANT, name(), plan, ada);
    await quiet(); // neither direction sends the other back
    expect((await partner()).name).toBe("Called otherwise");
    await channel.later();
    await edit({ "label:Allbound ID": null, "label:Allbound Status": null }, copy.id);
    await quiet();
    expect(await partner()).toMatchObject({ name: `Partner ${count}` });
    expect(await channel.twin.record("organization", one.organization.id)).toMatchObject({ name: `Partner ${count}` });
  });
});

describe("an open conflict", () => {
  async function inConflict() {
    await channel.system.stopWorkers();
    await edit({ "label:Allbound Status": "Pending" });
    await channel.twin.act({ action: "set_partner_status", partner_id: one.id, status: "inactive" });
    channel.system.startWorkers();
    await quiet();
    const [open] = await channel.rows<{ id: number; version: number }>(
      "select id::int, version from conflict where crm_id = $1 and state = 'open'",
      [one.organization.id],
    );
    if (!open) throw new Error("there is no conflict");
    return open;
  }
  const states = () => channel.rows("select state from conflict where crm_id = $1", [one.organization.id]);

  test("is over when a person puts the value back that both sides had", async () => {
    await inConflict();
    const { plan } = await planUndo(app(), TENANT, name(), { field: "partner.status", before: new Date(0) });
    await applyUndo(app(), TENANT, name(), plan, ada);
    await quiet();
    expect(await partner()).toMatchObject({ status: "active" });
    expect((await labels())["Allbound Status"]).toBe("Active");
    expect(await states()).toEqual([{ state: "agreed" }]);
    expect(await channel.codes()).not.toContain(expect.stringContaining("CONFLICT_MANUAL"));
  });

  test("that was decided while the limits hold that direction is carried out when a person resumes it", async () => {
    const { id, version } = await inConflict();
    await channel.rows("delete from counted_write");
    await setWriteLimits(app(), TENANT, { changed: { number: 0, share: 0 } }, ada);
    await decideConflict(app(), TENANT, id, { choice: "program", seen: version, by: ada });
    await eventually("it is held", async () => (await channel.found("TOO_MANY_WRITES")).length === 1);
    expect(await states()).toEqual([{ state: "open" }]);
    await app().writeLimits.set(TENANT, null, "ada"); // as for everybody
    await resumeWrites(app(), TENANT, { direction: null, minutes: null }, ada);
    await quiet();
    expect((await labels())["Allbound Status"]).toBe("Inactive");
    expect(await states()).toEqual([{ state: "decided" }]);
  });
});

describe("a direction that its limits have paused", () => {
  test("takes no part of a change either: a won Deal that is lost after all stays won in the program", async () => {
    const rep = await channel.rep(one, `mara${count}@nordlicht.example`);
    const { deal } = await channel.deal(one, rep, `Alpha ${count}`);
    await channel.later();
    await channel.twin.edit("deal", { status: "won" }, deal.id);
    await quiet();
    const sales = async () => ((await channel.registrationNamed(`Alpha ${count}`)) as { sales?: object }).sales;
    expect(await sales()).toMatchObject({ status: "won" });
    await channel.rows("delete from counted_write");
    await setWriteLimits(app(), TENANT, { changed: { number: 0, share: 0 } }, ada);
    await channel.later();
    await channel.twin.edit("deal", { status: "lost" }, deal.id);
    await eventually("it is held", async () => (await channel.found("TOO_MANY_WRITES")).length === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await sales()).toMatchObject({ status: "won" });
    await app().writeLimits.set(TENANT, null, "ada"); // as for everybody
    await resumeWrites(app(), TENANT, { direction: null, minutes: null }, ada);
    await quiet();
    expect(await sales()).toMatchObject({ status: "lost" });
  });
});

describe("with either side as it should not be", () => {
  const contexts = () => app().contexts;
  let real: ReturnType<typeof contexts>;
  beforeEach(() => {
    real = app().contexts;
  });
  afterEach(() => {
    app().contexts = real;
  });
  function with_(change: (context: TenantContext) => Partial<TenantContext>) {
    app().contexts = async (...asked) => {
      const context = await real(...asked);
      return { ...context, ...change(context) };
    };
  }

  test("a program that will not hear of an Organization has its changes wait for a person, and loses none", async () => {
    const bare = await channel.twin.act({ action: "create_partner", name: `Bare ${count}`, status: "active" });
    const id = String(bare.partner_id);
    const organization = await channel.twin.edit("organization", {
      name: `Bare ${count}`,
      "label:Company website": "b.example",
    });
    await quiet();
    let refused = 0;
    with_(({ program }) => ({
      program: {
        ...program,
        apply(command: ProgramCommand) {
          if (command.command !== "partner.link_crm") return program.apply(command);
          refused += 1;
          return Promise.reject(new RefusedError("unknown_command", "it knows no such command"));
        },
      },
    }));
    const pair = { object: "organization", crmId: organization.id, kind: "partner", programId: id } as const;
    await linkRecord(app(), TENANT, pair, "ada");
    await quiet();
    await channel.later();
    await edit({ name: `Renamed ${count}` }, organization.id);
    await quiet();
    expect(refused).toBeLessThan(5); // once for whatever is new
    expect(await channel.codes()).toContain(`REFUSED_UNKNOWN_COMMAND organization ${organization.id}`);
    app().contexts = real;
    await syncRecord(app(), TENANT, { object: "organization", crmId: organization.id });
    await quiet();
    expect(await partner(id)).toMatchObject({ name: `Renamed ${count}`, crm: { org_id: organization.id } });
  });

  test("a record that can never be decided on stops after its attempts", async () => {
    with_(({ plan }) => {
      const broken = plan.roles.partner.map((line) =>
        Object.defineProperty({ ...line }, "write", {
          get() {
            throw new TypeError("nobody expected that");
          },
        }),
      );
      return { plan: { ...plan, roles: { ...plan.roles, partner: broken } } };
    });
    await channel.system.stopWorkers();
    await edit({ "label:Allbound Status": "Pending" });
    const unread = "select 1 from inbox_lane where lane_id = $1 and read_at is null";
    const { id } = await laneOf();
    await eventually("the change is here", async () => (await channel.rows(unread, [id])).length > 0);
    await channel.rows("update lane set attempts = 9 where id = $1", [id]);
    channel.system.startWorkers();
    await quiet();
    expect(await channel.codes()).toContain(`KEEPS_FAILING organization ${one.organization.id}`);
  });

  test("a record that can never be read stops after its attempts, and stays stopped", async () => {
    let reads = 0;
    with_(({ pipedrive }) => ({
      pipedrive: {
        ...pipedrive,
        get(object, crmId, call) {
          if (crmId !== one.organization.id) return pipedrive.get(object, crmId, call);
          reads += 1;
          return Promise.reject(new NoEffectError("Pipedrive answered 500"));
        },
      },
    }));
    await channel.system.stopWorkers();
    await syncRecord(app(), TENANT, name());
    await channel.rows("update lane set attempts = 59 where id = $1", [(await laneOf()).id]);
    channel.system.startWorkers();
    await quiet();
    expect(await channel.codes()).toContain(`KEEPS_FAILING organization ${one.organization.id}`);
    expect(reads).toBe(1);
    app().contexts = real;
    await syncRecord(app(), TENANT, name());
    await quiet();
    expect((await laneOf()).stopped_at).toBeNull();
  });
});

describe("a run that says nothing of the other direction", () => {
  test("leaves it as due as it was", async () => {
    await channel.system.stopWorkers();
    const { id } = await laneOf();
    const due = async () => channel.rows("select due_outbound from lane where id = $1", [id]);
    await channel.rows("update lane set due_outbound = now() + interval '1 hour' where id = $1", [id]);
    const before = await due();
    const claim = await app().lanes.claim(id, "inbound");
    if (!claim) throw new Error("the lane is taken");
    const ending = { retryAt: {}, blocked: null, stopped: false, attempts: 0, cause: null, note: null };
    await app().lanes.settle(releaseOf(claim, ending));
    expect(await due()).toEqual(before);
    await channel.rows("update lane set due_outbound = now() where id = $1", [id]);
    channel.system.startWorkers();
    await quiet();
  });
});

describe("a run whose settle is lost", () => {
  test("leaves on record that it tied a record to its aggregate", async () => {
    const { lanes } = app();
    const settle = lanes.settle;
    let lost = 0;
    lanes.settle = (settlement) => {
      const isLinking = settlement.history.some(({ event }) => event === "linked");
      if (lost > 0 || !(isLinking || settlement.intents.length > 0)) return settle(settlement);
      lost += 1;
      return Promise.reject(new Error("the worker died"));
    };
    const { organization, id } = await channel.partner(`Hasty ${count}`);
    lanes.settle = settle;
    await quiet();
    expect(lost).toBe(1);
    const linked = await channel.rows(
      "select role, field, rule from history where event = 'linked' and program_id = $1",
      [id],
    );
    expect(linked).toEqual([{ role: "partner", field: "link", rule: "create" }]);
    expect((await laneOf(organization.id)).id).toBeGreaterThan(0);
  });
});
