import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type BroughtUp, bringUp } from "../../src/bring-up.ts";
import { loadConfig } from "../../src/config.ts";
import { createServer } from "../../src/http/server.ts";
import { createLogger } from "../../src/log.ts";
import { startTwin, type Twin } from "../../src/twin/index.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { twinClient } from "../support/twin-client.ts";
import { cli, json } from "./cli-under-test.ts";
import { blocksOf, wordsOf } from "./document.ts";

/* The walk-through of docs/access-reviews.md, run as it is written; then what it does not try. */

const DOCUMENT = "docs/access-reviews.md";
const environment = { ...process.env };
const here = process.cwd();
const USERS = [
  { name: "Allbound Integration", email: "integrations@allbound.com", admin: true },
  { name: "Ines Ortega", email: "ines@acme.example", admin: true },
  { name: "Ana Marlow", email: "ana@acme.example" },
  { name: "Leo Brandt", email: "leo@acme.example", last_login: "2026-03-12T09:00:00Z" },
  { name: "Kim Sato", email: "kim@kims-mail.example" },
];

let database: TestDatabase;
let twin: Twin;
let folder: string;
let running: BroughtUp;
let server: ReturnType<typeof createServer>;
/** What the document leaves to its reader. */
const mine: Record<string, string> = {};
const said: { command: string; out: string }[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "partnersync-access-"));
  twin = await startTwin({ seed: "access reviews" });
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: folder, PUBLIC_URL: "http://127.0.0.1:9" });
  for (const name of ["REDIS_URL", "PARTNERSYNC_URL", "PARTNERSYNC_TOKEN"]) delete process.env[name];
  running = await bringUp(loadConfig(), createLogger({ level: "silent" }));
  server = createServer(running.app);
  await server.listen({ host: "127.0.0.1", port: 0 });

  const account = twinClient(twin.url, "acme", "acme");
  const company = await account.call<{ api_token: string; users: { id: number; email: string }[] }>(
    "POST",
    "/companies",
    { domain: "acme", plan: "ultimate", users: USERS },
  );
  const idOf = (email: string) => String(company.users.find((user) => user.email === email)?.id);
  Object.assign(mine, {
    "token of the integration user": company.api_token,
    "address of the server": `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    "id of the integration user": idOf("integrations@allbound.com"),
    "id of ines": idOf("ines@acme.example"),
    "id of ana": idOf("ana@acme.example"),
    "id of leo": idOf("leo@acme.example"),
    "id of kim": idOf("kim@kims-mail.example"),
  });
});

afterAll(async () => {
  process.chdir(here);
  process.env = environment;
  await server?.close();
  await running?.close();
  await twin?.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Our twin stands for the customer's account, which alone differs from the document. */
function filledIn(line: string): string {
  const filled = line.replace(/<([^>]+)>/g, (_, name) => mine[name] ?? `(nothing for ${name})`);
  return filled.replace("https://acme.pipedrive.com", twin.url).replace("production", "rehearsal");
}

async function carryOut(line: string): Promise<void> {
  const command = filledIn(line);
  const [, variable, value] = /^export (\w+)=(.*)$/.exec(command) ?? [];
  if (variable !== undefined) {
    process.env[variable] = value;
    return;
  }
  if (!command.startsWith("partnersync ")) {
    const { stdout } = await promisify(execFile)("sh", ["-ec", command], { cwd: folder });
    said.push({ command, out: stdout });
    return;
  }
  const { code, out, err } = await cli(wordsOf(command).slice(1));
  said.push({ command, out });
  expect({ command, code, err }).toEqual({ command, code: 0, err: "" });
  const [token] = /psop_[\w-]{20,}/.exec(out) ?? [];
  const [, name] = /user token (\w+)/.exec(command) ?? [];
  if (name) mine[`token of ${name}`] = token ?? "none was shown";
  if (command.includes("review start")) mine.review = /review (\S+) is open/.exec(out)?.[1] ?? "";
  mine.run ??= "";
  if (command.includes("review show")) mine.run ||= await runOfReview();
}

async function runOfReview(): Promise<string> {
  const found = await json<{ id: string; runId: string }[]>(["access", "review", "show", "--tenant", "acme"]);
  return found.find(({ id }) => id === mine.review)?.runId ?? "";
}

function outOf(command: string, nth = 0): string {
  return said.filter((one) => one.command.includes(command))[nth]?.out ?? `${command} was never run`;
}

describe("the document's walk-through", () => {
  test("runs as it is written", async () => {
    const blocks = blocksOf(await readFile(DOCUMENT, "utf8"));
    process.chdir(folder);
    for (const { file, lines } of blocks) {
      if (file) await writeFile(join(folder, file), `${lines.join("\n")}\n`);
      else for (const line of lines) await carryOut(line);
    }
    expect(blocks.filter(({ file }) => file).map(({ file }) => file)).toEqual(["policy.json", "roster.csv"]);
  }, 60_000);

  test("subscribes to users' changes too", () => {
    expect(outOf("connect pipedrive")).toContain("4 webhook subscriptions");
  });

  test("finds who left, and who is not known for certain, and nobody else", () => {
    const first = outOf("access findings");
    expect(first).toContain("AR-OFFBOARDED-ACTIVE  leo@acme.example");
    expect(first).toContain("AR-SUGGESTED-MATCH    kim@kims-mail.example");
    expect(first).toContain("AR-2FA-EVIDENCE       the system");
    expect(first.trimEnd().split("\n")).toHaveLength(5);
    expect(outOf("access assess")).toMatch(/3 open findings \(3 new, 1 overdue\)/);
  });

  test("takes a mapped account for its person's", () => {
    expect(outOf("access assess", 1)).toMatch(/2 open findings \(0 new, 1 overdue\), 1 mended/);
  });

  test("closes a removal only when a later snapshot shows it", () => {
    expect(outOf("review complete")).toMatch(/is completed: 5 accounts, decisions not seen done yet: 1/);
    expect(outOf("review show")).toContain("not seen done yet");
    expect(outOf("review remove")).toContain("is deactivated in Pipedrive; a later snapshot shows the decision done");
    expect(outOf("access snapshot", 1)).toContain("decisions of reviews that it shows done: 1");
    expect(outOf("access assess", 2)).toMatch(/1 open findings \(0 new, 0 overdue\), 1 mended/);
    expect(outOf("review show", 1)).toMatch(/leo@acme\.example +remove +bo +left in March +inactive/);
    const left = outOf("findings list");
    expect(left).toContain("AR-2FA-EVIDENCE");
    expect(left.trimEnd().split("\n")).toHaveLength(3);
    expect(left).not.toContain("@");
  });

  test("hands out evidence that its manifest agrees with", () => {
    const checked = outOf("sha256sum").trim().split("\n");
    expect(checked).toContain("decisions.csv: OK");
    expect(checked.filter((line) => !line.endsWith(": OK"))).toEqual([]);
    expect(checked).toHaveLength(9);
  });
});

describe("after it", () => {
  test("the evidence is the same whenever it is made", async () => {
    const [one, two] = [join(folder, "one.zip"), join(folder, "two.zip")];
    for (const zip of [one, two]) await json(["access", "evidence", mine.run ?? "", "--tenant", "acme", "--zip", zip]);
    expect((await readFile(one)).equals(await readFile(two))).toBe(true);
    const unpacked = join(folder, "evidence", `access-review-${mine.run}`);
    expect(await readFile(join(unpacked, "roster.csv"))).toEqual(await readFile(join(folder, "roster.csv")));
  });

  test("the command line beside the database may assess, and may not decide", async () => {
    const { PARTNERSYNC_URL, PARTNERSYNC_TOKEN } = process.env;
    delete process.env.PARTNERSYNC_URL;
    expect((await cli(["access", "assess", "--tenant", "acme"])).code).toBe(0);
    const zip = join(folder, "local.zip");
    await json(["access", "evidence", mine.run ?? "", "--tenant", "acme", "--zip", zip]);
    const refused = await cli(["access", "review", "start", "--tenant", "acme"]);
    const mapped = await cli(["access", "map", mine["id of kim"] ?? "", "--tenant", "acme", "--staff", "E-4"]);
    Object.assign(process.env, { PARTNERSYNC_URL, PARTNERSYNC_TOKEN });
    expect((await readFile(zip)).equals(await readFile(join(folder, "one.zip")))).toBe(true); // binary on both ways
    for (const { code, err } of [refused, mapped]) {
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("✗ NOBODY_SIGNED_IN") });
    }
  });

  test("a removal takes the role of an admin, and --yes", async () => {
    const removal = ["access", "review", "remove", mine.review ?? "", mine["id of leo"] ?? "", "--tenant", "acme"];
    expect((await cli([...removal, "--yes"])).err).toContain("✗ ROLE_NEEDED");
    process.env.PARTNERSYNC_TOKEN = mine["token of ada"];
    const unconfirmed = await cli(removal);
    const done = await cli([...removal, "--yes"]);
    process.env.PARTNERSYNC_TOKEN = mine["token of bo"];
    expect(unconfirmed.err).toContain("✗ REMOVAL_NOT_CONFIRMED");
    expect(unconfirmed.err).toContain("--yes");
    expect(done.err).toContain("✗ REMOVAL_SEEN_DONE");
  });

  test("a roster with faults is refused whole, with each fault's line and without its cells", async () => {
    const file = join(folder, "bad.csv");
    await writeFile(file, "employee_id,full_name,work_email,status\nE-1,Ines,not-an-address,active\nE-2,Ana,,gone\n");
    const { code, err } = await cli(["access", "roster", "import", file, "--tenant", "acme", "--time-zone", "UTC"]);
    expect(code).toBe(1);
    expect(err).toContain("ROSTER_EMAIL_INVALID at line 2, work_email");
    expect(err).toContain("at line 3, status");
    expect(err).not.toContain("not-an-address");
    const { version } = await json<{ version: number }>(["access", "roster", "show", "--tenant", "acme"]);
    expect(version).toBe(1);
  });

  test("a policy with faults is refused whole, with each fault's place", async () => {
    const file = join(folder, "bad.json");
    await writeFile(file, '{ "system": "pipedrive", "validity": "everybody" }');
    const { code, err } = await cli(["access", "policy", "load", file, "--tenant", "acme"]);
    expect(code).toBe(1);
    expect(err).toContain("POLICY_MEMBER_MISSING at $.removal_sla_hours");
    expect(err).toContain("POLICY_INVALID at $.validity");
  });

  test("evidence goes to one place", async () => {
    const { code, err } = await cli(["access", "evidence", "--tenant", "acme"]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("✗ EVIDENCE_NOWHERE") });
  });
});
