import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import axios from "axios";
import { delay, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import {
  ConnectionError,
  NoEffectError,
  NotFoundError,
  OutcomeUnknownError,
  ParkedError,
  RecordError,
  RefusedError,
} from "../../src/errors.ts";
import type { ProgramCommand } from "../../src/partner/adapter.ts";
import { createNeutralProgram } from "../../src/partner/neutral-http.ts";
import { verifySignature } from "../../src/partner/signature.ts";

const base = "http://program.test/program/harbourline";
const nowMs = Date.UTC(2025, 2, 4, 10, 15, 30);
const server = setupServer();

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

const program = createNeutralProgram({
  baseUrl: `${base}/`,
  secrets: ["new-secret", "old-secret"],
  timeoutMs: 2_000,
  http: axios.create(),
  now: () => nowMs,
});
const hasty = createNeutralProgram({ baseUrl: base, secrets: ["s"], timeoutMs: 50, http: axios.create() });

const command: ProgramCommand = {
  command: "partner.set_status",
  partner_id: "prt_a",
  status: "inactive",
  expected_version: 3,
  idempotency_key: "key-1",
  origin: "crm",
  actor: { kind: "sync", id: "partnersync", label: "partnersync" },
  cause: "wh_1",
};
const partner = { partner_id: "prt_a", version: 4, status: "inactive", crm: { org_id: 7 }, tier: null, odd: [1] };

async function failure(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error("the call was expected to fail");
}

function answering(status: number, body: unknown, headers: Record<string, string> = {}): void {
  const answer = () => HttpResponse.json(body as never, { status, headers });
  server.use(http.post(`${base}/commands`, answer), http.get(`${base}/partner/:id`, answer));
}

describe("neutral program over HTTP", () => {
  test("a command is posted as it is, signed over its bytes with the newest secret", async () => {
    let sent: { header: string; rawBody: string } | undefined;
    server.use(
      http.post(`${base}/commands`, async ({ request }) => {
        sent = { header: request.headers.get("x-program-signature") ?? "", rawBody: await request.text() };
        return HttpResponse.json({ result: partner });
      }),
    );
    expect(await program.apply(command)).toEqual({ kind: "partner", id: "prt_a", version: 4, data: partner });
    expect(JSON.parse(sent?.rawBody ?? "")).toEqual(command);
    expect(
      verifySignature({ header: sent?.header, rawBody: sent?.rawBody ?? "", secrets: ["new-secret"], nowMs }),
    ).toEqual({ ok: true });
  });

  test("a read is signed over its path with query", async () => {
    const seen: boolean[] = [];
    server.use(
      http.get(`${base}/events`, ({ request }) => {
        const { pathname, search } = new URL(request.url);
        const header = request.headers.get("x-program-signature") ?? undefined;
        seen.push(verifySignature({ header, rawBody: pathname + search, secrets: ["new-secret"], nowMs }).ok);
        expect(search).toBe("?limit=2&after=cur%2F9");
        return HttpResponse.json({ events: [], cursor: null });
      }),
    );
    expect(await program.fetchChanges("cur/9", 2)).toEqual({ events: [], cursor: "cur/9" });
    expect(seen).toEqual([true]);
  });

  test("a feed page leaves out what is never linked and moves on past it", async () => {
    const event = (kind: string, n: number) => ({
      event_id: `evt_${n}`,
      type: kind === "sync" ? "sync.ping" : "partner.updated",
      schema_version: 1,
      tenant_id: "harbourline",
      occurred_at: "2025-03-04T10:15:30.123Z",
      aggregate: { kind, id: "prt_a", version: n },
      actor: { kind: "vendor_user", id: "v", label: "" },
      origin: "program",
      data: {},
    });
    server.use(
      http.get(`${base}/events`, () =>
        HttpResponse.json({ events: [event("partner", 1), event("sync", 2)], cursor: "2" }),
      ),
    );
    const page = await program.fetchChanges(null);
    expect(page.cursor).toBe("2");
    expect(page.events.map((each) => each.event_id)).toEqual(["evt_1"]);
  });

  test("an aggregate is read by kind and id", async () => {
    server.use(http.get(`${base}/partner/prt_a`, () => HttpResponse.json(partner)));
    expect(await program.get("partner", "prt_a")).toEqual({ kind: "partner", id: "prt_a", version: 4, data: partner });
  });

  test.each([
    [406, {}, 3_000],
    [406, { "retry-after": "20" }, 20_000],
    [429, { "retry-after": "86400" }, 300_000],
    [429, { "retry-after": new Date(nowMs + 60_000).toUTCString() }, 60_000],
    [429, { "retry-after": "soon" }, 3_000],
  ])("a %i with %p parks the tenant for %i ms", async (status, headers, waitMs) => {
    answering(status, {}, headers as Record<string, string>);
    for (const call of [program.apply(command), program.get("partner", "prt_a")]) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(ParkedError);
      expect(error).toMatchObject({ side: "program", until: new Date(nowMs + waitMs) });
    }
  });

  test.each([
    [401, "UNAUTHORIZED"],
    [403, "FORBIDDEN"],
    [302, "UNREACHABLE"],
  ])("a %i pauses the connection as %s", async (status, problem) => {
    answering(status, {}, { location: "http://elsewhere.test/" });
    for (const call of [program.apply(command), program.get("partner", "prt_a")]) {
      const error = await failure(call);
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ side: "program", problem });
    }
  });

  test("a refused command says why, and nothing else", async () => {
    answering(409, { refused: "version_conflict", detail: "ada@example.org" });
    const error = await failure(program.apply(command));
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ code: "version_conflict" });
    expect(error.message).not.toContain("ada");
  });

  test("a record that is not there is an answer of its own", async () => {
    answering(404, {});
    expect(await failure(program.get("partner", "prt_a"))).toBeInstanceOf(NotFoundError);
    expect(await failure(program.apply(command))).toBeInstanceOf(NotFoundError);
  });

  test("a request the program calls wrong stops the record", async () => {
    answering(422, { message: "tier is unknown" });
    const error = await failure(program.apply(command));
    expect(error).toBeInstanceOf(RecordError);
    expect(error).toMatchObject({ code: "REFUSED_BY_PROGRAM" });
  });

  test.each([
    [500, "oops"],
    [503, {}],
    [408, {}],
    [409, "a proxy's page"],
    [200, { result: { partner_id: "prt_a" } }],
    [200, { result: null }],
    [200, {}],
    [200, [1]],
  ])("a %i %j leaves a command's outcome open and fails a read without effect", async (status, body) => {
    answering(status, body);
    expect(await failure(program.apply(command))).toBeInstanceOf(OutcomeUnknownError);
    expect(await failure(program.get("partner", "prt_a"))).toBeInstanceOf(NoEffectError);
  });

  test("an answer that is not JSON leaves the outcome open", async () => {
    server.use(http.post(`${base}/commands`, () => HttpResponse.text("<html>")));
    expect(await failure(program.apply(command))).toBeInstanceOf(OutcomeUnknownError);
  });

  test("another record's snapshot is not taken for the one asked for", async () => {
    answering(200, partner);
    expect(await failure(program.get("partner", "prt_b"))).toBeInstanceOf(NoEffectError);
  });

  test("an answer out of all proportion is not read", async () => {
    answering(200, { ...partner, odd: "x".repeat(1_100_000) });
    expect(await failure(program.get("partner", "prt_a"))).toBeInstanceOf(NoEffectError);
  });

  test("an event that cannot be read fails the page, so that none is passed over", async () => {
    server.use(http.get(`${base}/events`, () => HttpResponse.json({ events: [{ event_id: "evt_1" }], cursor: "1" })));
    expect(await failure(program.fetchChanges(null))).toBeInstanceOf(NoEffectError);
  });

  test("no answer in time leaves a command's outcome open and fails a read without effect", async () => {
    const never = async () => {
      await delay("infinite");
      return HttpResponse.json({});
    };
    server.use(http.post(`${base}/commands`, never), http.get(`${base}/partner/:id`, never));
    expect(await failure(hasty.apply(command))).toBeInstanceOf(OutcomeUnknownError);
    expect(await failure(hasty.get("partner", "prt_a"))).toBeInstanceOf(NoEffectError);
  });

  test("a connection cut in the middle leaves a command's outcome open", async () => {
    server.use(http.post(`${base}/commands`, () => HttpResponse.error()));
    expect(await failure(program.apply(command))).toBeInstanceOf(OutcomeUnknownError);
  });

  test("a lost lease aborts the call, and one lost before sends nothing", async () => {
    const lease = new AbortController();
    let requests = 0;
    server.use(
      http.post(`${base}/commands`, async () => {
        requests += 1;
        lease.abort();
        await delay("infinite");
        return HttpResponse.json({});
      }),
    );
    expect(await failure(program.apply(command, { signal: lease.signal }))).toBeInstanceOf(OutcomeUnknownError);
    expect(await failure(program.apply(command, { signal: lease.signal }))).toBeInstanceOf(NoEffectError);
    expect(requests).toBe(1);
  });

  test("without an address or a secret there is no connection to begin with", () => {
    const make = (baseUrl: string, secrets: string[]) => () =>
      createNeutralProgram({ baseUrl, secrets, timeoutMs: 1_000 });
    expect(make("file:///etc", ["s"])).toThrow(ConnectionError);
    expect(make("not a url", ["s"])).toThrow(ConnectionError);
    expect(make(base, [])).toThrow(ConnectionError);
  });
});

describe("a program that cannot be reached", () => {
  // Port 1 of this host is closed; the interception of the other tests would hide that.
  beforeAll(() => server.close());

  test("pauses the connection and keeps that nothing happened", async () => {
    const gone = createNeutralProgram({ baseUrl: "http://127.0.0.1:1", secrets: ["s"], timeoutMs: 2_000 });
    const error = await failure(gone.apply(command));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ side: "program", problem: "UNREACHABLE" });
    expect(error.cause).toBeInstanceOf(NoEffectError);
  });
});
