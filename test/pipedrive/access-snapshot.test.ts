import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { toAccounts } from "../../src/access/accounts.ts";
import type { Snapshot } from "../../src/access/snapshot.ts";
import { ConnectionError, NoEffectError } from "../../src/errors.ts";
import { readAccessSnapshot, type SnapshotOptions } from "../../src/pipedrive/access-snapshot.ts";
import { type Rig, startRig } from "../twin/pipedrive-rig.ts";
import { useScriptedPipedrive } from "./answering.ts";
import { clientUnderTest, errorOf } from "./client-under-test.ts";

const AT = Date.UTC(2026, 2, 2, 10);
const SETUP = {
  users: [
    { name: "Olga Ops", email: "Olga@acme.example", last_login: "2026-03-01T08:00:00Z" },
    {
      name: "Vera View",
      email: "vera@acme.example",
      permission_sets: ["sales:Viewer"],
      role: "Partner team",
      last_login: null,
    },
    { name: "Gone", email: "gone@acme.example" },
  ],
  permission_sets: [{ app: "sales", name: "Viewer", contents: ["can_see_other_users"] }],
  roles: [{ name: "Partner team" }],
};

describe("from an account", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig({}, SETUP);
    await rig.edit({ object: "user", id: rig.account.users[2]?.id, set: { is_deleted: true } });
  });
  afterEach(() => rig.twin.close());

  async function read(options: SnapshotOptions = {}, token = rig.account.api_token) {
    const { pipedrive, spent } = clientUnderTest({ baseUrl: rig.twin.url, token });
    const charged = async () => (await rig.control("GET", "/companies/acme/spend")).body.tokens as number;
    const before = await charged();
    const snapshot = await readAccessSnapshot(pipedrive, { now: () => AT, ...options });
    return { snapshot, spent, charged: (await charged()) - before };
  }
  const deny = (part: string, because: string) => rig.control("POST", "/companies/acme/deny", { part, because });
  const assessed = ({ content }: Snapshot) =>
    (["users", "permissionSets", "roles", "userPermissions"] as const).filter((part) => content[part].assessed);

  test("everything the review looks at is read, and costs what is counted", async () => {
    const { snapshot, spent, charged } = await read();
    expect(snapshot.content).toMatchObject({
      company: { id: rig.account.company_id, domain: "acme" },
      takenAt: "2026-03-02T10:00:00.000Z",
      takenAs: { userId: rig.account.users[0]?.id },
    });
    const named = (id: number | undefined) => toAccounts(snapshot.content).find(({ userId }) => userId === id);
    const [olga, vera, gone] = rig.account.users.map(({ id }) => named(id));
    expect(olga).toMatchObject({ email: "olga@acme.example", admin: true, lastLoginAt: "2026-03-01T08:00:00.000Z" });
    expect(olga?.access).toContain("sales:Deals admin");
    expect(vera).toMatchObject({ access: ["sales:Viewer"], admin: false, lastLoginAt: null, role: "Partner team" });
    expect(gone).toMatchObject({ active: false, deleted: true });
    const sets = snapshot.content.permissionSets;
    expect(sets.assessed && sets.value.find(({ name }) => name === "Viewer")?.contents).toEqual({
      assessed: true,
      value: ["can_see_other_users"],
    });
    expect(assessed(snapshot)).toEqual(["users", "permissionSets", "roles"]);
    expect([snapshot.content.tokens, charged]).toEqual([42 + 20 + 6 * 2, 42 + 20 + 6 * 2]);
    expect(new Set(spent.map(({ purpose }) => purpose))).toEqual(new Set(["access review"]));
  });

  test("two snapshots of the same moment are one text and one digest", async () => {
    const [first, second] = [await read(), await read()];
    expect(second.snapshot.sha256).toBe(first.snapshot.sha256);
    expect(second.snapshot.text).toBe(first.snapshot.text);
    expect(() => Object.assign(first.snapshot.content.company, { name: "x" })).toThrow(TypeError);
  });

  test("assignments and rights of users are read where they are asked for; what nobody has is empty", async () => {
    await rig.edit({ object: "user", id: rig.account.users[1]?.id, set: { permission_sets: ["sales:Deals admin"] } });
    const { snapshot, charged } = await read({ assignments: true, userPermissions: true });
    expect(snapshot.content.tokens).toBe(charged);
    const { permissionSets, roles, userPermissions } = snapshot.content;
    const set = (name: string) => permissionSets.assessed && permissionSets.value.find((one) => one.name === name);
    expect(set("Viewer")).toMatchObject({ assignedTo: { assessed: true, value: [] } });
    const both = [rig.account.users[0]?.id, rig.account.users[1]?.id].map(Number).sort((a, b) => a - b);
    expect(set("Deals admin")).toMatchObject({ assignedTo: { assessed: true, value: both } });
    expect(roles.assessed && roles.value.map(({ assignedTo }) => assignedTo.assessed)).toEqual([true, true]);
    expect(
      userPermissions.assessed &&
        Object.keys(userPermissions.value)
          .map(Number)
          .sort((a, b) => a - b),
    ).toEqual(both);
  });

  test.each([
    ["permission_sets", ["users", "roles"]],
    ["roles", ["users", "permissionSets"]],
    ["users", ["permissionSets", "roles"]],
  ])("%s that may not be seen are not assessed, with the reason", async (part, others) => {
    for (const because of ["scope", "right"]) {
      await deny(part, because);
      const { snapshot } = await read();
      expect(assessed(snapshot)).toEqual(others);
      const name = part === "permission_sets" ? "permissionSets" : (part as "roles" | "users");
      expect(snapshot.content[name]).toMatchObject({
        assessed: false,
        reason: { code: "FORBIDDEN", message: expect.stringContaining("scope or permission") },
      });
    }
  });

  test("a user who is no administrator sees users only", async () => {
    const { snapshot } = await read({ userPermissions: true }, rig.account.users[1]?.api_token);
    expect(assessed(snapshot)).toEqual(["users", "userPermissions"]);
    expect(toAccounts(snapshot.content)[0]?.accessGap).not.toBeNull();
  });

  test("users that may not be seen leave their rights unseen too", async () => {
    await deny("users", "right");
    const { snapshot } = await read({ userPermissions: true });
    expect(snapshot.content.userPermissions).toMatchObject({ assessed: false, reason: { code: "INCOMPLETE" } });
  });

  test("what went wrong is no missing right: there is no snapshot", async () => {
    const fault = (kind: string, extra = {}) =>
      rig.control("POST", "/faults", { match: { side: "pipedrive", path: "/api/v1/roles" }, kind, times: 1, ...extra });
    await fault("html403");
    expect(await errorOf(read())).toMatchObject({ problem: "ABUSE_BLOCKED" });
    await fault("status", { status: 500 });
    expect(await errorOf(read())).toBeInstanceOf(NoEffectError);
    expect(await errorOf(read({}, "f00dface".repeat(5)))).toBeInstanceOf(ConnectionError);
  });
});

