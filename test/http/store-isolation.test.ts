import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { localActor } from "../../src/store/actor.ts";
import { DEFAULT_LIMITS } from "../../src/store/write-limits.ts";
import { type AccessStores, accessTries, type Reason, type Try } from "./access-tries.ts";
import { IDENTITY } from "./match-rows.ts";
import {
  A,
  B,
  CANARY,
  FIELDS,
  FORMER,
  PARTNER,
  planOf,
  RECORD,
  REVISIONS,
  startTwoTenants,
  type TwoTenants,
} from "./two-tenants.ts";

let server: TwoTenants;

beforeAll(async () => {
  server = await startTwoTenants();
});
afterAll(() => server.stop());

const WORKERS = "by a lane's own id, which only workers have: rung for from the queue";
const CLAIM = "by a claim, which names its tenant and lane and is had from the database";
const CONNECTION =
  "by a connection's own id: operations/pause-connection compares its tenant, all else has it from a row of the tenant";
const ROLL_OUT = "by a roll-out, which names its tenant and is had from the database";
const SWEEP = "of all tenants: the workers' rounds, which are nobody's";
const PERSON = "of people, who belong to no tenant: routes for those who see all tenants only";

const only = [A];
const delivery = (): Parameters<TwoTenants["lanes"]["accept"]>[0] => ({
  ...{ tenantId: A, connectionId: server.ofA.pipedrive, source: "pipedrive", deliveryKey: CANARY },
  ...{ payload: Buffer.from(""), ...RECORD, kind: null, programId: null },
});
const secrets = { token: "t", webhookUser: "u", webhookPassword: "p" };
const connection = { tenantId: A, environment: "rehearsal", baseUrl: "http://a", side: "pipedrive", secrets } as const;

