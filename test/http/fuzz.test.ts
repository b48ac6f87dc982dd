import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GuardedRoute } from "../../src/http/access.ts";
import { openApiDocument } from "../../src/http/api/index.ts";
import { fc } from "../support/seeded.ts";
import { allowedBy, HOSTILE, type JsonSchema, nearly } from "./json-schema-arbitrary.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

/** What failed is repeated by FAST_CHECK_SEED. Runs are bounded in time: a slow machine makes fewer. */
const SEED = fc.readConfigureGlobal().seed ?? Math.floor(Math.random() * 2 ** 31);
const bounds = (numRuns: number) => ({ seed: SEED, numRuns, interruptAfterTimeLimit: 4_000, endOnFailure: true });

const TENANT = "harbourline";

interface Operation {
  operationId: string;
  parameters?: { name: string; in: "path" | "query" | "header"; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
}

let server: TestServer;
let base: string;
let token: string;
let routes: GuardedRoute[];

beforeAll(async () => {
  server = await startTestServer();
  const opened = await server.open();
  base = opened.url;
  routes = opened.server.guardedRoutes();
  await server.addTenant(TENANT);
  token = await server.tokenOf({ role: "admin" }, "fuzzer");
});
afterAll(async () => {
  process.stderr.write(`fuzzed with FAST_CHECK_SEED=${SEED}\n`);
  await server.stop();
});

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

/** Anything but a defect of ours: no 5xx, no inside view, and errors in their one form. */
async function check({ method, path, headers, body }: Sent): Promise<void> {
  const hasBody = body !== undefined && method !== "GET" && method !== "HEAD";
  const answer = await fetch(base + path, { method, headers, redirect: "manual", ...(hasBody && { body }) });
  const text = await answer.text();
  const told = `${answer.status} ${text.slice(0, 400)}`;
  if (answer.status >= 500) throw new Error(`${told}\n${server.lines.filter((one) => one.includes('"err"')).at(-1)}`);
  expect(told).not.toMatch(/\n\s+at |node_modules|\.[jt]s:\d+|file:\/\/|PrismaClient/);
  expect(text).not.toContain(process.cwd());
  if (answer.status < 400 || method === "HEAD" || path.startsWith("/queues")) return; // the board has a form of its own
  const isPage = answer.headers.get("content-type")?.startsWith("text/html");
  if (isPage) return;
  const error = { code: expect.any(String), message: expect.any(String), correlationId: expect.any(String) };
  expect(JSON.parse(text)).toEqual({ error: expect.objectContaining(error) });
}

const document = (await openApiDocument()) as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
);

const asText = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
/** As it can stand in an address at all. */
const inPath = (value: unknown) => encodeURIComponent(Buffer.from(asText(value)).toString().slice(0, 3_000)) || "-";
const KNOWN: Record<string, string> = {
  ...{ tenant: TENANT, name: "fuzzer", object: "organization", id: "1", finding: "1" },
  ...{ run: "latest", review: "r1", revision: "1" },
};

/** These ask other systems, once all else is right: these ask for a tenant that there is not. */
const ASKS_OTHERS =
  /connections\/(pipedrive|program)|credentials\/|\/fields\/|mapping\/(scaffold|plan|roll-out|rollback|drift)|access\/snapshots/;

/** In the form of ours, and of what no database holds. */
const cursor = fc
  .oneof(
    HOSTILE,
    fc.constantFrom("\0", "a\0", "\ud800", -1, 0.5, 2 ** 53 - 1),
    fc.tuple(fc.constantFrom("a\0", "\ud800", "0", "-271821-04-20", "0000-01-01"), fc.oneof(fc.uuid(), fc.integer())),
  )
  .map((key) =>
    Buffer.from(JSON.stringify(key) ?? "")
      .toString("base64url")
      .slice(0, 500),
  );

function requestsOf({ method, path, parameters = [], requestBody }: (typeof operations)[number]): fc.Arbitrary<Sent> {
  const schema = requestBody?.content["application/json"]?.schema;
  const values = parameters.map(({ name, in: place, schema }) => {
    const known = KNOWN[name] ? fc.constant(KNOWN[name]) : allowedBy(schema);
    const right = name === "cursor" ? cursor : fc.oneof(known, allowedBy(schema));
    const arbitrary = fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: HOSTILE });
    return place === "path" ? arbitrary : fc.option(arbitrary, { nil: undefined });
  });
  const body = schema ? fc.oneof(allowedBy(schema), nearly(schema), nearly(schema)) : fc.option(HOSTILE);
  return fc.tuple(fc.tuple(...values), body).map(([given, json]) => {
    const by = (place: string) =>
      parameters.flatMap((one, i) => (one.in === place ? [[one.name, given[i]] as const] : []));
    let url = path;
    for (const [name, value] of by("path")) {
      url = url.replace(`{${name}}`, ASKS_OTHERS.test(path) && name === "tenant" ? "nobody-s" : inPath(value));
    }
    const query = by("query").filter(([, value]) => value !== undefined);
    if (query.length > 0) url += `?${query.map(([name, value]) => `${name}=${inPath(value)}`).join("&")}`;
    const key = by("header").find(([, value]) => value !== undefined)?.[1];
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    if (typeof key === "string" && /^[\x21-\x7e]{1,300}$/.test(key)) headers["idempotency-key"] = key;
    return { method, path: url, headers, body: JSON.stringify(json) };
  });
}

