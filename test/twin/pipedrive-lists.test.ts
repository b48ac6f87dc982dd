import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Json, type Rig, startRig } from "./pipedrive-rig.ts";

let rig: Rig;
let ids: number[];

beforeAll(async () => {
  rig = await startRig();
  ids = [];
  for (let i = 0; i < 7; i++) {
    ids.push((await rig.organization({ name: `Org ${i}` })).id);
    rig.twin.clock.advance(i % 2 === 0 ? 0 : 1000); // some share a second
  }
});
afterAll(() => rig.twin.close());

const list = async (query: string, object = "organizations") => rig.api("GET", `/api/v2/${object}?${query}`);

/** All pages of a list. */
async function pages(query: string): Promise<number[][]> {
  const found: number[][] = [];
  let cursor: string | null = null;
  do {
    const { body } = await list(`${query}${cursor ? `&cursor=${cursor}` : ""}`);
    found.push(body.data.map((one: Json) => one.id));
    cursor = body.additional_data.next_cursor;
  } while (cursor);
  return found;
}

describe("paging", () => {
  test("walks by id, upwards and downwards, in pages", async () => {
    expect(await pages("limit=3")).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
    const down = [...ids].reverse();
    expect(await pages("limit=3&sort_direction=desc")).toEqual([down.slice(0, 3), down.slice(3, 6), down.slice(6)]);
  });

  test("walks by update time without losing or repeating records of one second", async () => {
    expect((await pages("limit=2&sort_by=update_time")).flat()).toEqual(ids);
    expect((await pages("limit=2&sort_by=update_time&sort_direction=desc")).flat()).toEqual([...ids].reverse());
  });

  test("a record that changes between pages comes again at the end", async () => {
    const first = await list("limit=3&sort_by=update_time");
    rig.twin.clock.advance(10_000);
    await rig.api("PATCH", `/api/v2/organizations/${ids[0]}`, { name: "Org 0, renamed" });
    const rest = await list(`limit=10&sort_by=update_time&cursor=${first.body.additional_data.next_cursor}`);
    expect(rest.body.data.map((one: Json) => one.id)).toEqual([...ids.slice(3), ids[0]]);
  });

  test.each([
    "limit=501",
    "limit=0",
    "cursor=nonsense",
    "sort_by=name",
    "updated_since=2026-03-02T10:00:00.000Z",
    `ids=${Array.from({ length: 101 }, (_, i) => i + 1).join(",")}`,
    `custom_fields=${Array.from({ length: 16 }, (_, i) => i).join(",")}`,
    "is_deleted=true",
    "include_option_labels=1",
  ])("refuses ?%s", async (query) => {
    const { status, body } = await list(query);
    expect([status, body.code]).toEqual([400, "ERR_SCHEMA_VALIDATION_FAILED"]);
  });

  test("unknown ids are left out in silence", async () => {
    expect((await list(`ids=${ids[2]},999999,${ids[1]}`)).body.data.map((one: Json) => one.id)).toEqual([
      ids[1],
      ids[2],
    ]);
  });
});

describe("filters", () => {
  test("updated_since includes its second, updated_until does not", async () => {
    const { body } = await list(`ids=${ids[4]}`);
    const at = encodeURIComponent(body.data[0].update_time);
    const since = (await list(`updated_since=${at}`)).body.data.map((one: Json) => one.id);
    const until = (await list(`updated_until=${at}`)).body.data.map((one: Json) => one.id);
    expect([since.includes(ids[4]), until.includes(ids[4])]).toEqual([true, false]);
    expect([...since, ...until].sort((a, b) => a - b)).toEqual(ids);
  });

  test("deals are found by what they belong to, by place and status, and show labels when asked", async () => {
    const stage = rig.account.pipelines[1]?.stages[0]?.id;
    const make = async (body: Json) =>
      (await rig.api("POST", "/api/v2/deals", { title: "D", org_id: ids[0], ...body })).body.data.id as number;
    const [open, won] = [await make({ stage_id: stage }), await make({ status: "won" })];
    const found = async (query: string) => (await list(query, "deals")).body.data.map((one: Json) => one.id);
    expect(await found(`org_id=${ids[0]}`)).toEqual([open, won]);
    expect(await found(`stage_id=${stage}`)).toEqual([open]);
    expect(await found("status=won,lost")).toEqual([won]);
    const [person, owner, pipeline] = [
      (await rig.api("POST", "/api/v2/persons", { name: "P" })).body.data.id,
      rig.account.users[1]?.id,
      rig.account.pipelines[1]?.id,
    ];
    const owned = await make({ person_id: person, owner_id: owner, pipeline_id: pipeline, label_ids: [3] });
    expect(await found(`owner_id=${owner}`)).toEqual([owned]);
    expect(await found(`person_id=${person}`)).toEqual([owned]);
    expect(await found(`pipeline_id=${pipeline}`)).toEqual([open, owned]);
    const persons = (await list(`deal_id=${owned}`, "persons")).body.data;
    expect(persons.map((one: Json) => one.id)).toEqual([person]);
    const [labelled] = (await list(`ids=${owned}&include_labels=true`, "deals")).body.data;
    expect([labelled.label_ids, labelled.labels]).toEqual([[3], [{ id: 3, label: expect.any(String) }]]);
    expect((await list(`ids=${owned}`, "deals")).body.data[0]).not.toHaveProperty("labels");
    await rig.api("DELETE", `/api/v2/deals/${owned}`);
    const counted = await rig.api(
      "GET",
      `/api/v2/organizations/${ids[0]}?include_fields=open_deals_count,won_deals_count`,
    );
    expect(counted.body.data).toMatchObject({ open_deals_count: 1, won_deals_count: 1 });
  });
});

