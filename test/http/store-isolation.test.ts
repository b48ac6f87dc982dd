import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { localActor } from "../../src/store/actor.ts";
import { A, B, CANARY, PARTNER, planOf, RECORD, startTwoTenants, type TwoTenants } from "./two-tenants.ts";

let server: TwoTenants;

beforeAll(async () => {
  server = await startTwoTenants();
});
afterAll(() => server.stop());

/** Calls the function for tenant A, with ids of B wherever it takes any. */
type Try = () => unknown;
/** Why the function is not for one tenant, and who sees to it that nobody else's is reached by it. */
type Reason = `of ${string}` | `by ${string}`;

const WORKERS = "by a lane's own id, which only workers have: rung for from the queue";
const CLAIM = "by a claim, which names its tenant and lane and is had from the database";
const CONNECTION =
  "by a connection's own id: operations/pause-connection compares its tenant, all else has it from a row of the tenant";
const PERSON = "of people, who belong to no tenant: routes for those who see all tenants only";

const only = [A];
const delivery = (): Parameters<TwoTenants["lanes"]["accept"]>[0] => ({
  ...{ tenantId: A, connectionId: server.ofA.pipedrive, source: "pipedrive", deliveryKey: CANARY },
  ...{ payload: Buffer.from(""), ...RECORD, kind: null, programId: null },
});
const secrets = { token: "t", webhookUser: "u", webhookPassword: "p" };
const connection = { tenantId: A, environment: "rehearsal", baseUrl: "http://a", side: "pipedrive", secrets } as const;

const TABLE = {
  tenants: {
    create: async () => server.tenants.create({ id: B, name: "again" }).catch(({ code }) => code),
    list: () => server.tenants.list({ only }),
    get: () => server.tenants.get(A),
    known: () => server.tenants.known(A),
    pause: () => server.tenants.pause(A, "test"),
    resume: () => server.tenants.resume(A),
    pauseByDocument: () => server.tenants.pauseByDocument(A, true),
    setFourEyes: () => server.tenants.setFourEyes(A, true),
    key: async () => {
      const sealed = (await server.tenants.key(B)).sealJson("finding.detail", {});
      const key = await server.tenants.key(A);
      expect(() => key.unsealJson("finding.detail", sealed)).toThrow();
    },
  },
  connections: {
    add: () => server.connections.add(connection),
    replace: () => server.connections.replace(connection),
    list: () => server.connections.list(A),
    page: () => server.connections.page({ only, retired: true, past: [A, server.ids.program], limit: 200 }),
    current: () => server.connections.current(A, "program"),
    active: () => server.connections.active(A, "program"),
    eventCredentials: () => server.connections.eventCredentials(A),
    activate: CONNECTION,
    giveUp: CONNECTION,
    get: CONNECTION,
    pipedriveSecrets: CONNECTION,
    programSecrets: CONNECTION,
    saveSecrets: CONNECTION,
    webhookCredentials: "by a connection's own id: what it answers has to be shown by the sender, and names the tenant",
    pause: CONNECTION,
    resume: CONNECTION,
    park: CONNECTION,
    saveWebhookIds: CONNECTION,
  },
  mappings: {
    saveLive: () =>
      server.mappings.saveLive({ tenantId: A, document: "a", plan: { ...planOf(A), revision: 2 }, loadedBy: "a" }),
    live: async () => (await server.mappings.live(A))?.document,
    liveRevision: () => server.mappings.liveRevision(A),
    propose: () => server.mappings.propose({ tenantId: A, document: "a", proposedById: randomUUID(), proposedBy: "a" }),
    proposal: () => server.mappings.proposal(A),
    withdraw: () => server.mappings.withdraw(A, server.ids.sha256),
  },
  findings: {
    raise: () =>
      server.findings.raise({
        tenantId: A,
        code: "C",
        severity: "info",
        subject: "a",
        message: "a",
        laneId: server.ids.lane,
      }),
    list: () => server.findings.list(A, { all: true }),
    page: async () => {
      const shown = await server.findings.page({ only, closed: true, past: [new Date("9000-01-01"), 1], limit: 200 });
      expect(shown.every(({ tenantId }) => tenantId === A)).toBe(true);
    },
    close: async () => expect(await server.findings.close(A, server.ids.finding)).toBe(false),
    recordsWith: async () => expect(await server.findings.recordsWith(A, ["OPTION_UNMAPPED"])).toEqual([]),
    closeOlder: () => server.findings.closeOlder(A, ["OPTION_UNMAPPED"], new Date("9000-01-01")),
  },
  records: {
    find: async () => {
      expect(await server.records.find(A, { object: "deal", crmId: RECORD.crmId })).toBeNull();
      expect(await server.records.find(A, { kind: "partner", programId: PARTNER })).toBeNull();
      return server.records.find(A, RECORD);
    },
  },
  spend: {
    record: "by whoever spends: the client of a connection, made with its tenant",
    totals: () => server.spend.totals(A),
    flush: "of the process: writes down what was counted",
    close: "of the process: writes down what was counted",
  },
  lanes: {
    accept: () => server.lanes.accept(delivery()),
    next: () => server.lanes.next(A, "inbound"),
    quiet: () => server.lanes.quiet(A),
    claim: WORKERS,
    content: WORKERS,
    settle: CLAIM,
    unring: WORKERS,
    sweepTenants: "of all tenants: the sweep, which is nobody's",
    sweepSilent: "of all tenants: the sweep, which is nobody's",
  },
  links: {
    crmIdOf: async () => expect(await server.links.crmIdOf(A, "partner", PARTNER)).toBeUndefined(),
    customersOf: async () => expect(await server.links.customersOf(A, PARTNER)).toEqual({}),
    seenProgramOf: async () => expect(await server.links.seenProgramOf(A, "partner", PARTNER)).toBeNull(),
  },
  writes: {
    hintCreate: async () => expect(await server.writes.hintCreate(A, "organization", 1, PARTNER)).toBe(false),
    openIntent: CLAIM,
    link: CLAIM,
    reserve: CLAIM,
  },
  audit: {
    list: () => server.audit.list({ tenants: only, limit: 200 }),
    begin: () => server.audit.begin({ ...act(), tenantId: A }),
    end: () => server.audit.end(1, { ...act(), tenantId: A }, { phase: "done" }),
    note: () => server.audit.note({ ...act(), tenantId: A }, { phase: "done" }),
  },
  idempotency: {
    begin: async () => expect(await server.idempotency.begin("a", "key", Buffer.from("f"))).toEqual({ state: "new" }),
    keep: "by caller and key: an operator's, who is known by then",
    forget: "by caller and key: an operator's, who is known by then",
  },
  operators: {
    ...{
      add: PERSON,
      find: PERSON,
      get: PERSON,
      list: PERSON,
      count: PERSON,
      setRole: PERSON,
      disable: PERSON,
      enable: PERSON,
    },
    ...{ issueOnce: PERSON, ofCode: PERSON, usePassword: PERSON, verifyPassword: PERSON },
  },
  tokens: { issue: PERSON, verify: PERSON, list: PERSON, revoke: PERSON },
  sessions: { begin: PERSON, verify: PERSON, end: PERSON },
  guessing: { waitMs: PERSON, failed: PERSON, succeeded: PERSON },
} satisfies { [S in keyof Stores]: Record<keyof Stores[S], Try | Reason> };