describe("what is made of a route's own schemas, right and nearly right", () => {
  test.each(operations.map((operation) => [operation.operationId, operation] as const))("%s", (_id, operation) =>
    fc.assert(fc.asyncProperty(requestsOf(operation), check), { ...bounds(25), interruptAfterTimeLimit: 1_500 }),
  );
});

const segment = fc.oneof(
  fc.constantFrom(
    "%00",
    "%",
    "%zz",
    "%E0%A4%A",
    "%2e%2e%2f",
    "%2F",
    "..",
    "//",
    "\\",
    "%0d%0a",
    "%ed%a0%80",
    "*",
    ":tenant",
  ),
  fc.webPath(),
  fc.string({ unit: "grapheme-ascii", maxLength: 10 }).map(encodeURIComponent),
);
/** A path of a route with garbage in its parameters and at its end, or nothing but garbage. */
const paths = () =>
  fc
    .tuple(fc.constantFrom(...routes.map(({ url }) => url), ""), fc.array(segment, { minLength: 1, maxLength: 4 }))
    .map(([url, parts]) => {
      const filled = url.replace(/:\w+|\*/g, () => parts[0] ?? "x");
      return encodeURI(`${filled}${parts.slice(1).join("/")}`.replace(/^\/*/, "/")).replaceAll("%25", "%");
    });
const contentType = fc.constantFrom(
  ...["application/json", "application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded"],
  ...["multipart/form-data; boundary=x", "application/xml", "a/b", "x", "application/json;charset", ";"],
);
const bodies = fc.oneof(
  fc.constantFrom(
    "",
    "{",
    "[",
    '"',
    "{}",
    "[]",
    "null",
    '{"a":',
    '{"__proto__":{}}',
    "\0",
    "\ufeff{}",
    "name=a&name=b&%=",
  ),
  HOSTILE.map((value) => JSON.stringify(value) ?? ""),
  fc.string({ unit: "binary" }),
  fc.constantFrom(100_000, 500_000).map((depth) => "[".repeat(depth)),
);
const headerValue = fc.string({ unit: "grapheme-ascii", maxLength: 60 });
const HEADERS = ["authorization", "cookie", "accept", "x-forwarded-for", "idempotency-key", "origin", "sec-fetch-site"];

test.each<[string, unknown]>([
  ["tenants", "a\0"],
  ["connections", ["a\0", "0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b"]],
  ["connections", ["a", "no uuid"]],
  ["findings", ["-271821-04-20T00:00:00Z", 1]],
  ["findings", ["0000-01-01", 1]],
  ["audit", 0.5],
  ["audit?from=0000-01-01&", undefined],
  ["audit?to=-271821-04-20T00:00:00Z&", undefined],
])("what once failed: /api/%s after %j", (list, key) => {
  const after = Buffer.from(JSON.stringify(key) ?? "").toString("base64url");
  const path = `/api/${list}${list.endsWith("&") ? "" : `?cursor=${after}`}`;
  return check({ method: "GET", path, headers: { authorization: `Bearer ${token}` } });
});

describe("garbage", () => {
  test("of every kind, to every route", async () => {
    const method = fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    const extra = fc.dictionary(fc.constantFrom(...HEADERS, "x-program-signature"), headerValue, { maxKeys: 2 });
    const garbage = fc.record({ method, path: paths(), extra, type: contentType, body: bodies, known: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(garbage, ({ extra, type, known, ...rest }) => {
        const signedIn: Record<string, string> = known
          ? { authorization: `Bearer ${token}`, "sec-fetch-site": "none" }
          : {};
        return check({ ...rest, headers: { "content-type": type, ...signedIn, ...extra } });
      }),
      bounds(300),
    );
  });

  test("that is hardly HTTP", async () => {
    const line = fc.oneof(
      fc.tuple(fc.constantFrom("GET", "BREW", "get", "", "\0"), fc.string({ unit: "binary", maxLength: 20 })),
      fc.tuple(
        fc.constant("GET"),
        fc.constantFrom("/api/\xff", "/%", "*", "http://evil/", "/a b", `/${"a".repeat(20_000)}`),
      ),
    );
    const more = fc.constantFrom(
      "",
      "host: a\r\n",
      "host:\r\n",
      ": \r\n",
      "content-length: -1\r\n",
      "transfer-encoding: x\r\n",
    );
    await fc.assert(
      fc.asyncProperty(line, more, async ([method, target], headers) => {
        const text = await raw(`${method} ${target} HTTP/1.1\r\n${headers}connection: close\r\n\r\n`);
        const [head = "", body = ""] = text.split("\r\n\r\n");
        expect(head).toMatch(/^$|^HTTP\/1\.1 [1-4]\d\d /);
        expect(text).not.toMatch(/\n\s+at |node_modules|\.[jt]s:\d+/);
        // Without a Host Node itself answers, and with nothing.
        if (/^HTTP\/1\.1 4/.test(head) && !/^(0\s*)?$/.test(body))
          expect(JSON.parse(body)).toMatchObject({ error: { code: expect.any(String) } });
      }),
      bounds(60),
    );
  });
});

/** Sends bytes, and reads all there is until the other side is done. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(new URL(base).port), "127.0.0.1", () => socket.end(text, "latin1"));
    socket.setEncoding("utf8").on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer)).on("error", (error) => (answer ? resolve(answer) : reject(error)));
  });
}
