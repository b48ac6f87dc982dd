import { describe, expect, test } from "@jest/globals";
import { NotFoundError } from "../../src/errors.ts";
import { success, useScriptedPipedrive } from "./answering.ts";
import { clientUnderTest, errorOf } from "./client-under-test.ts";

const answering = useScriptedPipedrive();

describe("notes", () => {
  test("a note is added to its deal, by v1", async () => {
    const seen = answering(success({ id: 5, content: "rejected" }));
    expect(await clientUnderTest().pipedrive.addNote({ dealId: 93, content: "rejected" })).toEqual({ id: 5 });
    expect(seen).toMatchObject([{ method: "POST", path: "/api/v1/notes", body: { deal_id: 93, content: "rejected" } }]);
  });

  test("all notes of a deal are listed, page by page", async () => {
    const more = { pagination: { start: 0, limit: 100, more_items_in_collection: true, next_start: 100 } };
    const last = { pagination: { start: 100, limit: 100, more_items_in_collection: false } };
    const seen = answering(success([{ id: 1, content: "one" }], more), success([{ id: 2, content: null }], last));
    const notes = await clientUnderTest().pipedrive.listNotes(93);
    expect(notes).toEqual([
      { id: 1, content: "one" },
      { id: 2, content: "" },
    ]);
    expect(seen.map(({ query }) => query)).toEqual([
      { deal_id: "93", start: "0", limit: "100" },
      { deal_id: "93", start: "100", limit: "100" },
    ]);
  });

  test.each([
    ["204 without a body", { status: 204 }],
    ["null", success(null)],
  ])("none is none, also when it is answered with %s", async (_, answer) => {
    answering(answer);
    expect(await clientUnderTest().pipedrive.listNotes(93)).toEqual([]);
  });
});

describe("the account", () => {
  const field = {
    field_code: "2".repeat(40),
    field_name: "Allbound Status",
    field_type: "enum",
    is_custom_field: true,
    is_optional_response_field: false,
    options: [{ id: 17, label: "Active", color: "green" }],
    subfields: null,
  };
  const plain = { ...field, field_type: "varchar", options: undefined };

  test("all fields of an object are read, with options or without", async () => {
    const seen = answering(success([field], { next_cursor: "abc" }), success([plain, { ...plain, options: null }]));
    const [status, ...others] = await clientUnderTest().pipedrive.fields("organization");
    expect(status).toEqual({
      field_code: "2".repeat(40),
      field_name: "Allbound Status",
      field_type: "enum",
      is_custom_field: true,
      options: [{ id: 17, label: "Active" }],
    });
    expect(others.map(({ options }) => options)).toEqual([null, null]);
    expect(seen.map(({ path, query }) => [path, query])).toEqual([
      ["/api/v2/organizationFields", { limit: "500", include_fields: "required_fields" }],
      ["/api/v2/organizationFields", { limit: "500", include_fields: "required_fields", cursor: "abc" }],
    ]);
  });

  test("a single field is read for one token; a missing one is not found", async () => {
    answering(success(field), {
      status: 404,
      body: { success: false, error: "Field not found", code: "ERR_NOT_FOUND" },
    });
    const { pipedrive, spent } = clientUnderTest();
    expect((await pipedrive.field("organization", field.field_code)).options).toHaveLength(1);
    expect(await errorOf(pipedrive.field("organization", field.field_code))).toBeInstanceOf(NotFoundError);
    expect(spent.map(({ tokens }) => tokens)).toEqual([1, 1]);
  });

  test("users say who is an admin in either of two ways", async () => {
    const user = { id: 1, name: "Ada", email: "ada@example.com", active_flag: true };
    const access = [{ app: "sales", admin: true, permission_set_id: "62cc4d7f" }];
    answering(
      success([
        { ...user, access },
        { ...user, id: 2, is_admin: 1, active_flag: 0 },
        { ...user, id: 3 },
      ]),
    );
    const [first, second, third] = await clientUnderTest().pipedrive.users();
    expect(first!.access).toEqual([{ app: "sales", admin: true }]);
    expect(second).toMatchObject({
      active_flag: false,
      access: [
        { app: "global", admin: true },
        { app: "sales", admin: true },
      ],
    });
    expect(third!.access).toBeUndefined();
  });
});

test("webhooks are subscribed to in version 2.0, listed and deleted", async () => {
  const row = {
    id: 1,
    subscription_url: "https://s.example/h",
    event_object: "deal",
    event_action: "*",
    is_active: 1,
  };
  const removed = { status: "ok", success: true };
  const seen = answering({ status: 201, ...success({ id: 1 }) }, success([row]), { body: removed });
  const { pipedrive } = clientUnderTest();
  const webhook = {
    name: "partnersync deal",
    subscription_url: "https://s.example/h",
    event_action: "*",
    event_object: "deal",
    http_auth_user: "u",
    http_auth_password: "p",
  } as const;
  expect(await pipedrive.createWebhook(webhook)).toEqual({ id: 1 });
  expect(seen[0]!.body).toEqual({ ...webhook, version: "2.0" });
  expect(await pipedrive.listWebhooks()).toEqual([{ ...row, is_active: true }]);
  await pipedrive.deleteWebhook(1);
  expect(seen[2]).toMatchObject({ method: "DELETE", path: "/api/v1/webhooks/1" });
});
