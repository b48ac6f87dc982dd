import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "@jest/globals";
import pino from "pino";
import { ConnectionError, NoEffectError, OutcomeUnknownError, RecordError } from "../../src/errors.ts";
import type { PipedriveClientOptions } from "../../src/pipedrive/client.ts";
import type { Pipedrive } from "../../src/pipedrive/port.ts";
import { clientUnderTest, errorOf, fixture, TOKEN } from "./client-under-test.ts";

const SECRET = "ada@secret.example";
const ORGANIZATION = fixture("rest-organization");
const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A server on a free port that does with each request what the test wants. */
async function serve(handle: http.RequestListener): Promise<{ baseUrl: string; sockets: Set<net.Socket> }> {
  const sockets = new Set<net.Socket>();
  const server = http.createServer(handle).on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push({
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

function answer(response: http.ServerResponse, data: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ success: true, data }));
}

/** The same trouble for a read and for a write. */
async function troubles(options: Partial<PipedriveClientOptions>) {
  const { pipedrive, spent } = clientUnderTest(options);
  const read = await errorOf(pipedrive.get("organization", 17));
  const write = await errorOf(pipedrive.patch("organization", 17, { name: SECRET }));
  return { read, write, spent };
}

async function closedPort(): Promise<string> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

describe("without an answer", () => {
  test("a refused connection is an outage of the connection, and costs nothing", async () => {
    const { read, write, spent } = await troubles({ baseUrl: await closedPort() });
    expect(read).toMatchObject({ name: "ConnectionError", side: "pipedrive", problem: "UNREACHABLE" });
    expect(write).toBeInstanceOf(ConnectionError);
    expect(write.message).toBe("Pipedrive: patch organization 17 did not reach the server (ECONNREFUSED)");
    expect(spent).toMatchObject([
      { tokens: 0, status: null },
      { tokens: 0, status: null },
    ]);
  });

  test("an unknown host is one too", async () => {
    const { write } = await troubles({ baseUrl: "http://pipedrive.invalid" });
    expect(write).toBeInstanceOf(ConnectionError);
  });

  test("a connection that breaks after sending leaves a write unknown", async () => {
    const { baseUrl } = await serve((request) => request.socket.destroy());
    const { read, write, spent } = await troubles({ baseUrl });
    expect(read).toBeInstanceOf(NoEffectError);
    expect(write).toBeInstanceOf(OutcomeUnknownError);
    expect(spent.map(({ tokens }) => tokens)).toEqual([1, 5]);
  });

  test("an answer that breaks off in the middle leaves a write unknown", async () => {
    const { baseUrl } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"success":true', () => response.destroy());
    });
    const { read, write } = await troubles({ baseUrl });
    expect(read).toBeInstanceOf(NoEffectError);
    expect(write).toBeInstanceOf(OutcomeUnknownError);
  });

  test("a silent server is given up after the timeout", async () => {
    const { baseUrl } = await serve(() => {});
    const { read, write } = await troubles({ baseUrl, timeoutMs: 50 });
    expect(read).toBeInstanceOf(NoEffectError);
    expect(write).toBeInstanceOf(OutcomeUnknownError);
    expect(write.message).toContain("got no answer in time");
  });

  test("the timeout is for the whole answer: one that trickles is given up too", async () => {
    const { baseUrl } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const trickle = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(trickle));
    });
    const { write } = await troubles({ baseUrl, timeoutMs: 100 });
    expect(write).toBeInstanceOf(OutcomeUnknownError);
  });

  test("an answer beyond all bounds is not read to its end", async () => {
    const { baseUrl } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": String(64 * 1024 * 1024) });
      response.flushHeaders();
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, " ")));
      };
      response.on("drain", more);
      more();
    });
    const { write } = await troubles({ baseUrl });
    expect(write).toBeInstanceOf(OutcomeUnknownError);
  });
});

describe("an aborted call", () => {
  const patch = (pipedrive: Pipedrive, signal: AbortSignal) => pipedrive.patch("organization", 17, {}, { signal });

  test("has no effect when it was not sent yet", async () => {
    let requests = 0;
    const { baseUrl } = await serve((_, response) => answer(response, { ...ORGANIZATION, requests: ++requests }));
    const { pipedrive, spent } = clientUnderTest({ baseUrl });
    expect(await errorOf(patch(pipedrive, AbortSignal.abort()))).toBeInstanceOf(NoEffectError);
    expect([requests, spent]).toEqual([0, []]);
  });

  test("leaves a write unknown once it was sent", async () => {
    const lease = new AbortController();
    const { baseUrl } = await serve(() => lease.abort());
    const { pipedrive } = clientUnderTest({ baseUrl });
    const error = await errorOf(patch(pipedrive, lease.signal));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error.message).toContain("was aborted");
  });
});

test("a redirect is not followed: the token stays with the company's host", async () => {
  let strangers = 0;
  const stranger = await serve((_, response) => answer(response, { ...ORGANIZATION, strangers: ++strangers }));
  const { baseUrl } = await serve((request, response) => {
    response.writeHead(301, { location: `${stranger.baseUrl}${request.url}` }).end();
  });
  const { read, write } = await troubles({ baseUrl });
  expect(read).toMatchObject({ name: "ConnectionError", problem: "UNREACHABLE" });
  expect(write).toBeInstanceOf(ConnectionError);
  expect(strangers).toBe(0);
});

test("connections are kept and used again", async () => {
  const { baseUrl, sockets } = await serve((_, response) => answer(response, ORGANIZATION));
  const { pipedrive } = clientUnderTest({ baseUrl });
  for (let call = 0; call < 5; call += 1) await pipedrive.get("organization", 17);
  expect(sockets.size).toBe(1);
});

test("a body beyond all bounds is refused before it is sent", async () => {
  const { pipedrive, spent } = clientUnderTest({ baseUrl: await closedPort() });
  const error = await errorOf(pipedrive.create("organization", { name: "x".repeat(2 * 1024 * 1024) }));
  expect(error).toBeInstanceOf(RecordError);
  expect(error.message.length).toBeLessThan(200);
  expect(spent).toEqual([]);
});

test("an error that is logged shows neither token nor body", async () => {
  const { baseUrl } = await serve((request) => request.socket.destroy());
  const { write } = await troubles({ baseUrl });
  const lines: string[] = [];
  pino({ level: "error" }, { write: (line) => lines.push(line) }).error(write, "write failed");
  const shown = [inspect(write, { depth: 20, showHidden: true }), JSON.stringify(write), ...lines].join("\n");
  expect(shown).toContain("ECONNRESET");
  expect(shown).not.toContain(TOKEN);
  expect(shown).not.toContain(SECRET);
  expect(shown).not.toContain("x-api-token");
});

test.each([
  "acme.pipedrive.com",
  "https://acme.pipedrive.com/api/v1",
  "https://user:secret@acme.pipedrive.com",
  "ftp://acme.pipedrive.com",
  "https://acme.pipedrive.com/?api_token=secret",
  "",
])("base URL %j is refused with a hint", (baseUrl) => {
  const make = () => clientUnderTest({ baseUrl });
  expect(make).toThrow(expect.objectContaining({ name: "InputError", code: "BASE_URL_INVALID" }));
  expect(make).not.toThrow(/secret/);
});

test.each(["", "with space", "line\nbreak", "ünïcode"])("token %j is refused without being repeated", (token) => {
  const make = () => clientUnderTest({ token });
  expect(make).toThrow(expect.objectContaining({ code: "TOKEN_INVALID" }));
});
