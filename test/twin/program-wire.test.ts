import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Fastify, { type FastifyInstance } from "fastify";
import {
  ConnectionError,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
  RefusedError,
} from "../../src/errors.ts";
import type { CommandBody, PartnerProgram, ProgramCommand } from "../../src/partner/adapter.ts";
import { createNeutralProgram } from "../../src/partner/neutral-http.ts";
import { signBody } from "../../src/partner/signature.ts";
import type { Aggregate } from "../../src/sync/model.ts";
import { twinClock } from "../../src/twin/clock.ts";
import { createDeliveries } from "../../src/twin/deliveries.ts";
import { createFaults, type Faults } from "../../src/twin/faults.ts";
import { openJournal } from "../../src/twin/journal.ts";
import { programTwin } from "../../src/twin/program/index.ts";

/* The sync's own client against the twin: two readings of one contract, written apart, have to agree. */

const tenant = "harbourline";
const secret = "s3cret";
let folder: string;
let app: FastifyInstance;
let url: string;
let faults: Faults;
let program: PartnerProgram;
let stop: () => Promise<void>;

async function start(): Promise<void> {
  const clock = twinClock();
  app = Fastify({ forceCloseConnections: true });
  const journal = openJournal({ folder });
  const deliveries = createDeliveries({ clock, journal, log: app.log });
  faults = createFaults();
  programTwin(app, { seed: "rehearsal", clock, journal, faults, deliveries, log: app.log });
  journal.replay();
  url = await app.listen({ port: 0, host: "127.0.0.1" });
  deliveries.start();
  program = client();
  stop = async () => {
    await app.close();
    await deliveries.stop();
    journal.close();
  };
}

function client(changes: Partial<Parameters<typeof createNeutralProgram>[0]> = {}): PartnerProgram {
  return createNeutralProgram({ baseUrl: `${url}/program/${tenant}`, secrets: [secret], timeoutMs: 3_000, ...changes });
}

function setUp(settings: Record<string, unknown> = {}, at = url) {
  return control("PUT", "", { secrets: [secret], events_url: null, ...settings }, at);
}

async function control<T>(method: string, path: string, body?: unknown, at = url): Promise<T> {
  const response = await fetch(`${at}/_twin/program/${tenant}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`control API: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

function act(action: string, given: Record<string, unknown>) {
  return control<Record<string, string>>("POST", "/act", { action, ...given });
}

let keys = 0;
function command(body: CommandBody, changes: Partial<ProgramCommand> = {}): ProgramCommand {
  keys += 1;
  const sender = {
    origin: "crm",
    actor: { kind: "sync", id: "partnersync", label: "partnersync" },
    cause: "wh_1",
  } as const;
  return { ...body, ...sender, idempotency_key: `key-${keys}`, ...changes } as ProgramCommand;
}

function upsert(orgId: number, changes: Partial<Extract<CommandBody, { command: "partner.upsert_from_crm" }>> = {}) {
  return command({
    command: "partner.upsert_from_crm",
    crm_org_id: orgId,
    fields: { name: `Partner ${orgId}`, website: `partner-${orgId}.example` },
    status: "active",
    expected_version: null,
    ...changes,
  });
}

async function approvedRegistration(): Promise<Aggregate> {
  const partner = await program.apply(upsert(7));
  const contact = await act("register_contact", { partner_id: partner.id, email: "ada@partner-7.example" });
  const submitted = await act("submit_registration", {
    partner_id: partner.id,
    submitted_by: contact.partner_user_id,
    title: "Scanners",
    prospect: { account: { name: "Blue Yonder" } },
    amount: { value: 100, currency: "EUR" },
  });
  await act("review", { registration_id: submitted.registration_id, to: "approved" });
  return program.get("deal_registration", submitted.registration_id ?? "");
}

async function failure(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error("the call was expected to fail");
}

async function refusal(given: ProgramCommand): Promise<string> {
  const error = await failure(program.apply(given));
  if (error instanceof RefusedError) return error.code;
  throw error;
}

function commandLog() {
  return control<{ total: number; changed: number; counts: Record<string, Record<string, number>> }>(
    "GET",
    "/commands",
  );
}

async function eventTypes(): Promise<string[]> {
  return (await program.fetchChanges(null)).events.map(({ type }) => type.replace("deal_registration.", ""));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "program-wire-"));
  await start();
  await setUp();
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true, force: true });
});