const pairOfB = { ...RECORD, kind: "partner", programId: PARTNER } as const;
const CLONED = { object: "deal", crmId: 777_005 } as const;
const formerOfB = { ...pairOfB, programId: FORMER };

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
    alone: () => server.tenants.alone(B, "work", () => server.tenants.alone(A, "work", async () => "not held up")),
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
    eventCredentials: async () => {
      const credentials = await server.connections.eventCredentials(A);
      expect(credentials?.connectionId).toBe((await server.connections.current(A, "program"))?.id);
      return credentials;
    },
    intakeCredentials: async () => expect(await server.connections.intakeCredentials(A)).toBeNull(),
    activate: CONNECTION,
    giveUp: CONNECTION,
    get: CONNECTION,
    pipedriveSecrets: CONNECTION,
    programSecrets: CONNECTION,
    intakeSecrets: CONNECTION,
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
    liveRevision: async () => expect(await server.mappings.liveRevision(A)).toBe(2),
    follow: async () => {
      const { live: revision } = REVISIONS;
      const { loadedAt } = await server.mappings.revision(B, revision);
      const live = { revision, loadedAt, document: "", plan: planOf(A), loadedBy: "a" };
      return server.mappings.follow(A, live, { ...planOf(A), paused: true });
    },
    formerRevision: async () => expect(await server.mappings.formerRevision(A, REVISIONS.live)).toBe(1),
    revisions: () => server.mappings.revisions(A, { before: REVISIONS.next, limit: 200 }),
    revision: () =>
      expect(server.mappings.revision(A, REVISIONS.live)).rejects.toMatchObject({ code: "UNKNOWN_REVISION" }),
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
    raiseAll: () => {
      const about = { code: "OPTION_UNMAPPED", subject: CANARY } as const;
      return server.findings.raiseAll(A, [{ ...about, severity: "info", message: "a" }]);
    },
    closeAbout: () => server.findings.closeAbout(A, [CANARY]),
    closeOfTenant: () => server.findings.closeOfTenant(A, ["ROLL_OUT_PAUSED"]),
    recordsWith: async () => expect(await server.findings.recordsWith(A, ["OPTION_UNMAPPED"])).toEqual([]),
    closeOlder: () => server.findings.closeOlder(A, ["OPTION_UNMAPPED"], new Date("9000-01-01")),
  },
  records: {
    find: async () => {
      expect(await server.records.find(A, { object: "deal", crmId: RECORD.crmId })).toBeNull();
      expect(await server.records.find(A, { kind: "partner", programId: PARTNER })).toBeNull();
      return server.records.find(A, RECORD);
    },
    deliveriesOf: async () => expect(await server.records.deliveriesOf(A, RECORD)).toBe(0),
  },
  conflicts: {
    page: async () => {
      const asked = { states: ["open"], fields: [CANARY], before: Number.MAX_SAFE_INTEGER, limit: 200 } as const;
      expect(await server.conflicts.page(A, asked)).toEqual([]);
    },
    get: async () => expect(await server.conflicts.get(A, server.ids.conflict)).toBeNull(),
    say: async () => {
      const word = { crm: "a", program: "a" };
      const saying = { version: 1, state: "open", verdict: "crm", word, by: "a" } as const;
      expect(await server.conflicts.say(A, server.ids.conflict, saying)).toBe(false);
    },
    rewrites: async () => expect(await server.conflicts.rewrites(A)).toEqual([]),
  },
  history: {
    list: async () => {
      expect(await server.history.list(A, { laneId: server.ids.lane, limit: 10 })).toEqual([]);
      expect(await server.history.list(A, { fields: [{ role: "partner", field: CANARY }], limit: 10 })).toEqual([]);
    },
    laneOf: async () => {
      expect(await server.history.laneOf(A, RECORD)).toBeNull();
      expect(await server.history.laneOf(A, { kind: "partner", programId: PARTNER })).toBeNull();
    },
  },
  historySeals: {
    check: async () => expect(await server.historySeals.check(A, 0, 10)).toMatchObject({ checked: 0, head: null }),
    chainAt: async () => expect(await server.historySeals.chainAt(A, 1)).toBeNull(),
    seal: SWEEP,
  },
  spend: {
    record: "by whoever spends: the client of a connection, made with its tenant",
    totals: () => server.spend.totals(A),
    flush: "of the process: writes down what was counted",
    close: "of the process: writes down what was counted",
  },
  rollOutReach: {
    linked: async () => expect(await server.rollOutReach.linked(A)).toEqual({}),
    linkedRecords: async () => expect(await server.rollOutReach.linkedRecords(A)).toBe(0),
    withoutRecord: async () => expect(await server.rollOutReach.withoutRecord(A)).toEqual({}),
    waitingSample: async () => expect(await server.rollOutReach.waitingSample(A, 100)).toEqual([]),
    sample: async () => expect(await server.rollOutReach.sample(A, RECORD.object, 100)).toEqual([]),
    trial: async () => expect(await server.rollOutReach.trial(A, 100)).toEqual([]),
    linkedAmong: async () =>
      expect([...(await server.rollOutReach.linkedAmong(A, RECORD.object, [RECORD.crmId]))]).toEqual([]),
    unsettled: async () => expect(await server.rollOutReach.unsettled(A, [RECORD])).toBe(0),
    waiting: async () => expect(await server.rollOutReach.waiting(A)).toBe(0),
    errorsSince: async () => expect(await server.rollOutReach.errorsSince(A, new Date(0), null)).toEqual([]),
  },
  rollOuts: {
    open: async () => expect(await server.rollOuts.open(A)).toBeNull(),
    latest: async () => expect(await server.rollOuts.latest(A)).toBeNull(),
    formerOf: async () => expect(await server.rollOuts.formerOf(A, REVISIONS.next)).toBeUndefined(),
    begin: () => server.rollOuts.begin({ ...rollOut, tenantId: A, plan: planOf(A) }),
    take: SWEEP,
    release: ROLL_OUT,
    advance: ROLL_OUT,
    enter: ROLL_OUT,
    pause: ROLL_OUT,
    goOn: ROLL_OUT,
    forgetTrial: ROLL_OUT,
    end: ROLL_OUT,
  },
  intakes: {
    aggregate: async () => expect(await server.intakes.aggregate(A, "partner", "prt_posted")).toBeNull(),
    accept: async () => {
      const posted = { kind: "partner", id: "prt_posted", eventId: CANARY, occurredAt: null } as const;
      const taken = await server.intakes.accept(A, server.ofA.program, [{ ...posted, told: { name: "a" } }]);
      expect(taken).toEqual(["accepted"]);
    },
  },
  pausedFields: {
    list: () => server.pausedFields.list(A),
    inForce: async () => expect(await server.pausedFields.inForce(A)).toEqual([]),
    resume: async () => expect(await server.pausedFields.resume(A, FIELDS.paused)).toBe(false),
    pause: async () => expect(await server.pausedFields.pause(A, FIELDS.resumed, "person", "a")).toBe(true),
    finish: async () => {
      const rows = await server.pausedFields.list(B);
      for (const row of rows) await server.pausedFields.finish({ ...row, tenantId: A });
    },
    firstWaiting: async () => expect(await server.pausedFields.firstWaiting(A, FIELDS.paused)).toBeNull(),
    wake: () => server.pausedFields.wake(A, FIELDS.paused),
    decideAnew: () => server.pausedFields.decideAnew(A, RECORD.object),
    toFinish: SWEEP,
  },
  driftLooks: {
    lastAt: async () => expect(await server.driftLooks.lastAt(A)).toBeNull(),
    want: () => server.driftLooks.want(A, 0),
    done: () => server.driftLooks.done(A),
    take: SWEEP,
  },
  lanes: {
    accept: () => server.lanes.accept(delivery()),
    acceptAll: () => server.lanes.acceptAll([delivery()]),
    isAccepted: async () => expect(await server.lanes.isAccepted(A, server.ids.program, "asked")).toBe(false),
    next: () => server.lanes.next(A, "inbound"),
    quiet: () => server.lanes.quiet(A),
    claim: WORKERS,
    content: WORKERS,
    settle: CLAIM,
    unring: WORKERS,
    sweepTenants: SWEEP,
    sweepSilent: SWEEP,
  },
  links: {
    crmIdOf: async () => expect(await server.links.crmIdOf(A, "partner", PARTNER)).toBeUndefined(),
    customersOf: async () => expect(await server.links.customersOf(A, PARTNER)).toEqual({}),
    standFor: async () => expect([...(await server.links.standFor(A, "partner", [RECORD.crmId]))]).toEqual([]),
    customerCameBy: async () => expect(await server.links.customerCameBy(A, PARTNER)).toBeUndefined(),
    seenProgramOf: async () => expect(await server.links.seenProgramOf(A, "partner", PARTNER)).toBeNull(),
  },
  matchReviews: {
    standing: async () => {
      const review = await server.matchReviews.get(B, server.ids.match);
      if (!review) throw new Error("B has none");
      expect(await server.matchReviews.standing(A, review)).toBeNull();
    },
    open: CLAIM,
    end: () => server.matchReviews.end(A, server.ids.match, "withdrawn"),
    decide: async () => {
      const decision = { choice: "create", crmId: null, by: "a", comment: "a" } as const;
      expect(await server.matchReviews.decide(A, server.ids.match, decision)).toBe("ended");
    },
    get: async () => expect(await server.matchReviews.get(A, server.ids.match)).toBeNull(),
    page: async () => expect(await server.matchReviews.page(A, { all: true, limit: 200 })).toEqual([]),
  },
  duplicates: {
    made: async () => {
      const review = await server.matchReviews.get(B, server.ids.match);
      expect(await server.duplicates.made(A, String(review?.programId))).toEqual({
        registrations: false,
        deals: false,
      });
    },
    enter: async () => {
      const key = await server.tenants.key(A);
      const facts = { partnerId: null, products: [], submittedAt: null };
      await server.duplicates.enter(A, "reg_of_a", { identities: [IDENTITY], facts, key });
    },
    others: async () => {
      const key = await server.tenants.key(A);
      expect(await server.duplicates.others(A, "reg_other_of_a", { identities: [IDENTITY], key })).toHaveLength(1);
    },
    record: CLAIM,
  },
  relinks: {
    around: async () => expect(await server.relinks.around(A, "partner", pairOfB)).toEqual([]),
    formerPair: async () => expect(await server.relinks.formerPair(A, "partner", formerOfB)).toBeNull(),
    forget: () => server.relinks.forget(A, "partner", formerOfB),
    laneOf: () => server.relinks.laneOf(A, RECORD),
    unlink: CLAIM,
    merge: CLAIM,
    followPartner: CLAIM,
    ownLinkOf: async () => expect(await server.relinks.ownLinkOf(A, "partner", PARTNER)).toBeUndefined(),
    kindOf: async () => expect(await server.relinks.kindOf(A, PARTNER)).toBeUndefined(),
    quarantine: () => server.relinks.quarantine(A, { ...CLONED, otherId: 777_007, programId: PARTNER }),
    release: () => server.relinks.release(A, CLONED),
  },
  writes: {
    hintCreate: async () => expect(await server.writes.hintCreate(A, "organization", 1, PARTNER)).toBe(false),
    openIntent: CLAIM,
    link: CLAIM,
    reserve: CLAIM,
  },
  canaryOrders: {
    keep: async () => expect(await server.canaryOrders.keep(A, RECORD, { before: {}, sent: {} })).toBe(true),
    isOpen: async () => expect(await server.canaryOrders.isOpen(A, RECORD)).toBe(true),
    forget: () => server.canaryOrders.forget(A, RECORD),
    release: () => server.canaryOrders.release(A, RECORD),
    take: SWEEP,
  },
  replays: {
    ofFinding: async () => expect(await server.replays.ofFinding(A, server.ids.finding)).toBeUndefined(),
    ofRecord: async () => {
      expect(await server.replays.ofRecord(A, { object: "deal", crmId: RECORD.crmId })).toBeNull();
      expect(await server.replays.ofRecord(A, { kind: "partner", programId: PARTNER })).toBeNull();
    },
    stoppedSince: async () =>
      expect(await server.replays.stoppedSince(A, new Date(0), 10)).toEqual({ records: [], all: 0 }),
    closeStops: () => server.replays.closeStops(A, [{ laneId: server.ids.lane, cause: CANARY }]),
  },
  writeLimits: {
    get: async () => expect(await server.writeLimits.get(A)).toMatchObject({ setBy: null }),
    set: () => server.writeLimits.set(A, { ...DEFAULT_LIMITS, windowMinutes: 7 }, "a"),
    breakers: async () => {
      const none = { trippedAt: null, kind: null, openUntil: null };
      expect(await server.writeLimits.breakers(A)).toMatchObject([none, none]);
    },
    held: async () => expect(await server.writeLimits.held(A)).toEqual([]),
    resume: () => server.writeLimits.resume(A, { direction: null, openMinutes: 1, by: "a" }),
    hold: CLAIM,
    forgetOld: SWEEP,
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
  ...accessTries(() => server),
} satisfies { [S in keyof Stores]: Record<keyof Stores[S], Try | Reason> };

