import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type System, startSystem } from "../support/system.ts";
import { cli, json } from "./cli-under-test.ts";

/* The command line of somebody who has neither the database's address nor the master key. */

const environment = { ...process.env };
let system: System;
let folder: string;

beforeAll(async () => {
  system = await startSystem({ tenants: ["harbourline", "kestrel-obs"], workers: false });
  folder = await mkdtemp(join(tmpdir(), "partnersync-remote-"));
  await system.app.operators.add({ name: "otto", role: "operator" });
  const { token } = await system.app.tokens.issue("otto", { name: "laptop", ttlMs: 60_000 });
  for (const name of ["MASTER_KEY", "REDIS_URL"]) delete process.env[name];
  Object.assign(process.env, {
    // Whoever touched any of these would fail.
    DATABASE_URL: "postgresql://nobody@127.0.0.1:1/nowhere",
    DATA_DIR: "/proc/nowhere",
    PARTNERSYNC_URL: `${system.serverUrl}/`,
    PARTNERSYNC_TOKEN: token,
  });
});

afterAll(async () => {
  process.env = environment;
  await system?.close();
  await rm(folder, { recursive: true, force: true });
});

test("works as the token's owner, and is on record as theirs", async () => {
  expect((await cli(["whoami"])).out).toBe(`otto, operator, for every tenant, through ${system.serverUrl}\n`);
  expect((await cli(["tenant", "pause", "harbourline"])).out).toMatch(/^harbourline is paused by otto;/);
  expect((await cli(["tenant", "resume", "harbourline"])).code).toBe(0);
  const trail = await system.app.audit.list({ tenants: null, limit: 10 });
  expect(trail[0]).toMatchObject({ actor: "otto", via: "token", action: "tenant.resume", address: "127.0.0.1" });
});

test("is told what its owner may not do", async () => {
  const { code, err } = await cli(["user", "list"]);
  expect(code).toBe(1);
  expect(err).toBe("✗ ROLE_NEEDED: this needs the role admin\n  do:    ask an admin for that role\n");
});

test("loads a folder of documents and reports each", async () => {
  for (const tenant of ["harbourline", "kestrel-obs"]) {
    const { document } = (await system.app.mappings.live(tenant)) ?? { document: "" };
    await writeFile(join(folder, `${tenant}.json`), document);
  }
  await writeFile(join(folder, "mapping.schema.json"), "{}");
  await writeFile(join(folder, "harbourline.access-policy.json"), "{}");
  await writeFile(join(folder, "unreadable.json"), "{ no JSON");
  await writeFile(join(folder, "unknown.json"), '{ "tenant": "nobody" }');
  const { code, out } = await cli(["mapping", "load", folder]);
  expect(code).toBe(1);
  expect(out).toContain("harbourline: revision 1 is in force already, unchanged");
  expect(out).toContain("kestrel-obs: revision 7 is in force already, unchanged");
  expect(out).toContain(`${join(folder, "unknown.json")}\n✗ UNKNOWN_TENANT`);
  expect(out).toMatch(/unreadable\.json\n✗ \w+/);
  expect(out).toMatch(/2 of 4 documents loaded\n$/);
  const results = JSON.parse((await cli(["mapping", "load", folder, "--json"])).out) as object[];
  expect(results.filter((result) => "loaded" in result)).toHaveLength(2);
});

test("shows records and findings", async () => {
  expect((await cli(["sync", "organization", "4", "--tenant", "harbourline"])).code).toBe(0);
  const { out } = await cli(["record", "organization", "4", "--tenant", "harbourline"]);
  expect(out).toContain("harbourline: organization 4 in Pipedrive");
  expect(await json(["record", "organization", "4", "--tenant", "harbourline"])).toMatchObject({ unread: 1 });
  expect((await cli(["findings", "list"])).out).toBe("nothing to look at\n");
});

test.each([
  ["no token", { PARTNERSYNC_TOKEN: "" }, "NO_TOKEN"],
  ["a token that is none", { PARTNERSYNC_TOKEN: "psop_guess" }, "SIGN_IN: this token is not in force"],
  [
    "no server",
    { PARTNERSYNC_URL: "http://127.0.0.1:2" },
    "NO_SERVER: http://127.0.0.1:2 does not answer: ECONNREFUSED",
  ],
  ["an address without TLS", { PARTNERSYNC_URL: "http://sync.example" }, "BAD_CONFIG: PARTNERSYNC_URL is not usable"],
  ["a password in the address", { PARTNERSYNC_URL: "https://a:hidden-word@sync.example" }, "BAD_CONFIG"],
])("%s is told, and repeats no secret", async (_, wrong: Record<string, string>, message) => {
  const right = { ...process.env };
  Object.assign(process.env, wrong);
  const { code, err } = await cli(["tenant", "list"]);
  process.env = right;
  expect(code).toBe(1);
  expect(err).toContain(message);
  expect(err).not.toMatch(/psop_|hidden-word/);
});

test("another server than ours is recognised", async () => {
  process.env.PARTNERSYNC_URL = system.twin.url;
  const { code, err } = await cli(["tenant", "list"]);
  process.env.PARTNERSYNC_URL = system.serverUrl;
  expect([code, err.split("\n")[0]]).toEqual([
    1,
    "✗ NOT_PARTNERSYNC: what answers is no partnersync server (HTTP 404)",
  ]);
});

test("a database of this machine cannot be named beside a server", async () => {
  expect((await cli(["tenant", "list", "--seed", "kiel"])).err).toContain("SEED_ELSEWHERE");
});
