import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { DAY_MS, eventually, type Json, type Rig, startReceiver, startRig, subscribe } from "./pipedrive-rig.ts";

let rig: Rig;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeEach(async () => {
  rig = await startRig();
  receiver = await startReceiver();
});
afterEach(async () => {
  await rig.twin.close();
  await receiver.close();
});

const bodyOf = async (count: number): Promise<Json> => (await receiver.until(count))[count - 1]?.body as Json;

const NO_ADDRESS = Object.fromEntries(
  (
    "street_number route sublocality locality admin_area_level_1 admin_area_level_2 country postal_code " +
    "formatted_address subpremise"
  )
    .split(" ")
    .map((part) => [part, ""]),
);

/** All attempts so far are concluded: the twin has counted them. */
const settled = async (attempts: number, state = "pending") =>
  eventually(async () => {
    const { body } = await rig.control("GET", `/deliveries?state=${state}`);
    return body.deliveries.length > 0 && body.deliveries.every((one: Json) => one.attempts === attempts);
  });

describe("payloads", () => {
  test("a new deal arrives with Basic auth, string ids, typed custom fields and no update_time", async () => {
    await subscribe(rig, receiver.url, { http_auth_user: "sync", http_auth_password: "pässword" });
    const org = await rig.organization();
    const [id, commission] = [rig.key("deal", "Allbound ID"), rig.key("deal", "Commission")];
    const custom_fields = { [id]: "reg_1", [commission]: { value: 5, currency: "EUR" } };
    await rig.api("POST", "/api/v2/deals", { title: "D", org_id: org.id, custom_fields });
    const [, second] = await receiver.until(2);
    expect(second?.headers.authorization).toBe(`Basic ${Buffer.from("sync:pässword").toString("base64")}`);
    const { meta, data, previous } = second?.body ?? {};
    expect(meta).toEqual({
      action: "create",
      entity: "deal",
      entity_id: String(data.id),
      company_id: String(rig.account.company_id),
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      correlation_id: expect.any(String),
      is_bulk_edit: false,
      timestamp: "2026-03-02T10:00:00.000Z",
      type: "general",
      user_id: String(rig.account.users[0]?.id),
      version: "2.0",
      webhook_id: expect.stringMatching(/^\d+$/),
      webhook_owner_id: String(rig.account.users[0]?.id),
      change_source: "api",
      attempt: 1,
      host: "acme.pipedrive.com",
      permitted_user_ids: rig.account.users.map((user) => String(user.id)),
    });
    expect(previous).toBeNull();
    expect(data.custom_fields).toEqual({
      [id]: { type: "varchar", value: "reg_1" },
      [commission]: { type: "monetary", value: 5, currency: "EUR" },
    });
    expect(data.update_time).toBeNull();
    expect(Object.keys(data).sort()).toEqual(
      "add_time channel channel_id close_time creator_user_id currency custom_fields expected_close_date first_won_time id label_ids lost_reason lost_time org_id origin origin_id owner_id person_id pipeline_id probability stage_change_time stage_id status title update_time value visible_to won_time".split(
        " ",
      ),
    );
  });

  test("a change carries old values of changed keys only, null for a field that was empty", async () => {
    const org = await rig.organization({ website: "https://a.example" });
    await subscribe(rig, receiver.url, { event_object: "organization", event_action: "change" });
    const status = rig.key("organization", "Allbound Status");
    const active = rig.option("organization", "Allbound Status", "Active");
    rig.twin.clock.advance(1000);
    await rig.api("PATCH", `/api/v2/organizations/${org.id}`, { website: null, custom_fields: { [status]: active } });
    const first = await bodyOf(1);
    expect(first.previous).toEqual({ website: "https://a.example", custom_fields: { [status]: null } });
    expect(first.data.custom_fields).toEqual({ [status]: { type: "enum", id: active } });
    await rig.api("PATCH", `/api/v2/organizations/${org.id}`, { custom_fields: { [status]: null } });
    const second = await bodyOf(2);
    expect(second.previous).toEqual({ custom_fields: { [status]: { type: "enum", id: active } } });
    expect(second.data.custom_fields).toEqual({});
    expect(Object.keys(second.data).sort()).toEqual(
      "add_time address annual_revenue country_code custom_fields employee_count id industry label linkedin name owner_id picture_id update_time visible_to website".split(
        " ",
      ),
    );
  });

  test("every type of field has a form of its own", async () => {
    const types: [type: string, value: unknown, told: Json][] = [
      ["varchar", "one line", { type: "varchar", value: "one line" }],
      ["varchar_auto", "completed", { type: "varchar", value: "completed" }],
      ["text", "two\nlines", { type: "varchar", value: "two\nlines" }],
      ["phone", "12-34", { type: "varchar", value: "12-34" }],
      ["double", 1.5, { type: "double", value: 1.5 }],
      ["monetary", { value: 5, currency: "EUR" }, { type: "monetary", value: 5, currency: "EUR" }],
      ["user", rig.account.users[1]?.id, { type: "user", id: rig.account.users[1]?.id }],
      ["date", "2026-07-01", { type: "date", value: "2026-07-01" }],
      [
        "daterange",
        { value: "2026-07-01", until: "2026-07-31" },
        { type: "daterange", from: "2026-07-01", until: "2026-07-31" },
      ],
      [
        "time",
        { value: "13:00:00", timezone_name: "Europe/Tallinn" },
        { type: "time", value: "13:00:00", timezone_id: 93 },
      ],
      [
        "timerange",
        { value: "13:00", until: "14:30", timezone_name: "Europe/Tallinn" },
        { type: "timerange", from: "13:00:00", until: "14:30:00", timezone_id: 93 },
      ],
      [
        "address",
        { value: "12 Elm St", country: "USA" },
        { ...NO_ADDRESS, type: "address", value: "12 Elm St", country: "USA" },
      ],
    ];
    const org = await rig.organization();
    const person = (await rig.api("POST", "/api/v2/persons", { name: "Ada" })).body.data;
    types.push(["org", org.id, { type: "org", id: org.id }], ["people", person.id, { type: "people", id: person.id }]);
    const [given, told]: [Json, Json] = [{}, {}];
    const make = async (field_type: string, more: Json = {}): Promise<Json> =>
      (await rig.api("POST", "/api/v2/organizationFields", { field_name: field_type, field_type, ...more })).body.data;
    for (const [type, value, form] of types) {
      const { field_code } = await make(type);
      given[field_code] = value;
      told[field_code] = form;
    }
    for (const type of ["enum", "set"]) {
      const { field_code, options } = await make(type, { options: [{ label: "A" }, { label: "B" }] });
      const ids = options.map((option: Json) => option.id);
      given[field_code] = type === "enum" ? ids[0] : ids;
      told[field_code] = type === "enum" ? { type, id: ids[0] } : { type, values: ids.map((id: number) => ({ id })) };
    }
    expect(Object.keys(given)).toHaveLength(16); // all that can be made
    await subscribe(rig, receiver.url);
    await rig.organization({ custom_fields: given });
    expect((await bodyOf(1)).data.custom_fields).toEqual(told);
  });

  test("a first win tells that there was none before, a second one that there was", async () => {
    const org = await rig.organization();
    const deal = (await rig.api("POST", "/api/v2/deals", { title: "D", org_id: org.id })).body.data;
    await subscribe(rig, receiver.url);
    for (const status of ["won", "open", "won"]) {
      rig.twin.clock.advance(1000);
      await rig.api("PATCH", `/api/v2/deals/${deal.id}`, { status });
    }
    const told = (await receiver.until(3)).sort((a, b) => (a.body.meta.timestamp < b.body.meta.timestamp ? -1 : 1));
    expect(told[0]?.body.previous).toEqual({ status: "open", won_time: null, close_time: null, first_won_time: null });
    expect(told[2]?.body.previous).toEqual({ status: "open", won_time: null, close_time: null });
    expect(told[2]?.body.data.first_won_time).toBe("2026-03-02T10:00:01Z");
  });

  test("a person's edit comes from the app and names them, a deletion holds the last state", async () => {
    await subscribe(rig, receiver.url);
    const person = await rig.edit({ object: "person", set: { name: "Typed In" }, by: "ivan@acme.example" });
    const created = await bodyOf(1);
    expect([created.meta.change_source, created.meta.user_id]).toEqual(["app", String(rig.account.users[1]?.id)]);
    expect(created.data.visible_to).toBe("3");
    expect(Object.keys(created.data).sort()).toEqual(
      "add_time custom_fields emails first_name id label last_name name org_id owner_id phones update_time visible_to".split(
        " ",
      ),
    );
    await rig.api("DELETE", `/api/v2/persons/${person.id}`);
    const deleted = await bodyOf(2);
    expect([deleted.meta.action, deleted.data, deleted.previous.name]).toEqual(["delete", null, "Typed In"]);
  });

  test("a PATCH that changes nothing is silent unless the switch says otherwise", async () => {
    const org = await rig.organization();
    await subscribe(rig, receiver.url);
    await rig.api("PATCH", `/api/v2/organizations/${org.id}`, { name: "Northwind" });
    await rig.control("POST", "/companies", { domain: "acme", switches: { noopPatchWebhook: true } });
    await rig.api("PATCH", `/api/v2/organizations/${org.id}`, { name: "Northwind" });
    const [only] = await receiver.until(1);
    expect([only?.body.previous, receiver.received.length]).toEqual([{}, 1]);
  });

  test("a merge sends a change and a delete that name each other", async () => {
    const [loser, survivor] = [await rig.organization({ name: "A" }), await rig.organization({ name: "B" })];
    await subscribe(rig, receiver.url);
    await rig.control("POST", "/companies/acme/merge", { object: "organization", id: loser.id, into: survivor.id });
    const metas = (await receiver.until(2)).map(({ body }) => body.meta as Json);
    const of = (action: string) => metas.find((meta) => meta.action === action);
    expect(of("delete")).toMatchObject({ entity_id: String(loser.id), merged_to_id: String(survivor.id) });
    expect(of("change")).toMatchObject({ entity_id: String(survivor.id), merged_from_id: String(loser.id) });
  });

  test("a deactivated user arrives as a change of a user", async () => {
    await subscribe(rig, receiver.url, { event_object: "user" });
    const id = rig.account.users[1]?.id;
    await rig.edit({ object: "user", id, set: { active_flag: false } });
    const { meta, data, previous } = await bodyOf(1);
    expect([meta.entity, meta.action, meta.permitted_user_ids]).toEqual(["user", "change", undefined]);
    expect([data.active_flag, previous]).toEqual([false, { active_flag: true }]);
  });

  test("two edits of a user within a second are two events", async () => {
    await subscribe(rig, receiver.url, { event_object: "user" });
    const id = rig.account.users[1]?.id;
    for (const name of ["Ivana", "Ivana Integration"]) await rig.edit({ object: "user", id, set: { name } });
    const metas = (await receiver.until(2)).map(({ body }) => body.meta as Json);
    expect(metas[0]?.id).not.toBe(metas[1]?.id);
    expect(metas[0]?.correlation_id).not.toBe(metas[1]?.correlation_id);
  });
});

