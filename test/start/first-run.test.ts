import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type RunShown, startFirstRun } from "./first-run.ts";

/* The whole product as a newcomer starts it, in a folder of its own. The tests follow each other. */

const SEEDS = ["one", "two", "three"];

let dataDir: string;
const runs = new Map<string, RunShown>();

async function run(...args: string[]): Promise<RunShown> {
  const started = startFirstRun(["--once", "--json", ...args], { DATA_DIR: dataDir });
  const { code, out } = await started.ended;
  if (code !== 0) throw new Error(`ended with ${code}:\n${started.said()}`);
  return JSON.parse(out) as RunShown;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "partnersync first run "));
  await chmod(dataDir, 0o755); // else, as root, the database would be kept elsewhere and outlive the folder
  // At the same moment, on one database server: playing is mostly waiting.
  const playing = SEEDS.map(async (seed) => [seed, await run("--seed", seed)] as const);
  await Promise.allSettled(playing); // one that fails must not take the folder away from the others
  for (const [seed, played] of await Promise.all(playing)) runs.set(seed, played);
}, 180_000);
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe("npm start", () => {
  test.each(SEEDS)("plays every step as it should be, with seed %s", (seed) => {
    const played = runs.get(seed) as RunShown;
    expect(played.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(played.steps.length).toBeGreaterThanOrEqual(20);
    expect(played.totals.echoes).toBe(0);
    expect(played.totals.changes).toBeGreaterThan(20);
    expect(played.totals.writes).toBeGreaterThan(20);
    expect(played.totals.tokens).toBeGreaterThanOrEqual(sumOf(played));
  });

  test("ends with the same values whatever the seed: no key and no id is among them", () => {
    const [one, two, three] = [...runs.values()].map(valuesOf);
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  test("used other keys with every seed", async () => {
    const keys = await Promise.all([...runs.keys()].map(async (seed) => fieldKeys(join(dataDir, seed, "mappings"))));
    expect(new Set(keys.flat()).size).toBe(keys.flat().length);
  });

  test("costs what a change of a known record should: nothing to read, five to write", () => {
    const tokens = new Map(runs.get("two")?.steps.map((step) => [step.name, step.tokens]));
    const spent = (start: string) => [...tokens].find(([name]) => name.startsWith(start))?.[1];
    expect(spent("name and website change in Pipedrive")).toBe(0);
    expect(spent("the name changes in the program")).toBe(0);
    expect(spent("the program sets a partner to Inactive")).toBe(5);
  });

  test("a second start finds everything done and does nothing", async () => {
    const again = await run("--seed", "one");
    expect(again.steps.every(({ ok, played }) => ok && !played)).toBe(true);
    expect(again.totals).toEqual({ changes: 0, writes: 0, tokens: 0, echoes: 0 });
  }, 60_000);

  test("goes on after SIGKILL where it was, and --fresh begins anew", async () => {
    const killed = startFirstRun(["--once", "--json", "--seed", "one", "--fresh"], { DATA_DIR: dataDir });
    await killed.says("✓  6/");
    killed.kill("SIGKILL");
    expect((await killed.ended).signal).toBe("SIGKILL");

    const resumed = await run("--seed", "one");
    expect(resumed.steps.slice(0, 6).some(({ played }) => played)).toBe(false);
    expect(lastValuesOf(resumed)).toEqual(lastValuesOf(runs.get("one")));
  }, 120_000);

  test("ends cleanly on Ctrl-C and leaves no process behind", async () => {
    const started = startFirstRun(["--seed", "two"], { DATA_DIR: dataDir });
    await started.says("Ctrl-C stops everything.");
    expect(started.said()).toContain("npm run cli -- --seed two tenant list");
    expect(started.said()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in\/once\?code=psonce_[\w-]{43}$/m);
    for (let times = 0; times < 2; times += 1) started.kill("SIGINT"); // as npm passes on what a terminal sends to both
    const { code, out } = await started.ended;
    expect(code).toBe(0);
    expect(out).toContain("all 20 steps as they should be");
    expect(execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" })).not.toContain(dataDir);
  }, 60_000);
});

/** Names and values of both sides as each step left them. */
function valuesOf({ steps }: RunShown): unknown {
  return steps.map(({ name, pipedrive, program }) => ({ name, pipedrive, program }));
}

/** What can be compared when a run took two starts: the steps that no later one changes. */
function lastValuesOf(run: RunShown | undefined): unknown {
  const last = ["two registrations", "the Deal is won", "the program sets a partner", "it is approved", "that one is"];
  const steps = run?.steps.filter(({ name }) => last.some((start) => name.startsWith(start))) ?? [];
  expect(steps).toHaveLength(last.length);
  return valuesOf({ steps, totals: { changes: 0, writes: 0, tokens: 0, echoes: 0 } });
}

function sumOf({ steps }: RunShown): number {
  return steps.reduce((sum, { tokens }) => sum + tokens, 0);
}

async function fieldKeys(mappings: string): Promise<string[]> {
  const texts = await Promise.all(
    ["harbourline.json", "kestrel-obs.json"].map((file) => readFile(join(mappings, file), "utf8")),
  );
  return texts.flatMap((text) => [...text.matchAll(/"key": "([0-9a-f]{40})"/g)].map(([, key]) => key ?? ""));
}