type StoreName =
  | ("tenants" | "connections" | "mappings" | "findings" | "records" | "spend" | "lanes" | "links" | "writes")
  | ("matchReviews" | "duplicates" | "conflicts" | "relinks" | "history" | "historySeals")
  | ("writeLimits" | "replays" | "canaryOrders")
  | ("rollOutReach" | "rollOuts" | "intakes" | "pausedFields" | "driftLooks")
  | ("audit" | "idempotency" | "operators" | "tokens" | "sessions" | "guessing");
type Stores = Pick<TwoTenants["app"], StoreName> & AccessStores;

const rollOut = {
  ...{ revision: REVISIONS.next, document: "a", former: null, enrol: true, existingIds: null },
  ...{ first: 5, startedBy: "a" },
};
const act = () => ({ actor: localActor("a"), address: null, correlationId: "a", action: "a", target: "a" });

/** What an app has that is no store: no question of a tenant's rows is put to it. */
const NO_STORES = ["config", "log", "database", "clients", "contexts", "doorbells", "ringer", "close"];
const rows = Object.entries(TABLE).flatMap(([store, functions]) =>
  Object.entries(functions).map(([name, row]) => [`${store}.${name}`, row as Try | Reason] as const),
);

function storesOf({ access, ...app }: TwoTenants["app"]): Record<string, object> {
  const ofAccess = Object.entries(access).map(([name, store]) => [`access.${name}`, store] as const);
  const others = Object.entries(app).filter(([name]) => !NO_STORES.includes(name));
  return Object.fromEntries([...others, ...ofAccess]);
}

