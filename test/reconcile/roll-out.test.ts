import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { App } from "../../src/app.ts";
import {
  applyMapping,
  applyProposal,
  continueRollOut,
  rollBack,
  rollOutOf,
} from "../../src/operations/apply-mapping.ts";
import { putMapping } from "../../src/operations/approve-mapping.ts";
import { planMapping } from "../../src/operations/plan-mapping.ts";
import { stepRollOuts } from "../../src/operations/step-roll-out.ts";
import { type Actor, localActor, type OperatorRole } from "../../src/store/actor.ts";
import { type Channel, eventually, openChannel, prospectOf } from "./channel.ts";

const TENANT = "harbourline";
const BY = localActor("tests");
const USUAL = { first: 2, enrol: true, existingIds: null };

// biome-ignore lint/suspicious/noExplicitAny: a document as a person edits it
type Bent = any;

async function liveDocument({ system }: Channel): Promise<Bent> {
  return JSON.parse((await system.app.mappings.live(TENANT))?.document ?? "null");
}

async function bent(channel: Channel, bend: (document: Bent) => void): Promise<string> {
  const document = await liveDocument(channel);
  document.revision += 1;
  document.verify = undefined;
  bend(document);
  return JSON.stringify(document, null, 2);
}

/** Until the roll-out has ended or stopped, and all is said. */
async function settled({ system }: Channel): Promise<string> {
  let state = "running";
  await eventually("the roll-out ends or stops", async () => {
    state = (await rollOutOf(system.app, TENANT)).state;
    return state !== "running";
  });
  // Records of a first roll-out that has stopped wait for it.
  if (state === "done" || (await system.app.mappings.liveRevision(TENANT)) !== null) await system.quiet();
  return state;
}

async function makeField(channel: Channel, field_name: string, field_type: string): Promise<string> {
  const connection = await channel.system.app.connections.current(TENANT, "pipedrive");
  const { token } = await channel.system.app.connections.pipedriveSecrets(connection?.id ?? "");
  const answer = await fetch(`${channel.system.twin.url}/api/v2/dealFields`, {
    method: "POST",
    headers: { "x-api-token": token, "content-type": "application/json" },
    body: JSON.stringify({ field_name, field_type }),
  });
  return ((await answer.json()) as { data: { field_code: string } }).data.field_code;
}

