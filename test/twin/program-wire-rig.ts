import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "@jest/globals";
import Fastify, { type FastifyInstance } from "fastify";
import { RefusedError } from "../../src/errors.ts";
import type { CommandBody, PartnerProgram, ProgramCommand } from "../../src/partner/adapter.ts";
import { createNeutralProgram } from "../../src/partner/neutral-http.ts";
import type { Aggregate } from "../../src/sync/model.ts";
import { twinClock } from "../../src/twin/clock.ts";
import { createDeliveries } from "../../src/twin/deliveries.ts";
import { createFaults, type Faults } from "../../src/twin/faults.ts";
import { openJournal } from "../../src/twin/journal.ts";
import { programTwin } from "../../src/twin/program/index.ts";

/* The sync's own client against the twin: two readings of one contract, written apart, have to agree. */

export const tenant = "harbourline";
export const secret = "s3cret";
export let folder: string;
export let app: FastifyInstance;
export let url: string;
export let faults: Faults;
export let program: PartnerProgram;
export let stop: () => Promise<void>;

export async function start(): Promise<void> {
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

export function client(changes: Partial<Parameters<typeof createNeutralProgram>[0]> = {}): PartnerProgram {
  return createNeutralProgram({ baseUrl: `${url}/program/${tenant}`, secrets: [secret], timeoutMs: 3_000, ...changes });
}

export function setUp(settings: Record<string, unknown> = {}, at = url) {
  return control("PUT", "", { secrets: [secret], events_url: null, ...settings }, at);
}

export async function control<T>(method: string, path: string, body?: unknown, at = url): Promise<T> {
  const response = await fetch(`${at}/_twin/program/${tenant}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`control API: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

export function act(action: string, given: Record<string, unknown>) {
  return control<Record<string, string>>("POST", "/act", { action, ...given });
}

export let keys = 0;
export function command(body: CommandBody, changes: Partial<ProgramCommand> = {}): ProgramCommand {
  keys += 1;
  const sender = {
    origin: "crm",
    actor: { kind: "sync", id: "partnersync", label: "partnersync" },
    cause: "wh_1",
  } as const;
  return { ...body, ...sender, idempotency_key: `key-${keys}`, ...changes } as ProgramCommand;
}

export function upsert(
  orgId: number,
  changes: Partial<Extract<CommandBody, { command: "partner.upsert_from_crm" }>> = {},
) {
  return command({
    command: "partner.upsert_from_crm",
    crm_org_id: orgId,
    fields: { name: `Partner ${orgId}`, website: `partner-${orgId}.example` },
    status: "active",
    expected_version: null,
    ...changes,
  });
}

export async function approvedRegistration(): Promise<Aggregate> {
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

export async function failure(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error("the call was expected to fail");
}

export async function refusal(given: ProgramCommand): Promise<string> {
  const error = await failure(program.apply(given));
  if (error instanceof RefusedError) return error.code;
  throw error;
}

export function commandLog() {
  return control<{ total: number; changed: number; counts: Record<string, Record<string, number>> }>(
    "GET",
    "/commands",
  );
}

export async function eventTypes(): Promise<string[]> {
  return (await program.fetchChanges(null)).events.map(({ type }) => type.replace("deal_registration.", ""));
}

/** Each test has a program of its own. */
export function eachWithAProgram(): void {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "program-wire-"));
    await start();
    await setUp();
  });
  afterEach(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });
}
