import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mayActAs, OPERATOR_ROLES, type OperatorRole } from "../../src/store/actor.ts";
import { createOperatorTokens, type NewToken, type OperatorTokens } from "../../src/store/operator-tokens.ts";
import { createOperators, type Operators } from "../../src/store/operators.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let store: TestStore;
let operators: Operators;
let tokens: OperatorTokens;

beforeAll(async () => {
  store = await openTestStore();
  operators = createOperators(store.db);
  tokens = createOperatorTokens(store.db);
  await operators.add({ name: "root", role: "admin" });
});
afterAll(() => store.stop());

const add = (name: string, role: OperatorRole, only: string[] | null = null) =>
  operators.add({ name, role, tenants: only });
const issue = (owner: string, wish: Partial<NewToken> = {}) =>
  tokens.issue(owner, { name: "test", ttlMs: 60_000, ...wish });

describe("an operator's token", () => {
  test("is known by its hash alone", async () => {
    const { id } = await add("vera", "viewer");
    const { token, issued } = await issue("vera");
    expect(await tokens.verify(token)).toEqual({
      ...{ operatorId: id, name: "vera", email: null, role: "viewer", tenants: null },
      ...{ via: "token", credentialId: issued.id },
    });
    const rows = await store.db.prisma.operatorToken.findMany();
    expect(JSON.stringify(rows)).not.toContain(token.slice(5));
    expect(rows[0]?.tokenHash).toHaveLength(32);
  });

  test("is one of several, all of which follow what becomes of their operator", async () => {
    await add("otto", "viewer");
    const [first, second] = [await issue("otto"), await issue("otto")];
    expect(second.token).not.toBe(first.token);
    await operators.setRole("otto", { role: "operator", tenants: ["a-tenant"] });
    for (const { token } of [first, second]) {
      expect(await tokens.verify(token)).toMatchObject({ role: "operator", tenants: ["a-tenant"] });
    }
  });

  test.each<[string, NewToken["role"], string[] | undefined, { role: string; tenants: string[] | null }]>([
    ["as its owner", undefined, undefined, { role: "approver", tenants: ["a", "b"] }],
    ["a lower role", "viewer", undefined, { role: "viewer", tenants: ["a", "b"] }],
    ["fewer tenants", undefined, ["b"], { role: "approver", tenants: ["b"] }],
    ["no tenant at all", undefined, [], { role: "approver", tenants: [] }],
  ])("allows %s", async (what, role, only, allowed) => {
    await add(`owner ${what}`, "approver", ["a", "b"]);
    const { token } = await issue(`owner ${what}`, { role, tenants: only });
    expect(await tokens.verify(token)).toMatchObject(allowed);
  });

  test("allows no more than its owner may, now or later", async () => {
    await add("ada", "approver", ["a", "b"]);
    await expect(issue("ada", { role: "admin" })).rejects.toMatchObject({ code: "TOKEN_ABOVE_OWNER", where: "role" });
    await expect(issue("ada", { tenants: ["c"] })).rejects.toMatchObject({ code: "TOKEN_ABOVE_OWNER" });
    const { token } = await issue("ada", { role: "operator", tenants: ["a"] });
    await operators.setRole("ada", { role: "viewer", tenants: ["b"] });
    expect(await tokens.verify(token)).toMatchObject({ role: "viewer", tenants: [] });
    await operators.setRole("ada", { role: "admin", tenants: null });
    expect(await tokens.verify(token)).toMatchObject({ role: "operator", tenants: ["a"] });
    await operators.disable("ada");
  });

  test("is refused when it is made up, expired or revoked, or its operator disabled", async () => {
    expect(await tokens.verify("")).toBeNull();
    expect(await tokens.verify(`psop_${"A".repeat(43)}`)).toBeNull();
    await add("emil", "viewer");
    expect(await tokens.verify((await issue("emil", { ttlMs: -1 })).token)).toBeNull();
    const [revoked, other] = [await issue("emil"), await issue("emil", { ttlMs: null })];
    expect(await tokens.verify(revoked.token)).not.toBeNull();
    expect(await tokens.revoke("emil", revoked.issued.id)).toMatchObject([{ id: revoked.issued.id }]);
    expect(await tokens.verify(revoked.token)).toBeNull();
    expect(await tokens.verify(other.token)).not.toBeNull();
    await operators.disable("emil");
    expect(await tokens.verify(other.token)).toBeNull();
    await expect(issue("emil")).rejects.toMatchObject({ code: "OPERATOR_DISABLED" });
    await operators.enable("emil");
    expect(await tokens.verify(other.token)).not.toBeNull();
  });

  test("is ended by its owner's name only", async () => {
    await add("nina", "viewer");
    const { token, issued } = await issue("nina");
    await expect(tokens.revoke("root", issued.id)).rejects.toMatchObject({ code: "UNKNOWN_TOKEN" });
    expect(await tokens.verify(token)).not.toBeNull();
  });
});

describe("operators", () => {
  test("are listed with the tokens they have in force, and when one was last used", async () => {
    await add("lena", "approver");
    await issue("lena");
    await issue("lena", { ttlMs: -1 });
    const { token } = await issue("lena");
    await tokens.verify(token);
    const lena = async () => (await operators.list()).find(({ name }) => name === "lena");
    while (!(await lena())?.lastSeenAt) await new Promise((resolve) => setTimeout(resolve, 10)); // noted a little later
    expect(await lena()).toMatchObject({ role: "approver", tokensInForce: 2, disabledAt: null, hasPassword: false });
    expect(await tokens.revoke("lena")).toHaveLength(2);
    expect(await lena()).toMatchObject({ tokensInForce: 0 });
    await expect(tokens.revoke("nobody")).rejects.toMatchObject({ code: "UNKNOWN_OPERATOR" });
  });

  test("are one per name, and named when there are none", async () => {
    await add("twice", "viewer");
    await expect(add("twice", "admin")).rejects.toMatchObject({ code: "OPERATOR_EXISTS" });
    expect(await operators.get("twice")).toMatchObject({ role: "viewer" });
    await expect(operators.get("nobody")).rejects.toMatchObject({ code: "UNKNOWN_OPERATOR" });
  });
});

describe("the last admin of all tenants", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["is not disabled", () => operators.disable("root")],
    ["gets no lower role", () => operators.setRole("root", { role: "approver", tenants: null })],
    ["is not limited to tenants", () => operators.setRole("root", { role: "admin", tenants: ["a"] })],
  ])("%s", async (_what, act) => {
    await expect(act()).rejects.toMatchObject({ code: "LAST_ADMIN" });
    expect(await operators.get("root")).toMatchObject({ role: "admin", tenants: null, disabledAt: null });
  });

  test("is one of the two who leave at once", async () => {
    await add("second root", "admin");
    await add("limited root", "admin", ["a"]);
    const left = await Promise.allSettled([operators.disable("root"), operators.disable("second root")]);
    expect(left.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

test("roles include those below them", () => {
  const may = OPERATOR_ROLES.map((role) => OPERATOR_ROLES.filter((other) => mayActAs({ role }, other)).length);
  expect(may).toEqual([1, 2, 3, 4]);
});
