import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { twinClock } from "../../src/twin/clock.ts";
import { startTwin, type Twin } from "../../src/twin/index.ts";
import {
  ACME,
  type Account,
  call,
  DAY_MS,
  type Json,
  type Rig,
  rigOf,
  START,
  startReceiver,
  subscribe,
} from "./pipedrive-rig.ts";

let dataDir: string;
let child: ChildProcess | undefined;
let twins: Twin[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "twin-"));
  twins = [];
});
afterEach(async () => {
  child?.kill("SIGKILL");
  for (const twin of twins) await twin.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A twin in its own process, with the usual company. */
async function startProcess(): Promise<Rig> {
  const command = ["scripts/run.mjs", "test/twin/pipedrive-process.ts", dataDir];
  child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const url = line.toString().trim();
  const setup = { ...ACME, limits: { off: true } };
  const { body } = await call({ url }, "POST", "/_twin/companies", setup);
  return rigOf({ url } as Twin, body as Account);
}

async function kill(): Promise<void> {
  child?.kill("SIGKILL");
  await once(child as ChildProcess, "exit");
}

async function reopen(account: Account): Promise<Rig> {
  return rigOf(await open(), account);
}

/** @param clock by default the machine's time, as a twin in a process of its own has */
async function open(clock = twinClock()): Promise<Twin> {
  const twin = await startTwin({ seed: "killed", dataDir, clock });
  twins.push(twin);
  return twin;
}

const stopped = () => twinClock(() => START);

describe("a killed twin", () => {
  test("has all that it answered, and sends what was pending", async () => {
    const receiver = await startReceiver();
    const before = await startProcess();
    await subscribe(before, receiver.url, { http_auth_user: "sync", http_auth_password: "secret" });
    await before.control("POST", "/deliveries", { pause: true });
    const status = before.key("organization", "Allbound Status");
    const org = await before.organization({
      custom_fields: { [status]: before.option("organization", "Allbound Status", "Active") },
    });
    await before.api("PATCH", `/api/v2/organizations/${org.id}`, { name: "Renamed" });
    const deal = (await before.api("POST", "/api/v2/deals", { title: "D", org_id: org.id })).body.data;
    await before.api("POST", "/api/v1/notes", { content: "kept", deal_id: deal.id });
    await before.api("DELETE", `/api/v2/deals/${deal.id}`);
    const answered = (await before.api("GET", `/api/v2/organizations/${org.id}`)).body.data;
    await kill();
    expect(receiver.received).toEqual([]);

    const after = await reopen(before.account);
    const received = await receiver.until(4);
    const told = received.map(({ body }) => `${body.meta.action} ${body.meta.entity}`).sort();
    expect(told).toEqual(["change organization", "create deal", "create organization", "delete deal"]);
    expect((await after.api("GET", `/api/v2/organizations/${org.id}`)).body.data).toEqual(answered);
    expect((await after.api("GET", `/api/v2/deals/${deal.id}`)).body.data.is_deleted).toBe(true);
    expect((await after.api("GET", "/api/v1/notes")).body.data.map((note: Json) => note.content)).toEqual(["kept"]);
    expect((await after.api("GET", "/api/v1/webhooks")).body.data).toHaveLength(1);
    const again = await after.control("POST", "/companies", ACME);
    expect(again.body.fields).toEqual(before.account.fields);
    expect((await after.organization()).id).toBe(org.id + 1);
    await receiver.close();
  });

  test("starts with a torn last line, and says where a broken one is", async () => {
    const first = await startTwin({ seed: "killed", dataDir });
    const { body } = await call(first, "POST", "/_twin/companies", { ...ACME, limits: { off: true } });
    const before = rigOf(first, body as Account);
    await before.organization({ name: "Whole" });
    await first.close();
    const file = join(dataDir, "twin.jsonl");
    appendFileSync(file, '[["pipedrive",{"company":"acme","object":"organ');
    const after = await reopen(before.account);
    expect((await after.control("GET", "/companies/acme/records/organization")).body.records).toHaveLength(1);
    await after.twin.close();
    twins = [];
    const lines = readFileSync(file, "utf8");
    appendFileSync(file, "torn\n");
    await expect(reopen(before.account)).rejects.toThrow(/twin\.jsonl:\d+ is not JSON/);
    expect(lines.split("\n").length).toBeGreaterThan(5);
  });
});

test("starting again writes the journal down to what is the case", async () => {
  const twin = await startTwin({ seed: "killed", dataDir });
  const { body } = await call(twin, "POST", "/_twin/companies", { ...ACME, limits: { off: true } });
  const rig = rigOf(twin, body as Account);
  const org = await rig.organization();
  for (let i = 0; i < 20; i++) await rig.api("PATCH", `/api/v2/organizations/${org.id}`, { name: `Name ${i}` });
  await twin.close();
  const size = () => readFileSync(join(dataDir, "twin.jsonl"), "utf8").length;
  const before = size();
  const after = await reopen(body as Account);
  expect(size()).toBeLessThan(before - 20 * 200);
  expect((await after.api("GET", `/api/v2/organizations/${org.id}`)).body.data.name).toBe("Name 19");
});

test("the id of a deleted note never comes back", async () => {
  const twin = await startTwin({ seed: "killed", dataDir });
  const { body } = await call(twin, "POST", "/_twin/companies", { ...ACME, limits: { off: true } });
  let rig = rigOf(twin, body as Account);
  const org = await rig.organization();
  const note = async (): Promise<number> =>
    (await rig.api("POST", "/api/v1/notes", { content: "x", org_id: org.id })).body.data.id;
  const ids = [await note()];
  await rig.api("DELETE", `/api/v1/notes/${ids[0]}`);
  ids.push(await note());
  await rig.api("DELETE", `/api/v1/notes/${ids[1]}`);
  for (let restart = 0; restart < 2; restart++) {
    await rig.twin.close(); // compacts: what tells of the deleted ones is gone from the journal
    rig = await reopen(body as Account);
  }
  ids.push(await note());
  expect(new Set(ids).size).toBe(3);
});

describe("what a day's budget has left", () => {
  const left = async (rig: Rig) => (await rig.control("GET", "/companies/acme/spend")).body.day.remaining;
  const limits = { off: false, dailyTokens: 1_000 };

  test("is the same after a restart, and the whole on another day", async () => {
    const twin = await open(stopped());
    const { body } = await call(twin, "POST", "/_twin/companies", { ...ACME, limits });
    let rig = rigOf(twin, body as Account);
    const restart = async () => {
      await rig.twin.close();
      rig = rigOf(await open(stopped()), body as Account);
    };
    await rig.api("GET", "/api/v1/users/me");
    for (let times = 0; times < 2; times++) {
      await restart();
      expect(await left(rig)).toBe(998);
    }
    await rig.control("POST", "/companies/acme/budget", { remaining: 7 });
    await restart();
    expect(await left(rig)).toBe(7);
    rig.twin.clock.advance(DAY_MS);
    expect(await left(rig)).toBe(1_000);
  });

  test("is short of less than a hundredth after a kill, though not each call is written down", async () => {
    const before = await startProcess();
    await before.control("POST", "/companies", { domain: "acme", limits });
    const size = () => readFileSync(join(dataDir, "twin.jsonl"), "utf8").length;
    const written = size();
    await before.api("GET", "/api/v1/users/me"); // 2
    expect(size()).toBe(written);
    for (let calls = 1; calls < 13; calls++) await before.api("GET", "/api/v1/users/me"); // 26 of 1,000
    await kill();
    const remaining = await left(await reopen(before.account));
    expect([remaining >= 974, remaining < 974 + 10]).toEqual([true, true]);
  });
});

test("time that was let pass stays passed, however often it starts", async () => {
  const first = await open(stopped());
  await call(first, "POST", "/_twin/clock", { advanceMs: DAY_MS });
  await first.close();
  for (let restart = 0; restart < 2; restart++) {
    const next = await open(stopped());
    expect(next.clock.now()).toBe(START + DAY_MS);
    await next.close();
  }
});
