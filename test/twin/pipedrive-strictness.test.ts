import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Json, type Rig, startRig, subscribe } from "./pipedrive-rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.twin.close());

/** A path with the ids of this account put in. */
const at = (path: string): string =>
  path
    .replace("{pipeline}", String(rig.account.pipelines[0]?.id))
    .replace("{stage}", String(rig.account.pipelines[0]?.stages[0]?.id))
    .replace("{user}", String(rig.account.users[0]?.id))
    .replace("{deal field}", rig.key("deal", "Score"))
    .replace("{field}", rig.key("organization", "Allbound Status"));

const V2 = "ERR_SCHEMA_VALIDATION_FAILED";

describe("parameters nobody knows are refused", () => {
  test.each([
    ["GET", "/pipelines"],
    ["GET", "/pipelines/{pipeline}"],
    ["GET", "/stages"],
    ["GET", "/stages/{stage}"],
    ["GET", "/organizationFields"],
    ["GET", "/organizationFields/{field}"],
    ["POST", "/organizationFields"],
    ["PATCH", "/organizationFields/{field}"],
    ["DELETE", "/organizationFields/{field}"],
    ["POST", "/organizationFields/{field}/options"],
    ["PATCH", "/organizationFields/{field}/options"],
    ["DELETE", "/organizationFields/{field}/options"],
  ])("%s /api/v2%s", async (method, path) => {
    const { status, body } = await rig.api(method, `/api/v2${at(path)}?status=open`, method === "GET" ? undefined : []);
    expect([status, body]).toEqual([
      400,
      { success: false, error: "Parameter 'status' is not allowed for this request", code: V2 },
    ]);
  });

  test.each(["/users", "/users/me", "/users/{user}"])("GET /api/v1%s", async (path) => {
    const { status, body } = await rig.api("GET", `/api/v1${at(path)}?limit=1`);
    expect([status, body.error, body.data]).toEqual([400, "Parameter 'limit' is not allowed for this request", null]);
  });

  test.each([
    ["POST", "/webhooks"],
    ["GET", "/webhooks"],
    ["DELETE", "/webhooks/1"],
  ])("%s /api/v1%s", async (method, path) => {
    const { status, body } = await rig.api(method, `/api/v1${path}?limit=1`, method === "POST" ? {} : undefined);
    expect([status, body]).toEqual([400, { status: "error", success: false, errors: { limit: ["is not allowed"] } }]);
  });

  test.each([
    "/pipelines?sort_by=order_nr", // stages only
    "/stages?sort_by=name",
    "/persons/search?term=ab&include_fields=deal.cc_email",
    "/deals/search?term=ab&include_fields=person.picture",
    "/organizations/search?term=ab&include_fields=person.picture",
  ])("a value that is another's: %s", async (path) => {
    const { status, body } = await rig.api("GET", `/api/v2${path}`);
    expect([status, body.code]).toEqual([400, V2]);
  });
});

describe("a field's body is refused with", () => {
  const good = { field_name: "Good", field_type: "enum", options: [{ label: "A" }] };

  test.each<[string, string, string, unknown]>([
    ["nothing to change", "PATCH", "/organizationFields/{field}", {}],
    ["another type", "PATCH", "/organizationFields/{field}", { field_type: "varchar" }],
    ["a number for a name", "PATCH", "/organizationFields/{field}", { field_name: 7 }],
    ["an empty name", "PATCH", "/organizationFields/{field}", { field_name: " " }],
    ["too long a name", "PATCH", "/organizationFields/{field}", { field_name: "x".repeat(256) }],
    ["a number for a description", "PATCH", "/dealFields/{deal field}", { description: 7 }],
    ["a description of an organization's field", "PATCH", "/organizationFields/{field}", { description: "x" }],
    ["a text for its visibility", "PATCH", "/organizationFields/{field}", { ui_visibility: "everywhere" }],
    ["a list of descriptions", "POST", "/dealFields", { ...good, description: ["x"] }],
    ["a list for what is important", "POST", "/dealFields", { ...good, important_fields: [] }],
    ["options that are no list", "POST", "/dealFields", { field_name: "F", field_type: "varchar", options: {} }],
    ["no options", "POST", "/dealFields", { ...good, options: [] }],
    ["an option without label", "POST", "/dealFields", { ...good, options: [null] }],
    ["a list for a field", "POST", "/dealFields", []],
  ])("%s: %s %s", async (_what, method, path, body) => {
    const answer = await rig.api(method, `/api/v2${at(path)}`, body);
    expect([answer.status, answer.body.code]).toEqual([400, V2]);
  });

  test("but a deal's field takes a description, changes it and clears it", async () => {
    const path = "/api/v2/dealFields";
    const made = await rig.api("POST", path, { ...good, description: "How good", ui_visibility: {} });
    expect(made.body.data.description).toBe("How good");
    const one = `${path}/${made.body.data.field_code}`;
    const renamed = await rig.api("PATCH", one, { field_name: "Better" });
    expect(renamed.body.data).toMatchObject({ field_name: "Better", description: "How good" });
    expect((await rig.api("PATCH", one, { description: null })).body.data).not.toHaveProperty("description");
  });
});

describe("a webhook's body is refused with", () => {
  test.each<[Json, string]>([
    [{ is_active: 1 }, "is_active"],
    [{ http_auth_user: 7 }, "http_auth_user"],
    [{ http_auth_password: { secret: true } }, "http_auth_password"],
    [{ name: "" }, "name"],
    [{ user_id: "first" }, "user_id"],
    [{ version: "3.0" }, "version"],
    [{ event_action: "added" }, "event_action"],
    [{ event_object: "contract" }, "event_object"],
  ])("%j", async (extra, key) => {
    const { status, body } = await subscribe(rig, "https://receiver.example/hook", extra);
    expect([status, Object.keys(body.errors)]).toEqual([400, [key]]);
  });

  test("but takes a user's id and credentials that are null", async () => {
    const user_id = rig.account.users[1]?.id;
    const none = { http_auth_user: null, http_auth_password: null };
    const { status, body } = await subscribe(rig, "https://receiver.example/hook", { user_id, ...none });
    expect([status, body.data.user_id, body.data.http_auth_user]).toEqual([201, user_id, null]);
    const text = await subscribe(rig, "https://receiver.example/hook", { user_id: String(user_id) });
    expect(text.body.errors).toEqual({ user_id: ["not found"] });
  });
});

test("a merge with a fraction is refused", async () => {
  const { id } = await rig.organization();
  const { status, body } = await rig.api("PUT", `/api/v1/organizations/${id}/merge`, { merge_with_id: 1.5 });
  expect([status, body.error]).toEqual([400, "merge_with_id must be an integer."]);
});