describe("a new revision", () => {
  let channel: Channel;
  let app: App;
  const titles = ["Fleet renewal", "Night shift", "Cold store"];
  const notes = async () =>
    (await channel.twin.records("deal")).map((deal) => deal.labels["Partner notes"] as string | null).sort();
  let text: string;
  const partnerAndRep = async () => {
    const [contact] = await channel.twin.aggregates("contact");
    return { partner_id: contact?.partner_id, submitted_by: contact?.partner_user_id };
  };

  beforeAll(async () => {
    channel = await openChannel();
    app = channel.system.app;
    const partner = await channel.partner("Nordlicht");
    const rep = await channel.rep(partner, "mara@nordlicht.example");
    for (const title of titles) {
      const registration = await channel.register(partner, rep, title, { description: `about ${title}` });
      await channel.approve(registration);
    }
    await channel.system.quiet();
    const key = await makeField(channel, "Partner notes", "text");
    text = await bent(channel, (document) =>
      document.objects.deal.extra.push({
        ...{ program: "registration.description", key, label: "Partner notes", type: "Large text" },
        ...{ direction: "program_to_crm", write: "always" },
      }),
    );
  }, 60_000);
  afterAll(() => channel.close());

  test("is told in what it changes, how many records that touches and what it costs, before a token is spent", async () => {
    const before = await channel.twin.spend();
    const outlook = await planMapping(app, TENANT, text, { spend: false, sample: 20, enrol: true });
    expect(await channel.twin.spend()).toEqual(before);
    expect(outlook).toMatchObject({ against: 1, revision: 2, spent: 0, dryRun: null });
    expect(outlook.changes).toMatchObject([
      {
        name: 'Deal "Partner notes"',
        member: null,
        from: null,
        to: "registration.description, program_to_crm, always",
        records: 3,
      },
    ]);
    expect(outlook.price.look).toBe(62 + 60);
    expect(outlook.daily).toMatchObject({ days: 1 });
  });

  test("is shown on live records, both values of each row, without a write", async () => {
    const before = await channel.twin.spend();
    const commands = await channel.twin.commands();
    const outlook = await planMapping(app, TENANT, text, { spend: true, sample: 20, enrol: true });
    const after = await channel.twin.spend();
    expect(after.tokens - before.tokens).toBeLessThanOrEqual(outlook.spent);
    expect(after.byOperation["deals.update"]).toEqual(before.byOperation["deals.update"]);
    expect(await channel.twin.commands()).toEqual(commands);
    expect(outlook.dryRun?.rows).toHaveLength(3);
    expect(outlook.dryRun?.rows[0]).toMatchObject({
      ...{ object: "deal", label: "Partner notes", to: "pipedrive", before: "(empty)" },
      after: expect.stringMatching(/^about /),
    });
    expect(outlook.dryRun?.changed).toEqual({ pipedrive: 3, program: 0 });
    expect(outlook.price.writes).toBeGreaterThanOrEqual(15);
    expect(outlook.takesS).toBeGreaterThan(0);
  });

  test("tells what of the program would be made in Pipedrive, and on how many days its tokens last", async () => {
    await channel.twin.act({
      action: "submit_registration",
      ...(await partnerAndRep()),
      ...{ title: "Not approved", prospect: prospectOf("Not approved"), expected_close_date: "2027-03-01" },
    });
    await channel.system.quiet();
    const outlookOf = (createOn: string) => {
      const document = JSON.parse(text);
      document.rules.create_on = createOn;
      return planMapping(app, TENANT, JSON.stringify(document), { spend: true, sample: 1, enrol: true });
    };
    expect((await outlookOf("approved")).dryRun?.entries).toEqual([]);
    expect((await outlookOf("submitted")).dryRun?.entries).toMatchObject([
      { outcome: "created", in: "pipedrive", object: null, kind: "deal_registration", name: "Not approved" },
    ]);
    const connection = await app.connections.active(TENANT, "pipedrive");
    await channel.twin.call("POST", `/companies/${connection?.companyDomain}/budget`, { remaining: 400 });
    const { daily, price } = await outlookOf("approved");
    expect(daily?.left).toBeLessThan(400);
    expect(daily?.days).toBe(price.rollOut + (price.writes ?? 0) > (daily?.left ?? 0) ? 2 : 1);
    await channel.twin.call("POST", `/companies/${connection?.companyDomain}/budget`, { remaining: 1_000_000 });
  });

  test("that goes wrong on the first records stops there, and all others are as before", async () => {
    await channel.fault({ kind: "status", status: 422, method: "PATCH", path: "/deals/", times: 1 });
    expect(await applyMapping(app, TENANT, text, USUAL, BY)).toMatchObject({ outcome: "begun", revision: 2 });
    await expect(applyMapping(app, TENANT, text, USUAL, BY)).rejects.toMatchObject({ code: "ROLL_OUT_OPEN" });
    await expect(putMapping(app, TENANT, text, BY)).rejects.toMatchObject({ code: "ROLL_OUT_OPEN" });
    expect(await settled(channel)).toBe("paused");
    expect(await rollOutOf(app, TENANT)).toMatchObject({
      stage: "first",
      cause: expect.stringContaining("REFUSED_BY_PIPEDRIVE"),
    });
    expect(await channel.found("ROLL_OUT_PAUSED")).toMatchObject([{ severity: "error" }]);
    expect((await app.mappings.live(TENANT))?.revision).toBe(1);
    expect(await notes()).toEqual([null, null, null]);
  });

  test("taken back before it is in force leaves the revision before", async () => {
    expect(await rollBack(app, TENANT, BY)).toEqual({ tenantId: TENANT, revision: 1, repeats: null });
    await channel.system.quiet();
    expect((await rollOutOf(app, TENANT)).state).toBe("rolled back");
    expect(await channel.found("ROLL_OUT_PAUSED")).toEqual([]);
  });

  test("goes on where it stopped, to all, and each write names it", async () => {
    await channel.fault({ kind: "status", status: 422, method: "PATCH", path: "/deals/", times: 1 });
    await applyMapping(app, TENANT, text, USUAL, BY);
    expect(await settled(channel)).toBe("paused");
    await continueRollOut(app, TENANT, null);
    expect(await settled(channel)).toBe("done");
    expect((await app.mappings.live(TENANT))?.revision).toBe(2);
    expect(await notes()).toEqual(["about Cold store", "about Fleet renewal", "about Night shift"]);
    const written = await channel.rows(
      "select distinct revision from history where field = 'registration.description' and event = 'written'",
    );
    expect(written).toEqual([{ revision: 2 }]);
    const intents = await channel.rows(
      "select revision, count(*)::int as n from intent where type = 'patch' and revision = 2 and state = 'done' group by 1",
    );
    expect(intents).toEqual([{ revision: 2, n: 3 }]);
  });

  test("taken back is the document before, under a new number, and decided anew", async () => {
    expect(await rollBack(app, TENANT, BY)).toEqual({ tenantId: TENANT, revision: 3, repeats: 1 });
    expect(await settled(channel)).toBe("done");
    const live = await app.mappings.live(TENANT);
    expect(live).toMatchObject({ revision: 3, loadedBy: expect.stringContaining("back to revision 1") });
    expect(live?.plan.roles.deal.map(({ field }) => field)).not.toContain("registration.description");
    await expect(rollBack(app, TENANT, BY)).rejects.toMatchObject({ code: "NOTHING_BEFORE" });
  });

  test("whose canary fails changes nothing", async () => {
    const verify = { organization_id: (await channel.twin.edit("organization", { name: "Test" })).id };
    const canary = await bent(channel, (document) => Object.assign(document, { verify }));
    const { clients } = app;
    const locked: App = {
      ...app,
      clients: {
        ...clients,
        async pipedrive(connection) {
          const real = await clients.pipedrive(connection);
          return { ...real, patch: (object, id) => real.get(object, id) };
        },
      },
    };
    await channel.system.stopWorkers();
    await applyMapping(app, TENANT, canary, USUAL, BY);
    await stepRollOuts(locked);
    expect(await rollOutOf(app, TENANT)).toMatchObject({
      state: "paused",
      stage: "canary",
      cause: expect.stringContaining("CANNOT_WRITE_FIELD"),
    });
    await rollBack(app, TENANT, BY);
    channel.system.startWorkers();
  });

  test("killed between any two steps comes to the same end, and nothing happens twice", async () => {
    // The workers' own timers have nothing to do with it.
    const { take } = app.rollOuts;
    app.rollOuts.take = async () => null;
    let kills = 0;
    let before = await channel.twin.spend();
    try {
      const again = JSON.parse(text);
      again.revision = 4;
      for (const title of titles) {
        const registration = await channel.registrationNamed(title);
        const fields = { description: `again ${title}` };
        await channel.twin.act({ action: "edit_registration", registration_id: registration.registration_id, fields });
      }
      await channel.system.quiet();
      before = await channel.twin.spend();
      await applyMapping(app, TENANT, JSON.stringify(again), USUAL, BY);
      // Each process comes one call of the store further than the one before it, until one comes to the end.
      const deadline = Date.now() + 30_000;
      for (let at = 1; (await rollOutOf(app, TENANT)).state === "running" && Date.now() < deadline; ) {
        const { killed, ended } = killedAt({ ...app, rollOuts: { ...app.rollOuts, take } }, at);
        await stepRollOuts(ended).catch(() => {});
        if (killed()) {
          kills += 1;
          at += 1;
        }
        await channel.rows("update roll_out set lease_until = null where state = 'running'"); // its lease has run out
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      app.rollOuts.take = take;
    }
    expect(kills).toBeGreaterThan(9);
    expect((await rollOutOf(app, TENANT)).state).toBe("done");
    await channel.system.quiet();
    expect(await notes()).toEqual(["again Cold store", "again Fleet renewal", "again Night shift"]);
    const after = await channel.twin.spend();
    const updates = (spend: typeof after) => spend.byOperation["deals.update"]?.calls ?? 0;
    expect(updates(after) - updates(before)).toBe(3);
    const asked = await channel.rows(
      "select count(*)::int as n, count(distinct delivery_key)::int as keys from inbox where delivery_key like 'roll-out%'",
    );
    expect(asked[0]?.n).toBe(asked[0]?.keys);
  }, 60_000);

  test("where a tenant wants four eyes is proposed by one person, and rolled out when another approves it", async () => {
    const person = (name: string, role: OperatorRole): Actor => ({
      ...{ operatorId: randomUUID(), name, email: `${name}@example.com`, role, tenants: null },
      ...{ via: "session", credentialId: null },
    });
    const [ada, ben] = [person("ada", "operator"), person("ben", "approver")];
    const next = await bent(channel, (document) => {
      document.objects.deal.extra = document.objects.deal.extra.filter(
        ({ program }: { program: string }) => program !== "registration.description",
      );
    });
    const { revision } = JSON.parse(next);
    await app.tenants.setFourEyes(TENANT, true);
    expect(await applyMapping(app, TENANT, next, USUAL, ada)).toMatchObject({ outcome: "proposed", revision });
    expect(await app.rollOuts.open(TENANT)).toBeNull();
    expect(await app.mappings.liveRevision(TENANT)).toBe(revision - 1);
    const { sha256 } = await app.mappings.proposal(TENANT);
    await expect(applyProposal(app, TENANT, sha256, USUAL, ada)).rejects.toMatchObject({ code: "FOUR_EYES" });
    expect(await app.rollOuts.open(TENANT)).toBeNull();

    expect(await applyProposal(app, TENANT, sha256, USUAL, ben)).toMatchObject({ outcome: "begun", revision });
    expect(await settled(channel)).toBe("done");
    expect(await app.mappings.live(TENANT)).toMatchObject({ revision, loadedBy: "ada, approved by ben" });
    await expect(applyProposal(app, TENANT, sha256, USUAL, ben)).rejects.toMatchObject({ code: "NO_PROPOSAL" });
    await app.tenants.setFourEyes(TENANT, false);
  }, 60_000);
});

/** The app of a process that dies at its nth call of the store: whatever it did until then has happened. */
function killedAt(app: App, nth: number): { ended: App; killed: () => boolean } {
  let calls = 0;
  const dying = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          if (name === "take") return member.apply(target, args);
          calls += 1;
          return calls >= nth ? Promise.reject(new Error("killed")) : member.apply(target, args);
        };
      },
    });
  const { rollOuts, lanes, mappings, rollOutReach, log } = app;
  const ended = {
    ...app,
    rollOuts: dying(rollOuts),
    lanes: dying(lanes),
    mappings: dying(mappings),
    rollOutReach: dying(rollOutReach),
    log,
  };
  return { ended, killed: () => calls >= nth };
}

