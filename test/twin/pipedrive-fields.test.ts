import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startTwin } from "../../src/twin/index.ts";
import { type Json, type Rig, rigOf, startRig } from "./pipedrive-rig.ts";

const path = "/api/v2/organizationFields";
const tier = { field_name: "Tier", field_type: "enum", options: [{ label: "Gold" }, { label: "Silver" }] };

let dataDir: string;
let rig: Rig;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "twin-"));
  rig = await startRig({ dataDir });
});
afterEach(async () => {
  await rig.twin.close();
  await rm(dataDir, { recursive: true, force: true });
});

const make = async (): Promise<Json> => (await rig.api("POST", path, tier)).body.data;
const addOption = async (code: string, label: string): Promise<Json> =>
  (await rig.api("POST", `${path}/${code}/options`, [{ label }])).body.data[0];
const restart = async (): Promise<void> => {
  await rig.twin.close();
  rig = rigOf(await startTwin({ seed: "rig", dataDir }), rig.account);
};

describe("what is made again", () => {
  test("a field has a key and option ids of its own, after a restart too", async () => {
    const made: Json[] = [];
    for (let round = 0; round < 3; round++) {
      const field = await make();
      made.push(field);
      await rig.api("DELETE", `${path}/${field.field_code}`);
      await restart();
    }
    expect(new Set(made.map((field) => field.field_code)).size).toBe(3);
    expect(new Set(made.flatMap((field) => field.options.map((option: Json) => option.id))).size).toBe(6);
  });

  test("an option has an id of its own, after a restart too", async () => {
    const { field_code, options } = await make();
    const ids = [options[0].id];
    for (let round = 0; round < 3; round++) {
      await rig.api("DELETE", `${path}/${field_code}/options`, [{ id: ids.at(-1) }]);
      if (round === 1) await restart();
      ids.push((await addOption(field_code, "Gold")).id);
    }
    expect(new Set(ids).size).toBe(4);
  });
});

describe("what belongs together is one line of the journal", () => {
  const lines = () => readFileSync(join(dataDir, "twin.jsonl"), "utf8").split("\n").length;

  async function linesOf(change: () => Promise<unknown>): Promise<number> {
    const before = lines();
    await change();
    return lines() - before;
  }

  test("a field with its options, and both with their values", async () => {
    expect(await linesOf(make)).toBe(1);
    const { field_code, options } = await make();
    for (const { id } of options) await rig.organization({ custom_fields: { [field_code]: id } });
    const deletion = [{ id: options[0].id }];
    expect(await linesOf(() => rig.api("DELETE", `${path}/${field_code}/options`, deletion))).toBe(1);
    expect(await linesOf(() => rig.api("DELETE", `${path}/${field_code}`))).toBe(1);
  });
});

describe("who may write fields", () => {
  const EDITORS = "Deals editors";
  const writes = (code: string): [string, string, unknown?][] => [
    ["POST", path, tier],
    ["PATCH", `${path}/${code}`, { field_name: "Level" }],
    ["POST", `${path}/${code}/options`, [{ label: "Bronze" }]],
    ["DELETE", `${path}/${code}`],
  ];
  const statuses = async (token: string): Promise<number[]> => {
    const { field_code } = await make();
    const answers: number[] = [];
    for (const [method, url, body] of writes(field_code)) {
      answers.push((await rig.api(method, url, body, token)).status);
    }
    return answers;
  };
  const tokenOf = async (user: Json): Promise<string> => {
    const permission_sets = [{ app: "sales", name: EDITORS, contents: ["can_use_api", "can_edit_custom_fields"] }];
    const { body } = await rig.control("POST", "/companies", { domain: "acme", permission_sets, users: [user] });
    return body.users.find(({ email }: Json) => email === user.email).api_token;
  };

  test("nobody without the right, whoever has one of them does that", async () => {
    const regular = await tokenOf({ name: "Regular", email: "regular@acme.example" });
    expect(await statuses(regular)).toEqual([403, 403, 403, 403]);
    const editor = { name: "Editor", email: "editor@acme.example", permission_sets: [`sales:${EDITORS}`] };
    expect(await statuses(await tokenOf(editor))).toEqual([403, 200, 200, 403]);
    expect(await statuses(rig.account.api_token)).toEqual([200, 200, 200, 200]);
  });

  test("nobody beyond the plan's number of fields; what is there stays", async () => {
    await rig.control("POST", "/companies", { domain: "acme", plan: "lite" });
    let answer = await rig.api("POST", path, tier);
    for (let made = 0; answer.status === 200 && made < 40; made++) answer = await rig.api("POST", path, tier);
    expect([answer.status, answer.body.code]).toEqual([403, "feature_capping_custom_fields_limit"]);
    const custom = (object: string) =>
      rig
        .api("GET", `/api/v2/${object}Fields?limit=500`)
        .then(({ body }) => body.data.filter((one: Json) => one.is_custom_field));
    const all = await Promise.all(["organization", "person", "deal"].map(custom));
    expect(all.flat()).toHaveLength(30);
  });
});