describe("commands about partners", () => {
  test("create, update and switch one, with an event for each change that names the command's key", async () => {
    const create = upsert(7, {
      fields: { name: " Northwind ", website: "www.northwind.example", manager_email: "CAM@x.example" },
    });
    const created = await program.apply(create);
    expect(created).toMatchObject({
      kind: "partner",
      version: 1,
      data: { name: "Northwind", domains: ["northwind.example"], manager_email: "cam@x.example", crm: { org_id: 7 } },
    });
    const both = upsert(7, { fields: { tier: "gold" }, status: "pending", expected_version: 1 });
    expect(await program.apply(both)).toMatchObject({
      id: created.id,
      version: 3,
      data: { tier: "gold", status: "pending" },
    });
    const off = command({
      command: "partner.set_status",
      partner_id: created.id,
      status: "inactive",
      expected_version: 3,
    });
    expect(await program.apply(off)).toMatchObject({ version: 4, data: { status: "inactive" } });
    expect(await program.get("partner", created.id)).toMatchObject({ version: 4 });

    const { events } = await program.fetchChanges(null);
    expect(events.map(({ type, aggregate, causation_id }) => [type, aggregate.version, causation_id])).toEqual([
      ["partner.created", 1, create.idempotency_key],
      ["partner.updated", 2, both.idempotency_key],
      ["partner.status_changed", 3, both.idempotency_key],
      ["partner.status_changed", 4, off.idempotency_key],
    ]);
    expect(events.every(({ origin, actor }) => origin === "crm" && actor.id === "partnersync")).toBe(true);
  });

  test("that say what is already so change nothing", async () => {
    await program.apply(upsert(7));
    const same = await program.apply(upsert(7, { expected_version: 1 }));
    expect(same.version).toBe(1);
    expect(await eventTypes()).toEqual(["partner.created"]);
    expect(await commandLog()).toMatchObject({
      total: 2,
      changed: 1,
      counts: { "partner.upsert_from_crm": { received: 2, changed: 1, unchanged: 1, refused: 0, repeated: 0 } },
    });
  });

  test("are refused by their documented codes, without effect", async () => {
    const { id } = await program.apply(upsert(7));
    const taken = upsert(8, { fields: { name: "Copy", website: "https://partner-7.example/about" } });
    expect(await refusal(taken)).toBe("domain_taken");
    expect(await refusal(upsert(8, { status: "prospective" }))).toBe("unknown_status");
    expect(await refusal(upsert(8, { status: null }))).toBe("unknown_status");
    expect(await refusal(upsert(7, { expected_version: null }))).toBe("version_conflict");
    expect(await refusal(upsert(7, { expected_version: 2 }))).toBe("version_conflict");
    expect(await refusal(upsert(8, { expected_version: 1 }))).toBe("version_conflict");
    const off = { command: "partner.set_status", partner_id: id, status: "inactive" } as const;
    expect(await refusal(command({ ...off, expected_version: 9 }))).toBe("version_conflict");
    expect(await refusal(command({ ...off, status: "gone", expected_version: 1 }))).toBe("unknown_status");
    expect(await failure(program.apply(command({ ...off, partner_id: "prt_x", expected_version: 1 })))).toBeInstanceOf(
      NotFoundError,
    );
    expect(await failure(program.apply(upsert(8, { fields: { name: "X", shoe_size: 9 } })))).toBeInstanceOf(
      RecordError,
    );
    expect(await eventTypes()).toEqual(["partner.created"]);
  });
});

