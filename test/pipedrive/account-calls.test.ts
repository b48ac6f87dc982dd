import { describe, expect, test } from "@jest/globals";
import { NotFoundError } from "../../src/errors.ts";
import { success, useScriptedPipedrive } from "./answering.ts";
import { clientUnderTest, errorOf } from "./client-under-test.ts";

const answering = useScriptedPipedrive();

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
      ["/api/v2/organizationFields", { limit: "500" }],
      ["/api/v2/organizationFields", { limit: "500", cursor: "abc" }],
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
