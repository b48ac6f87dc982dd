import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import axios from "axios";
import { createLogger } from "../src/log.ts";

/** Everything that the work logs, as one text. */
async function logged(work: (log: ReturnType<typeof createLogger>) => Promise<void> | void): Promise<string> {
  const lines: string[] = [];
  await work(createLogger({ level: "trace" }, { write: (line) => void lines.push(line) }));
  return lines.join("");
}

test("a failed request is logged without its headers, body, query and answer", async () => {
  const server = createServer((_, answer) => answer.writeHead(401).end('{"answer":"canary-answer"}'));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?api_token=canary-query`;
  const headers = { authorization: "Bearer canary-header", "x-api-token": "canary-token" };
  const error = await axios.post(url, { note: "canary-body" }, { headers }).catch((caught) => caught);
  await new Promise((done) => server.close(done));

  const text = await logged((log) => {
    log.error(error);
    log.error({ err: error, error, cause: error }, "failed");
    log.error({ err: new Error("wrapped", { cause: error }) });
  });
  expect(text).toContain("status code 401");
  expect(text).toContain('"status":401');
  expect(text).not.toContain("canary");
});

test("secrets inside messages and connection strings are covered", async () => {
  const text = await logged((log) => {
    log.error(new Error("connect postgresql://app:canary@db/x failed"));
    log.warn("GET /callback?code=canary&state=1");
    log.info({ token: "canary", connection: { password: "canary", id: "c1" } }, "opened");
  });
  expect(text).not.toContain("canary");
  expect(text).toContain("postgresql://[secret]@db/x");
  expect(text).toContain('"id":"c1"');
});

test("a request is logged by its route, not by the URL that may carry a token", async () => {
  const req = {
    method: "POST",
    url: "/webhooks/pipedrive/canary",
    headers: {},
    routeOptions: { url: "/webhooks/:id" },
  };
  const text = await logged((log) => log.info({ req, res: { statusCode: 204, headers: {} } }, "answered"));
  expect(text).toContain("/webhooks/:id");
  expect(text).toContain("204");
  expect(text).not.toContain("canary");
});