describe("commands about registrations", () => {
  test("link, update, close, reopen and close again", async () => {
    const { id, version } = await approvedRegistration();
    const link = {
      command: "registration.link_crm",
      registration_id: id,
      deal_id: 31,
      org_id: 9,
      person_id: null,
    } as const;
    const linked = await program.apply(command(link));
    expect(linked).toMatchObject({
      version: version + 1,
      data: { crm: { deal_id: 31, org_id: 9, person_id: null }, sales: { status: "open" } },
    });
    expect((await program.apply(command(link))).version).toBe(version + 1);
    expect(await refusal(command({ ...link, deal_id: 32 }))).toBe("already_linked");

    const update = { command: "registration.update_from_crm", registration_id: id } as const;
    const changes = {
      amount: { value: 250.129, currency: "eur" },
      expected_close_date: "2025-07-01",
      stage_key: "proposal",
    };
    const updated = await program.apply(command({ ...update, changes, expected_version: linked.version }));
    expect(updated).toMatchObject({
      version: linked.version + 2,
      data: {
        amount: { value: 250.13, currency: "EUR" },
        expected_close_date: "2025-07-01",
        sales: { stage_key: "proposal" },
      },
    });
    expect(await refusal(command({ ...update, changes, expected_version: linked.version }))).toBe("version_conflict");

    const outcome = { command: "registration.set_outcome", registration_id: id, reason: null, value: null } as const;
    const won = await program.apply(
      command({
        ...outcome,
        outcome: "won",
        closed_at: "2025-06-01T12:00:00+02:00",
        expected_version: updated.version,
      }),
    );
    expect(won.data.sales).toMatchObject({ status: "won", closed_at: "2025-06-01T10:00:00.000Z", lost_reason: null });
    const lose = {
      ...outcome,
      outcome: "lost",
      closed_at: null,
      reason: " price ",
      expected_version: won.version,
    } as const;
    expect(await refusal(command(lose))).toBe("illegal_transition");
    const reopened = await program.apply(
      command({ command: "registration.reopen", registration_id: id, expected_version: won.version }),
    );
    expect(reopened.data.sales).toMatchObject({ status: "open", closed_at: null });
    const lost = await program.apply(
      command({ ...lose, value: { value: 5, currency: "EUR" }, expected_version: reopened.version }),
    );
    expect(lost.data).toMatchObject({ sales: { status: "lost", lost_reason: "price" }, amount: { value: 5 } });
    expect((await eventTypes()).slice(4)).toEqual(["updated", "updated", "stage_changed", "won", "reopened", "lost"]);
  });

  test("of a sale that has not begun, or of a draft, are refused", async () => {
    const { id, version, data } = await approvedRegistration();
    const reopen = { command: "registration.reopen", registration_id: id, expected_version: version } as const;
    expect(await refusal(command(reopen))).toBe("illegal_transition");
    const draft = await act("submit_registration", {
      partner_id: data.partner_id,
      submitted_by: data.submitted_by,
      title: "Draft",
      prospect: { account: { name: "Blue Yonder" } },
      draft: true,
    });
    const link = { command: "registration.link_crm", deal_id: 31, org_id: null, person_id: null } as const;
    expect(await refusal(command({ ...link, registration_id: draft.registration_id ?? "" }))).toBe(
      "illegal_transition",
    );
  });

  test("cannot give one deal to two registrations", async () => {
    const { id, data } = await approvedRegistration();
    const second = await act("submit_registration", {
      partner_id: data.partner_id,
      submitted_by: data.submitted_by,
      title: "Second",
      prospect: { account: { name: "Blue Yonder" } },
    });
    const link = { command: "registration.link_crm", deal_id: 31, org_id: null, person_id: null } as const;
    await program.apply(command({ ...link, registration_id: id }));
    expect(await refusal(command({ ...link, registration_id: second.registration_id ?? "" }))).toBe("already_linked");
  });
});

