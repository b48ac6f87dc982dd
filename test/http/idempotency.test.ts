import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestApi, type TestApi } from "./api.ts";

let api: TestApi;
let keys = 0;
let key: string;

beforeAll(async () => {
  api = await startTestApi();
  await api.addTenant("harbourline");
});
afterAll(() => api.stop());

const newKey = () => {
  keys += 1;
  key = `key-${keys}`;
  return key;
};
const add = (id: string, options: object = {}) => api.call("POST /tenants", { id }, { key, ...options });
const begun = async (since: number) => (await api.trail(since)).filter(({ phase }) => phase === "begun").length;
const age = (by: string) =>
  api.pool.query(`update idempotency_key set begun_at = begun_at - interval '${by}' where key = $1`, [key]);

describe("a write that is repeated under its key", () => {
  test("gets the first one's answer, and nothing happens twice", async () => {
    newKey();
    const since = await api.lastOfTrail();
    const [first, again] = [await add("first-one"), await add("first-one")];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.json).toEqual(first.json);
    expect([first, again].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, "true"]);
    expect(await begun(since)).toBe(1);
  });

  test("is another request with another body, address or method: refused", async () => {
    newKey();
    await add("second-one");
    for (const other of [
      await add("third-one"),
      await api.call("POST /tenants", { id: "second-one", name: "x" }, { key }),
      await api.call("POST /tenants/harbourline/resume", undefined, { key }),
    ]) {
      expect([other.status, other.json.error.code]).toEqual([422, "KEY_REUSED"]);
    }
    expect(await api.tenants.get("third-one")).toBeNull();
  });

  test("may have a body that nobody asked for, nested however deep", async () => {
    newKey();
    const headers = {
      authorization: `Bearer ${api.admin}`,
      "content-type": "application/json",
      "idempotency-key": key,
    };
    const body = "[".repeat(200_000) + "]".repeat(200_000);
    for (const replayed of [null, "true"]) {
      const answer = await fetch(`${api.base}/api/tenants/harbourline/resume`, { method: "POST", headers, body });
      expect([answer.status, answer.headers.get("idempotency-replayed")]).toEqual([200, replayed]);
    }
  });

  test("is somebody else's under theirs", async () => {
    newKey();
    await add("fourth-one");
    const other = await add("fourth-one", { as: await api.tokenOf({ role: "operator" }) });
    expect([other.status, other.json.error.code]).toEqual([409, "TENANT_EXISTS"]);
  });

  test("is answered to nobody who may not ask any more", async () => {
    newKey();
    await api.operators.add({ name: "lessened", role: "operator" });
    const { token: as } = await api.tokens.issue("lessened", { name: "t", ttlMs: 60_000 });
    expect((await add("fifth-one", { as })).status).toBe(201);
    await api.operators.setRole("lessened", { role: "operator", tenants: ["harbourline"] });
    expect((await add("fifth-one", { as })).json.error.code).toBe("ALL_TENANTS_NEEDED");
  });

  test("while the first is under way is told to wait; there is one effect", async () => {
    newKey();
    let [arrive, release] = [() => {}, () => {}];
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let made = 0;
    const at = await api.listen(({ tenants }) => ({
      tenants: {
        ...tenants,
        async create(tenant) {
          made += 1;
          arrive();
          await held;
          return tenants.create(tenant);
        },
      },
    }));
    const first = add("slow-one", { at });
    await arrived;
    const second = await add("slow-one", { at });
    expect([second.status, second.json.error.code]).toEqual([409, "STILL_RUNNING"]);
    release();
    expect((await first).status).toBe(201);
    expect((await add("slow-one", { at })).headers.get("idempotency-replayed")).toBe("true");
    expect(made).toBe(1);
  });

  test("of many at once is done by one", async () => {
    newKey();
    const since = await api.lastOfTrail();
    const answers = await Promise.all(Array.from({ length: 8 }, () => add("crowded-one")));
    expect(await begun(since)).toBe(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
  });

  test("after it failed is tried again", async () => {
    newKey();
    await api.tenants.create({ id: "taken-one", name: "" });
    const since = await api.lastOfTrail();
    for (const _ of [1, 2]) expect((await add("taken-one")).json.error.code).toBe("TENANT_EXISTS");
    expect(await begun(since)).toBe(2);
  });

  test("after the process died is taken over once it must be dead, by the same request only", async () => {
    newKey();
    const pause = (action = "pause") => api.call(`POST /tenants/harbourline/${action}`, undefined, { key });
    await pause();
    await api.pool.query("update idempotency_key set status = null, answer = null where key = $1", [key]);
    expect((await pause()).json.error.code).toBe("STILL_RUNNING");
    await age("121 seconds");
    expect((await pause("resume")).json.error.code).toBe("KEY_REUSED");
    const taken = await pause();
    expect([taken.status, taken.headers.get("idempotency-replayed")]).toEqual([200, null]);
    expect((await pause()).headers.get("idempotency-replayed")).toBe("true");
  });

  test("is forgotten after a day", async () => {
    newKey();
    await add("sixth-one");
    await age("25 hours");
    expect((await add("seventh-one")).status).toBe(201);
  });

  test("is not done again when its answer could not be kept", async () => {
    newKey();
    const at = await api.listen(({ idempotency }) => ({
      idempotency: { ...idempotency, keep: async () => Promise.reject(new Error("not now")) },
    }));
    const since = await api.lastOfTrail();
    expect((await add("unkept-one", { at })).status).toBe(201);
    expect((await add("unkept-one")).json.error.code).toBe("STILL_RUNNING");
    expect(await begun(since)).toBe(1);
  });
});

test("an answer that holds a secret is not kept", async () => {
  newKey();
  const body = { name: "nina", role: "viewer" };
  const { status, json } = await api.call("POST /users", body, { key });
  expect([status, json.signIn.code]).toEqual([201, expect.stringMatching(/^psonce_/)]);
  const { json: token } = await api.call("POST /users/nina/tokens", { name: "t" }, { key: newKey() });
  const { rows } = await api.pool.query("select k::text as row from idempotency_key k");
  const kept = rows.map(({ row }) => row).join();
  expect(kept).not.toContain("psonce_");
  expect(kept).not.toContain(token.token);
  expect((await api.call("POST /users", body, { key: "key-x" })).json.error.code).toBe("OPERATOR_EXISTS");
});

test.each(["", "with space", "x".repeat(201), "é"])("%j is no key", async (key) => {
  const { status, json } = await api.call("POST /tenants", { id: "no-such-one" }, { key });
  expect([status, json.error.code, json.error.where]).toEqual([400, "BAD_REQUEST", "headers.idempotency-key"]);
});
