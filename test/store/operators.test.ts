import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createOperators, mayActAs, type Operators } from "../../src/store/operators.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let store: TestStore;
let operators: Operators;

beforeAll(async () => {
  store = await openTestStore();
  operators = createOperators(store.db);
});
afterAll(() => store.stop());

describe("an operator's token", () => {
  test("is known by its hash alone", async () => {
    const { token, operator } = await operators.issue("vera", "viewer");
    expect(await operators.verify(token)).toEqual({ id: operator.id, name: "vera", role: "viewer" });
    const rows = await store.db.prisma.operatorToken.findMany();
    expect(rows.some((row) => Buffer.from(row.tokenHash).equals(Buffer.from(token)))).toBe(false);
    expect(rows[0]?.tokenHash).toHaveLength(32);
  });

  test("is one of several, and changes its operator's role", async () => {
    const first = await operators.issue("otto", "viewer");
    const second = await operators.issue("otto", "operator");
    expect(second.token).not.toBe(first.token);
    expect(await operators.verify(first.token)).toMatchObject({ role: "operator" });
  });

  test("is refused when it is made up, expired or revoked, or its operator disabled", async () => {
    expect(await operators.verify("")).toBeNull();
    expect(await operators.verify(`psop_${"A".repeat(43)}`)).toBeNull();
    const expired = await operators.issue("emil", "admin", { ttlMs: -1 });
    expect(await operators.verify(expired.token)).toBeNull();
    const revoked = await operators.issue("rosa", "admin", { ttlMs: 60_000 });
    expect(await operators.verify(revoked.token)).not.toBeNull();
    expect(await operators.revoke("rosa")).toBe(1);
    expect(await operators.verify(revoked.token)).toBeNull();
    const disabled = await operators.issue("dora", "admin");
    await store.db.prisma.operator.update({ where: { name: "dora" }, data: { disabledAt: new Date() } });
    expect(await operators.verify(disabled.token)).toBeNull();
    await expect(operators.issue("dora", "admin")).rejects.toMatchObject({ code: "OPERATOR_DISABLED" });
  });
});

describe("operators", () => {
  test("are listed with the tokens they have in force, and when one was last used", async () => {
    await operators.issue("lena", "approver");
    await operators.issue("lena", "approver", { ttlMs: -1 });
    const { token } = await operators.issue("lena", "approver");
    await operators.verify(token);
    const lena = async () => (await operators.list()).find(({ name }) => name === "lena");
    while (!(await lena())?.lastUsedAt) await new Promise((resolve) => setTimeout(resolve, 10)); // noted a little later
    expect(await lena()).toMatchObject({ role: "approver", tokensInForce: 2, disabledAt: null });
    expect(await operators.revoke("lena")).toBe(2);
    expect(await lena()).toMatchObject({ tokensInForce: 0 });
    expect(await operators.revoke("nobody")).toBe(0);
  });
});

test("roles include those below them", () => {
  const operator = { id: "", name: "", role: "operator" } as const;
  expect([mayActAs(operator, "viewer"), mayActAs(operator, "operator"), mayActAs(operator, "admin")]).toEqual([
    true,
    true,
    false,
  ]);
});
