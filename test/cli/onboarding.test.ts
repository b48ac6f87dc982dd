import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readAccount } from "../../src/pipedrive/account.ts";
import { createPipedriveClient } from "../../src/pipedrive/client.ts";
import { accountShape } from "../../src/sync/mapping/account-shape.ts";
import { fillKeysByLabel } from "../../src/sync/mapping/fill.ts";
import { startTwin, type Twin } from "../../src/twin/index.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { documentOf } from "../support/system.ts";
import { type TwinClient, twinClient } from "../support/twin-client.ts";
import { cli, json } from "./cli-under-test.ts";

/* A customer is taken on with the command line alone. The tests follow each other. */

const SECRET = "a signing secret of the program";
const NEXT_SECRET = "the next secret of the program";
const environment = { ...process.env };
let database: TestDatabase;
let twin: Twin;
let folder: string;
let token: string;
let documentFile: string;
let theProgram: TwinClient;
const said: string[] = [];

async function run(args: string[], stdin = "") {
  const ran = await cli(args, stdin);
  said.push(ran.out, ran.err);
  return ran;
}

beforeAll(async () => {
  database = await freshDatabase();
  folder = await mkdtemp(join(tmpdir(), "partnersync-cli-"));
  twin = await startTwin({ seed: "command line" });
  Object.assign(process.env, { DATABASE_URL: database.url, DATA_DIR: folder, PUBLIC_URL: "http://127.0.0.1:9" });
  delete process.env.REDIS_URL;

  const document = documentOf(await readFile("mappings/harbourline.json", "utf8"));
  const { companyDomain, users, fields, pipelines } = accountShape(document);
  theProgram = twinClient(twin.url, companyDomain, "harbourline");
  const company = await theProgram.call<{ api_token: string }>("POST", "/companies", {
    domain: companyDomain,
    plan: "ultimate",
    users: users.map(({ name, email, admin }) => ({ name, email, admin })),
    fields,
    pipelines,
  });
  token = company.api_token;
  const client = createPipedriveClient({ baseUrl: twin.url, token, timeoutMs: 5_000, onSpend: () => {} });
  documentFile = join(folder, "harbourline.json");
  const filled = fillKeysByLabel(document, await readAccount(client));
  await writeFile(documentFile, JSON.stringify(filled.document));
});

