import { rm } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  act,
  dataDir,
  type Event,
  eachWithATwin,
  events,
  json,
  passTimeUntil,
  receiver,
  setUp,
  signature,
  start,
  twin,
  wire,
  withPeople,
} from "./program-rig.ts";

/* The program's twin as a system of its own: who may ask, what is whose, and how it tells what happened. */

eachWithATwin();

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
