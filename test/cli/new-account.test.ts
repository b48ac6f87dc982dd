import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type App, openApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { createLogger } from "../../src/log.ts";
import { connectPipedrive } from "../../src/operations/connect.ts";
import { startTwin, type Twin } from "../../src/twin/index.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { type TwinClient, twinClient } from "../support/twin-client.ts";
import { cli, json } from "./cli-under-test.ts";

/* Accounts that have nothing of ours yet, each test with one of its own, by the command line alone. */

// biome-ignore lint/suspicious/noExplicitAny: a document that is edited as a person would
type Bendable = any;

interface Account {
  tenant: string;
  side: TwinClient;
  /** The service user's. */
  token: string;
  fields(): Promise<
    Record<string, Record<string, { key: string; type: string; options: Record<string, number> | null }>>
  >;
}

const environment = { ...process.env };
let database: TestDatabase;
let twin: Twin;
let folder: string;
/** Takes the customers on; what is tested goes through the command line. */
let app: App;
const said: string[] = [];
const tokens: string[] = [];

async function shownJson<T>(args: string[]): Promise<T> {
  const answer = await json<T>(args);
  said.push(JSON.stringify(answer));
  return answer;
}

async function run(args: string[], stdin = "") {
  const ran = await cli(args, stdin);
  said.push(ran.out, ran.err);
  return ran;
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "partnersync-cli-"));
  twin = await startTwin({ seed: "new accounts" });
  const settings = { DATABASE_URL: database.url, DATA_DIR: folder, PUBLIC_URL: "http://127.0.0.1:9" };
  Object.assign(process.env, settings, { BURST_TOKENS: "100000" });
  delete process.env.REDIS_URL;
  app = openApp({ ...loadConfig(), databaseUrl: database.url }, createLogger({ level: "silent" }));
});

