import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { cli, json } from "./cli-under-test.ts";

/* A program that can only post, from the command line. The tests follow each other. */

const DOCUMENT = "mappings/lumenfield.json";
const environment = { ...process.env };
let database: TestDatabase;
let folder: string;
let sample: string;

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "partnersync-intake-"));
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: folder, PUBLIC_URL: "http://127.0.0.1:9" });
  delete process.env.REDIS_URL;
  sample = join(folder, "sample.txt");
});
afterAll(async () => {
  process.env = environment;
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function tried(text: string) {
  await writeFile(sample, text);
  return cli(["mapping", "intake-try", DOCUMENT, "--sample", sample]);
}

describe("a pasted sample", () => {
  test("of form fields shows its event", async () => {
    const { code, out } = await tried(
      "trigger=Registered+a+company&company_id=17&company_name=Alpen+IT&company_status=active\n",
    );
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "partner.created  17  (told apart by its content)",
        "  partner_id = 17",
        "  name = Alpen IT",
        "  status = active",
        "",
      ].join("\n"),
    );
  });

  test("of JSON as data", async () => {
    await writeFile(sample, JSON.stringify({ trigger: "Updated a deal", deal_id: 1, deal_status: "Qualified" }));
    const { events } = await json<{ events: unknown[] }>(["mapping", "intake-try", DOCUMENT, "--sample", sample]);
    expect(events).toEqual([
      {
        type: "deal_registration.approved",
        kind: "deal_registration",
        id: "1",
        eventId: null,
        occurredAt: null,
        data: { registration_id: "1", review: { status: "approved" } },
      },
    ]);
  });

  test.each([
    ["trigger=Logged+in", "INTAKE_UNMATCHED"],
    ["trigger=Registered&user_email=x", "INTAKE_ID"],
    ["{", "BODY_NOT_JSON"],
  ])("%s says why not", async (text, refusal) => {
    const { code, err } = await tried(text);
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`✗ ${refusal}: .+\n.*where: .+\n.*do: +.+`));
  });

  test("of a document without an intake says so", async () => {
    const { code, err } = await cli(["mapping", "intake-try", "mappings/harbourline.json", "--sample", sample]);
    expect([code, err]).toEqual([1, expect.stringContaining("NO_INTAKE")]);
  });
});

describe("connecting it", () => {
  const connect = ["connect", "intake", "--tenant", "lumenfield", "--environment", "rehearsal"];

  test("shows address and header this once", async () => {
    await cli(["tenant", "add", "lumenfield"]);
    const { code, out } = await cli(connect);
    expect(code).toBe(0);
    expect(out).toMatch(/^post to {2}http:\/\/127\.0\.0\.1:9\/intake\/lumenfield\/[\w-]{32}$/m);
    expect(out).toMatch(/^header {3}x-intake-secret: [\w-]{43}$/m);
    const listed = await cli(["connect", "list", "--tenant", "lumenfield", "--json"]);
    const [, path = "", secret = ""] = /lumenfield\/([\w-]+)\n.*: ([\w-]+)/.exec(out) ?? [];
    expect(path).not.toBe("");
    for (const part of [path, secret]) expect(listed.out).not.toContain(part);
    const { rows } = await database.pool.query("select * from audit");
    for (const part of [path, secret]) expect(JSON.stringify(rows)).not.toContain(part);
  });

  test("rotating makes another pair; its signing secret cannot be, because it has none", async () => {
    const first = await json<{ secret: string; postUrl: string }>(["connect", "intake", "rotate-secret", "lumenfield"]);
    const second = await json<{ secret: string; postUrl: string }>([
      "connect",
      "intake",
      "rotate-secret",
      "lumenfield",
    ]);
    expect(second.secret).not.toBe(first.secret);
    expect(second.postUrl).not.toBe(first.postUrl);
    const { code, err } = await cli(
      ["connect", "program", "rotate-secret", "lumenfield"],
      "a signing secret of nobody",
    );
    expect([code, err]).toEqual([1, expect.stringContaining("connect intake rotate-secret")]);
  });

  test.each([
    [["connect", "intake", "--tenant", "lumenfield"], 2, "--environment"],
    [["connect", "intake", "--environment", "rehearsal"], 2, "--tenant"],
    [["connect", "intake", "--tenant", "nobody", "--environment", "rehearsal"], 1, "UNKNOWN_TENANT"],
    [["connect", "intake", "--tenant", "lumenfield", "--environment", "production"], 1, "PUBLIC_URL_NOT_HTTPS"],
    [["connect", "intake", "rotate-secret", "nobody"], 1, "UNKNOWN_TENANT"],
  ])("%j is refused", async (args, expected, said) => {
    const { code, err } = await cli(args);
    expect([code, err]).toEqual([expected, expect.stringContaining(said)]);
  });
});
