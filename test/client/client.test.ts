import { readFile } from "node:fs/promises";
import { createServer as createPlainServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { answerOf, createApi, everyRow, overNetwork } from "../../src/client/client.ts";
import { apiTypes } from "../../src/http/api/write-client-types.ts";

test("its types are those of the API's document today", async () => {
  const kept = await readFile(new URL("../../src/client/api-types.ts", import.meta.url), "utf8");
  expect((await apiTypes()) === kept).toBe(true); // made with: node scripts/run.mjs src/http/api/write-client-types.ts
});

/** Cuts the connection of the first `cut` requests. */
async function unsteady(cut: number) {
  const keys: (string | undefined)[] = [];
  const server = createPlainServer((request, response) => {
    keys.push(request.headers["idempotency-key"] as string | undefined);
    if (keys.length <= cut) return void request.socket.destroy();
    response.writeHead(200, { "content-type": "application/json" }).end('{"id":"acme"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api = createApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, overNetwork("psop_x"));
  return { keys, api, close: () => server.close() };
}

test("a write that got no answer is sent again under the same key", async () => {
  const { api, keys, close } = await unsteady(2);
  expect(await answerOf(api.POST("/api/tenants", { body: { id: "acme" } }))).toEqual({ id: "acme" });
  close();
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test("gives up after three tries and says which server", async () => {
  const { api, keys, close } = await unsteady(3);
  await expect(answerOf(api.GET("/api/tenants"))).rejects.toMatchObject({
    code: "NO_SERVER",
    where: "PARTNERSYNC_URL",
  });
  close();
  expect(keys).toEqual([undefined, undefined, undefined]);
});

test.each(["psop_…", "psop_x\nof ada as viewer", "psop_ x"])(
  "a token that is none is refused, not repeated: %j",
  (token) => {
    const said = expect.objectContaining({ code: "BAD_TOKEN", message: expect.not.stringContaining("psop_") });
    expect(() => overNetwork(token)).toThrow(said as never);
  },
);

/** Answers each request with the next of these: a status, headers, and a body. */
async function saying(...answers: [number, Record<string, string>, string][]) {
  const asked: string[] = [];
  const server = createPlainServer((request, response) => {
    const [status, headers, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [500, {}, ""];
    asked.push(`${request.method} ${request.url}`);
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api = createApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, overNetwork("psop_x"));
  return {
    asked,
    add: () => answerOf(api.POST("/api/tenants", { body: { id: "acme" } })),
    close: () => server.close(),
  };
}
const refusal = (code: string) => JSON.stringify({ error: { code, message: "m", hint: "h", correlationId: "c-1" } });

test("waits for what lost its connection and is still worked on", async () => {
  const running: [number, Record<string, string>, string] = [409, {}, refusal("STILL_RUNNING")];
  const { asked, add, close } = await saying([0, {}, ""], running, running, [201, {}, '{"id":"acme"}']);
  expect(await add()).toEqual({ id: "acme" });
  close();
  expect(asked).toHaveLength(4);
});

test.each<[string, [number, Record<string, string>, string], object]>([
  [
    "a redirect, and does not follow it",
    [301, { location: "https://sync.example/api/tenants?a=b" }, ""],
    { code: "MOVED", message: "what answers sends us on to https://sync.example (HTTP 301)" },
  ],
  ["a proxy without its server", [502, { "content-type": "text/html" }, "<h1>Bad gateway</h1>"], { code: "NO_SERVER" }],
  ["somebody else", [200, { "content-type": "text/html" }, "<h1>It works</h1>"], { code: "NOT_PARTNERSYNC" }],
  ["an older server", [404, {}, refusal("NOT_FOUND")], { hint: expect.stringContaining("is older than this command") }],
  ["whom it is not known to", [401, {}, refusal("SIGN_IN")], { hint: expect.stringContaining("PARTNERSYNC_TOKEN") }],
  ["a defect", [500, {}, refusal("INTERNAL")], { code: "INTERNAL", hint: "h; correlation id c-1" }],
  ["a remote system's failure", [502, {}, refusal("UNREACHABLE")], { code: "UNREACHABLE", hint: "h" }],
  ["a refusal", [409, {}, refusal("STILL_RUNNING")], { code: "STILL_RUNNING", hint: "h" }],
])("says that it was answered by %s", async (_what, answer, said) => {
  const { asked, add, close } = await saying(answer);
  await expect(add()).rejects.toMatchObject(said);
  close();
  expect(asked).toEqual(["POST /api/tenants"]);
});

test("reads a list to its end", async () => {
  const pages = new Map([
    [undefined, { items: [1, 2], next: "a" }],
    ["a", { items: [], next: "b" }],
    ["b", { items: [3], next: null }],
  ]);
  const rows: number[] = [];
  for await (const row of everyRow(
    async (cursor) => pages.get(cursor as never) as { items: number[]; next: string | null },
  ))
    rows.push(row);
  expect(rows).toEqual([1, 2, 3]);
});
