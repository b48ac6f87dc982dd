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

  test("users are listed with deactivated ones, who may call no more", async () => {
    const [olga, ivan] = rig.account.users;
    await rig.edit({ object: "user", id: ivan?.id, set: { active_flag: false } });
    const { data } = (await rig.api("GET", "/api/v1/users")).body;
    expect(data.map((user: Json) => [user.id, user.active_flag, user.is_you])).toEqual([
      [olga?.id, true, true],
      [ivan?.id, false, false],
    ]);
    expect((await rig.api("GET", `/api/v1/users/${ivan?.id}`)).body.data.active_flag).toBe(false);
    expect((await rig.api("GET", "/api/v1/users/me", undefined, ivan?.api_token)).status).toBe(401);
    await rig.edit({ object: "user", id: ivan?.id, set: { active_flag: true } });
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

describe("pipelines, stages and fields", () => {
  /** All entries of a list, one a page. */
  async function all(path: string): Promise<Json[]> {
    const found: Json[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = await rig.api("GET", `/api/v2/${path}?limit=1${cursor && `&cursor=${cursor}`}`);
      found.push(...body.data);
      cursor = body.additional_data.next_cursor;
      if (found.length > 100) throw new Error(`${path} has no end`);
    }
    return found;
  }

  test("pages follow each other without loss or repetition", async () => {
    const { pipelines } = rig.account;
    const ascending = (ids: number[]) => ids.sort((a, b) => a - b);
    const ids = async (path: string) => (await all(path)).map((one) => one.id);
    expect(await ids("pipelines")).toEqual(ascending(pipelines.map((one) => one.id)));
    expect(await ids("stages")).toEqual(ascending(pipelines.flatMap((one) => one.stages.map((stage) => stage.id))));
    const codes = (await all("dealFields")).map((field) => field.field_code);
    const whole = (await rig.api("GET", "/api/v2/dealFields")).body.data.map((field: Json) => field.field_code);
    expect(codes).toEqual(whole);
    expect(codes).toEqual(expect.arrayContaining(Object.values(rig.account.fields.deal ?? {}).map(({ key }) => key)));
  });

  test("hold exactly the keys of the contract", async () => {
    const keys = async (path: string) =>
      Object.keys((await all(path))[0] ?? {})
        .sort()
        .join(" ");
    expect(await keys("pipelines")).toBe(
      "add_time id is_deal_probability_enabled is_deleted name order_nr update_time",
    );
    expect(await keys("stages")).toBe(
      "add_time days_to_rotten deal_probability id is_deal_rot_enabled is_deleted name order_nr pipeline_id update_time",
    );
    expect(await keys("dealFields")).toBe(
      "field_code field_name field_type is_custom_field is_optional_response_field options subfields",
    );
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
