import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTwin, type Twin } from "../../src/twin/index.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { cli } from "./cli-under-test.ts";

const environment = { ...process.env };
const nobody = "00000000-0000-4000-8000-000000000000";
let database: TestDatabase;
let twin: Twin;
let folder: string;

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "partnersync-cli-"));
  twin = await startTwin({ seed: "bad input" });
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: folder, PUBLIC_URL: "http://127.0.0.1:9" });
  delete process.env.REDIS_URL;
  await cli(["tenant", "add", "acme"]);
  await writeFile(join(folder, "broken.json"), '{ "format": "partner-mapping/1", "tenant": "acme", ');
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "wrong.json"), JSON.stringify({ format: "partner-mapping/1", tenant: "acme" }));
});

afterAll(async () => {
  process.env = environment;
  await twin?.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A connection of this tenant, with the twin's address. */
const connecting = (tenant: string, kind = "rehearsal") => [
  "connect",
  "pipedrive",
  ...["--tenant", tenant, "--url", twin.url, "--environment", kind],
];

const program = (url: string, kind = "rehearsal") => [
  "connect",
  "program",
  ...["--tenant", "acme", "--url", url, "--environment", kind],
];

describe("what cannot be done", () => {
  test.each([
    ["a tenant that exists", () => ["tenant", "add", "acme"], "TENANT_EXISTS: tenant acme exists already"],
    ["an id that cannot be a tenant's", () => ["tenant", "add", "Acme Corp"], 'TENANT_ID_INVALID: "Acme Corp"'],
    ["a file that is not there", () => ["mapping", "load", join(folder, "no.json")], "FILE_UNREADABLE"],
    ["a document that is no JSON", () => ["mapping", "load", join(folder, "broken.json")], "JSON_SYNTAX"],
    ["a document without its members", () => ["mapping", "load", join(folder, "wrong.json")], "MISSING_MEMBER"],
    ["the mapping of a tenant without one", () => ["mapping", "show", "acme"], "NO_MAPPING: acme"],
    [
      "the mapping of an unknown tenant",
      () => ["mapping", "show", "nobody"],
      'UNKNOWN_TENANT: there is no tenant "nobody"',
    ],
    ["a wrong token", () => connecting("acme"), "UNAUTHORIZED"],
    ["an unknown tenant's connection", () => connecting("nobody"), "UNKNOWN_TENANT"],
    ["a production account without https", () => connecting("acme", "production"), "ADDRESS_NOT_HTTPS"],
    [
      "a production account that could not reach us safely",
      () => [...connecting("acme", "production"), "--url", "https://acme.pipedrive.com"],
      "PUBLIC_URL_NOT_HTTPS",
    ],
    [
      "a production account that could not reach us at all",
      () => [
        ...connecting("acme", "production"),
        "--url",
        "https://acme.pipedrive.com",
        "--public-url",
        "https://sync",
      ],
      "PUBLIC_URL_NOT_PUBLIC",
    ],
    ["a production program without https", () => program("http://portal.example", "production"), "ADDRESS_NOT_HTTPS"],
    [
      "a production program that would send its events in clear",
      () => program("https://portal.example", "production"),
      "PUBLIC_URL_NOT_HTTPS",
    ],
    ["an account that does not answer", () => [...connecting("acme"), "--url", "http://127.0.0.1:1"], "UNREACHABLE"],
    ["connections of an unknown tenant", () => ["connect", "list", "--tenant", "nobody"], "UNKNOWN_TENANT"],
    ["a program that is not there", () => program(`${twin.url}/program/acme`), "NOT_FOUND_THERE: trying out"],
    ["a program that does not answer", () => program("http://127.0.0.1:1"), "UNREACHABLE: trying out"],
    ["an unknown tenant's program", () => [...program(twin.url), "--tenant", "nobody"], "UNKNOWN_TENANT"],
    [
      "a new secret without a connection",
      () => ["connect", "program", "rotate-secret", "acme"],
      "NOT_CONNECTED: acme has no partner program connected",
    ],
    ["an unknown connection", () => ["connect", "resume", nobody], "UNKNOWN_CONNECTION"],
    ["syncing an unknown tenant's record", () => ["sync", "deal", "1", "--tenant", "nobody"], "UNKNOWN_TENANT"],
    ["syncing without a connection", () => ["sync", "deal", "1", "--tenant", "acme"], "NOT_CONNECTED"],
    ["a record nobody knows", () => ["record", "deal", "1", "--tenant", "acme"], "UNKNOWN_RECORD"],
    ["revoking nobody's tokens", () => ["user", "revoke", "nobody"], "UNKNOWN_OPERATOR"],
    ["resuming an unknown tenant", () => ["tenant", "resume", "nobody"], "UNKNOWN_TENANT"],
    ["a folder without documents", () => ["mapping", "load", join(folder, "empty")], "NO_DOCUMENTS"],
    ["closing a finding that is not there", () => ["findings", "close", "7", "--tenant", "acme"], "UNKNOWN_FINDING"],
    [
      "closing a finding of an unknown tenant",
      () => ["findings", "close", "7", "--tenant", "nobody"],
      "UNKNOWN_TENANT",
    ],
    ["findings of an unknown tenant", () => ["findings", "list", "--tenant", "nobody"], "UNKNOWN_TENANT"],
  ])("%s ends with 1 and says why", async (_, args, message) => {
    const { code, out, err } = await cli(args(), "0123456789abcdef0123456789abcdef01234567");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(message);
    expect(err).not.toMatch(/^ +at /m); // a stack helps nobody who mistyped
  });

  test("a broken document is told line by line, and as data", async () => {
    const { code, out, err } = await cli(["mapping", "load", join(folder, "wrong.json"), "--json"]);
    const { error } = JSON.parse(out) as { error: { findings: { code: string; path: string; hint: string }[] } };
    expect(code).toBe(1);
    expect(error.findings.length).toBeGreaterThan(3);
    for (const finding of error.findings) {
      expect(err).toContain(`${finding.code} at ${finding.path}`);
      expect(finding.hint).not.toBe("");
    }
  });

  test("a credential that was not given is asked for by name", async () => {
    const { code, err } = await cli(connecting("acme"));
    expect(code).toBe(1);
    expect(err).toContain("SECRET_MISSING");
    expect(err).toContain("PIPEDRIVE_API_TOKEN");
  });

  test("a secret that is too short is refused with the way to a good one", async () => {
    const { code, err } = await cli(program(`${twin.url}/program/acme`), "short");
    expect(code).toBe(1);
    expect(err).toContain("SECRET_TOO_SHORT");
    expect(err).toContain("openssl rand");
  });

  test("an unreachable database is named without its password", async () => {
    process.env.DATABASE_URL = "postgresql://ps:hidden-word@127.0.0.1:1/ps";
    const { code, err } = await cli(["tenant", "list"]);
    process.env.DATABASE_URL = database.url;
    expect(code).toBe(1);
    expect(err).toContain("NO_DATABASE: the database at 127.0.0.1:1/ps cannot be used");
    expect(err).not.toContain("hidden-word");
  });
});

describe("wrong usage", () => {
  test.each([
    ["an unknown command", ["tennant", "list"], "unknown command 'tennant'"],
    ["a missing option", ["sync", "deal", "1"], "required option '--tenant <id>' not specified"],
    ["an object we do not sync", ["record", "product", "1", "--tenant", "acme"], "'product' is invalid"],
    ["an id that is none", ["sync", "deal", "one", "--tenant", "acme"], "BAD_ID"],
    ["an id of no record", ["record", "deal", "one", "--tenant", "acme"], "BAD_ID"],
    ["an address that is none", ["connect", "program", "--tenant", "a", "--url", "acme"], "begin with https://"],
    ["an environment that is none", ["connect", "program", "--environment", "test"], "Allowed choices are production"],
    ["a program without its address", ["connect", "program", "--tenant", "acme"], "required option '--url <url>'"],
    ["a role that is none", ["user", "add", "ada", "--role", "king"], "Allowed choices are viewer"],
    ["days that are none", ["user", "token", "ada", "--days", "many"], "It is a number of days"],
    ["an instant that is none", ["audit", "list", "--from", "yesterday"], "It is a day or an instant"],
    ["a connection paused for no reason", ["connect", "pause", "1"], "required option '--reason <text>'"],
    ["a seed that names no folder", ["tenant", "list", "--seed", "../x"], "BAD_SEED"],
  ])("%s ends with 2, and says why in JSON when asked to", async (_, args, message) => {
    const { code, out, err } = await cli(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
    const asJson = await cli([...args, "--json"]);
    expect([asJson.code, asJson.err]).toEqual([2, err]);
    const { error } = JSON.parse(asJson.out) as { error: { code: string; message: string; hint: string } };
    expect(`${error.code}: ${error.message}`).toContain(message);
    expect(error.hint).not.toBe("");
  });

  test("no command at all ends with 2, and says so in JSON when asked to", async () => {
    expect((await cli([])).err).toContain("Usage: partnersync");
    const { code, out } = await cli(["--json"]);
    expect([code, JSON.parse(out).error]).toEqual([
      2,
      { code: "WRONG_USAGE", message: "a command is missing", hint: "--help tells more" },
    ]);
  });

  test.each([
    [["--token=hidden-word"], "--token"],
    [["--api-token", "hidden-word"], "--api-token"],
    [["--pipedrive-api-token=hidden-word"], "--pipedrive-api-token"],
    [["--apiKey=hidden-word"], "--apiKey"],
    [["--secret", "hidden-word"], "--secret"],
    [["-password=hidden-word"], "-password"],
    [["PROGRAM_SECRET=hidden-word"], "PROGRAM_SECRET"],
    [["--url", "http://ada:hidden-word@portal.example"], "--url"],
    [["--url=https://ada:hidden/word@portal.example"], "--url"],
    [["--url", "ada:hidden-word@portal.example"], "--url"],
    [["https://hidden-word@portal.example"], "arguments"],
  ])("a credential as %j is refused and not repeated", async (args, where) => {
    const { code, out, err } = await cli(["connect", "pipedrive", ...args, "--tenant", "acme", "--json"]);
    expect(code).toBe(2);
    expect(err).toContain("SECRET_IN_ARGUMENTS");
    expect(err).toContain(`where: ${where}\n`);
    expect(out + err).not.toContain("hidden");
  });

  test.each(["?key=hidden-word", "#hidden-word"])("an address with %s is refused and not repeated", async (extra) => {
    for (const args of [
      program(`https://portal.example/api${extra}`),
      [...connecting("acme"), "--public-url", `https://sync.example/${extra}`],
    ]) {
      const { code, out, err } = await cli([...args, "--json"], "a signing secret of the program");
      expect(code).toBe(2);
      expect(err).toContain("ADDRESS_NOT_PLAIN");
      expect(out + err).not.toContain("hidden-word");
    }
  });

  test("--help ends with 0 and documents the exit codes", async () => {
    const { code, out } = await cli(["--help"]);
    expect(code).toBe(0);
    expect(out).toContain("Exit codes: 0 done, 1 failed");
    expect(out).toContain("2 wrong usage");
  });
});