afterAll(async () => {
  process.env = environment;
  await app?.close();
  await twin?.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

const SERVICE = { name: "Partner sync", email: "sync@customer.example", admin: true };

/** @param company what its account has beyond a service user */
async function account(tenant: string, company: Record<string, unknown> = {}, connected = true): Promise<Account> {
  const side = twinClient(twin.url, tenant, tenant);
  const made = await side.call<{ users: { email: string; api_token: string }[] }>("POST", "/companies", {
    domain: tenant,
    plan: "ultimate",
    limits: { off: true },
    users: [SERVICE],
    ...company,
  });
  const token = made.users.find(({ email }) => email === SERVICE.email)?.api_token ?? "";
  tokens.push(token);
  await app.tenants.create({ id: tenant, name: tenant });
  const connection = { tenantId: tenant, environment: "rehearsal" as const, baseUrl: twin.url, token };
  if (connected) await connectPipedrive(app, connection);
  const overview = () => side.call<{ fields: Awaited<ReturnType<Account["fields"]>> }>("GET", `/companies/${tenant}`);
  return { tenant, side, token, fields: async () => (await overview()).fields };
}

describe("fields provision", () => {
  const SIX = [
    ["organization", "Allbound ID", "varchar", null],
    ["organization", "Allbound Deal ID", "varchar", null],
    ["organization", "Allbound Status", "enum", ["Active", "Inactive", "Pending"]],
    ["person", "Allbound ID", "varchar", null],
    ["person", "Allbound Deal ID", "varchar", null],
    ["deal", "Allbound ID", "varchar", null],
  ];
  const listed = (fields: Awaited<ReturnType<Account["fields"]>>) =>
    Object.entries(fields).flatMap(([object, labelled]) =>
      Object.entries(labelled).map(([label, { type, options }]) => [
        object,
        label,
        type,
        options && Object.keys(options),
      ]),
    );
  const spent = async ({ side }: Account) => (await side.spend()).tokens;

  test("shows its plan and price, creates the six, and does nothing the second time", async () => {
    const empty = await account("from-nothing");
    const plan = await run(["fields", "provision", empty.tenant]);
    expect(plan.code).toBe(0);
    expect(plan.out).toMatch(
      /Organization +Allbound Status +Single option +missing +options: Active, Inactive, Pending/,
    );
    expect(listed(await empty.fields())).toEqual([]);
    const price = Number(/for about (\d+) tokens/.exec(plan.out)?.[1]);
    const before = await spent(empty);

    const done = await run(["fields", "provision", empty.tenant, "--yes"]);
    expect(done.code).toBe(0);
    expect(done.out).toContain('Organization "Allbound Status" created: Active, Inactive, Pending\n');
    expect(listed(await empty.fields())).toEqual(SIX);
    expect((await spent(empty)) - before).toBe(price);

    const keys = await empty.fields();
    const again = await run(["fields", "provision", empty.tenant, "--yes"]);
    expect(again.out).toContain("nothing was left to do\n");
    expect(await empty.fields()).toEqual(keys);
    expect((await run(["fields", "verify", empty.tenant])).out).toContain("all six are there");
  });

  test("uses what is there, adds the options that are missing, and touches nothing else", async () => {
    const fields = {
      organization: [
        { label: "allbound id", type: "Text" },
        { label: "Allbound Status", type: "Single option", options: ["Prospective", "active"] },
        { label: "Website", type: "Text" },
      ],
      person: [{ label: "Allbound ID", type: "Large text" }],
    };
    const known = await account("half-there", { fields });
    const before = await known.fields();
    const verified = await run(["fields", "verify", known.tenant]);
    expect(verified.code).toBe(1);
    expect(verified.out).toMatch(/Person +Allbound ID +Text +ready +Of type Large text instead of Text/);
    expect(verified.out).toMatch(/options: Inactive, Pending; Also has the options "Prospective"/);

    const { done } = await shownJson<{ done: { object: string; label: string; what: string; options: string[] }[] }>([
      "fields",
      "provision",
      known.tenant,
      "--yes",
    ]);
    expect(done.map(({ object, label, what }) => [object, label, what])).toEqual([
      ["organization", "Allbound Deal ID", "created"],
      ["organization", "Allbound Status", "options added"],
      ["person", "Allbound Deal ID", "created"],
      ["deal", "Allbound ID", "created"],
    ]);
    const after = await known.fields();
    for (const [object, labelled] of Object.entries(before)) expect(after[object]).toMatchObject(labelled);
    expect(Object.keys(after.organization?.["Allbound Status"]?.options ?? {})).toEqual([
      ...["Prospective", "active", "Inactive", "Pending"],
    ]);
    expect(listed(after)).toHaveLength(7);
  });

  test("does nothing at all while a field of that label has a type of its own", async () => {
    const blocked = await account("wrong-type", { fields: { deal: [{ label: "Allbound ID", type: "Numerical" }] } });
    const plan = await run(["fields", "provision", blocked.tenant]);
    expect([plan.code, plan.out]).toEqual([1, expect.stringContaining("1 blocked: nothing is created")]);
    const { code, err } = await run(["fields", "provision", blocked.tenant, "--yes"]);
    expect(code).toBe(1);
    expect(err).toContain(
      'FIELDS_BLOCKED: fields stand in the way: Deal "Allbound ID". A field of this label is of type',
    );
    expect(listed(await blocked.fields())).toEqual([["deal", "Allbound ID", "double", null]]);
  });

  test("goes on where it was cut off, and makes none twice although the answer was lost", async () => {
    const cut = await account("cut-off");
    const match = { side: "pipedrive", company: cut.tenant, method: "POST", path: "^/api/v2/personFields" };
    await cut.side.call("POST", "/faults", { match, kind: "lost_answer", times: 1 });
    const first = await run(["fields", "provision", cut.tenant, "--yes"]);
    expect(first.code).toBe(1);
    expect(first.err).toContain('FIELDS_UNCERTAIN: Person "Allbound ID" may have been created or not');
    expect(first.err).toContain('Organization "Allbound Deal ID", Organization "Allbound Status".');
    expect(listed(await cut.fields())).toEqual(SIX.slice(0, 4));

    expect((await run(["fields", "provision", cut.tenant, "--yes"])).code).toBe(0);
    expect(listed(await cut.fields())).toEqual(SIX);
    const { data } = await listFields(cut, "person");
    expect(data.filter((field) => field.is_custom_field)).toHaveLength(2);
  });

  test("two at once make no field twice", async () => {
    const busy = await account("two-at-once");
    const both = await Promise.all([1, 2].map(() => run(["fields", "provision", busy.tenant, "--yes"])));
    expect(both.map(({ code, err }) => code === 0 || err.includes("UNDER_WAY"))).toEqual([true, true]);
    const { data } = await listFields(busy, "organization");
    expect(data.filter((field) => field.is_custom_field)).toHaveLength(3);
  });

  test("says that the plan has no room, and what was made by then", async () => {
    const fields = { deal: Array.from({ length: 28 }, (_, i) => ({ label: `Field ${i}`, type: "Text" })) };
    const full = await account("full-plan", { plan: "lite", fields });
    const { code, err } = await run(["fields", "provision", full.tenant, "--yes"]);
    expect(code).toBe(1);
    expect(err).toContain('FIELDS_LIMIT: Organization "Allbound Status" cannot be created');
    expect(err).toContain('Done before: Organization "Allbound ID", Organization "Allbound Deal ID".');
    expect(err).toContain("do:    delete custom fields that nobody uses, or take a larger plan");
  });

  test("says which right the token's user lacks", async () => {
    const users = [{ ...SERVICE, admin: false }];
    const { tenant } = await account("no-right", { users });
    const { code, err } = await run(["fields", "provision", tenant, "--yes"]);
    expect(code).toBe(1);
    expect(err).toContain("FIELDS_FORBIDDEN");
    expect(err).toContain("give the token's user the right to add custom fields");
  });

  test("says that the account has to be connected first", async () => {
    const { tenant } = await account("not-connected", {}, false);
    expect((await run(["fields", "verify", tenant])).err).toContain("NOT_CONNECTED");
  });

  async function listFields({ token }: Account, object: string) {
    const url = `${twin.url}/api/v2/${object}Fields?limit=500`;
    const answer = await fetch(url, { headers: { "x-api-token": token } });
    return (await answer.json()) as { data: { is_custom_field: boolean }[] };
  }
});

describe("credentials validate", () => {
  interface Report {
    user: { name: string } | null;
    company: { domain: string } | null;
    checks: { about: string; state: string; detail: string }[];
    limits: Record<string, number | null>;
    testRecords: { object: string; id: number }[];
    tokens: number;
  }
  const states = ({ checks }: Report) => Object.fromEntries(checks.map(({ about, state }) => [about, state]));
  const validate = async (tenant: string, ...options: string[]) => {
    const ran = await run(["credentials", "validate", tenant, ...options, "--json"]);
    return { code: ran.code, report: JSON.parse(ran.out) as Report };
  };

  test("looks at a token before it is connected, and proves only what it saw", async () => {
    const { tenant, token } = await account("before-connect", { plan: "growth", limits: {} }, false);
    const args = ["credentials", "validate", tenant, "--url", twin.url, "--environment", "rehearsal"];
    const ran = await run([...args, "--json"], token);
    expect(ran.code).toBe(0);
    const report = JSON.parse(ran.out) as Report;
    expect([report.user?.name, report.company?.domain]).toEqual(["Partner sync", tenant]);
    expect(states(report)).toEqual({
      ...{ token: "ok", company: "ok", admin: "ok", "create fields": "ok" },
      ...{ "read organization": "not proven", "read person": "not proven", "read deal": "not proven" },
      ...{ "create organization": "not proven", "create person": "not proven", "create deal": "not proven" },
      ...{ "edit organization": "not proven", "edit person": "not proven", "edit deal": "not proven" },
    });
    expect(report.limits).toEqual({ dailyTokens: 60_000, dailyLeft: 60_000 - report.tokens, perTwoSeconds: 40 });
    expect(report.tokens).toBe(42);
    expect((await run(["connect", "list", "--tenant", tenant])).out).toBe("nothing is connected\n");
  });

  test("proves creating and editing with three marked records, as they were made, for the customer to delete", async () => {
    const { tenant, side } = await account("test-records");
    const ran = await run(["credentials", "validate", tenant, "--with-test-records"]);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/made: deal \d+ "partnersync test record, please delete"; please delete it in Pipedrive/);
    expect(ran.out).toContain("10 ok, 0 warnings, 0 failed, 3 not proven; 87 tokens");
    for (const object of ["organization", "person", "deal"]) {
      const [made, ...more] = await side.records(object);
      expect(more).toEqual([]);
      expect(made?.[object === "deal" ? "title" : "name"]).toBe("partnersync test record, please delete");
    }
    const { report } = await validate(tenant);
    expect(states(report)).toMatchObject({ "read organization": "ok", "read person": "ok", "read deal": "ok" });
  });

  test("tells what the user may not do, of each object by itself", async () => {
    const { tenant, side } = await account("refused", { users: [{ ...SERVICE, admin: false }] });
    const deny = (part: string, because: string) => side.call("POST", `/companies/${tenant}/deny`, { part, because });
    await deny("person.create", "right");
    await deny("deal.edit", "scope");
    await deny("organization.read", "right");
    await deny("user_permissions", "right");
    const { code, report } = await validate(tenant, "--with-test-records");
    expect(code).toBe(1);
    expect(states(report)).toEqual({
      ...{ token: "ok", company: "ok", admin: "warning", "create fields": "not proven" },
      ...{ "read organization": "failed", "read person": "not proven", "read deal": "not proven" },
      ...{ "create organization": "ok", "create person": "failed", "create deal": "ok" },
      ...{ "edit organization": "ok", "edit person": "not proven", "edit deal": "failed" },
    });
    expect(report.testRecords.map(({ object }) => object)).toEqual(["organization", "deal"]);
  });

  test("says that a token does not work, and proves nothing else", async () => {
    const { tenant, token } = await account("wrong-token", {}, false);
    const wrong = [...token].reverse().join("");
    tokens.push(wrong);
    const args = ["credentials", "validate", tenant, "--url", twin.url, "--environment", "rehearsal"];
    const { code, out } = await run(args, wrong);
    expect(code).toBe(1);
    expect(out).toContain("not known whose the token is");
    expect(out).toContain("0 ok, 0 warnings, 1 failed, 12 not proven");
  });

  test("sends a token nowhere in clear unless the account is no real one", async () => {
    const { tenant, token } = await account("in-clear", {}, false);
    const { code, err } = await run(["credentials", "validate", tenant, "--url", twin.url], token);
    expect([code, err]).toEqual([1, expect.stringContaining("ADDRESS_NOT_HTTPS")]);
  });
});

describe("from nothing to a document in force", () => {
  const tenant = "onboarded";
  const file = (name: string) => join(folder, name);
  const edit = async (name: string, change: (document: Bendable) => void) => {
    const document: Bendable = JSON.parse(await readFile(file(name), "utf8"));
    change(document);
    await writeFile(file(name), JSON.stringify(document, null, 2));
  };
  const decide = (document: Bendable) => {
    document.stages.entry.stage = "Registered";
    document.stages.map = [{ program: "working", pipeline: "Channel", stage: "Registered" }];
    document.rules.owner.fallback_email = "desk@customer.example";
    for (const part of Object.values<Bendable>(document.objects)) for (const line of part.extra) delete line.notes;
    const approval = { prepared_by: "ops", prepared_on: "2026-01-01", approved_by: "sales", approved_on: "2026-01-02" };
    Object.assign(document, { state: "approved", ...approval });
  };

  test("the account gets its fields, and a draft with a gap for each decision", async () => {
    await account(tenant, {
      users: [SERVICE, { name: "Desk", email: "desk@customer.example" }],
      fields: { organization: [{ label: "Partner tier", type: "Single option", options: ["Gold", "Silver"] }] },
      pipelines: [
        { name: "Sales", stages: ["New"] },
        { name: "Channel", stages: ["Registered", "Demo held"] },
      ],
    });
    expect((await run(["fields", "provision", tenant, "--yes"])).code).toBe(0);
    await run(["credentials", "validate", tenant, "--with-test-records"]);
    const drafted = await run(["mapping", "scaffold", tenant, "--out", file("draft.json")]);
    expect([drafted.code, drafted.out]).toEqual([0, `wrote ${file("draft.json")}\n`]);
    expect(drafted.err).toContain(
      "open at $.stages.entry.stage: the stage that a new Deal enters: Registered, Demo held",
    );
    const document: Bendable = JSON.parse(await readFile(file("draft.json"), "utf8"));
    expect(document.pipedrive.service_user_email).toBe(SERVICE.email);
    expect(drafted.err).toContain("to be confirmed at $.sync.start_at: from today on");
    expect(document.sync.start_at).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z$/);
    expect(document.rules.default_currency).toBe("EUR");
    const { organization_id, person_id, deal_id } = document.verify;
    expect([organization_id, person_id, deal_id].every(Number.isInteger)).toBe(true);
    expect(document.objects.organization.extra).toEqual([
      { program: "partner.name", system: "name", direction: "crm_to_program" },
      expect.objectContaining({ program: "partner.website", system: "website" }),
      expect.objectContaining({ program: "partner.tier", options: { gold: "Gold", silver: "Silver" } }),
    ]);
  });

  test("a draft is not overwritten, and not loaded while anything is open", async () => {
    const again = await run(["mapping", "scaffold", tenant, "--out", file("draft.json")]);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining("FILE_EXISTS")]);
    expect((await run(["mapping", "scaffold", tenant, "--out", file("draft.json"), "--force"])).code).toBe(0);
    const checked = await run(["mapping", "check", file("draft.json")]);
    expect(checked.code).toBe(1);
    expect(checked.out).toMatch(
      /error GAP_LEFT at \$\.rules\.owner\.fallback_email \(line \d+, column \d+\)\n +Still open: the e-mail/,
    );
    const loaded = await run(["mapping", "load", file("draft.json")]);
    expect([loaded.code, loaded.err]).toEqual([1, expect.stringContaining("GAP_LEFT")]);
  });

  test("decided, it is checked with the account and comes into force", async () => {
    await edit("draft.json", decide);
    const checked = await run(["mapping", "check", file("draft.json"), "--live"]);
    expect([checked.code, checked.out]).toEqual([0, expect.stringContaining("checked with the account: 0 errors")]);
    expect((await run(["mapping", "load", file("draft.json")])).out).toContain("revision 1 is in force");
  });

  test("its revisions are told with who and when, and apart", async () => {
    await edit("draft.json", (document) => {
      document.revision = 2;
      document.objects.organization.fields.allbound_status.direction = "both";
      document.objects.organization.fields.allbound_status.on_conflict = "crm";
    });
    expect((await run(["mapping", "diff", `${tenant}@live`, file("draft.json")])).out).toBe(
      [
        '~ Organization "Allbound Status": direction  crm_to_program -> both',
        '+ Organization "Allbound Status": on_conflict  crm',
        "~ revision  1 -> 2\n",
      ].join("\n"),
    );
    expect((await run(["mapping", "load", file("draft.json")])).code).toBe(0);
    const history = await shownJson<{ revision: number; state: string; loadedBy: string }[]>([
      "mapping",
      "history",
      tenant,
    ]);
    expect(history.map(({ revision, state }) => [revision, state])).toEqual([
      [2, "live"],
      [1, "retired"],
    ]);
    expect(history[0]?.loadedBy).toMatch(/\(command line\)$/);
    expect((await run(["mapping", "diff", `${tenant}@2`, `${tenant}@live`])).out).toBe("nothing changed\n");
    const unknown = await run(["mapping", "diff", `${tenant}@9`, `${tenant}@live`]);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("UNKNOWN_REVISION")]);
  });

  test("what the account keeps from its users is found before the load", async () => {
    const [text, status] = [{ type: "Text" }, { type: "Single option", options: ["Active", "Inactive", "Pending"] }];
    const ids = ["Allbound ID", "Allbound Deal ID"].map((label) => ({ label, ...text }));
    const owner = { name: "Owner", email: "owner@customer.example", admin: true };
    const {
      tenant: kept,
      side,
      token,
    } = await account("kept", {
      users: [{ ...SERVICE, admin: false }, owner, { name: "Desk", email: "desk@customer.example" }],
      fields: { organization: [...ids, { label: "Allbound Status", ...status }], person: ids, deal: ids.slice(0, 1) },
      pipelines: [{ name: "Channel", stages: ["Registered"] }],
    });
    tokens.push(token);
    const [organization, person] = [
      await side.edit("organization", { name: "Test organization" }),
      await side.edit("person", { name: "Test person" }),
    ];
    await run(["mapping", "scaffold", kept, "--out", file("kept.json")]);
    await edit("kept.json", (document) => {
      decide(document);
      document.verify = { organization_id: organization.id, person_id: person.id };
    });
    const restrict = (object: string, label: string, as: string) =>
      side.call("POST", `/companies/${kept}/restrict`, { object, label, as });
    await restrict("organization", "Allbound Deal ID", "locked");
    const { users } = await side.call<{ users: { email: string; api_token: string }[] }>("GET", `/companies/${kept}`);
    const admin = users.find(({ email }) => email === owner.email)?.api_token ?? "";
    const key = (await side.call<{ fields: Bendable }>("GET", `/companies/${kept}`)).fields.deal["Allbound ID"].key;
    await fetch(`${twin.url}/api/v2/dealFields/${key}`, {
      method: "PATCH",
      headers: { "x-api-token": admin, "content-type": "application/json" },
      body: JSON.stringify({ required_fields: { enabled: true } }),
    });
    const args = ["mapping", "check", file("kept.json"), "--canary"];
    const asked = await run(args);
    expect(asked.out).toMatch(/that costs up to 52 tokens more: --canary --yes\n$/);
    expect((await side.records("organization"))[0]?.labels).toMatchObject({ "Allbound ID": null });
    args.push("--yes");
    const { findings, tried } = JSON.parse((await run([...args, "--json"])).out);
    expect(findings.map(({ code, label }: Bendable) => [code, label])).toEqual([
      ["CANNOT_WRITE_FIELD", "Allbound Deal ID"],
      ["SERVICE_USER_NOT_ADMIN", undefined],
      ["FIELD_REQUIRED_FOR_HUMANS", "Allbound ID"],
      ["WEBHOOK_NOT_SEEN", undefined], // the account was connected without a public address
      ["WEBHOOK_NOT_SEEN", undefined],
    ]);
    expect(tried).toEqual(["organization", "person"]);
    const [left] = await side.records("organization");
    expect(left?.labels).toMatchObject({ "Allbound ID": null, "Allbound Deal ID": null });
    expect((await run(["fields", "verify", kept])).out).toContain("People have to fill it in");

    await restrict("person", "Allbound ID", "hidden");
    expect((await run(["mapping", "check", file("kept.json"), "--live"])).out).toContain(
      "error KEY_UNKNOWN at $.objects.person",
    );
  });

  test("its decisions are carried over to another account, as the next revision of nobody's", async () => {
    const { tenant: second } = await account("onboarded-too", {
      users: [SERVICE, { name: "Desk", email: "desk@customer.example" }],
      pipelines: [{ name: "channel", stages: ["Registered"] }],
    });
    await run(["fields", "provision", second, "--yes"]);
    const args = ["mapping", "scaffold", second, "--from", file("draft.json"), "--out", file("second.json")];
    const { err } = await run(args);
    expect(err.split("\n").map((line) => line.split(": ")[0])).toEqual([
      "open at $.objects.organization.extra[2].key",
      ...["organization", "person", "deal"].map((object) => `open at $.verify.${object}_id`),
      "",
    ]);
    expect(err).toContain('This account has no field Organization "Partner tier".\n');
    const document: Bendable = JSON.parse(await readFile(file("second.json"), "utf8"));
    expect(document).toMatchObject({ tenant: second, revision: 1, state: "draft" });
    expect(document.stages.entry).toEqual({ pipeline: "channel", stage: "Registered" });
  });

  test("its fields go into a sheet and come back", async () => {
    const convert = (...args: string[]) => run(["mapping", "convert", ...args]);
    expect((await convert(file("draft.json"), "--out", file("sheet.csv"))).code).toBe(0);
    const back = await convert(file("sheet.csv"), "--into", file("draft.json"), "--out", file("back.json"));
    expect([back.code, back.err]).toEqual([0, ""]);
    expect((await run(["mapping", "diff", file("draft.json"), file("back.json")])).out).toBe("nothing changed\n");
    const alone = await convert(file("sheet.csv"), "--out", file("alone.json"));
    expect(alone.err).toContain("open at $.pipedrive.environment: production or sandbox");
    expect((await convert(file("sheet.txt"))).err).toContain("FILE_UNREADABLE");
  });
});

test("no token was ever printed, and no key in full", () => {
  const everything = said.join("\n");
  for (const token of tokens) expect(everything).not.toContain(token);
  expect(everything).not.toMatch(/\b[0-9a-f]{40}\b/);
});
