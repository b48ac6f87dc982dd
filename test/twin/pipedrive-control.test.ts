import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import Fastify from "fastify";
import { guardControl } from "../../src/twin/control/index.ts";
import { ACME, call, type Json, type Rig, startRig } from "./pipedrive-rig.ts";

let rig: Rig;
const fresh = () => {
  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(() => rig.twin.close());
};

describe("setting a company up", () => {
  fresh();

  test("again keeps everything and adds what is missing", async () => {
    const more = {
      domain: "acme",
      users: [{ name: "New", email: "new@acme.example" }],
      fields: {
        organization: [
          { label: "Allbound Status", type: "Single option", options: ["Active", "Paused"] },
          { label: "Website 2", type: "Text" },
        ],
      },
      pipelines: [{ name: "Partner", stages: ["Registered", "Signed"] }],
    };
    const { body } = await rig.control("POST", "/companies", more);
    expect(body.company_id).toBe(rig.account.company_id);
    expect(body.api_token).toBe(rig.account.api_token);
    const before = rig.account.fields.organization?.["Allbound Status"];
    expect(body.fields.organization["Allbound Status"]).toEqual({
      ...before,
      options: { ...before?.options, Paused: expect.any(Number) },
    });
    expect(Object.keys(body.fields.organization)).toContain("Website 2");
    expect(body.users).toHaveLength(3);
    expect(body.pipelines[1].stages.map((stage: Json) => stage.name)).toEqual(["Registered", "Accepted", "Signed"]);
  });

  test("draws ids from the seed: equal for equal seeds, foreign for another", async () => {
    const [same, other] = [await startRig({ seed: "rig" }), await startRig({ seed: "another" })];
    try {
      expect(same.account).toEqual(rig.account);
      const ids = (account: Json): unknown[] => [
        account.company_id,
        account.api_token,
        ...account.users.map((user: Json) => user.id),
        ...Object.values(account.fields).flatMap((fields) => Object.values(fields as Json).map((field) => field.key)),
        ...Object.values(account.fields).flatMap((fields) =>
          Object.values(fields as Json).flatMap((field) => Object.values(field.options ?? {})),
        ),
        ...account.pipelines.flatMap((one: Json) => [one.id, ...one.stages.map((stage: Json) => stage.id)]),
      ];
      const mine = new Set(ids(rig.account));
      expect(ids(other.account).filter((id) => mine.has(id))).toEqual([]);
      for (const key of Object.values(rig.account.fields.deal ?? {})) expect(key.key).toMatch(/^[0-9a-f]{40}$/);
    } finally {
      await Promise.all([same.twin.close(), other.twin.close()]);
    }
  });

  test("does not depend on the order of fields", async () => {
    const turned = { fields: { ...ACME.fields, deal: [...ACME.fields.deal].reverse() } };
    const other = await startRig({}, turned);
    expect(other.account.fields.deal).toEqual(rig.account.fields.deal);
    await other.twin.close();
  });
});

describe("misuse is answered in words", () => {
  let shared: Rig;
  beforeAll(async () => {
    shared = await startRig();
  });
  afterAll(() => shared.twin.close());

  test.each<[string, string, Json | undefined, number, RegExp]>([
    ["POST", "/companies", { domain: "Acme Corp" }, 400, /domain/],
    ["POST", "/companies", { domain: "fresh" }, 400, /at least one user/],
    [
      "POST",
      "/companies",
      { domain: "acme", fields: { deal: [{ label: "X", type: "Dropdown" }] } },
      400,
      /single option/,
    ],
    [
      "POST",
      "/companies",
      { domain: "acme", fields: { deal: [{ label: "X", type: "constructor" }] } },
      400,
      /unknown type/,
    ],
    ["POST", "/companies", { domain: "acme", switches: { noSuch: true } }, 400, /Known: deletedGet/],
    [
      "POST",
      "/companies",
      { domain: "acme", fields: { deal: [{ label: "Score", type: "Text" }] } },
      409,
      /type double/,
    ],
    ["GET", "/companies/nobody", undefined, 404, /Known: acme/],
    ["POST", "/companies/acme/edit", { object: "deals", set: {} }, 400, /object/],
    ["POST", "/companies/acme/edit", { object: "deal", set: { "label:Nope": 1 } }, 400, /no deal field "Nope"/],
    ["POST", "/companies/acme/edit", { object: "deal", set: { stage: "Nope" } }, 400, /Known: New, Qualified/],
    ["POST", "/companies/acme/edit", { object: "deal", set: { title: 7 } }, 400, /title: Expected string/],
    ["POST", "/companies/acme/edit", { object: "deal", set: { title: "x" }, by: "no@x.example" }, 400, /no user/],
    ["GET", "/companies/acme/records/deal/1", undefined, 404, /no deal 1/],
    ["POST", "/faults", { match: { side: "pipedrive", path: "(" }, kind: "reset" }, 400, /regular expression/],
    ["POST", "/faults", { match: {}, kind: "boom" }, 400, /kind/],
    ["POST", "/deliveries", { resend: ["nope"] }, 404, /no delivery "nope"/],
    ["POST", "/clock", { advanceMs: -1 }, 400, /advanceMs/],
    ["GET", "/nowhere", undefined, 404, /no GET \/_twin\/nowhere/],
  ])("%s %s %j", async (method, path, body, status, words) => {
    const answer = await shared.control(method, path, body);
    expect([answer.status, answer.body.error]).toEqual([status, expect.stringMatching(words)]);
  });
});

