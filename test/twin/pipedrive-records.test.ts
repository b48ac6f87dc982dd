import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Json, type Rig, startRig } from "./pipedrive-rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.twin.close());

const create = async (object: string, body: Json): Promise<Json> => {
  const { status, body: answer } = await rig.api("POST", `/api/v2/${object}s`, body);
  expect([status, answer.error]).toEqual([200, undefined]);
  return answer.data;
};
const patch = async (object: string, id: number, body: Json): Promise<Json> => {
  const { status, body: answer } = await rig.api("PATCH", `/api/v2/${object}s/${id}`, body);
  expect([status, answer.error]).toEqual([200, undefined]);
  return answer.data;
};
const refused = async (method: string, path: string, body: Json): Promise<string> => {
  const answer = await rig.api(method, path, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({
    success: false,
    error: expect.any(String),
    code: "ERR_SCHEMA_VALIDATION_FAILED",
  });
  return answer.body.error;
};

describe("answers", () => {
  test("organizations hold exactly the keys of a live account and every custom field", async () => {
    const data = await create("organization", {
      name: "Northwind",
      custom_fields: { [rig.key("organization", "Allbound ID")]: "prt_1" },
    });
    expect(Object.keys(data).sort()).toEqual(
      "add_time address annual_revenue custom_fields employee_count id industry is_deleted label_ids linkedin name owner_id update_time visible_to website".split(
        " ",
      ),
    );
    expect(data.custom_fields).toEqual({
      [rig.key("organization", "Allbound ID")]: "prt_1",
      [rig.key("organization", "Allbound Status")]: null,
      [rig.key("organization", "Regions")]: null,
    });
    expect(data.add_time).toBe("2026-03-02T10:00:00Z");
  });

  test("persons and deals hold exactly the keys of a live account", async () => {
    const person = await create("person", { name: "Ada Lovelace" });
    expect(Object.keys(person).sort()).toEqual(
      "add_time birthday custom_fields emails first_name id im is_deleted job_title label_ids last_name name notes org_id owner_id phones picture_id postal_address update_time visible_to".split(
        " ",
      ),
    );
    const deal = await create("deal", { title: "Deal", person_id: person.id });
    expect(Object.keys(deal).sort()).toEqual(
      "acv add_time archive_time arr channel channel_id close_time creator_user_id currency custom_fields expected_close_date id is_archived is_deleted label_ids local_close_date local_lost_date local_won_date lost_reason lost_time mrr org_id origin origin_id owner_id person_id pipeline_id probability stage_change_time stage_id status title update_time value visible_to won_time".split(
        " ",
      ),
    );
  });

  test("option labels replace ids when asked for", async () => {
    const id = rig.option("organization", "Allbound Status", "Active");
    const code = rig.key("organization", "Allbound Status");
    const org = await create("organization", { name: "Labelled", custom_fields: { [code]: id } });
    const { body } = await rig.api(
      "GET",
      `/api/v2/organizations/${org.id}?include_option_labels=true&custom_fields=${code}`,
    );
    expect(body.data.custom_fields).toEqual({ [code]: { id, label: "Active" } });
  });
});

describe("strictness", () => {
  test("a custom key at the top level, an unknown one inside custom_fields and an unknown parameter are refused", async () => {
    const code = rig.key("organization", "Allbound ID");
    expect(await refused("POST", "/api/v2/organizations", { name: "X", [code]: "y" })).toBe(
      `Parameter '${code}' is not allowed for this request`,
    );
    const foreign = rig.key("deal", "Allbound ID");
    await refused("POST", "/api/v2/organizations", { name: "X", custom_fields: { [foreign]: "y" } });
    const { status, body } = await rig.api("GET", "/api/v2/persons?status=open");
    expect([status, body.code]).toEqual([400, "ERR_SCHEMA_VALIDATION_FAILED"]);
  });

  test.each(["toString", "constructor", "hasOwnProperty"])(
    "%s, which every object inherits, is an unknown key",
    async (key) => {
      expect(await refused("POST", "/api/v2/organizations", { name: "X", [key]: 1 })).toMatch(
        `'${key}' is not allowed`,
      );
    },
  );

  test.each<[string, () => Json]>([
    ["a number as text", () => ({ value: "100" })],
    ["a text as custom number", () => ({ custom_fields: { [rig.key("deal", "Score")]: "1" } })],
    ["a number as custom text", () => ({ custom_fields: { [rig.key("deal", "Allbound ID")]: 7 } })],
    ["a day that does not exist", () => ({ expected_close_date: "2026-02-30" })],
    ["a user nobody knows", () => ({ owner_id: 1 })],
    ["deletion by PATCH", () => ({ is_deleted: true })],
    ["a status nobody knows", () => ({ status: "deleted" })],
    ["a lost reason on an open deal", () => ({ lost_reason: "Price" })],
    ["a null title", () => ({ title: null })],
    ["an add_time", () => ({ add_time: "2020-01-01T00:00:00Z" })],
    ["money without currency", () => ({ custom_fields: { [rig.key("deal", "Commission")]: { value: 1 } } })],
  ])("a deal refuses %s", async (_what, body) => {
    const org = await create("organization", { name: "Strict" });
    const deal = await create("deal", { title: "Strict", org_id: org.id });
    await refused("PATCH", `/api/v2/deals/${deal.id}`, body());
  });

  test("option fields take ids that exist, never labels or empty lists", async () => {
    const status = rig.key("organization", "Allbound Status");
    const regions = rig.key("organization", "Regions");
    const org = await create("organization", { name: "Options" });
    for (const custom_fields of [{ [status]: "Active" }, { [status]: 1 }, { [regions]: [] }, { [regions]: [1] }]) {
      await refused("PATCH", `/api/v2/organizations/${org.id}`, { custom_fields });
    }
    const north = rig.option("organization", "Regions", "North");
    const set = await patch("organization", org.id, { custom_fields: { [regions]: [north] } });
    expect(set.custom_fields[regions]).toEqual([north]);
    const cleared = await patch("organization", org.id, { custom_fields: { [regions]: null } });
    expect(cleared.custom_fields[regions]).toBeNull();
  });

  test("two primary e-mails are refused, and a name is needed", async () => {
    const emails = [
      { value: "a@x.example", primary: true },
      { value: "b@x.example", primary: true },
    ];
    await refused("POST", "/api/v2/persons", { name: "Two", emails });
    await refused("POST", "/api/v2/persons", { first_name: "Only" });
    await refused("POST", "/api/v2/organizations", {});
    await refused("POST", "/api/v2/deals", { title: "Nobody's deal" });
  });
});

describe("values become what Pipedrive makes of them", () => {
  test("texts are trimmed and cut, money is rounded to its currency, phones are grouped", async () => {
    const org = await create("organization", {
      name: "  Trimmed  ",
      custom_fields: { [rig.key("organization", "Allbound ID")]: "x".repeat(300) },
    });
    expect(org.name).toBe("Trimmed");
    expect(org.custom_fields[rig.key("organization", "Allbound ID")]).toHaveLength(255);
    const commission = rig.key("deal", "Commission");
    const deal = await create("deal", {
      title: "Money",
      org_id: org.id,
      value: 10.126,
      custom_fields: { [commission]: { value: 1200.4, currency: "JPY" } },
    });
    expect([deal.value, deal.custom_fields[commission]]).toEqual([10.13, { value: 1200, currency: "JPY" }]);
    const person = await create("person", { name: "Ring Me", phones: [{ value: "+4930123456" }, { value: "12-34" }] });
    expect(person.phones).toEqual([
      { value: "+49 301 234 56", primary: true, label: "work" },
      { value: "12-34", primary: false, label: "work" },
    ]);
    const again = await patch("person", person.id, { phones: person.phones });
    expect(again.phones).toEqual(person.phones);
  });

  test("a person's names are kept in step, lists replace as a whole", async () => {
    const person = await create("person", {
      first_name: "Grace",
      last_name: "Hopper",
      emails: [{ value: "g@x.example" }, { value: "h@x.example", primary: true }],
    });
    expect([person.name, person.emails[1].primary]).toEqual(["Grace Hopper", true]);
    const renamed = await patch("person", person.id, {
      name: "Grace Brewster Hopper",
      emails: [{ value: "n@x.example" }],
    });
    expect([renamed.first_name, renamed.last_name]).toEqual(["Grace Brewster", "Hopper"]);
    expect(renamed.emails).toEqual([{ value: "n@x.example", primary: true, label: "work" }]);
  });

  test("missing parts of an address become null", async () => {
    const org = await create("organization", { name: "Addressed", address: { value: "12 Elm St", country: "USA" } });
    expect(org.address).toMatchObject({ value: "12 Elm St", country: "USA", route: null, postal_code: null });
  });
});

describe("changes", () => {
  test("custom fields merge key by key, null clears, and update_time moves only with a change", async () => {
    const [id, score] = [rig.key("deal", "Allbound ID"), rig.key("deal", "Score")];
    const org = await create("organization", { name: "Merging" });
    const deal = await create("deal", { title: "M", org_id: org.id, custom_fields: { [id]: "reg_1" } });
    rig.twin.clock.advance(5000);
    const same = await patch("deal", deal.id, { title: "M", custom_fields: { [id]: "reg_1" } });
    expect(same.update_time).toBe(deal.update_time);
    const changed = await patch("deal", deal.id, { custom_fields: { [score]: 3 } });
    expect(changed.custom_fields).toMatchObject({ [id]: "reg_1", [score]: 3 });
    expect(changed.update_time > deal.update_time).toBe(true);
    expect((await patch("deal", deal.id, { custom_fields: { [id]: null } })).custom_fields[id]).toBeNull();
  });

  test("a stage moves its pipeline, a pipeline its first stage", async () => {
    const [direct, partner] = rig.account.pipelines;
    const org = await create("organization", { name: "Moving" });
    const deal = await create("deal", { title: "Move", org_id: org.id });
    expect([deal.pipeline_id, deal.stage_id, deal.stage_change_time]).toEqual([
      direct?.id,
      direct?.stages[0]?.id,
      null,
    ]);
    const moved = await patch("deal", deal.id, { stage_id: partner?.stages[1]?.id });
    expect([moved.pipeline_id, moved.stage_change_time]).toEqual([partner?.id, expect.any(String)]);
    const back = await patch("deal", deal.id, { pipeline_id: direct?.id });
    expect(back.stage_id).toBe(direct?.stages[0]?.id);
    await refused("PATCH", `/api/v2/deals/${deal.id}`, { stage_id: direct?.stages[0]?.id, pipeline_id: partner?.id });
  });

  test("won and lost set their times, reopening clears them", async () => {
    const org = await create("organization", { name: "Outcome" });
    const deal = await create("deal", { title: "Outcome", org_id: org.id });
    const lost = await patch("deal", deal.id, { status: "lost", lost_reason: "Price" });
    expect(lost).toMatchObject({ lost_reason: "Price", won_time: null, close_time: lost.lost_time });
    expect(lost.lost_time).toMatch(/^2026-03-02T/);
    const won = await patch("deal", deal.id, { status: "won" });
    expect(won).toMatchObject({ lost_reason: null, lost_time: null, local_won_date: "2026-03-02" });
    const open = await patch("deal", deal.id, { status: "open" });
    expect(open).toMatchObject({ won_time: null, close_time: null, local_close_date: null });
  });
});

describe("deletion and merge", () => {
  test("a deleted record leaves lists and cannot be written, is still read, and is purged after 30 days", async () => {
    const org = await create("organization", { name: "Leaving" });
    expect((await rig.api("DELETE", `/api/v2/organizations/${org.id}`)).body).toEqual({
      success: true,
      data: { id: org.id },
    });
    expect((await rig.api("GET", `/api/v2/organizations?ids=${org.id}`)).body.data).toEqual([]);
    expect((await rig.api("GET", `/api/v2/organizations/${org.id}`)).body.data.is_deleted).toBe(true);
    const write = await rig.api("PATCH", `/api/v2/organizations/${org.id}`, { name: "Back" });
    expect([write.status, write.body]).toEqual([
      404,
      { success: false, error: "Organization not found", code: "ERR_NOT_FOUND" },
    ]);
    expect((await rig.api("DELETE", `/api/v2/organizations/${org.id}`)).status).toBe(404);
    rig.twin.clock.advance(31 * 24 * 3600 * 1000);
    expect((await rig.api("GET", `/api/v2/organizations/${org.id}`)).status).toBe(404);
  });

  test("deleted deals are listed by status, deleted persons never", async () => {
    const org = await create("organization", { name: "Gone" });
    const deal = await create("deal", { title: "Gone", org_id: org.id });
    await rig.api("DELETE", `/api/v2/deals/${deal.id}`);
    const { body } = await rig.api("GET", `/api/v2/deals?status=deleted&org_id=${org.id}`);
    expect(body.data.map((one: Json) => one.id)).toEqual([deal.id]);
    expect((await rig.api("GET", `/api/v2/deals?org_id=${org.id}`)).body.data).toEqual([]);
  });

  test("merging keeps the record it is merged with, fills its gaps and moves what pointed to the other", async () => {
    const code = rig.key("organization", "Allbound ID");
    const loser = await create("organization", {
      name: "Old",
      website: "https://old.example",
      custom_fields: { [code]: "prt_9" },
    });
    const survivor = await create("organization", { name: "New" });
    const person = await create("person", { name: "Moves Along", org_id: loser.id });
    const merged = await rig.api("PUT", `/api/v1/organizations/${loser.id}/merge`, { merge_with_id: survivor.id });
    expect(merged.body).toEqual({ success: true, data: { id: survivor.id } });
    const { data } = (await rig.api("GET", `/api/v2/organizations/${survivor.id}`)).body;
    expect([data.name, data.website, data.custom_fields[code]]).toEqual(["New", "https://old.example", "prt_9"]);
    expect((await rig.api("GET", `/api/v2/persons/${person.id}`)).body.data.org_id).toBe(survivor.id);
    expect((await rig.api("GET", `/api/v2/organizations/${loser.id}`)).body.data.is_deleted).toBe(true);
  });
});
