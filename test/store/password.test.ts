import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Operators } from "../../src/store/operators.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

const argon2 = await import("@node-rs/argon2");
const verify = jest.fn(argon2.verify);
jest.unstable_mockModule("@node-rs/argon2", () => ({ ...argon2, verify }));
const { createOperators } = await import("../../src/store/operators.ts");

const PASSWORD = "four unrelated words here";
let store: TestStore;
let operators: Operators;

beforeAll(async () => {
  store = await openTestStore();
  operators = createOperators(store.db);
  for (const name of ["vera", "dora", "newcomer"]) await operators.add({ name, role: "viewer" });
  for (const name of ["vera", "dora"]) await operators.usePassword((await operators.issueOnce(name)).code, PASSWORD);
  await operators.disable("dora").catch(() => {});
});
afterAll(() => store.stop());

test.each<[string, string, string, boolean]>([
  ["right", "vera", PASSWORD, true],
  ["wrong", "vera", "not this one at all", false],
  ["of somebody disabled", "dora", PASSWORD, false],
  ["of somebody who has none", "newcomer", PASSWORD, false],
  ["of nobody", "nobody", PASSWORD, false],
])("a password that is %s costs one comparison under the same parameters", async (_what, name, password, isRight) => {
  verify.mockClear();
  expect((await operators.verifyPassword(name, password)) !== null).toBe(isRight);
  expect(verify.mock.calls).toEqual([[expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/), password]]);
});

test("a name too short to be a hint may stand in a password", async () => {
  for (const name of ["ed", "unrel"]) await operators.add({ name, role: "viewer" });
  const choose = async (name: string) => operators.usePassword((await operators.issueOnce(name)).code, PASSWORD);
  expect((await choose("ed"))?.name).toBe("ed");
  await expect(choose("unrel")).rejects.toMatchObject({ code: "PASSWORD_TOO_WEAK" });
});
