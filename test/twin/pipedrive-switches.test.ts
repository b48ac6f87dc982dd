import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_SWITCHES } from "../../src/twin/pipedrive/switches.ts";
import { eventually, type Json, type Rig, startReceiver, startRig, subscribe } from "./pipedrive-rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterEach(() => set(DEFAULT_SWITCHES));
afterAll(() => rig.twin.close());

const set = async (switches: Json): Promise<void> => {
  await rig.control("POST", "/companies", { domain: "acme", switches });
};
const status = async (method: string, path: string, body?: Json) => (await rig.api(method, path, body)).status;

describe("switches change what no source settles", () => {
  test("deleted records: read as 404, deleted again as 200", async () => {
    const { id } = await rig.organization();
    const path = `/api/v2/organizations/${id}`;
    await rig.api("DELETE", path);
    expect([await status("GET", path), await status("DELETE", path)]).toEqual([200, 404]);
    await set({ deletedGet: 404, repeatedDelete: 200 });
    expect([await status("GET", path), await status("DELETE", path)]).toEqual([404, 200]);
  });

  test("a person or organization that is not there: in the envelope of v1, while deals keep theirs", async () => {
    const { id } = await rig.organization();
    await rig.api("DELETE", `/api/v2/organizations/${id}`);
    await set({ notFoundBody: "v1", deletedGet: 404 });
    for (const path of ["organizations/999999", "persons/999999", "persons/nobody", `organizations/${id}`]) {
      const { status, body } = await rig.api("GET", `/api/v2/${path}`);
      expect([path, status, Object.keys(body).sort()]).toEqual([
        path,
        404,
        ["additional_data", "data", "error", "error_info", "success"],
      ]);
    }
    const patched = await rig.api("PATCH", `/api/v2/organizations/${id}`, { name: "Back" });
    expect([patched.status, patched.body.error, patched.body.data]).toEqual([404, "Organization not found", null]);
    expect((await rig.api("GET", "/api/v2/deals/999999")).body.code).toBe("ERR_NOT_FOUND");
  });

  test("a limit above the highest: as many as are allowed", async () => {
    for (let made = 0; made < 101; made++) await rig.organization({ name: "Plenty" });
    const search = "/api/v2/organizations/search?term=plenty&limit=101";
    const lists = ["/api/v2/organizations?limit=501", "/api/v2/dealFields?limit=501", "/api/v2/stages?limit=501"];
    for (const path of [search, ...lists]) expect([path, await status("GET", path)]).toEqual([path, 400]);
    await set({ limitAboveMax: 200 });
    expect((await rig.api("GET", search)).body.data.items).toHaveLength(100);
    for (const path of lists) expect([path, await status("GET", path)]).toEqual([path, 200]);
    expect(await status("GET", "/api/v2/organizations?limit=0")).toBe(400);
  });

  test("a cursor that is none: refused with another code", async () => {
    const code = async () => (await rig.api("GET", "/api/v2/pipelines?cursor=nonsense")).body.code;
    expect(await code()).toBe("ERR_SCHEMA_VALIDATION_FAILED");
    await set({ invalidCursorCode: "ERR_BAD_REQUEST" });
    expect(await code()).toBe("ERR_BAD_REQUEST");
  });

  test.each([
    ["deletedGet", 500, "200 or 404"],
    ["repeatedDelete", "404", "200 or 404"],
    ["notFoundBody", "v3", '"v2" or "v1"'],
    ["webhookKeys", true, '"examples" or "rest"'],
    ["contactSync", 1, "true or false"],
    ["dailyResetHour", 24, "whole numbers from 0 to 23"],
    ["dailyResetHour", 1.5, "whole numbers from 0 to 23"],
    ["searchDelayMs", -1, "whole numbers from 0 to 86400000"],
    ["toString", true, /unknown switch/],
  ])("%s cannot be %j", async (name, value, takes) => {
    const { status, body } = await rig.control("POST", "/companies", { domain: "acme", switches: { [name]: value } });
    expect([status, body.error]).toEqual([400, expect.stringMatching(takes)]);
    const { switches } = (await rig.control("GET", "/companies/acme")).body;
    expect(switches).toEqual(DEFAULT_SWITCHES);
  });

  test("deals: times left out while open, no contact needed", async () => {
    await set({ openDealsOmitTimes: true, dealNeedsContact: false });
    const deal = (await rig.api("POST", "/api/v2/deals", { title: "Alone" })).body.data;
    for (const key of ["won_time", "lost_time", "expected_close_date"]) expect(deal).not.toHaveProperty(key);
    const won = (await rig.api("PATCH", `/api/v2/deals/${deal.id}`, { status: "won" })).body.data;
    expect(won).toHaveProperty("won_time");
  });

  test("archived deals: edited only where allowed, and never listed", async () => {
    const { id: org_id } = await rig.organization();
    const deal = (await rig.api("POST", "/api/v2/deals", { title: "Old", org_id, is_archived: true })).body.data;
    expect(deal.archive_time).toBe("2026-03-02T10:00:00Z");
    expect((await rig.api("GET", `/api/v2/deals?org_id=${org_id}`)).body.data).toEqual([]);
    expect(await status("PATCH", `/api/v2/deals/${deal.id}`, { title: "New" })).toBe(400);
    await set({ archivedDealsEditable: true });
    expect(await status("PATCH", `/api/v2/deals/${deal.id}`, { title: "New" })).toBe(200);
  });

  test("contact sync off: five keys are gone and refused", async () => {
    await set({ contactSync: false });
    const person = (await rig.api("POST", "/api/v2/persons", { name: "Plain" })).body.data;
    expect(person).not.toHaveProperty("job_title");
    expect(await status("PATCH", `/api/v2/persons/${person.id}`, { job_title: "CEO" })).toBe(403);
  });

  test("phones as typed, a token in the query, one name per field", async () => {
    await set({ formatPhones: false, apiTokenInQuery: true, duplicateFieldNames: false });
    const phones = [{ value: "+4930123456" }];
    const person = (await rig.api("POST", "/api/v2/persons", { name: "Typed", phones })).body.data;
    expect(person.phones[0].value).toBe("+4930123456");
    const response = await fetch(`${rig.twin.url}/api/v2/deals?api_token=${rig.account.api_token}`);
    expect(response.status).toBe(200);
    const twice = { field_name: "Allbound ID", field_type: "varchar" };
    expect(await status("POST", "/api/v2/dealFields", twice)).toBe(400);
  });

  test("webhooks: without a name, and to https only", async () => {
    const address = { subscription_url: "https://receiver.example/hook", name: undefined };
    const made = async (extra: Json) => (await subscribe(rig, "http://receiver.example/hook", extra)).status;
    expect([await made({}), await made(address)]).toEqual([201, 400]);
    await set({ webhookHttp: false, webhookNameOptional: true });
    expect([await made({}), await made(address)]).toEqual([400, 201]);
  });

  test("webhooks: records that a merge points elsewhere are told of, or not", async () => {
    const told = async (mergeRepointWebhooks: boolean): Promise<string[]> => {
      await set({ mergeRepointWebhooks });
      const receiver = await startReceiver();
      const [loser, survivor] = [await rig.organization({ name: "A" }), await rig.organization({ name: "B" })];
      const person = await rig.edit({ object: "person", set: { name: "Moved", organization: loser.id } });
      const { body } = await subscribe(rig, receiver.url);
      await rig.control("POST", "/companies/acme/merge", { object: "organization", id: loser.id, into: survivor.id });
      expect((await rig.api("GET", `/api/v2/persons/${person.id}`)).body.data.org_id).toBe(survivor.id);
      const { deliveries } = (await rig.control("GET", `/deliveries?subject=${body.data.id}`)).body;
      await rig.api("DELETE", `/api/v1/webhooks/${body.data.id}`);
      await receiver.close();
      return deliveries.map((one: Json) => `${one.payload.event.meta.action} ${one.payload.event.meta.entity}`).sort();
    };
    expect(await told(true)).toEqual(["change organization", "change person", "delete organization"]);
    expect(await told(false)).toEqual(["change organization", "delete organization"]);
  });

  test("webhooks: cleared fields as null, REST's keys, old update times, a new id per attempt", async () => {
    const receiver = await startReceiver();
    await set({
      webhookClearedNull: true,
      webhookKeys: "rest",
      webhookPreviousUpdateTime: true,
      stableMetaId: false,
    });
    const code = rig.key("organization", "Allbound ID");
    const org = await rig.organization({ custom_fields: { [code]: "prt_1" } });
    await subscribe(rig, receiver.url);
    receiver.answer(500);
    rig.twin.clock.advance(1000);
    await rig.api("PATCH", `/api/v2/organizations/${org.id}`, { custom_fields: { [code]: null } });
    const [first] = await receiver.until(1);
    expect(first?.body.data).toMatchObject({ custom_fields: { [code]: null }, label_ids: [], visible_to: 3 });
    expect(first?.body.previous.update_time).toBe(org.update_time);
    await eventually(async () => {
      const { deliveries } = (await rig.control("GET", "/deliveries?state=pending")).body;
      return deliveries[0].attempts === 1;
    });
    rig.twin.clock.advance(3000);
    const [, second] = await receiver.until(2);
    expect(second?.body.meta.attempt).toBe(2);
    expect(second?.body.meta.id).not.toBe(first?.body.meta.id);
    await receiver.close();
  });
});