type StoreName =
  | ("tenants" | "connections" | "mappings" | "findings" | "records" | "spend" | "lanes" | "links" | "writes")
  | ("audit" | "idempotency" | "operators" | "tokens" | "sessions" | "guessing");
type Stores = Pick<TwoTenants["app"], StoreName>;

const act = () => ({ actor: localActor("a"), address: null, correlationId: "a", action: "a", target: "a" });

/** What an app has that is no store: no question of a tenant's rows is put to it. */
const NO_STORES = ["config", "log", "database", "clients", "contexts", "doorbells", "ringer", "close"];
const rows = Object.entries(TABLE).flatMap(([store, functions]) =>
  Object.entries(functions).map(([name, row]) => [`${store}.${name}`, row as Try | Reason] as const),
);

describe("the table", () => {
  test("has every store of an app", () => {
    expect(Object.keys(TABLE).sort()).toEqual(
      Object.keys(server.app)
        .filter((name) => !NO_STORES.includes(name))
        .sort(),
    );
  });

  test.each(Object.keys(TABLE) as StoreName[])("has every function of %s", (name) => {
    expect(Object.keys(TABLE[name]).sort()).toEqual(Object.keys(server.app[name]).sort());
  });
});

describe("asked for A with B's ids, nothing of B is answered or changed", () => {
  test.each(rows.filter(([, row]) => typeof row === "function") as [string, Try][])("%s", async (_name, call) => {
    const before = await server.rowsOfB();
    const answered = JSON.stringify((await call()) ?? null);
    expect(answered).not.toContain(CANARY);
    expect(answered).not.toContain(B);
    expect(await server.rowsOfB()).toEqual(before);
  });
});

test("B's rows are there to be seen", async () => {
  const rows = await server.rowsOfB();
  const filled = Object.keys(rows).filter((table) => rows[table]?.length);
  expect(filled).toEqual(expect.arrayContaining(["connection", "finding", "history", "inbox", "inbox_lane", "lane"]));
  expect(filled).toEqual(expect.arrayContaining(["link", "mapping_proposal", "mapping_revision", "token_spend"]));
  expect(JSON.stringify([await server.findings.list(B), await server.records.find(B, RECORD)])).toContain(CANARY);
});
