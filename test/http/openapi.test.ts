import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApiDocument } from "../../src/http/api/index.ts";
import { ROUTES } from "../../src/http/api/routes.ts";
import { openBrowser } from "./browser.ts";
import { ask, startTestServer, type TestServer } from "./test-server.ts";

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: object;
  responses: Record<string, { content: { "application/json": { schema: object } } }>;
}

let server: TestServer;
let base: string;
let token: string;
let served: Document;

beforeAll(async () => {
  server = await startTestServer();
  base = await server.listen();
  token = await server.tokenOf();
  served = (await (await ask(`${base}/api/openapi.json`, token)).json()) as Document;
});
afterAll(() => server.stop());

const operations = () => Object.values(served.paths).flatMap((methods) => Object.values(methods));

describe("the OpenAPI document", () => {
  test("validates as OpenAPI 3.1", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(served) as never);
    expect([valid, errors, validator.version]).toEqual([true, undefined, "3.1"]);
  });

  test("is the same with a server and without", async () => {
    expect(served).toEqual(JSON.parse(JSON.stringify(await openApiDocument())));
    expect(await (await ask(`${base}/api/docs/json`, token)).json()).toEqual(served);
  });

  test("has every route of the API, and nothing else", () => {
    const listed = Object.entries(served.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const toPath = (path: string) => `/api${path.replace(/:(\w+)/g, "{$1}")}`;
    expect(listed.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${toPath(path)}`).sort());
  });

  test("names every operation once, and says under what and what it does", () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operationId, tags, summary, responses } of operations()) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(tags).toEqual([expect.stringMatching(/^[A-Z]/)]);
      expect(summary.length).toBeGreaterThan(5);
      expect(Object.keys(responses)).toEqual([expect.stringMatching(/^20[01]$/), "default"]);
      expect(responses.default?.content["application/json"].schema).toMatchObject({ required: ["error"] });
    }
  });

  test("says what writes take: an Idempotency-Key, and of GET no body", () => {
    for (const [method, operation] of Object.values(served.paths).flatMap((methods) => Object.entries(methods))) {
      const keys = (operation.parameters ?? []).filter(({ name }) => name === "idempotency-key");
      const isRead = method === "get";
      expect([operation.operationId, keys.length]).toEqual([operation.operationId, isRead ? 0 : 1]);
      expect(keys.every(({ in: place, required }) => place === "header" && !required)).toBe(true);
      if (isRead) expect(operation.requestBody).toBeUndefined();
    }
  });

  test("tells dates as text", () => {
    expect(JSON.stringify(served)).toContain('"createdAt":{"type":"string","format":"date-time"}');
  });
});

describe("the page that shows it", () => {
  test("is loaded with all that it needs from this server, under our headers", async () => {
    const browser = openBrowser(base);
    await server.operators.add({ name: "vera", role: "viewer" });
    const { code } = await server.operators.issueOnce("vera");
    await browser.post("/sign-in/once", { code, password: "four unrelated words here" });

    const page = await browser.get("/api/docs/");
    expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    const html = await page.text();
    // script-src 'self': nothing written into the page itself would run.
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\son\w+=|javascript:/i);
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, path]) => new URL(path ?? "", `${base}/api/docs/`),
    );
    expect(assets.length).toBeGreaterThan(3);
    for (const { origin, pathname } of assets) {
      const asset = await browser.get(pathname);
      expect([origin, pathname, asset.status]).toEqual([base, pathname, 200]);
      const type = /\.js$/.test(pathname) ? "javascript" : /\.css$/.test(pathname) ? "text/css" : "image/";
      expect(asset.headers.get("content-type")).toContain(type);
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(0);
    }
  });

  test("reads the document at an address that there is", async () => {
    const script = await (await ask(`${base}/api/docs/static/swagger-initializer.js`, token)).text();
    expect(script).toContain("/json");
    expect(script).toContain("validatorUrl: null"); // nobody else is sent the document
  });

  test("is found without the slash too", async () => {
    const answer = await fetch(`${base}/api/docs`, { headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
    await answer.text();
  });
});
