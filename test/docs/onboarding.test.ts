import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { accountShape } from "../../src/sync/mapping/account-shape.ts";
import { cli } from "../cli/cli-under-test.ts";
import { documentOf, type System, startSystem } from "../support/system.ts";
import { type TwinClient, twinClient } from "../support/twin-client.ts";
import { commandsOf, namedIn } from "./guide.ts";

/*
 * The guide for people in operations, command by command, against a fresh twin: whoever follows it comes to a customer
 * that is live. What the guide leaves to people stands here in their place.
 */

const GUIDE = "onboarding.md";
const TENANT = "acme";
const SECRET = "a signing secret of the program";

const nameOf = (args: string[]) => args.slice(0, 2).join(" ");

const environment = { ...process.env };
let system: System;
let folder: string;
let file: string;
let twin: TwinClient;
let organizationId = 0;
/** What a customer like harbourline decides, for acme. */
let decided: ReturnType<typeof documentOf>;

beforeAll(async () => {
  system = await startSystem({ tenants: [] });
  folder = await mkdtemp(join(tmpdir(), "partnersync-guide-"));
  file = join(folder, "acme.json");
  const harbourline = await readFile("mappings/harbourline.json", "utf8");
  decided = { ...documentOf(harbourline), tenant: TENANT };
  const { companyDomain, users, fields, pipelines } = accountShape(decided);
  twin = twinClient(system.twin.url, companyDomain, TENANT);
  const company = await twin.call<{ api_token: string }>("POST", "/companies", {
    domain: companyDomain,
    plan: "ultimate",
    users: users.map(({ name, email, admin }) => ({ name, email, admin })),
    fields: withoutTheSix(fields),
    pipelines,
  });
  await twin.call("PUT", `/program/${TENANT}`, {
    secrets: [SECRET],
    events_url: `${system.serverUrl}/events/${TENANT}`,
  });
  const masterKey = system.app.config.masterKeys.get(1);
  Object.assign(process.env, {
    DATABASE_URL: system.database.url,
    MASTER_KEY: masterKey?.toString("base64"),
    DATA_DIR: folder,
    PUBLIC_URL: system.serverUrl,
    PIPEDRIVE_API_TOKEN: company.api_token,
    PROGRAM_SECRET: SECRET,
  });
  delete process.env.REDIS_URL;
}, 60_000);

afterAll(async () => {
  process.env = environment;
  await system?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A customer's account before step 5. */
function withoutTheSix(fields: ReturnType<typeof accountShape>["fields"]) {
  const others = Object.entries(fields).map(([object, list]) => [
    object,
    list.filter(({ label }) => !label.startsWith("Allbound ")),
  ]);
  return Object.fromEntries(others);
}

/** The guide's own customer is nobody's: its addresses and numbers are replaced by what there is here. */
function here(args: string[]): string[] {
  const given: Record<string, string> = {
    "https://acme.pipedrive.com": system.twin.url,
    "https://portal.example/acme": `${system.twin.url}/program/${TENANT}`,
    "mappings/acme.json": file,
    "4711": String(organizationId),
    production: "rehearsal",
  };
  return args.map((arg) => given[arg] ?? arg);
}

/** What people do before a command: the first one of that name. */
const PEOPLE: Record<string, () => Promise<void>> = {
  "mapping check": decideAsStepSixSays,
  "mapping show": waitForTheRollOut,
  "record organization": tryATestPartner,
};

/** Step 6: what was drafted is decided on and signed. */
async function decideAsStepSixSays(): Promise<void> {
  const drafted = JSON.parse(await readFile(file, "utf8"));
  const { pipedrive, sync, stages, rules, state, prepared_by, prepared_on, approved_by, approved_on } = decided;
  const signed = { state, prepared_by, prepared_on, approved_by, approved_on };
  for (const { extra = [] } of Object.values<{ extra?: { notes?: string }[] }>(drafted.objects)) {
    for (const line of extra) delete line.notes; // "found by its name": looked at, and so it is
  }
  await writeFile(file, JSON.stringify({ ...drafted, ...signed, pipedrive, sync, stages, rules }));
}

/** Step 8, after the roll-out has begun. */
async function waitForTheRollOut(): Promise<void> {
  for (;;) {
    const { out } = await cli(["mapping", "roll-out", TENANT]);
    if (/is (done|paused)\n/.test(out)) return expect(out).toContain("is done\n");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Step 9, in Pipedrive. */
async function tryATestPartner(): Promise<void> {
  const set = { name: "Test partner", website: "testdomain.com", "label:Allbound Status": "Active" };
  ({ id: organizationId } = await twin.edit("organization", set));
  await system.quiet();
}

describe("the guide", () => {
  test("names only commands that there are", async () => {
    const missing = [];
    for (const name of namedIn(GUIDE)) {
      const [group = "", word = ""] = name.split(" ");
      const { out } = await cli([group, "--help"]);
      const isThere = word === "" || new RegExp(`^ {2}${word}\\b`, "m").test(out) || !/^Commands:/m.test(out);
      if (!isThere || out === "") missing.push(name);
    }
    expect(missing).toEqual([]);
  });

  test("leads to a customer that is live", async () => {
    const waiting = { ...PEOPLE };
    const commands = commandsOf(GUIDE);
    expect(commands.length).toBeGreaterThan(15);
    for (const command of commands) {
      const name = nameOf(command.args);
      const people = waiting[name];
      delete waiting[name];
      await people?.();
      const { code, err } = await cli(here(command.args));
      const said = err.replace(/^(open|to be confirmed) at .*\n/gm, ""); // what a draft leaves to people is no failure
      expect({ line: command.line, name, code, said }).toEqual({ line: command.line, name, code: 0, said: "" });
    }
    expect(Object.keys(waiting)).toEqual([]);
  });

  test("and what step 9 says has happened", async () => {
    await system.quiet();
    const [partner] = await twin.aggregates("partner");
    expect(partner).toMatchObject({ name: "Test partner", status: "active", website: "testdomain.com" });
    const { labels } = await twin.record("organization", organizationId);
    expect(labels["Allbound ID"]).toBe(partner?.partner_id);
    const findings = await system.app.findings.list(TENANT);
    expect(findings).toEqual([]);
  });
});
