import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../src/config.ts";

const dataDir = mkdtempSync(join(tmpdir(), "partnersync-config-"));
const key = randomBytes(32).toString("base64");
const read = (env: Record<string, string>) => loadConfig({ DATA_DIR: dataDir, ...env });

afterAll(() => rmSync(dataDir, { recursive: true }));

describe("a configuration", () => {
  test("of an empty environment runs on this machine alone, with the documented timings", () => {
    const config = read({});
    expect(config).toMatchObject({ host: "127.0.0.1", port: 3000, databaseUrl: undefined, redisUrl: undefined });
    expect(config.timings).toEqual({
      leaseMs: 30_000,
      callTimeoutMs: 10_000,
      callMarginMs: 5_000,
      sweepMs: 5_000,
      graceMs: 60_000,
      ringTimeoutMs: 200,
      ringSlots: 8,
    });
  });

  test("takes timings from the environment, and empty variables as unset", () => {
    const config = read({ SWEEP_MS: "50", REDIS_URL: "", PUBLIC_URL: "https://sync.example.com/" });
    expect(config.timings.sweepMs).toBe(50);
    expect(config.redisUrl).toBeUndefined();
    expect(config.publicUrl).toBe("https://sync.example.com");
  });

  test.each([
    ["PORT", "http"],
    ["DATABASE_URL", "mysql://x"],
    ["SWEEP_MS", "-1"],
    ["MASTER_KEY", "c2hvcnQ="],
  ])("refuses %s=%s by name, without repeating the value", (name, value) => {
    const refusal = expect(() => read({ [name]: value }));
    refusal.toThrow(expect.objectContaining({ name: "InputError", where: name }));
    refusal.toThrow(expect.not.objectContaining({ message: expect.stringContaining(value) }));
  });

  test("refuses a remote call that outlives its lease", () => {
    expect(() => read({ LEASE_MS: "15000" })).toThrow("does not fit into the lease");
  });
});

describe("the master key", () => {
  test("is made once outside production, readable by its owner only", () => {
    const made = read({}).masterKeys.get(1);
    expect(read({}).masterKeys.get(1)).toEqual(made);
    const file = join(dataDir, "master.key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(file, "utf8"), "base64")).toEqual(made);
  });

  test("has to be given in production, and the refusal says how to make one", () => {
    expect(() => read({ NODE_ENV: "production" })).toThrow(
      expect.objectContaining({ code: "NO_MASTER_KEY", hint: expect.stringContaining("openssl rand -base64 32") }),
    );
    const config = read({ NODE_ENV: "production", MASTER_KEY: key });
    expect(config.masterKeys.get(1)?.toString("base64")).toBe(key);
    expect(config.host).toBe("0.0.0.0");
  });

  test("may have several versions while it is being changed", () => {
    const next = randomBytes(32).toString("base64");
    expect([...read({ MASTER_KEY: key, MASTER_KEY_V2: next }).masterKeys.keys()].sort()).toEqual([1, 2]);
    expect(() => read({ MASTER_KEY: key, MASTER_KEY_V1: next })).toThrow("two names of one key");
  });
});