test("where people have to fill a field in is told to whoever asks for it", async () => {
  const { field_code } = await make();
  await rig.api("PATCH", `${path}/${field_code}`, { required_fields: { enabled: true } });
  const plain = await rig.api("GET", `${path}/${field_code}`);
  expect(plain.body.data).not.toHaveProperty("required_fields");
  const asked = await rig.api("GET", `${path}/${field_code}?include_fields=required_fields`);
  expect(asked.body.data.required_fields).toEqual({ enabled: true });
  await restart();
  const { body } = await rig.api("GET", `${path}?include_fields=required_fields&limit=500`);
  const required = body.data.filter((one: Json) => one.required_fields.enabled);
  expect(required.map((one: Json) => one.field_code)).toEqual([field_code]);
});

test("what may not be done with the records of an object is refused, the rest is not", async () => {
  const { id } = await rig.organization();
  const each = async () => {
    const url = "/api/v2/organizations";
    const made = await rig.api("POST", url, { name: "Another" });
    const read = await rig.api("GET", `${url}/${id}`);
    const edited = await rig.api("PATCH", `${url}/${id}`, { name: "Renamed" });
    return [made.status, read.status, edited.status];
  };
  const deny = (part: string, because: string | null) => rig.control("POST", "/companies/acme/deny", { part, because });
  await deny("organization.create", "right");
  expect(await each()).toEqual([403, 200, 200]);
  await deny("organization.create", null);
  await deny("organization.edit", "scope");
  expect(await each()).toEqual([200, 200, 403]);
});

describe("a field that not everybody may use", () => {
  const restrict = (as: string | null) =>
    rig.control("POST", "/companies/acme/restrict", { object: "organization", label: "Allbound ID", as });
  const regular = async (): Promise<string> => {
    const users = [{ name: "Regular", email: "regular@acme.example" }];
    return (await rig.control("POST", "/companies", { domain: "acme", users })).body.users.at(-1).api_token;
  };

  test("hidden, it is not there for them, and all of it for an administrator", async () => {
    const token = await regular();
    const key = rig.key("organization", "Allbound ID");
    const { id } = await rig.organization({ custom_fields: { [key]: "prt_1" } });
    await restrict("hidden");
    const url = `/api/v2/organizations/${id}`;
    const read = async (by?: string) => (await rig.api("GET", url, undefined, by)).body.data.custom_fields[key];
    expect([await read(token), await read()]).toEqual([undefined, "prt_1"]);
    const write = (by?: string) => rig.api("PATCH", url, { custom_fields: { [key]: "prt_2" } }, by);
    expect([(await write(token)).status, (await write()).status]).toEqual([400, 200]);
    expect((await rig.api("GET", `${path}/${key}`, undefined, token)).status).toBe(404);
    const listed = async (by?: string) =>
      JSON.stringify((await rig.api("GET", `${path}?limit=500`, undefined, by)).body);
    expect([(await listed(token)).includes(key), (await listed()).includes(key)]).toEqual([false, true]);
  });

  test("locked, or beyond a plan that became smaller, it keeps the value it has", async () => {
    const token = await regular();
    const key = rig.key("organization", "Allbound ID");
    const { id } = await rig.organization();
    const write = async (value: string, by?: string) => {
      const body = { custom_fields: { [key]: value } };
      return (await rig.api("PATCH", `/api/v2/organizations/${id}`, body, by)).body.data.custom_fields[key];
    };
    await restrict("locked");
    expect([await write("theirs", token), await write("ours")]).toEqual([null, "ours"]);
    await restrict(null);
    expect(await write("theirs", token)).toBe("theirs");

    for (let made = 0; made < 30; made++) await rig.api("POST", path, tier);
    const last = (await rig.api("GET", "/api/v2/dealFields?limit=500")).body.data.at(-1).field_code;
    await rig.control("POST", "/companies", { domain: "acme", plan: "lite" });
    const body = { title: "Deal", org_id: id, custom_fields: { [last]: 7 } };
    expect((await rig.api("POST", "/api/v2/deals", body)).body.data.custom_fields[last]).toBe(null);
    expect(await write("still ours")).toBe("still ours");
  });
});