afterAll(async () => {
  process.env = environment;
  await twin?.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

describe("taking a customer on", () => {
  test("adds the tenant", async () => {
    const { code, out } = await run(["tenant", "add", "harbourline", "--name", "Harbourline Security"]);
    expect({ code, out }).toEqual({ code: 0, out: "added tenant harbourline\n" });
  });

  test("connects Pipedrive with the token from stdin and subscribes to its changes", async () => {
    const args = ["connect", "pipedrive", "--tenant", "harbourline", "--url", twin.url, "--environment", "rehearsal"];
    const { code, out } = await run(args, `${token}\n`);
    expect(code).toBe(0);
    expect(out).toContain("company harbourline-security, 4 webhook subscriptions");
  });

  test("connects the program with the secret from its variable, once it answers", async () => {
    process.env.PROGRAM_SECRET = SECRET;
    await theProgram.call("PUT", "/program/harbourline", { secrets: [SECRET, NEXT_SECRET], events_url: null });
    const url = `${twin.url}/program/harbourline/`;
    const args = ["connect", "program", "--tenant", "harbourline", "--url", url, "--environment", "rehearsal"];
    const { code, out } = await run(args);
    delete process.env.PROGRAM_SECRET;
    expect(code).toBe(0);
    expect(out).toBe(
      "connected the partner program of harbourline; its events go to http://127.0.0.1:9/events/harbourline\n",
    );
  });

  test("says which address is missing without PUBLIC_URL", async () => {
    const url = `${twin.url}/program/harbourline`;
    const args = ["connect", "program", "--tenant", "harbourline", "--url", url, "--environment", "rehearsal"];
    const { PUBLIC_URL } = process.env;
    delete process.env.PUBLIC_URL;
    const { code, out } = await run(args, SECRET);
    process.env.PUBLIC_URL = PUBLIC_URL;
    expect(code).toBe(0);
    expect(out).toContain("its events go to <PUBLIC_URL>/events/harbourline\nnote: PUBLIC_URL is not set");
  });

  test("rotates the program's secret, and keeps the connection", async () => {
    const before = await json(["connect", "list"]);
    const { code, out } = await run(["connect", "program", "rotate-secret", "harbourline"], NEXT_SECRET);
    expect(code).toBe(0);
    expect(out).toContain("rotated the signing secret of harbourline");
    expect(await json(["connect", "list"])).toEqual(before);
  });

  test("lists both connections", async () => {
    const connections = await json<{ side: string; state: string; baseUrl: string }[]>(["connect", "list"]);
    expect(connections.map(({ side, state, baseUrl }) => [side, state, baseUrl]).sort()).toEqual([
      ["pipedrive", "active", twin.url],
      ["program", "active", `${twin.url}/program/harbourline`],
    ]);
  });

  test("keeps what comes in before there is a mapping, and says what it waits for", async () => {
    expect((await run(["sync", "organization", "4", "--tenant", "harbourline"])).code).toBe(0);
    const { out } = await run(["record", "organization", "4", "--tenant", "harbourline"]);
    expect(out).toContain("1 deliveries wait to be read");
    expect(out).toContain("held back: no mapping is in force: partnersync mapping load mappings/harbourline.json");
  });

  test("loads the mapping, and says so when it is in force already", async () => {
    const first = await run(["mapping", "load", documentFile]);
    expect({ code: first.code, head: first.out.split("\n")[0] }).toEqual({
      code: 0,
      head: "harbourline: revision 1 is in force",
    });
    const again = await json<{ outcome: string }>(["mapping", "load", documentFile]);
    expect(again.outcome).toBe("unchanged");
  });

  test("shows what the live account refuses with its place in the file", async () => {
    const lines = JSON.stringify(JSON.parse(await readFile(documentFile, "utf8")), null, 2).split("\n");
    const at = lines.findIndex((line) => line.includes('"label": "Allbound Status"'));
    lines[at] = lines[at]?.replace("Allbound Status", "Allbound State") ?? "";
    const file = join(folder, "wrong-label.json");
    await writeFile(file, lines.join("\n"));
    const { code, err } = await run(["mapping", "load", file]);
    expect(code).toBe(1);
    expect(err).toContain(`KEY_LABEL_MISMATCH at $.objects.organization.fields.allbound_status.label (line ${at + 1},`);
  });

  test("shows what is in force: the document, and everything that travels", async () => {
    const document = await json<{ document: { tenant: string } }>(["mapping", "show", "harbourline"]);
    expect(document.document.tenant).toBe("harbourline");
    const { out } = await run(["mapping", "show", "harbourline", "--effective"]);
    expect(out).toMatch(/Organization "Allbound Status" +-> +partner\.status/);
    expect(out).toMatch(/Deal "Allbound ID" +<- +registration_id/);
  });

  test("lists the tenant with what it has", async () => {
    const { out } = await run(["tenant", "list"]);
    expect(out).toMatch(
      /harbourline +Harbourline Security +at work +(pipedrive, program|program, pipedrive) +revision 1/,
    );
  });

  test("takes an ask to look at a record, which then is known", async () => {
    expect((await run(["sync", "organization", "17", "--tenant", "harbourline"])).code).toBe(0);
    const { out } = await run(["record", "organization", "17", "--tenant", "harbourline"]);
    expect(out).toContain("harbourline: organization 17 in Pipedrive");
    expect(out).toContain("1 deliveries wait to be read");
  });

  test("has no findings", async () => {
    expect((await run(["findings", "list"])).out).toBe("nothing to look at\n");
  });

  test("closes a finding of its tenant only", async () => {
    await database.pool.query(
      `insert into finding (tenant_id, code, severity, message, subject)
       values ('harbourline', 'OPTION_UNKNOWN', 'error', 'look here', 'deal 1')`,
    );
    await run(["tenant", "add", "other"]);
    const [found] = await json<{ id: number }[]>(["findings", "list", "--tenant", "harbourline"]);
    const close = ["findings", "close", String(found?.id), "--tenant"];
    expect((await run([...close, "other"])).err).toContain(`UNKNOWN_FINDING: other has no open finding ${found?.id}`);
    const { code, out } = await run([...close, "harbourline"]);
    expect([code, out]).toEqual([0, `closed finding ${found?.id} of harbourline\n`]);
    expect((await run(["findings", "list"])).out).toBe("nothing to look at\n");
    expect((await run([...close, "harbourline"])).code).toBe(1);
  });

  test("pauses the tenant, says so wherever it matters, and goes on", async () => {
    expect((await run(["tenant", "pause", "harbourline"])).out).toMatch(
      /^harbourline is paused by .+ \(command line\);/,
    );
    expect((await run(["tenant", "list"])).out).toMatch(/Harbourline Security +paused by /);
    const { out } = await run(["record", "organization", "17", "--tenant", "harbourline"]);
    expect(out).toMatch(/held back: harbourline was paused by .+: partnersync tenant resume harbourline/);
    expect((await run(["mapping", "load", documentFile])).code).toBe(0);
    expect((await run(["tenant", "list"])).out).toMatch(/paused by /); // the document has no say in it
    expect((await run(["tenant", "resume", "harbourline"])).code).toBe(0);
    expect((await run(["tenant", "list"])).out).toMatch(/Harbourline Security +at work/);
  });

  const pipedrive = async () =>
    (await json<{ id: string; side: string; state: string }[]>(["connect", "list"])).find(
      ({ side }) => side === "pipedrive",
    );

  test("pauses a connection for a reason, which a load does not end, and resumes it", async () => {
    const { id = "" } = (await pipedrive()) ?? {};
    const { out } = await run(["connect", "pause", id, "--reason", "audit in the customer's account"]);
    expect(out).toBe("pipedrive of harbourline is paused: audit in the customer's account\n");
    expect((await run(["connect", "list"])).out).toMatch(/paused by .+: audit in the customer's account/);
    expect((await run(["findings", "list"])).out).toContain("CONNECTION_PAUSED");
    expect((await run(["mapping", "load", documentFile])).out).not.toContain("goes on");
    expect((await run(["connect", "resume", id])).code).toBe(0);
    expect((await pipedrive())?.state).toBe("active");
    expect((await run(["findings", "list"])).out).toBe("nothing to look at\n");
  });

  test("shows why the sync paused a connection, and resumes it", async () => {
    await database.pool.query(
      "update connection set state = 'paused', paused_cause = 'UNAUTHORIZED' where side = 'pipedrive'",
    );
    expect((await run(["connect", "list"])).out).toContain("paused: UNAUTHORIZED");
    await run(["connect", "pause", (await pipedrive())?.id ?? "", "--reason", "not before Monday"]);
    expect((await run(["mapping", "load", documentFile])).out).not.toContain("goes on"); // a person waits for a person
    expect((await run(["connect", "resume", (await pipedrive())?.id ?? ""])).code).toBe(0);
    expect((await pipedrive())?.state).toBe("active");
  });

  test("does not resume a connection that was left half made, and says what to do", async () => {
    const setState = (state: string) =>
      database.pool.query("update connection set state = $1 where side = 'pipedrive'", [state]);
    await setState("connecting");
    expect((await run(["connect", "list"])).out).toContain("if nobody is at it, connect again");
    const { code, err } = await run(["connect", "resume", (await pipedrive())?.id ?? ""]);
    await setState("active");
    expect(code).toBe(1);
    expect(err).toContain("CONNECTION_INCOMPLETE");
  });

  test("never printed a credential of the customer's", () => {
    const everything = said.join("\n");
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(SECRET);
    expect(everything).not.toContain(NEXT_SECRET);
    expect(everything).not.toMatch(/webhookPassword/);
  });
});