describe("the first go-live", () => {
  let channel: Channel;
  let app: App;
  let text: string;
  const partners = async () =>
    (await channel.twin.aggregates("partner")).map(({ name, status }) => `${name} ${status}`).sort();
  const ids = new Map<string, number>();

  beforeAll(async () => {
    channel = await openChannel({
      workers: false,
      adjust: (document) => {
        document.sync.start_at = "2030-06-01T00:00:00Z"; // nobody was changed since
      },
    });
    app = channel.system.app;
    text = JSON.stringify({ ...(await liveDocument(channel)), verify: undefined });
    await channel.rows("delete from mapping_revision");
    await new Promise((resolve) => setTimeout(resolve, 1_050)); // no process remembers it
    const known = await channel.twin.act({ action: "create_partner", name: "Westwind", website: "westwind.example" });
    for (const [name, set] of Object.entries({
      Ostwind: { "label:Allbound Status": "Active", "label:Website": "ostwind.example" },
      Nordwind: { "label:Allbound Status": "Pending", "label:Website": "nordwind.example" },
      Suedwind: {
        "label:Allbound Status": "Active",
        "label:Website": "suedwind.example",
        "label:Allbound ID": "prt_stranger",
      },
      Westwind: {
        "label:Allbound Status": "Active",
        "label:Website": "westwind.example",
        "label:Allbound ID": known.partner_id,
      },
      Bystander: { "label:Website": "bystander.example" },
    }))
      ids.set(name, (await channel.twin.edit("organization", { name, ...set })).id);
    channel.system.startWorkers();
  }, 60_000);
  afterAll(() => channel.close());

  test("is planned: who enters, and who carries an id", async () => {
    const outlook = await planMapping(app, TENANT, text, { spend: true, sample: 5, enrol: true });
    expect(outlook).toMatchObject({ against: null, dryRun: { sampled: 0 } });
    expect(outlook.dryRun?.organizations).toEqual({
      ...{ looked: 5, more: false, enrolled: 4, carryingIds: 2 },
      carryingStatus: { active: 3, pending: 1 },
    });
    const entries = outlook.dryRun?.entries ?? [];
    const record = (name: string) => ({ object: "organization", crmId: ids.get(name), kind: "partner", name });
    expect(entries).toEqual([
      { outcome: "created", in: "program", ...record("Ostwind"), programId: null },
      { outcome: "created", in: "program", ...record("Nordwind"), programId: null },
      { outcome: "linked", in: "pipedrive", ...record("Suedwind"), programId: "prt_stranger" },
      { outcome: "linked", in: "pipedrive", ...record("Westwind"), programId: expect.stringMatching(/^prt_/) },
    ]);
    expect(outlook.findings).toMatchObject([{ code: "EXISTING_IDS" }, { code: "STATUS_ALREADY_SET" }]);
    const optedOut = await planMapping(app, TENANT, text, { spend: true, sample: 5, enrol: false });
    expect(optedOut.dryRun?.organizations.enrolled).toBe(0);
  });

  test("asks what becomes of ids that are there already, and tells conflicts first", async () => {
    await applyMapping(app, TENANT, text, USUAL, BY);
    expect(await settled(channel)).toBe("paused");
    expect(await channel.found("EXISTING_IDS")).toMatchObject([
      { message: expect.stringContaining("2 unlinked records") },
    ]);
    expect(await partners()).toEqual(["Westwind active"]);
    await continueRollOut(app, TENANT, "adopt");
    expect(await settled(channel)).toBe("paused");
    expect(await channel.found("EXISTING_ID_CONFLICT")).toMatchObject([
      { subject: `organization ${ids.get("Suedwind")}`, message: expect.stringMatching(/no such partner/) },
    ]);
    expect(await partners()).toEqual(["Westwind active"]);
  });

  test("adopts ids, enrols every organization with a status whatever start_at says, and nobody twice", async () => {
    await channel.twin.edit("organization", { "label:Allbound ID": null }, ids.get("Suedwind"));
    await continueRollOut(app, TENANT, null);
    await settled(channel);
    expect(await rollOutOf(app, TENANT)).toMatchObject({ state: "done", cause: null });
    expect(await partners()).toEqual(["Nordwind pending", "Ostwind active", "Suedwind active", "Westwind active"]);
    const linked = await channel.rows(
      "select crm_id::int as id, created_by from link where role = 'partner' and created_by = 'adopt'",
    );
    expect(linked).toEqual([{ id: ids.get("Westwind"), created_by: "adopt" }]);
    for (const name of ["Nordwind", "Ostwind", "Suedwind"])
      expect((await channel.twin.record("organization", ids.get(name) ?? 0)).labels["Allbound ID"]).toMatch(/^prt_/);
    expect(await channel.codes()).toEqual([]);
  });
});