describe("search", () => {
  const search = async (object: string, query: string): Promise<Json> =>
    (await rig.api("GET", `/api/v2/${object}/search?${query}`)).body;
  const hits = async (object: string, query: string): Promise<number[]> =>
    (await search(object, query)).data.items.map((hit: Json) => hit.item.id);

  test("exact match compares whole values without case, else it finds parts", async () => {
    const code = rig.key("organization", "Allbound ID");
    const { id } = await rig.organization({ name: "Searchable", custom_fields: { [code]: "prt_AbC" } });
    expect(await hits("organizations", "term=PRT_abc&exact_match=true&fields=custom_fields")).toEqual([id]);
    expect(await hits("organizations", "term=prt_a&exact_match=true")).toEqual([]);
    expect(await hits("organizations", "term=prt_a")).toEqual([id]);
    expect(await hits("organizations", "term=prt_abc&fields=name")).toEqual([]);
    const field = (term: string) =>
      rig.api("GET", `/api/v2/itemSearch/field?entity_type=organization&field=${code}&term=${term}`);
    expect((await field("prt_AbC")).body.data).toEqual([{ id, name: "Searchable" }]);
    expect((await field("prt_abc")).body.data).toEqual([]);
  });

  test("a field that no record has is found nowhere, one that every object inherits included", async () => {
    await rig.organization();
    const query = "entity_type=organization&field=constructor&match=middle&term=function";
    expect((await rig.api("GET", `/api/v2/itemSearch/field?${query}`)).body.data).toEqual([]);
  });

  test("options are not searchable, persons are found by e-mail within an organization", async () => {
    const status = rig.key("organization", "Allbound Status");
    await rig.organization({ custom_fields: { [status]: rig.option("organization", "Allbound Status", "Pending") } });
    expect(await hits("organizations", "term=Pending")).toEqual([]);
    const emails = [{ value: "find@x.example" }];
    const person = (await rig.api("POST", "/api/v2/persons", { name: "F", emails, org_id: ids[1] })).body.data.id;
    const query = "term=FIND@x.example&fields=email&exact_match=true";
    expect(await hits("persons", `${query}&organization_id=${ids[1]}`)).toEqual([person]);
    expect(await hits("persons", `${query}&organization_id=${ids[2]}`)).toEqual([]);
  });

  test("refuses more than 100 hits a page and too short terms", async () => {
    expect((await search("persons", "term=ab&limit=101")).code).toBe("ERR_SCHEMA_VALIDATION_FAILED");
    expect((await search("persons", "term=a")).code).toBe("ERR_SCHEMA_VALIDATION_FAILED");
  });

  test("a changed record stays out of a slow index for a while", async () => {
    await rig.control("POST", "/companies", { domain: "acme", switches: { searchDelayMs: 5000 } });
    const { id } = await rig.organization({ name: "Latecomer" });
    expect(await hits("organizations", "term=Latecomer")).toEqual([]);
    rig.twin.clock.advance(5000);
    expect(await hits("organizations", "term=Latecomer")).toEqual([id]);
  });
});
