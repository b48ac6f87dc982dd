import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { afterEach, beforeEach } from "@jest/globals";
import { twinClock } from "../../src/twin/clock.ts";
import { startTwin, type Twin } from "../../src/twin/index.ts";

export interface Snapshot {
  version: number;
  [member: string]: unknown;
}
export interface Event {
  event_id: string;
  type: string;
  origin: string;
  causation_id: string | null;
  aggregate: { kind: string; id: string; version: number };
  changed: { path: string; from: unknown; to: unknown }[];
  data: Snapshot;
}

export let dataDir: string;
export let twin: Twin;

export async function start(): Promise<void> {
  const began = Date.UTC(2025, 2, 4, 10, 0, 0);
  twin = await startTwin({ seed: "rehearsal", dataDir, clock: twinClock(() => began) });
}

export async function json<T>(
  path: string,
  options: { method?: string; body?: unknown } = {},
): Promise<{ status: number; body: T }> {
  const { method = options.body === undefined ? "GET" : "POST", body } = options;
  const response = await fetch(`${twin.url}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T };
}

export function setUp(tenant = "harbourline", settings: Record<string, unknown> = {}) {
  const body = { secrets: ["s3cret"], events_url: null, ...settings };
  return json(`/_twin/program/${tenant}`, { method: "PUT", body });
}

export async function act<T = Snapshot>(action: string, given: Record<string, unknown> = {}, tenant = "harbourline") {
  return json<T>(`/_twin/program/${tenant}/act`, { body: { action, ...given } });
}

/** Signed as the documentation says, by neither side's own code. */
export function signature(rawBody: string, { secret = "s3cret", t = Math.floor(Date.now() / 1000) } = {}): string {
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${rawBody}`).digest("hex")}`;
}

export async function wire<T = Snapshot>(path: string, header?: string, tenant = "harbourline") {
  const full = `/program/${tenant}${path}`;
  const response = await fetch(`${twin.url}${full}`, { headers: { "x-program-signature": header ?? signature(full) } });
  return { status: response.status, body: (await response.json()) as T };
}

export async function events(tenant = "harbourline"): Promise<Event[]> {
  return (await wire<{ events: Event[] }>("/events?limit=500", undefined, tenant)).body.events;
}

export async function withPeople(): Promise<{ partnerId: string; userId: string }> {
  const partner = await act("create_partner", { name: "Northwind", website: "https://www.northwind.example/en" });
  const partnerId = String(partner.body.partner_id);
  const user = await act("register_contact", { partner_id: partnerId, email: "Ada@Northwind.example" });
  return { partnerId, userId: String(user.body.partner_user_id) };
}

export function registration(people: { partnerId: string; userId: string }, changes: Record<string, unknown> = {}) {
  return {
    partner_id: people.partnerId,
    submitted_by: people.userId,
    title: " Warehouse scanners ",
    prospect: {
      account: { name: "Blue Yonder Ltd", domain: "https://www.BlueYonder.example/" },
      contact: { first_name: "Bo", email: "BO@blueyonder.example", phone: "+45 (12) 34-56" },
    },
    amount: { value: 1200.456, currency: "eur" },
    expected_close_date: "2025-06-30",
    ...changes,
  };
}

/** Lets the twin's time pass, so that every wait between attempts is over at once. */
export async function passTimeUntil(condition: () => boolean): Promise<void> {
  while (!condition()) {
    twin.clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A server that takes pushed events and lets a test wait for so many. */
export async function receiver(answer: (attempt: number) => number) {
  const got: { header: string; body: string }[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server: Server = createServer(async (request: IncomingMessage, response) => {
    got.push({ header: String(request.headers["x-program-signature"]), body: await readText(request) });
    response.writeHead(answer(got.length)).end();
    for (const each of waiting) if (got.length >= each.count) each.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    got,
    has: (count: number) =>
      got.length >= count ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ count, resolve })),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Each test has a twin of its own. */
export function eachWithATwin(): void {
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "program-twin-"));
    await start();
  });
  afterEach(async () => {
    await twin.close();
    await rm(dataDir, { recursive: true, force: true });
  });
}
