import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { twinClock } from "../../src/twin/clock.ts";
import { startTwin, type Twin } from "../../src/twin/index.ts";

interface Snapshot {
  version: number;
  [member: string]: unknown;
}
interface Event {
  event_id: string;
  type: string;
  origin: string;
  causation_id: string | null;
  aggregate: { kind: string; id: string; version: number };
  changed: { path: string; from: unknown; to: unknown }[];
  data: Snapshot;
}

let dataDir: string;
let twin: Twin;

async function start(): Promise<void> {
  const began = Date.UTC(2025, 2, 4, 10, 0, 0);
  twin = await startTwin({ seed: "rehearsal", dataDir, clock: twinClock(() => began) });
}

async function json<T>(
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

function setUp(tenant = "harbourline", settings: Record<string, unknown> = {}) {
  const body = { secrets: ["s3cret"], events_url: null, ...settings };
  return json(`/_twin/program/${tenant}`, { method: "PUT", body });
}

async function act<T = Snapshot>(action: string, given: Record<string, unknown> = {}, tenant = "harbourline") {
  return json<T>(`/_twin/program/${tenant}/act`, { body: { action, ...given } });
}

/** Signed as the documentation says, by neither side's own code. */
function signature(rawBody: string, { secret = "s3cret", t = Math.floor(Date.now() / 1000) } = {}): string {
  return `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${rawBody}`).digest("hex")}`;
}

async function wire<T = Snapshot>(path: string, header?: string, tenant = "harbourline") {
  const full = `/program/${tenant}${path}`;
  const response = await fetch(`${twin.url}${full}`, { headers: { "x-program-signature": header ?? signature(full) } });
  return { status: response.status, body: (await response.json()) as T };
}

async function events(tenant = "harbourline"): Promise<Event[]> {
  return (await wire<{ events: Event[] }>("/events?limit=500", undefined, tenant)).body.events;
}

async function withPeople(): Promise<{ partnerId: string; userId: string }> {
  const partner = await act("create_partner", { name: "Northwind", website: "https://www.northwind.example/en" });
  const partnerId = String(partner.body.partner_id);
  const user = await act("register_contact", { partner_id: partnerId, email: "Ada@Northwind.example" });
  return { partnerId, userId: String(user.body.partner_user_id) };
}

function registration(people: { partnerId: string; userId: string }, changes: Record<string, unknown> = {}) {
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
async function passTimeUntil(condition: () => boolean): Promise<void> {
  while (!condition()) {
    twin.clock.advance(60_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A server that takes pushed events and lets a test wait for so many. */
async function receiver(answer: (attempt: number) => number) {
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

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "program-twin-"));
  await start();
});
afterEach(async () => {
  await twin.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe("signatures", () => {
  beforeEach(() => setUp("harbourline", { secrets: ["s3cret", "older"] }));

  test("of any secret in force are accepted", async () => {
    const path = "/program/harbourline/events";
    expect((await wire("/events")).status).toBe(200);
    expect((await wire("/events", signature(path, { secret: "older" }))).status).toBe(200);
  });

  test.each([
    ["signature_missing", () => ""],
    ["signature_malformed", () => "v1=00"],
    ["signature_mismatch", () => signature("/program/harbourline/events?limit=5")],
    ["signature_mismatch", () => signature("/program/harbourline/events", { secret: "guess" })],
    ["signature_expired", () => signature("/program/harbourline/events", { t: Math.floor(Date.now() / 1000) - 400 })],
  ])("otherwise are a %s", async (error, header) => {
    expect(await wire("/events", header())).toEqual({ status: 401, body: { error } });
  });
});

describe("tenants", () => {
  test("are kept apart and set up as often as one likes", async () => {
    await setUp("harbourline");
    await setUp("kestrel-obs", { idFormat: "opaque", secrets: ["s3cret"] });
    await act("create_partner", { name: "Northwind" });
    const opaque = await act("create_partner", { name: "Northwind" }, "kestrel-obs");
    expect(opaque.body.partner_id).toMatch(/^\d{6,8}$/);
    await setUp("harbourline", { events_url: "http://127.0.0.1:1/events" });
    const overview = await json("/_twin/program/harbourline");
    expect(overview.body).toMatchObject({ idFormat: "prefixed", aggregates: { partner: 1 } });
    expect(JSON.stringify(overview.body)).not.toContain("s3cret");
    expect((await act("ping", {}, "nobody")).status).toBe(404);
  });

  test("have ids that follow from seed and name", async () => {
    await setUp();
    await setUp("other");
    const first = await act("create_partner", { name: "Northwind" });
    await act("create_partner", { name: "Contoso" }, "other");
    const again = await act("create_partner", { name: "Northwind" }, "other");
    expect(first.body.partner_id).toMatch(/^prt_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(again.body.partner_id).not.toBe(first.body.partner_id);
    const twice = await act("create_partner", { name: "Northwind" });
    expect(twice.body.partner_id).not.toBe(first.body.partner_id);

    await twin.close();
    await rm(dataDir, { recursive: true });
    await start();
    await setUp();
    expect((await act("create_partner", { name: "Northwind" })).body.partner_id).toBe(first.body.partner_id);
  });
});

describe("people in the portal", () => {
  beforeEach(() => setUp());

  test("have their values kept as a portal keeps them", async () => {
    const people = await withPeople();
    const { body } = await act("submit_registration", registration(people));
    expect(body).toMatchObject({
      version: 1,
      number: "REG-00001",
      title: "Warehouse scanners",
      amount: { value: 1200.46, currency: "EUR" },
      prospect: {
        account: { domain: "blueyonder.example", legal_name: null },
        contact: { email: "bo@blueyonder.example", phone: "45123456", last_name: null },
      },
      review: { status: "submitted" },
      sales: { status: "none" },
      crm: { deal_id: null, org_id: null, person_id: null },
    });
    const yen = await act(
      "submit_registration",
      registration(people, { title: "Yen", amount: { value: 99.6, currency: "JPY" } }),
    );
    expect(yen.body.amount).toEqual({ value: 100, currency: "JPY" });
  });

  test("make one event and one version per change, none when nothing differs", async () => {
    const { partnerId } = await withPeople();
    await act("edit_partner", { partner_id: partnerId, fields: { tier: " gold ", name: "Northwind" } });
    await act("edit_partner", { partner_id: partnerId, fields: { tier: "gold" } });
    const made = (await events()).filter(({ aggregate }) => aggregate.kind === "partner");
    expect(made.map(({ type, aggregate }) => [type, aggregate.version])).toEqual([
      ["partner.created", 1],
      ["partner.updated", 2],
    ]);
    expect(made[1]).toMatchObject({
      tenant_id: "harbourline",
      schema_version: 1,
      occurred_at: "2025-03-04T10:00:00.000Z",
      actor: { kind: "vendor_user" },
      origin: "program",
      causation_id: null,
      changed: [{ path: "tier", from: null, to: "gold" }],
      data: { partner_id: partnerId, tier: "gold", version: 2, domains: ["northwind.example"] },
    });
  });

  test("become inactive with their partner and come back with it", async () => {
    const { partnerId, userId } = await withPeople();
    const other = await act("register_contact", { partner_id: partnerId, email: "bob@northwind.example" });
    await act("set_contact_status", { contact_id: other.body.partner_user_id, status: "disabled" });
    await act("set_partner_status", { partner_id: partnerId, status: "inactive" });
    const status = async (id: unknown) => (await wire(`/contact/${id}`)).body.status;
    expect([await status(userId), await status(other.body.partner_user_id)]).toEqual(["inactive", "disabled"]);
    await act("set_partner_status", { partner_id: partnerId, status: "active" });
    expect([await status(userId), await status(other.body.partner_user_id)]).toEqual(["active", "disabled"]);
    expect((await events()).map(({ type }) => type).slice(-4)).toEqual([
      "partner.status_changed",
      "contact.status_changed",
      "partner.status_changed",
      "contact.status_changed",
    ]);
  });

  test("are heard of when verified, not before", async () => {
    const { partnerId } = await withPeople();
    const pending = await act("register_contact", {
      partner_id: partnerId,
      email: "new@northwind.example",
      verified: false,
    });
    const id = String(pending.body.partner_user_id);
    expect((await wire(`/contact/${id}`)).status).toBe(404);
    expect(await events()).toHaveLength(2);
    await act("verify_contact", { contact_id: id });
    expect((await wire(`/contact/${id}`)).body).toMatchObject({ version: 1, status: "active" });
    expect((await events())[2]).toMatchObject({ type: "contact.created", aggregate: { id, version: 1 } });
  });

  test("go over to the partner that theirs is merged into", async () => {
    const people = await withPeople();
    const sent = await act("submit_registration", registration(people));
    const into = String((await act("create_partner", { name: "Contoso" })).body.partner_id);
    const merged = await act("merge_partners", { partner_id: people.partnerId, into });
    expect(merged.body).toMatchObject({ into, archived_at: "2025-03-04T10:00:00.000Z", version: 2 });
    expect((await wire(`/contact/${people.userId}`)).body).toMatchObject({ partner_id: into, version: 2 });
    expect((await wire(`/deal_registration/${sent.body.registration_id}`)).body).toMatchObject({ partner_id: into });
    expect((await events()).map(({ type }) => type).slice(-3)).toEqual([
      "contact.moved",
      "deal_registration.updated",
      "partner.merged",
    ]);
  });

  test("are told what is wrong", async () => {
    const people = await withPeople();
    const { partnerId } = people;
    const taken = await act("register_contact", { partner_id: partnerId, email: "ADA@northwind.example" });
    expect(taken).toEqual({ status: 409, body: { refused: "email_taken" } });
    const domain = await act("create_partner", { name: "Copy", website: "northwind.example" });
    expect(domain).toEqual({ status: 409, body: { refused: "domain_taken" } });
    expect((await act("register_contact", { partner_id: "prt_none", email: "x@y.example" })).status).toBe(404);
    expect((await act("dance")).status).toBe(400);
    expect((await act("edit_partner", { partner_id: partnerId, fields: { colour: "red" } })).status).toBe(400);
    await act("set_partner_status", { partner_id: partnerId, status: "pending" });
    const closed = await act("submit_registration", registration(people));
    expect(closed).toEqual({ status: 409, body: { refused: "partner_not_active", status: "pending" } });
  });
});

describe("the review of a registration", () => {
  let people: { partnerId: string; userId: string };
  let id: string;
  const review = (to: string, reason?: string) =>
    act("review", { registration_id: id, to, ...(reason ? { reason } : {}) });

  beforeEach(async () => {
    await setUp();
    people = await withPeople();
    id = String((await act("submit_registration", registration(people))).body.registration_id);
  });

  async function steps(): Promise<string[]> {
    const own = (await events()).filter(({ aggregate }) => aggregate.id === id);
    expect(own.map(({ aggregate }) => aggregate.version)).toEqual(own.map((_, index) => index + 1));
    return own.map(({ type }) => type.replace("deal_registration.", ""));
  }

  test("goes from submission to protection, its extension, its end and its return", async () => {
    await review("in_review");
    await review("action_required", "who is the buyer?");
    await review("submitted");
    const approved = await review("approved");
    expect(approved.body).toMatchObject({
      review: { status: "approved", decided_at: "2025-03-04T10:00:00.000Z" },
      protection: { starts_at: "2025-03-04T10:00:00.000Z", expires_at: "2025-06-02T10:00:00.000Z" },
    });
    expect((await review("approved")).body).toMatchObject({ protection: { expires_at: "2025-08-01T10:00:00.000Z" } });
    expect((await review("expired")).body).toMatchObject({ review: { status: "expired", phase: "protection" } });
    await review("approved");
    await review("cancelled", "partner left");
    expect(await steps()).toEqual([
      "submitted",
      "review_started",
      "returned",
      "resubmitted",
      "approved",
      "protection_extended",
      "expired",
      "reinstated",
      "cancelled",
    ]);
  });

  test("ends for good where it ends, and never skips a step", async () => {
    expect(await review("cancelled", "no")).toMatchObject({ status: 409, body: { refused: "illegal_transition" } });
    expect(await review("rejected")).toMatchObject({ status: 400, body: { error: "reason_missing" } });
    expect(await review("rejected", "because")).toMatchObject({ status: 400, body: { error: "reason_unknown" } });
    expect((await review("rejected", "existing_customer")).body).toMatchObject({
      review: { reason: "existing_customer" },
    });
    expect(await review("approved")).toMatchObject({ status: 409, body: { refused: "illegal_transition" } });
    expect(await steps()).toEqual(["submitted", "rejected"]);
  });

  test("that expires while information is awaited cannot be reinstated", async () => {
    await review("action_required", "more, please");
    expect((await review("expired")).body).toMatchObject({ review: { phase: "review" } });
    expect((await review("approved")).status).toBe(409);
  });

  test("decides what its partner may edit", async () => {
    const edit = (fields: Record<string, unknown>) => act("edit_registration", { registration_id: id, fields });
    expect(await edit({ title: "New" })).toMatchObject({
      status: 409,
      body: { refused: "not_editable", field: "title" },
    });
    await review("approved");
    expect(await edit({ prospect: { account: { name: "Other" } } })).toMatchObject({ status: 409 });
    const edited = await edit({ amount: { value: 5, currency: "EUR" }, contact: { email: "cy@blueyonder.example" } });
    expect(edited.body).toMatchObject({
      amount: { value: 5 },
      prospect: { account: { name: "Blue Yonder Ltd" }, contact: { email: "cy@blueyonder.example", phone: null } },
    });
    expect((await steps()).at(-1)).toBe("updated");
  });

  test("does not begin with a draft, which nobody outside sees", async () => {
    const draft = await act("submit_registration", registration(people, { title: "Draft", draft: true }));
    const draftId = String(draft.body.registration_id);
    expect(draft.body).toMatchObject({ version: 0, review: { status: "draft" }, submitted_at: null });
    expect((await wire(`/deal_registration/${draftId}`)).status).toBe(404);
    await act("edit_registration", { registration_id: draftId, fields: { title: "Better" } });
    await act("review", { registration_id: draftId, to: "submitted" });
    expect((await wire(`/deal_registration/${draftId}`)).body).toMatchObject({ version: 1, title: "Better" });
    expect((await events()).at(-1)).toMatchObject({ type: "deal_registration.submitted" });
  });
});

describe("events", () => {
  test("are pushed signed, again after a failure, and under a new address and secret once these change", async () => {
    const hook = await receiver((attempt) => (attempt === 1 ? 503 : 200));
    await setUp("harbourline", { events_url: hook.url, secrets: ["first", "second"] });
    await act("create_partner", { name: "Northwind" });
    await hook.has(1);
    const [failed] = hook.got;
    expect(failed?.header).toBe(
      signature(failed?.body ?? "", { secret: "first", t: Number(failed?.header.slice(2, 12)) }),
    );
    expect(JSON.parse(failed?.body ?? "")).toMatchObject({ type: "partner.created", tenant_id: "harbourline" });

    await setUp("harbourline", { events_url: `${hook.url}?moved`, secrets: ["third"] });
    await act("ping");
    await hook.has(2);
    await passTimeUntil(() => hook.got.length >= 3);
    const again = hook.got.find(({ body }, index) => index > 0 && body === failed?.body);
    expect(again?.header).toBe(
      signature(again?.body ?? "", { secret: "third", t: Number(again?.header.slice(2, 12)) }),
    );
    await hook.close();
  });

  test("are pulled in order from any place", async () => {
    await setUp();
    await withPeople();
    await act("ping");
    const page = async (query: string) => (await wire<{ events: Event[]; cursor: string }>(`/events${query}`)).body;
    const first = await page("?limit=2");
    expect(first.events.map(({ type }) => type)).toEqual(["partner.created", "contact.created"]);
    const second = await page(`?limit=2&after=${first.cursor}`);
    expect(second.events.map(({ type }) => type)).toEqual(["sync.ping"]);
    expect(await page(`?after=${second.cursor}`)).toEqual({ events: [], cursor: second.cursor });
    expect((await wire("/events?after=yesterday")).status).toBe(400);
    expect((await wire("/events?limit=501")).status).toBe(400);
  });

  test("and all state outlive a restart, those not yet pushed included", async () => {
    const hook = await receiver(() => 200);
    await setUp("harbourline", { events_url: "http://127.0.0.1:1/closed" });
    const { partnerId } = await withPeople();
    const before = await json("/_twin/program/harbourline/aggregates");
    const feed = await events();
    await twin.close();
    await start();
    expect((await json("/_twin/program/harbourline/aggregates")).body).toEqual(before.body);
    expect(await events()).toEqual(feed);
    await setUp("harbourline", { events_url: hook.url });
    await passTimeUntil(() => hook.got.length >= 2);
    expect(hook.got.map(({ body }) => (JSON.parse(body) as Event).type).sort()).toEqual([
      "contact.created",
      "partner.created",
    ]);
    const edited = await act("edit_partner", { partner_id: partnerId, fields: { tier: "gold" } });
    expect(edited.body.version).toBe(2);
    await hook.close();
  });
});

test("a program with a limit says 406 until the next minute", async () => {
  await setUp("harbourline", { rate_limit_per_minute: 2 });
  const statuses = [await wire("/events"), await wire("/events"), await wire("/events")].map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 406]);
  twin.clock.advance(60_000);
  expect((await wire("/events")).status).toBe(200);
});
