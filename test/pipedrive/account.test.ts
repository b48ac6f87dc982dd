import { expect, test } from "@jest/globals";
import { ConnectionError, ParkedError } from "../../src/errors.ts";
import { readAccount } from "../../src/pipedrive/account.ts";
import { createTokenWindow } from "../../src/pipedrive/token-window.ts";
import { useScriptedPipedrive } from "./answering.ts";
import { clientUnderTest, errorOf } from "./client-under-test.ts";

const answering = useScriptedPipedrive();

const me = {
  id: 1,
  name: "Ada",
  email: "ada@example.com",
  active_flag: true,
  company_id: 5,
  company_name: "Acme",
  company_domain: "acme",
};
const field = (name: string) => ({
  field_code: name.toLowerCase(),
  field_name: name,
  field_type: "varchar",
  is_custom_field: false,
  options: null,
});
const answers = [
  me,
  [field("Name")],
  [field("Email")],
  [field("Title")],
  [{ id: 1, name: "Sales", is_deleted: false }],
  [{ id: 2, name: "Qualified", pipeline_id: 1, is_deleted: false }],
  [me],
].map((data) => ({ body: { success: true, data } }));

test("an account is read whole, for 62 tokens booked as set-up", async () => {
  answering(...answers);
  const { pipedrive, spent } = clientUnderTest();
  const account = await readAccount(pipedrive);
  expect(account).toMatchObject({
    companyDomain: "acme",
    fields: { organization: [field("Name")], person: [field("Email")], deal: [field("Title")] },
    pipelines: [{ id: 1, name: "Sales" }],
    stages: [{ id: 2, name: "Qualified", pipeline_id: 1 }],
    users: [{ id: 1, email: "ada@example.com" }],
    me: { id: 1, company_id: 5 },
  });
  expect(spent.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(62);
  expect(new Set(spent.map(({ purpose }) => purpose))).toEqual(new Set(["setup"]));
});

test("the smallest plan's allowance is waited for, also when another process used it up", async () => {
  const burst = {
    status: 429,
    headers: { "x-ratelimit-reset": "0" },
    body: { success: false, error: "Request over limit" },
  };
  const [first, ...others] = answers;
  answering(first!, burst, ...others);
  const { pipedrive, spent } = clientUnderTest({ window: createTokenWindow({ capacity: 20, spacingMs: 50 }) });
  expect((await readAccount(pipedrive)).companyDomain).toBe("acme");
  expect(spent.filter(({ status }) => status === 429)).toHaveLength(1);
});

test("a budget used up for the day is not waited for", async () => {
  const daily = { status: 429, body: { success: false, error: "daily request budget exceeded", errorCode: 429 } };
  const seen = answering(daily);
  expect(await errorOf(readAccount(clientUnderTest().pipedrive))).toBeInstanceOf(ParkedError);
  expect(seen).toHaveLength(1);
});

test("a token that is not accepted ends it after one call", async () => {
  const seen = answering({ status: 401, body: { success: false, error: "unauthorized access", errorCode: 401 } });
  expect(await errorOf(readAccount(clientUnderTest().pipedrive))).toBeInstanceOf(ConnectionError);
  expect(seen.map(({ path }) => path)).toEqual(["/api/v1/users/me"]);
});
