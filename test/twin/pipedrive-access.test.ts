import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Json, type Rig, startReceiver, startRig, subscribe } from "./pipedrive-rig.ts";

const PEOPLE = [
  { name: "Olga Ops", email: "olga@acme.example" },
  {
    name: "Vera View",
    email: "vera@acme.example",
    permission_sets: ["sales:Viewer", "global:Global regular user"],
    role: "Partner team",
    last_login: "2026-02-01T10:00:00Z",
  },
  { name: "Nils New", email: "nils@acme.example", last_login: null, activated: false },
];
const SETUP = {
  users: PEOPLE,
  permission_sets: [{ app: "sales", name: "Viewer", contents: ["can_see_other_users"] }],
  roles: [{ name: "Sales" }, { name: "Partner team", parent: "Sales" }],
};

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({}, SETUP);
});
afterEach(() => rig.twin.close());

const list = async (path: string): Promise<Json[]> => (await rig.api("GET", `/api/v1${path}`)).body.data;
const idOf = (email: string) => rig.account.users.find((user) => user.email === email)?.id as number;
const edit = (email: string, set: Json) => rig.edit({ object: "user", id: idOf(email), set });

describe("users", () => {
  test("tell last login, invitation, role and access per app", async () => {
    const [olga, vera, nils] = await list("/users");
    const sets = await list("/permissionSets");
    const named = (user: Json) =>
      user.access.map((one: Json) => [one.app, sets.find(({ id }) => id === one.permission_set_id)?.name, one.admin]);
    expect(named(olga as Json)).toEqual([
      ["sales", "Deals admin", true],
      ["global", "Global admin", true],
      ["account_settings", "Account settings", true],
    ]);
    expect(named(vera as Json)).toEqual([
      ["global", "Global regular user", false],
      ["sales", "Viewer", false],
    ]);
    expect(vera).toMatchObject({ last_login: "2026-02-01 10:00:00", activated: true, is_deleted: false });
    expect(nils).toMatchObject({ last_login: null, activated: false, role_id: 1 });
  });

  test("are deactivated, deleted and given other rights by a person", async () => {
    await edit("vera@acme.example", { permission_sets: ["sales:Deals admin"], role: "Sales", email: "v@acme.example" });
    await edit("nils@acme.example", { is_deleted: true });
    const [, vera, nils] = await list("/users");
    expect(vera?.access).toEqual([{ app: "sales", admin: true, permission_set_id: expect.any(String) }]);
    expect(vera).toMatchObject({ email: "v@acme.example", last_login: "2026-02-01 10:00:00" });
    expect(nils).toMatchObject({ is_deleted: true, active_flag: false });
    await edit("vera@acme.example", { admin: true });
    expect((await list("/users"))[1]?.access).toHaveLength(3);
  });

  test("are deactivated by an administrator through the API, and nothing else is", async () => {
    const receiver = await startReceiver();
    await subscribe(rig, receiver.url, { event_object: "user" });
    const path = `/api/v1/users/${idOf("nils@acme.example")}`;
    const put = (body: Json, token?: string, at = path) => rig.api("PUT", at, body, token);
    const refused = async (...given: Parameters<typeof put>) => {
      const { status, body } = await put(...given);
      return [status, body.error];
    };
    const off = { active_flag: false };
    expect(await refused(off, rig.account.users[1]?.api_token)).toEqual([
      403,
      "You do not have permissions to do this.",
    ]);
    expect(await refused({ ...off, name: "N" })).toEqual([400, "Parameter 'name' is not allowed for this request"]);
    expect(await refused({})).toEqual([400, "Validation failed: active_flag"]);
    expect(await refused({ active_flag: 0 })).toEqual([400, "Validation failed: active_flag"]);
    expect(await refused(off, undefined, "/api/v1/users/1")).toEqual([404, "User not found or not accessible."]);
    expect(await put(off)).toMatchObject({ status: 200, body: { data: { name: "Nils New", active_flag: false } } });
    const [event] = await receiver.until(1);
    await receiver.close();
    const { meta, data, previous } = (event?.body ?? {}) as Json;
    expect(meta).toMatchObject({ entity: "user", action: "change", change_source: "api" });
    expect([data.active_flag, previous]).toEqual([false, { active_flag: true }]);
  });

  test("a deleted one may call no more, and has no set or role any more", async () => {
    const token = rig.account.users[1]?.api_token;
    expect((await rig.api("GET", "/api/v1/users/me", undefined, token)).status).toBe(200);
    await edit("vera@acme.example", { is_deleted: true, active_flag: true });
    expect((await rig.api("GET", "/api/v1/users/me", undefined, token)).status).toBe(401);
    const role = (await list("/roles")).find(({ name }) => name === "Partner team");
    expect(role?.assignment_count).toBe("0");
  });

  test("a misspelt set or role is answered with those there are", async () => {
    expect((await edit("vera@acme.example", { permission_sets: ["sales:Veiwer"] })).error).toMatch(/sales:Viewer/);
    expect((await edit("vera@acme.example", { role: "sales" })).error).toMatch(
      /Sales, Partner team|Partner team, Sales/,
    );
  });
});

