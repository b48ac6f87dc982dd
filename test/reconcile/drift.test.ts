import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { IN_FORCE_WITHIN_MS } from "../../src/contexts.ts";
import { loadMapping } from "../../src/operations/load-mapping.ts";
import { lookForDrift } from "../../src/operations/look-for-drift.ts";
import { pausedFields, pauseField, resumeField } from "../../src/operations/pause-field.ts";
import { localActor } from "../../src/store/actor.ts";
import type { Role } from "../../src/sync/model.ts";
import { type Channel, eventually, openChannel } from "./channel.ts";

const TENANT = "harbourline";
let channel: Channel;
beforeAll(async () => {
  channel = await openChannel();
}, 60_000);
afterAll(() => channel.close());

/** What an administrator does in the account itself. */
async function administrate<T = unknown>(method: string, path: string, body?: object): Promise<T> {
  const connection = await channel.system.app.connections.current(TENANT, "pipedrive");
  const { token } = await channel.system.app.connections.pipedriveSecrets(connection?.id ?? "");
  const answer = await fetch(`${channel.system.twin.url}/api/v2/${path}`, {
    method,
    headers: { "x-api-token": token, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { data: T }).data;
}

/** What an administrator does in the account's settings, and no API offers. */
async function settings(what: "restrict" | "retype" | "stage", body: object): Promise<void> {
  const connection = await channel.system.app.connections.current(TENANT, "pipedrive");
  await channel.twin.call("POST", `/companies/${connection?.companyDomain}/${what}`, body);
}

async function planned(role: Role, field: string) {
  const live = await channel.system.app.mappings.live(TENANT);
  const plan = live?.plan.roles[role].find((candidate) => candidate.field === field);
  if (!plan || !("custom" in plan.crm)) throw new Error(`${role} has no ${field}`);
  return { ...plan, key: plan.crm.custom };
}

const look = () => lookForDrift(channel.system.app, TENANT);
const paused = async () =>
  (await pausedFields(channel.system.app, TENANT)).map(({ role, field }) => `${role} ${field}`);
const partnerNamed = async (name: string) =>
  (await channel.twin.aggregates("partner")).find((partner) => partner.name === name);
/** Until a resumed field's records have been asked for, and all is said. */
async function flowing() {
  await eventually(
    "resumed",
    async () => (await channel.rows("select 1 from paused_field where resumed_at is not null")).length === 0,
  );
  await channel.system.quiet();
}

test("costs 40 tokens and finds nothing where nothing has changed", async () => {
  const before = await channel.twin.spend();
  expect(await look()).toEqual({ tenantId: TENANT, drifts: [], resumed: [] });
  expect((await channel.twin.spend()).tokens - before.tokens).toBe(40);
});

test("a renamed option keeps its identity, and a new one is told of once", async () => {
  const { organization } = await channel.partner("Nordlicht");
  const { key, options = [] } = await planned("partner", "partner.status");
  const id = options.find(({ program }) => program === "inactive")?.id;
  await administrate("PATCH", `organizationFields/${key}/options`, [{ id, label: "Dormant" }]);
  await administrate("POST", `organizationFields/${key}/options`, [{ label: "On hold" }]);
  expect((await look()).drifts).toMatchObject([{ code: "DRIFT_OPTION", field: "partner.status", pauses: false }]);
  expect(await paused()).toEqual([]);
  const [told] = await channel.found("DRIFT_OPTION");
  expect(told).toMatchObject({ severity: "warning", laneId: null });
  expect(told?.message).toMatch(
    /"Inactive" is "Dormant".*write the new labels.*new options: "On hold".*Pair or remove/,
  );
  expect((await planned("partner", "partner.status")).options?.map(({ label }) => label)).toContain("Dormant");
  await channel.later();
  await channel.twin.edit("organization", { "label:Allbound Status": "Dormant" }, organization.id);
  await channel.system.quiet();
  expect(await partnerNamed("Nordlicht")).toMatchObject({ status: "inactive" });
  expect((await look()).drifts).toEqual([]);
  await administrate("PATCH", `organizationFields/${key}/options`, [{ id, label: "Inactive" }]);
  await look();
});

test("a renamed field flows on; one that takes another's name is paused until that is undone", async () => {
  const { key } = await planned("partner", "allbound_deal_id".replace("deal_", ""));
  await administrate("PATCH", `organizationFields/${key}`, { field_name: "Partner number" });
  expect((await look()).drifts).toMatchObject([{ code: "DRIFT_RENAMED", role: "partner", pauses: false }]);
  expect((await planned("partner", "allbound_id")).label).toBe("Partner number");
  await administrate("PATCH", `organizationFields/${key}`, { field_name: "Allbound Deal ID" });
  expect((await look()).drifts).toMatchObject([{ code: "DRIFT_RENAMED", role: "partner", pauses: true }]);
  expect(await paused()).toEqual(["partner allbound_id"]);
  await administrate("PATCH", `organizationFields/${key}`, { field_name: "Allbound ID" });
  expect((await look()).resumed).toEqual([{ role: "partner", field: "allbound_id" }]);
  expect(await channel.codes()).not.toContain("DRIFT_RENAMED partner field allbound_id");
  await flowing();
});

test("a field paused by a person stands still both ways while everything else flows, and catches up afterwards", async () => {
  const { organization } = await channel.partner("Suedstern");
  await pauseField(channel.system.app, TENANT, { field: "partner.status" }, localActor("tests"));
  expect(await paused()).toEqual(["partner partner.status"]);
  await new Promise((resolve) => setTimeout(resolve, 2_050)); // in force for every worker
  await channel.later();
  const website = { "label:Website": "suedstern-neu.example" };
  await channel.twin.edit("organization", { "label:Allbound Status": "Pending", ...website }, organization.id);
  const other = await channel.twin.edit("organization", { name: "Weststern", "label:Allbound Status": "Active" });
  await channel.system.quiet();
  expect(await partnerNamed("Suedstern")).toMatchObject({ status: "active", website: "suedstern-neu.example" });
  expect(await partnerNamed("Weststern")).toBeUndefined();

  const tokens = await channel.twin.spend();
  await resumeField(channel.system.app, TENANT, { field: "Allbound Status" });
  await flowing();
  expect(await partnerNamed("Suedstern")).toMatchObject({ status: "pending" });
  expect(await partnerNamed("Weststern")).toMatchObject({ status: "active" });
  // Nothing was read for it: the new partner's id was written, and that is all.
  expect((await channel.twin.spend()).tokens - tokens.tokens).toBeLessThanOrEqual(5);
  expect((await channel.twin.record("organization", other.id)).labels["Allbound ID"]).toMatch(/^prt_/);
  await expect(resumeField(channel.system.app, TENANT, { field: "Allbound Status" })).rejects.toMatchObject({
    code: "NOT_PAUSED",
  });
  await expect(
    pauseField(channel.system.app, TENANT, { field: "Allbound ID" }, localActor("tests")),
  ).rejects.toMatchObject({ code: "FIELD_AMBIGUOUS" });
  await expect(
    pauseField(channel.system.app, TENANT, { field: "Alboud Status" }, localActor("tests")),
  ).rejects.toMatchObject({ code: "FIELD_UNKNOWN", hint: 'did you mean "Allbound Status"?' });
});

test("what only its creation writes, and stood still while the record was made, is written once it flows", async () => {
  const partner = await channel.partner("Nordstern");
  const rep = await channel.rep(partner, "ida@nordstern.example");
  const made = await administrate<{ field_code: string }>("POST", "dealFields", {
    field_name: "First words",
    field_type: "text",
  });
  await loadAgain((document) => {
    document.objects.deal.extra.push({
      ...{ program: "registration.description", key: made.field_code, label: "First words", type: "Large text" },
      ...{ direction: "program_to_crm", write: "on_create" },
    });
  });
  await pauseField(channel.system.app, TENANT, { field: "First words" }, localActor("tests"));
  await new Promise((resolve) => setTimeout(resolve, 2_050)); // in force for every worker
  const words = async (title: string) => (await channel.dealNamed(title)).labels["First words"];
  for (const title of ["Nordlager", "Nordhalle", "Nordturm"]) {
    const more = title === "Nordturm" ? {} : { description: `about ${title}` };
    await channel.approve(await channel.register(partner, rep, title, more));
  }
  await channel.system.quiet();
  expect(await words("Nordlager")).toBeNull();
  await channel.later();
  await channel.twin.edit("deal", { "label:First words": "a person's" }, (await channel.dealNamed("Nordhalle")).id);
  await channel.system.quiet();
  await resumeField(channel.system.app, TENANT, { field: "First words" });
  await flowing();
  expect(await words("Nordlager")).toBe("about Nordlager");
  expect(await words("Nordhalle")).toBe("a person's");
  // From then on it is a field like any other of its kind: nothing but a creation writes it.
  const fields = { description: "later words" };
  const { registration_id } = await channel.registrationNamed("Nordlager");
  await channel.twin.act({ action: "edit_registration", registration_id, fields });
  await channel.system.quiet();
  expect(await words("Nordlager")).toBe("about Nordlager");
}, 60_000);

test("a deleted option pauses its field before a record that it emptied changes the program", async () => {
  const { organization } = await channel.partner("Oststern");
  const { key, options = [] } = await planned("partner", "partner.status");
  const id = options.find(({ program }) => program === "pending")?.id;
  await administrate("DELETE", `organizationFields/${key}/options`, [{ id }]);
  expect((await look()).drifts).toMatchObject([{ code: "DRIFT_OPTION", pauses: true }]);
  expect(await channel.found("DRIFT_OPTION")).toMatchObject([{ severity: "error" }]);
  expect(await partnerNamed("Oststern")).toMatchObject({ status: "active" });
  await administrate("POST", `organizationFields/${key}/options`, [{ label: "Pending" }]);
  expect((await look()).resumed).toEqual([]); // the new option has another id: the mapping has to say what it is
  await loadAgain();
  expect(await paused()).toEqual([]);
  expect(await channel.found("DRIFT_OPTION")).toEqual([]);
  await flowing();
  await channel.later();
  await channel.twin.edit("organization", { "label:Allbound Status": "Pending" }, organization.id);
  await channel.system.quiet();
  expect(await partnerNamed("Oststern")).toMatchObject({ status: "pending" });
});

test("a write that names a deleted field has the account looked at, and only that field pauses", async () => {
  const partner = await channel.partner("Nordwind");
  const { key } = await planned("partner_user", "allbound_id");
  await administrate("DELETE", `personFields/${key}`);
  await channel.rows(
    "update drift_look set done_at = now() - interval '5 minutes', begun_at = now() - interval '6 minutes'",
  );
  const contact = { email: "mara@nordwind.example", first_name: "Mara", last_name: "Voss" };
  await channel.twin.act({ action: "register_contact", partner_id: partner.id, ...contact });
  await eventually("it is paused", async () => (await paused()).includes("partner_user allbound_id"));
  await eventually(
    "the contact waits",
    async () => (await channel.rows("select 1 from lane where blocked_kind = 'field'")).length === 1,
  );
  const [told] = await channel.found("DRIFT_FIELD_GONE");
  expect(told?.message).toMatch(/Person "Allbound ID" is no longer shown.*Give that user the right.*load a mapping/);
  expect(told?.message).not.toContain(key);
  await channel.later();
  await channel.twin.edit("organization", { "label:Website": "nordwind-neu.example" }, partner.organization.id);
  await channel.system.quiet();
  expect(await partnerNamed("Nordwind")).toMatchObject({ website: "nordwind-neu.example" });
  expect((await channel.system.app.connections.current(TENANT, "pipedrive"))?.state).toBe("active");

  const made = await administrate<{ field_code: string }>("POST", "personFields", {
    field_name: "Allbound ID",
    field_type: "varchar",
  });
  await loadAgain((document) => {
    document.objects.person.fields.allbound_id.key = made.field_code;
  });
  await flowing();
  const [person] = (await channel.twin.records("person")).filter(({ name }) => name === "Mara Voss");
  expect(person?.labels["Allbound ID"]).toMatch(/^usr_/);
});

test("an archived stage pauses stages only", async () => {
  const stage = { pipeline: "Channel", stage: "Registered" };
  await settings("stage", { ...stage, archived: true });
  expect((await look()).drifts).toMatchObject([{ code: "DRIFT_STAGE", field: "sales.stage_key", pauses: true }]);
  expect((await channel.found("DRIFT_STAGE"))[0]?.message).toMatch(
    /with the id \d+ \(where new Deals begin, "working" in the program\)/,
  );
  await settings("stage", { ...stage, archived: false });
  await settings("stage", { pipeline: "Channel", archived: true });
  expect((await look()).drifts).toMatchObject([{ code: "DRIFT_STAGE" }]);
  await settings("stage", { pipeline: "Channel", archived: false });
  await settings("stage", { ...stage, name: "Taken in" }); // known by its id
  expect(await look()).toMatchObject({ drifts: [], resumed: [{ field: "sales.stage_key" }] });
  await settings("stage", { pipeline: "Channel", stage: "Taken in", name: "Registered" });
});

test("a retyped field pauses until it is as it was", async () => {
  await settings("retype", { object: "organization", label: "Website", type: "Large text" });
  expect((await look()).drifts).toMatchObject([{ code: "DRIFT_TYPE", field: "partner.website", pauses: true }]);
  expect((await channel.found("DRIFT_TYPE"))[0]?.message).toMatch(/is of type Large text now, not Text/);
  await settings("retype", { object: "organization", label: "Website", type: "Text" });
  expect(await look()).toMatchObject({ drifts: [], resumed: [{ field: "partner.website" }] });
  await flowing();
});

test("a field that takes no writes any more pauses, and flows again once a look had a record try it", async () => {
  const partner = await channel.partner("Westwind");
  const rep = await channel.rep(partner, "ida@westwind.example");
  const { deal } = await channel.deal(partner, rep, "Westdeal");
  const { key } = await planned("deal", "allbound_id");
  expect(deal.labels["Allbound ID"]).toMatch(/^reg_/);
  // Nothing is kept from administrators.
  const domain = (await channel.system.app.connections.current(TENANT, "pipedrive"))?.companyDomain;
  const { users } = await channel.twin.call<{ users: { id: number }[] }>("GET", `/companies/${domain}`);
  await channel.twin.edit("user", { admin: false }, users[0]?.id);
  await settings("restrict", { object: "deal", label: "Allbound ID", as: "locked" });
  await channel.later();
  await channel.twin.edit("deal", { "label:Allbound ID": null }, deal.id);
  await eventually("it is paused", async () => (await paused()).includes("deal allbound_id"));
  await channel.system.quiet();
  const [told] = await channel.found("DRIFT_RIGHTS");
  expect(told?.message).toMatch(/Deal "Allbound ID" can be read and no longer be written.*resume-field/);
  expect(told?.message).not.toContain(key);
  // Not back yet: a look has one record try it, and no other change of that record does.
  const patches = async () => (await channel.twin.spend()).byOperation["deals.update"]?.calls ?? 0;
  await new Promise((resolve) => setTimeout(resolve, IN_FORCE_WITHIN_MS)); // until then a worker may not know of the pause
  await channel.rows("update drift_look set done_at = now(), begun_at = null, wanted_at = null");
  const before = await patches();
  await channel.later();
  await channel.twin.edit("deal", { value: 4711 }, deal.id);
  await channel.system.quiet();
  expect(await patches()).toBe(before);
  expect((await look()).resumed).toEqual([]); // only a write can tell
  await channel.system.quiet();
  expect(await patches()).toBe(before + 1);
  expect(await paused()).toEqual(["deal allbound_id"]);
  expect(await channel.found("DRIFT_RIGHTS")).toHaveLength(1);
  await settings("restrict", { object: "deal", label: "Allbound ID", as: null });
  await look();
  await eventually("the right is found to be back", async () => (await paused()).length === 0);
  await flowing();
  expect(await patches()).toBe(before + 2);
  expect((await channel.twin.record("deal", deal.id)).labels["Allbound ID"]).toMatch(/^reg_/);
  expect(await channel.found("DRIFT_RIGHTS")).toEqual([]);

  await settings("restrict", { object: "organization", label: "Website", as: "hidden" });
  expect((await look()).drifts).toMatchObject([{ code: "DRIFT_FIELD_GONE", field: "partner.website" }]);
  await settings("restrict", { object: "organization", label: "Website", as: null });
  await channel.twin.edit("user", { admin: true }, users[0]?.id);
  expect((await look()).resumed).toMatchObject([{ field: "partner.website" }]);
  await flowing();
});

test("the timer looks by itself when its time has come, one process at a time", async () => {
  await channel.rows("update drift_look set done_at = now() - interval '2 hours', begun_at = null, wanted_at = null");
  await eventually("it was looked at", async () => {
    const [row] = await channel.rows("select 1 from drift_look where done_at > now() - interval '1 minute'");
    return row !== undefined;
  });
  const taken = await Promise.all([1, 2, 3].map(() => channel.system.app.driftLooks.take(3_600_000)));
  expect(taken.flat()).toEqual([]);
});

/** The document in force once more, as a new revision, with the account's own labels. */
async function loadAgain(adjust: (document: Bent) => void = () => {}): Promise<void> {
  const live = await channel.system.app.mappings.live(TENANT);
  const document = JSON.parse(live?.document ?? "{}") as Bent;
  adjust(document);
  document.revision += 1;
  await loadMapping(channel.system.app, JSON.stringify(document), "tests");
}

interface Bent {
  revision: number;
  objects: { person: { fields: { allbound_id: { key: string } } }; deal: { extra: object[] } };
}