/** Commands of the contract that this client does not send yet, posted as bytes. */
describe("the other commands", () => {
  async function post(body: Record<string, unknown>): Promise<{ status: number; body: Record<string, unknown> }> {
    const raw = JSON.stringify(command(body as never));
    const headers = { "content-type": "application/json", "x-program-signature": signBody(secret, raw, Date.now()) };
    const response = await fetch(`${url}/program/${tenant}/commands`, { method: "POST", headers, body: raw });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  test("upsert a contact under a known partner, with an address nobody else has", async () => {
    const { id } = await program.apply(upsert(7));
    const contact = { command: "contact.upsert_from_crm", partner_id: id, expected_version: null };
    const made = await post({ ...contact, crm_person_id: 1, email: "A@p.example", phone: "+1 (555) 01" });
    expect(made.body.result).toMatchObject({
      email: "a@p.example",
      phone: "155501",
      status: "active",
      crm: { person_id: 1 },
    });
    expect(await post({ ...contact, crm_person_id: 2, email: "a@P.example" })).toEqual({
      status: 409,
      body: { refused: "email_taken" },
    });
    const stray = await post({ ...contact, partner_id: "prt_x", crm_person_id: 3, email: "c@p.example" });
    expect(stray.body).toEqual({ refused: "partner_unknown" });
    const edited = await post({ ...contact, crm_person_id: 1, email: "b@p.example", expected_version: 1 });
    expect(edited.body.result).toMatchObject({ version: 2, email: "b@p.example", phone: "155501" });
  });

  test("partner.link_crm ties a partner that has no Organization yet, once", async () => {
    const { id } = await program.apply(upsert(41));
    const made = await act("create_partner", { name: "Linked later" });
    const link = (partner_id: unknown, org_id: number) => post({ command: "partner.link_crm", partner_id, org_id });
    expect((await link(made.partner_id, 42)).body.result).toMatchObject({ crm: { org_id: 42 }, version: 2 });
    expect((await link(made.partner_id, 42)).body.result).toMatchObject({ version: 2 });
    expect(await link(made.partner_id, 43)).toEqual({ status: 409, body: { refused: "already_linked", org_id: 42 } });
    expect((await link(made.partner_id, 41)).status).toBe(409);
    expect(await link(id, 42)).toMatchObject({ status: 409, body: { refused: "already_linked" } });
  });

  test("unlink, flag and report", async () => {
    const { id } = await approvedRegistration();
    const link = { command: "registration.link_crm", registration_id: id, deal_id: 31, org_id: 9, person_id: 4 };
    await post(link);
    const unlinked = await post({ command: "registration.unlink_crm", registration_id: id, reason: "deleted" });
    expect(unlinked.body.result).toMatchObject({ crm: { deal_id: null, org_id: null }, sales: { status: "open" } });
    const flagged = await post({
      command: "registration.flag_conflict",
      registration_id: id,
      candidates: ["reg_other"],
    });
    expect(flagged.body.result).toMatchObject({ conflict: { state: "suspected", candidates: ["reg_other"] } });
    await post({
      command: "sync.record_finding",
      code: "ID_MISMATCH",
      severity: "high",
      ref: "organization 9",
      detail: "x",
    });
    expect(await control("GET", "/findings")).toMatchObject([{ code: "ID_MISMATCH", ref: "organization 9" }]);
    expect((await eventTypes()).slice(-2)).toEqual(["updated", "conflict_flagged"]);
  });
});

describe("an idempotency key", () => {
  test("answers a repeat as it did the first time, whatever has happened since", async () => {
    const create = upsert(7);
    const first = await program.apply(create);
    await program.apply(upsert(7, { fields: { name: "Renamed" }, expected_version: 1 }));
    expect(await program.apply({ ...create, cause: "poll_2" })).toEqual(first);
    expect(await eventTypes()).toEqual(["partner.created", "partner.updated"]);

    const refusedOnce = upsert(7, { expected_version: 9 });
    expect([await refusal(refusedOnce), await refusal(refusedOnce)]).toEqual(["version_conflict", "version_conflict"]);
    expect(await commandLog()).toMatchObject({
      total: 5,
      changed: 2,
      counts: { "partner.upsert_from_crm": { repeated: 2 } },
    });
  });

  test("stands for one command only", async () => {
    const create = upsert(7);
    await program.apply(create);
    expect(await refusal({ ...create, expected_version: 1 } as ProgramCommand)).toBe("idempotency_key_reused");
  });

  test.each(["lost_answer", "late_commit"] as const)("survives a %s: the repeat finds it done, once", async (kind) => {
    faults.add({ match: { side: "program", method: "POST" }, kind, ms: 50 });
    const create = upsert(7);
    expect(await failure(program.apply(create))).toBeInstanceOf(OutcomeUnknownError);
    while ((await eventTypes()).length === 0); // done without us asking again
    const { id } = await program.apply(create);
    expect(await program.get("partner", id)).toMatchObject({ version: 1 });
    expect(await eventTypes()).toEqual(["partner.created"]);
  });

  test("survives the twin itself being killed right after the effect", async () => {
    await stop();
    const script = `
      const { startTwin } = await import("./src/twin/index.ts");
      console.log((await startTwin({ seed: "rehearsal", dataDir: process.argv[1] })).url);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let first: Aggregate;
    const create = upsert(7);
    try {
      const [line] = (await once(createInterface(child.stdout), "line")) as [string];
      url = line;
      await setUp();
      first = await client().apply(create);
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }

    await start();
    expect(await program.apply(create)).toEqual(first);
    expect(await program.get("partner", first.id)).toEqual(first);
    expect(await eventTypes()).toEqual(["partner.created"]);
    expect(await commandLog()).toMatchObject({ total: 2, changed: 1 });
  });
});

describe("trouble on the way", () => {
  test("a wrong secret pauses the connection", async () => {
    const stranger = client({ secrets: ["guess"] });
    for (const call of [stranger.apply(upsert(7)), stranger.get("partner", "prt_x"), stranger.fetchChanges(null)]) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ problem: "UNAUTHORIZED" });
    }
    expect(await commandLog()).toMatchObject({ total: 0 });
  });

  test("a clock far off pauses the connection", async () => {
    const error = await failure(client({ now: () => Date.now() - 600_000 }).fetchChanges(null));
    expect(error).toMatchObject({ name: "ConnectionError", problem: "UNAUTHORIZED" });
  });

  test("a rotation of secrets goes unnoticed", async () => {
    await setUp({ secrets: ["next", secret] });
    expect(await program.fetchChanges(null)).toMatchObject({ events: [] });
    expect(await client({ secrets: ["next", secret] }).fetchChanges(null)).toMatchObject({ events: [] });
  });

  test("a limit reached parks, without effect", async () => {
    await setUp({ rate_limit_per_minute: 0 });
    expect(await failure(program.apply(upsert(7)))).toBeInstanceOf(ParkedError);
    await setUp({ rate_limit_per_minute: null });
    expect(await program.apply(upsert(7))).toMatchObject({ version: 1 });
  });

  test.each([
    ["status", OutcomeUnknownError, NoEffectError],
    ["reset", OutcomeUnknownError, NoEffectError],
    ["429_daily", ParkedError, ParkedError],
    ["html403", ConnectionError, ConnectionError],
  ] as const)("a %s is what it should be for a command and for a read", async (kind, forCommand, forRead) => {
    faults.add({ match: { side: "program", tenant }, kind, times: 2 });
    expect(await failure(program.apply(upsert(7)))).toBeInstanceOf(forCommand);
    expect(await failure(program.fetchChanges(null))).toBeInstanceOf(forRead);
    expect(await program.fetchChanges(null)).toMatchObject({ events: [] });
  });

  test("an answer later than we wait leaves the outcome open, and the effect there", async () => {
    faults.add({ match: { side: "program", method: "POST" }, kind: "latency", ms: 200 });
    const create = upsert(7);
    expect(await failure(client({ timeoutMs: 100 }).apply(create))).toBeInstanceOf(OutcomeUnknownError);
    expect(await program.apply(create)).toMatchObject({ version: 1 });
  });

  test("a tenant nobody set up is not there", async () => {
    const nobody = client({ baseUrl: `${url}/program/nobody` });
    expect(await failure(nobody.get("partner", "prt_x"))).toBeInstanceOf(NotFoundError);
  });

  test("an address nobody listens at pauses the connection", async () => {
    await stop();
    const error = await failure(program.apply(upsert(7)));
    expect(error).toMatchObject({ name: "ConnectionError", problem: "UNREACHABLE" });
    await start();
  });
});