describe("permission sets and roles", () => {
  test("sets are filtered by app, tell their rights and their holders", async () => {
    const [viewer] = (await list("/permissionSets?app=sales")).filter(({ type }) => type === "custom");
    expect(viewer).toMatchObject({ name: "Viewer", app: "sales", assignment_count: 1 });
    expect((await list(`/permissionSets/${viewer?.id}`))[0]?.contents).toEqual(["can_see_other_users"]);
    expect(await list(`/permissionSets/${viewer?.id}/assignments`)).toEqual([
      { user_id: idOf("vera@acme.example"), permission_set_id: viewer?.id, name: "Viewer" },
    ]);
  });

  test("a set that nobody has answers 404 for its holders", async () => {
    await edit("vera@acme.example", { is_deleted: true });
    const viewer = (await list("/permissionSets")).find(({ name }) => name === "Viewer");
    expect((await rig.api("GET", `/api/v1/permissionSets/${viewer?.id}/assignments`)).status).toBe(404);
  });

  test("roles form a tree, with counts as texts, and are paged", async () => {
    const roles = await list("/roles");
    const of = (name: string) => roles.find((role) => role.name === name);
    expect(of("(Unassigned users)")).toMatchObject({ id: 1, level: 1, assignment_count: "2" });
    expect(of("Partner team")).toMatchObject({ parent_role_id: of("Sales")?.id, level: 3, assignment_count: "1" });
    const { body } = await rig.api("GET", "/api/v1/roles?start=1&limit=1");
    expect(body.additional_data.pagination).toEqual({
      start: 1,
      limit: 1,
      more_items_in_collection: true,
      next_start: 2,
    });
    expect(await list(`/roles/${of("Partner team")?.id}/assignments`)).toMatchObject([
      { user_id: idOf("vera@acme.example") },
    ]);
    expect(await list(`/users/${idOf("vera@acme.example")}/roleAssignments`)).toMatchObject([{ name: "Partner team" }]);
  });

  test("a user's rights are those of all sets", async () => {
    const rights = (await list(`/users/${idOf("vera@acme.example")}/permissions`)) as Json;
    expect([rights.can_see_other_users, rights.can_use_api, rights.can_merge_people]).toEqual([true, true, false]);
  });

  test("are for administrators", async () => {
    const token = rig.account.users[1]?.api_token;
    for (const path of ["/permissionSets", "/roles"]) {
      const { status, body } = await rig.api("GET", `/api/v1${path}`, undefined, token);
      expect([status, body.error]).toEqual([403, "You do not have permissions to do this."]);
    }
    expect((await rig.api("GET", "/api/v1/users", undefined, token)).status).toBe(200);
  });

  test("survive a restart as they were", async () => {
    const { mkdtemp, rm } = await import("node:fs/promises");
    const dataDir = await mkdtemp(`${(await import("node:os")).tmpdir()}/twin-`);
    const first = await startRig({ dataDir }, SETUP);
    const before = (await first.api("GET", "/api/v1/users")).body;
    await first.control("POST", "/companies/acme/deny", { part: "roles", because: "scope" });
    await first.twin.close();
    const second = await startRig({ dataDir }, SETUP);
    try {
      expect((await second.api("GET", "/api/v1/users")).body).toEqual(before);
      expect((await second.api("GET", "/api/v1/roles")).status).toBe(403);
    } finally {
      await second.twin.close();
      await rm(dataDir, { recursive: true });
    }
  });
});

describe("a part that is denied", () => {
  const deny = (part: string, because: string | null) => rig.control("POST", "/companies/acme/deny", { part, because });

  test.each([
    ["users", "/users"],
    ["permission_sets", "/permissionSets"],
    ["roles", "/roles"],
    ["user_permissions", "/users/ID/permissions"],
  ])("%s is refused for want of a scope or a right, and given again", async (part, url) => {
    const path = `/api/v1${url.replace("ID", String(idOf("vera@acme.example")))}`;
    await deny(part, "scope");
    expect((await rig.api("GET", path)).body).toMatchObject({ error: "Scope and URL mismatch", errorCode: 403 });
    await deny(part, "right");
    expect((await rig.api("GET", path)).body).toMatchObject({
      error: "You do not have permissions to do this.",
      data: null,
    });
    await deny(part, null);
    expect((await rig.api("GET", path)).status).toBe(200);
    expect((await rig.api("GET", "/api/v1/users/me")).status).toBe(200);
  });
});

describe("webhooks of users", () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.close());

  test("tell of a new user, another address and a deletion", async () => {
    await subscribe(rig, receiver.url, { event_object: "user" });
    const users = [...PEOPLE, { name: "Zoe", email: "zoe@acme.example" }];
    const { body } = await rig.control("POST", "/companies", { domain: "acme", users });
    await rig.edit({ object: "user", id: body.users[3].id, set: { email: "z@acme.example" } });
    await edit("vera@acme.example", { is_deleted: true });
    const events = (await receiver.until(3)).map((one) => one.body);
    const shown = events.map(({ meta, data, previous }) => [meta.action, data.email, data.active_flag, previous]);
    expect(shown).toEqual(
      expect.arrayContaining([
        ["create", "zoe@acme.example", true, null],
        ["change", "z@acme.example", true, { email: "zoe@acme.example" }],
        ["change", "vera@acme.example", false, { active_flag: true }],
      ]),
    );
    expect(new Set(events.map(({ meta }) => meta.id)).size).toBe(3);
  });
});