describe("the table", () => {
  test("has every store of an app", () => {
    expect(Object.keys(TABLE).sort()).toEqual(Object.keys(storesOf(server.app)).sort());
  });

  test.each(Object.entries(TABLE))("has every function of %s", (name, row) => {
    expect(Object.keys(row).sort()).toEqual(Object.keys(storesOf(server.app)[name] ?? {}).sort());
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
  const apart = ["link_tombstone", "merged_record", "program_alias", "quarantine"];
  expect(filled).toEqual(expect.arrayContaining(apart));
  expect(filled).toEqual(expect.arrayContaining(["link", "mapping_proposal", "mapping_revision", "token_spend"]));
  expect(filled).toEqual(expect.arrayContaining(["match_review", "registration_customer"]));
  expect(filled).toEqual(expect.arrayContaining(["intake_aggregate", "paused_field", "roll_out", "drift_look"]));
  expect(filled).toEqual(expect.arrayContaining(["conflict", "field_rewrite"]));
  expect(filled).toEqual(
    expect.arrayContaining(["canary_order", "write_limit", "breaker", "counted_write", "held_write"]),
  );
  expect(filled).toContain("history_chain");
  const access = ["snapshot", "roster", "policy", "map_entry", "run", "finding", "review", "schedule"];
  expect(filled).toEqual(expect.arrayContaining(access.map((name) => `access_${name}`)));
  expect(await server.rollOutReach.waiting(B)).toBe(1);
  expect(await server.rollOutReach.withoutRecord(B)).toEqual({ partner: 1, deal_registration: 1 });
  expect(await server.access.reviews.waiting(B)).toHaveLength(1);
  expect(JSON.stringify([await server.findings.list(B), await server.records.find(B, RECORD)])).toContain(CANARY);
});