describe("pages", () => {
  const answering = useScriptedPipedrive();
  const me = {
    id: 1,
    name: "A",
    email: "a@x.example",
    active_flag: true,
    company_id: 5,
    company_name: "A",
    company_domain: "a",
  };
  const answer = (data: unknown, pagination?: object) => ({
    body: { success: true, data, additional_data: pagination ? { pagination } : null } as never,
  });
  const begin = [answer(me), answer([{ id: 1, name: "A", active_flag: true }]), answer([])];
  const roleRows = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ id: from + i, name: `R${from + i}` }));

  test("are followed to their end, each at its price", async () => {
    const seen = answering(
      ...begin,
      answer(roleRows(1, 2), { more_items_in_collection: true, next_start: 2 }),
      answer(roleRows(3, 2), { more_items_in_collection: true }),
      answer(roleRows(5, 1), { more_items_in_collection: false }),
    );
    const { content } = await readAccessSnapshot(clientUnderTest().pipedrive);
    expect(content.roles.assessed && content.roles.value.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(seen.slice(3).map(({ query }) => query.start)).toEqual(["0", "2", "4"]);
    expect(content.tokens).toBe(2 + 20 + 20 + 3 * 20);
  });

  test("are followed where nothing says whether there are more", async () => {
    const seen = answering(...begin, answer(roleRows(1, 500)), answer(roleRows(501, 3)));
    const { content } = await readAccessSnapshot(clientUnderTest().pipedrive);
    expect(content.roles.assessed && content.roles.value).toHaveLength(503);
    expect(seen).toHaveLength(5);
  });

  test("without an end are refused instead of cut", async () => {
    answering(...begin, answer(roleRows(1, 1), { more_items_in_collection: true, next_start: 0 }));
    expect(await errorOf(readAccessSnapshot(clientUnderTest().pipedrive))).toMatchObject({ code: "LIST_TOO_LONG" });
  });

  test("that are the same again and again are refused after the second", async () => {
    const seen = answering(...begin, answer(roleRows(1, 500)));
    expect(await errorOf(readAccessSnapshot(clientUnderTest().pipedrive))).toMatchObject({ code: "LIST_TOO_LONG" });
    expect(seen).toHaveLength(5);
  });

  test("end with the 404 behind a full one", async () => {
    const set = { id: "s", name: "S", app: "sales", type: "custom" };
    const holders = Array.from({ length: 500 }, (_, i) => ({ user_id: i + 1 }));
    const nobody = { status: 404, body: { success: false, error: "not found", data: null } };
    answering(...begin.slice(0, 2), answer([set]), answer([{ contents: [] }]), answer(holders), nobody, answer([]));
    const { content } = await readAccessSnapshot(clientUnderTest().pipedrive, { assignments: true });
    const [read] = content.permissionSets.assessed ? content.permissionSets.value : [];
    expect(read?.assignedTo.assessed && read.assignedTo.value).toHaveLength(500);
  });

  test("a call that has to wait for room is counted once", async () => {
    const burst = {
      status: 429,
      headers: { "x-ratelimit-reset": "0" },
      body: { success: false, error: "Request over limit" },
    };
    answering(answer(me), burst, ...begin.slice(1), answer(roleRows(1, 1)));
    const { content } = await readAccessSnapshot(clientUnderTest().pipedrive);
    expect(content.tokens).toBe(2 + 20 + 20 + 20);
  });
});