describe("delivery", () => {
  test("has the same event id in all of its attempts", async () => {
    await subscribe(rig, receiver.url);
    receiver.answer(500);
    await rig.organization();
    for (const [attempt, waitMs] of [3_000, 30_000, 150_000].entries()) {
      await settled(attempt + 1);
      rig.twin.clock.advance(waitMs);
      await receiver.until(attempt + 2);
    }
    await settled(4, "failed");
    const metas = receiver.received.map(({ body }) => body.meta as Json);
    expect(metas.map((meta) => meta.attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(metas.map((meta) => meta.id)).size).toBe(1);
  });

  test("waits are those of the twin's clock", async () => {
    await subscribe(rig, receiver.url);
    receiver.answer(500);
    await rig.organization();
    await settled(1);
    rig.twin.clock.advance(2_999);
    await rig.control("GET", "/state"); // a turn for the twin to do the wrong thing
    expect(receiver.received).toHaveLength(1);
  });

  test("three days without success remove the webhook", async () => {
    await subscribe(rig, receiver.url);
    receiver.answer(410);
    await rig.organization();
    await settled(1);
    rig.twin.clock.advance(3 * DAY_MS);
    await eventually(async () => (await rig.api("GET", "/api/v1/webhooks")).body.data.length === 0);
  });

  test("can be dropped, doubled, reordered, held and sent again on demand", async () => {
    await subscribe(rig, receiver.url);
    const arrange = (meddle: Json) => rig.control("POST", "/deliveries", { meddle });
    await arrange({ kind: "drop", count: 1 });
    await rig.organization({ name: "Dropped" });
    await arrange({ kind: "duplicate", count: 1 });
    await rig.organization({ name: "Doubled" });
    await receiver.until(2);
    await rig.control("POST", "/deliveries", { pause: true });
    await arrange({ kind: "reorder", count: 2 });
    for (const name of ["First", "Second"]) await rig.organization({ name });
    const pending = (await rig.control("GET", "/deliveries?state=pending")).body.deliveries;
    expect(pending.map((one: Json) => one.payload.event.data.name)).toEqual(["Second", "First"]);
    await rig.control("POST", "/deliveries", { pause: false });
    await receiver.until(4);
    const names = receiver.received.map(({ body }) => body.data.name);
    expect(names.slice(0, 2)).toEqual(["Doubled", "Doubled"]);
    expect(names.slice(2).sort()).toEqual(["First", "Second"]);
    const { deliveries } = (await rig.control("GET", "/deliveries?state=dropped")).body;
    await rig.control("POST", "/deliveries", { resend: [deliveries[0].id] });
    expect((await bodyOf(5)).data.name).toBe("Dropped");
    await arrange({ kind: "reorder", count: 9 });
    await arrange({ kind: "drop", count: 9 });
    await rig.organization({ name: "Held" });
    expect((await rig.control("POST", "/deliveries", { calm: true })).body.meddles).toEqual([]);
    expect((await bodyOf(6)).data.name).toBe("Held");
    await rig.organization({ name: "After the calm" });
    expect((await bodyOf(7)).data.name).toBe("After the calm");
  });
});

describe("subscriptions", () => {
  test("are listed, deleted, refused with reasons and limited to 40", async () => {
    const made = await subscribe(rig, receiver.url);
    expect([made.status, made.body.status, made.body.data.is_active]).toEqual([201, "ok", 1]);
    const bad = await subscribe(rig, "https://acme.pipedrive.com/hook");
    expect([bad.status, bad.body]).toEqual([
      400,
      { status: "error", success: false, errors: { subscription_url: ["invalid or non-reachable URL"] } },
    ]);
    const gone = await rig.api("DELETE", `/api/v1/webhooks/${made.body.data.id}`);
    expect(gone.body).toEqual({ status: "ok", success: true });
    expect((await rig.api("DELETE", `/api/v1/webhooks/${made.body.data.id}`)).status).toBe(404);
    for (let i = 0; i < 40; i++) await subscribe(rig, receiver.url);
    expect((await subscribe(rig, receiver.url)).status).toBe(422);
  });
});