describe("ids of an earlier trial", () => {
  test("are cleared where the operator says so, and the right ones written", async () => {
    const channel = await openChannel({ workers: false });
    try {
      const { app } = channel.system;
      const document = JSON.stringify({ ...(await liveDocument(channel)), verify: undefined });
      await channel.rows("delete from mapping_revision");
      await new Promise((resolve) => setTimeout(resolve, 1_050));
      const set = {
        "label:Allbound Status": "Active",
        "label:Allbound ID": "prt_old",
        "label:Allbound Deal ID": "reg_old",
      };
      const { id } = await channel.twin.edit("organization", {
        name: "Nordwind",
        "label:Website": "nordwind.example",
        ...set,
      });
      const person = await channel.twin.edit("person", { name: "Ida", "label:Allbound ID": "usr_old" });
      channel.system.startWorkers();
      await applyMapping(app, TENANT, document, { ...USUAL, existingIds: "clear" }, BY);
      expect(await settled(channel)).toBe("done");
      const { labels } = await channel.twin.record("organization", id);
      expect(labels).toMatchObject({ "Allbound Deal ID": null, "Allbound ID": expect.stringMatching(/^prt_(?!old)/) });
      expect((await channel.twin.record("person", person.id)).labels["Allbound ID"]).toBeNull();
      expect(await channel.rows("select revision, rule from history h where rule = 'clear' limit 1")).toBeDefined();
      expect(await channel.codes()).toEqual([]);
    } finally {
      await channel.close();
    }
  }, 60_000);
});
