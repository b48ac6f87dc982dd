import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Report } from "../../bench/report.ts";
import { redisForTests } from "../support/backends.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TINY = ["--changes", "6", "--tenants", "2", "--repetitions", "1", "--answer-seconds", "1"];

/** Rates mean nothing at this size, on a machine that runs other tests: only shape and tokens are looked at. */
describe("the bench", () => {
  let report: Report;
  let output: string;
  const backends: string[] = [];

  beforeAll(async () => {
    const redisUrl = await redisForTests();
    backends.push("postgres", ...(redisUrl ? ["redis"] : []));
    const run = ["scripts/run.mjs", "bench/index.ts", ...TINY, "--json"];
    output = (await promisify(execFile)(process.execPath, run, { cwd: ROOT, env: environment() })).stdout;
    report = JSON.parse(output) as Report;
  }, 300_000);

  test("says what it was measured on", () => {
    expect(report.machine).toMatchObject({ cores: expect.any(Number), node: process.version });
    expect(report.machine.postgres).toMatch(/^\d+\.\d+/);
    expect(report.setup).toMatchObject({ changes: 6, tenants: 2, repetitions: 1 });
  });

  test("measures both directions beside bare BullMQ, on each backend", () => {
    const combinations = report.throughput.map(({ direction, backend }) => `${direction} ${backend}`);
    expect(combinations).toEqual(["inbound", "outbound"].flatMap((d) => backends.map((backend) => `${d} ${backend}`)));
    for (const { changes, sync, baseline, ratio, ratios } of report.throughput) {
      expect([changes, sync.ms.length, baseline.ms.length, ratios.length]).toEqual([6, 1, 1, 1]);
      for (const figure of [sync.perSecond, baseline.perSecond, ratio]) expect(figure).toBeGreaterThan(0);
    }
  });

  test("times webhook answers, idle and beside saturated workers", () => {
    expect(report.answers.map(({ backend }) => backend)).toEqual(backends);
    for (const { idle, saturated } of report.answers) {
      expect([idle.requests, saturated.requests]).toEqual([50, 100]);
      for (const { p50Ms, p99Ms } of [idle, saturated]) expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    }
  });

  test("finds that every class of change costs what it should", () => {
    expect(report.ok).toBe(true);
    expect(report.tokens.filter((cost) => !cost.ok)).toEqual([]);
    expect(new Set(report.tokens.map(({ expected }) => expected))).toEqual(new Set([0, 5, 6]));
    expect(report.tokens).toHaveLength(8 * backends.length);
  });

  test("takes an access review of 5,000 accounts and one of half the size", () => {
    expect(report.accessReviews.map(({ accounts, rosterLines }) => [accounts, rosterLines])).toEqual([
      [2_500, 5_000],
      [5_000, 10_000],
    ]);
    for (const { findings } of report.accessReviews) expect(findings).toBeGreaterThan(0);
  });

  test("prints no key and no token", () => {
    expect(output).not.toMatch(/[0-9a-f]{32,}|token"|secret|password|postgres(ql)?:\/\/|redis:\/\//i);
  });
});

/** Without REDIS_URL the bench starts a Redis of its own, as the test run did; a given one it shares with other tests. */
function environment(): NodeJS.ProcessEnv {
  if (!process.env.REDIS_URL) return process.env;
  const url = new URL(process.env.REDIS_URL);
  url.pathname = "/15";
  return { ...process.env, REDIS_URL: url.href };
}