describe("people", () => {
  fresh();

  test("edit by labels and names, and read the record back in the same words", async () => {
    const org = await rig.edit({
      object: "organization",
      set: { name: "Partner Ltd", "label:Allbound Status": "Active" },
    });
    expect(org.labels).toMatchObject({ Name: "Partner Ltd", "Allbound Status": "Active", Regions: null });
    const deal = await rig.edit({
      object: "deal",
      set: {
        title: "Typed",
        stage: "Accepted",
        owner: "ivan@acme.example",
        organization: org.id,
        "label:Partner": org.id,
        "label:Partner manager": "olga@acme.example",
        "label:Protected until": "2026-12-31",
      },
    });
    expect(deal.labels).toMatchObject({
      Stage: "Accepted",
      Pipeline: "Partner",
      Owner: "ivan@acme.example",
      Organization: "Partner Ltd",
      Partner: "Partner Ltd",
      "Partner manager": "olga@acme.example",
      "Protected until": "2026-12-31",
    });
    const changed = await rig.edit({
      object: "organization",
      id: org.id,
      set: { "label:Allbound Status": "", "label:Regions": ["North"] },
    });
    expect(changed.labels).toMatchObject({ "Allbound Status": null, Regions: ["North"] });
    const { body } = await rig.control("GET", "/companies/acme/records/organization");
    expect(body.records.map((record: Json) => record.labels.Name)).toEqual(["Partner Ltd"]);
    const gone = await rig.control("POST", "/companies/acme/delete", { object: "organization", id: org.id });
    expect(gone.body.is_deleted).toBe(true);
  });
});

describe("faults", () => {
  fresh();

  const arm = (kind: string, more: Json = {}) =>
    rig.control("POST", "/faults", {
      match: { side: "pipedrive", method: "POST", path: "organizations", company: "acme" },
      kind,
      ...more,
    });
  const create = () => rig.api("POST", "/api/v2/organizations", { name: "Faulty" });
  const count = async () => (await rig.control("GET", "/companies/acme/records/organization")).body.records.length;

  test("refuse without effect, as often as told", async () => {
    await arm("status", { status: 503, times: 2 });
    expect([(await create()).status, (await create()).status, (await create()).status]).toEqual([503, 503, 200]);
    await arm("429_daily");
    expect((await create()).body.error).toBe("daily request budget exceeded");
    await arm("429_burst");
    expect((await create()).body.error).toBe("Request over limit");
    await arm("html403");
    expect((await create()).headers.get("content-type")).toMatch("text/html");
    expect(await count()).toBe(1);
  });

  test("break the connection before, after, or long before the effect", async () => {
    await arm("reset");
    await expect(create()).rejects.toThrow();
    expect(await count()).toBe(0);
    await arm("lost_answer");
    await expect(create()).rejects.toThrow();
    expect(await count()).toBe(1);
    await arm("late_commit", { ms: 50 });
    await expect(create()).rejects.toThrow();
    expect(await count()).toBe(1);
    while ((await count()) < 2);
  });

  test("answer late what was carried out at once", async () => {
    await arm("late_answer", { ms: 150 });
    let answered = false;
    const created = create().then((answer) => {
      answered = true;
      return answer;
    });
    while ((await count()) < 1);
    expect(answered).toBe(false);
    expect((await created).status).toBe(200);
    await arm("late_answer", { ms: 1_000 }); // whoever waits less long does not learn of it
    const headers = { "content-type": "application/json", "x-api-token": rig.account.api_token };
    const post = { method: "POST", headers, body: '{"name":"Unheard"}', signal: AbortSignal.timeout(300) };
    await expect(fetch(`${rig.twin.url}/api/v2/organizations`, post)).rejects.toThrow();
    expect(await count()).toBe(2);
  });

  test("meet only what they match, and can be cleared", async () => {
    const { body } = await arm("reset", { times: 5 });
    expect((await rig.api("GET", "/api/v2/organizations")).status).toBe(200);
    expect((await rig.control("GET", "/faults")).body.faults).toHaveLength(1);
    await rig.control("DELETE", `/faults/${body.id}`);
    expect((await create()).status).toBe(200);
  });
});

describe("around it", () => {
  fresh();

  test("the health check answers, and unknown paths of the API have the API's envelope", async () => {
    expect((await call(rig.twin, "GET", "/healthz")).body).toEqual({ ok: true });
    expect((await rig.api("GET", "/api/v2/nothing")).body).toMatchObject({ success: false, code: "ERR_NOT_FOUND" });
    expect((await rig.api("GET", "/api/v1/nothing")).body).toMatchObject({ success: false, data: null });
  });

  test("callers from other machines are kept from the control API, however they spell its paths", async () => {
    const app = Fastify({ trustProxy: true }); // so that a header can say who calls
    guardControl(app);
    app.get("/_twin/state", async () => ({}));
    app.get("/healthz", async () => ({}));
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    const from = async (address: string, path: string) =>
      (await call({ url }, "GET", path, undefined, { "x-forwarded-for": address })).status;
    try {
      for (const path of ["/_twin/state", "/%5Ftwin/state", "/_%74win/state", "/_twin/nowhere"]) {
        expect([path, await from("192.0.2.7", path)]).toEqual([path, 403]);
      }
      expect(await from("192.0.2.7", "/healthz")).toBe(200);
      expect(await from("192.0.2.7", "/nowhere?at=%zz")).toBe(404);
      for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
        expect(await from(address, "/%5Ftwin/state")).toBe(200);
      }
    } finally {
      await app.close();
    }
  });
});
