import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Json, type Rig, startRig } from "./pipedrive-rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.twin.close());

const create = async (object: string, body: Json): Promise<Json> =>
  (await rig.api("POST", `/api/v2/${object}s`, body)).body.data;

describe("v1", () => {
  test("notes are kept per deal and need a target", async () => {
    const org = await create("organization", { name: "Noted" });
    const deal = await create("deal", { title: "Noted", org_id: org.id });
    const { status, body } = await rig.api("POST", "/api/v1/notes", { content: "<p>Hello</p>", deal_id: deal.id });
    expect([status, body.data.content, body.data.deal.title]).toEqual([200, "<p>Hello</p>", "Noted"]);
    const listed = await rig.api("GET", `/v1/notes?deal_id=${deal.id}&limit=10`);
    expect(listed.body.data.map((note: Json) => note.id)).toEqual([body.data.id]);
    expect(listed.body.additional_data.pagination.more_items_in_collection).toBe(false);
    const alone = await rig.api("POST", "/api/v1/notes", { content: "x" });
    expect([alone.status, Object.keys(alone.body).sort()]).toEqual([
      400,
      ["additional_data", "data", "error", "error_info", "success"],
    ]);
  });

  test("users/me names the company, bearer tokens work, strangers meet the gateway", async () => {
    const me = await rig.api("GET", "/api/v1/users/me");
    expect(me.body.data).toMatchObject({ company_domain: "acme", company_id: rig.account.company_id, is_you: true });
    const { access_token } = rig.account.users[1] ?? {};
    const response = await fetch(`${rig.twin.url}/api/v1/users/me`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(((await response.json()) as Json).data.email).toBe("ivan@acme.example");
    const stranger = await rig.api("GET", "/api/v2/deals", undefined, "nobody");
    expect([stranger.status, stranger.body.errorCode, stranger.headers.get("x-401-by-gw")]).toEqual([401, 401, "true"]);
  });
});

describe("field definitions", () => {
  test("a field is made with options, gains and loses them, and takes its values along when it goes", async () => {
    const made = await rig.api("POST", "/api/v2/organizationFields", {
      field_name: "Tier",
      field_type: "enum",
      options: [{ label: "Gold" }],
    });
    const { field_code, options } = made.body.data;
    expect(field_code).toMatch(/^[0-9a-f]{40}$/);
    const added = await rig.api("POST", `/api/v2/organizationFields/${field_code}/options`, [{ label: "Silver" }]);
    expect(added.body.data).toEqual([{ id: expect.any(Number), label: "Silver" }]);
    const org = await create("organization", { name: "Tiered", custom_fields: { [field_code]: options[0].id } });
    await rig.api("DELETE", `/api/v2/organizationFields/${field_code}/options`, [{ id: options[0].id }]);
    const read = async () => (await rig.api("GET", `/api/v2/organizations/${org.id}`)).body.data.custom_fields;
    expect((await read())[field_code]).toBeNull();
    await rig.api("DELETE", `/api/v2/organizationFields/${field_code}`);
    expect(await read()).not.toHaveProperty(field_code);
    expect((await rig.api("GET", `/api/v2/organizationFields/${field_code}`)).status).toBe(404);
  });
});
