import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../src/config.ts";

const dataDir = mkdtempSync(join(tmpdir(), "partnersync-config-"));
const key = randomBytes(32).toString("base64");
const DATABASE_URL = "postgresql://ps:word@127.0.0.1:5432/ps";
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
      driftEveryMs: 3_600_000,
      graceMs: 60_000,
      ringTimeoutMs: 200,
      ringSlots: 8,
      accessEveryMs: 86_400_000,
      accessDebounceMs: 60_000,
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
    ["MASTER_KEY_V0", key],
    ["MASTER_KEY_VX", key],
    ["MASTER_KEY_FILE", "/run/secrets/key"],
    ["NODE_ENV", "staging"],
  ])("refuses %s=%s by name, without repeating the value", (name, value) => {
    const refusal = expect(() => read({ [name]: value }));
    refusal.toThrow(expect.objectContaining({ name: "InputError", where: name }));
    refusal.toThrow(expect.not.objectContaining({ message: expect.stringContaining(value) }));
  });

  test.each([
    ["DATABASE_URL", "db.internal", "it has the form postgresql://user:password@host:port/database"],
    ["REDIS_URL", "localhost:6379", "it has the form redis://host:port"],
    ["PUBLIC_URL", "sync.example.com", "it has the form https://host"],
    ["PORT", "70000", "it is 0 to 65535"],
    ["PORT", "http", "it is 0 to 65535"],
    ["LEASE_MS", "0.5", "it is a whole number from 1 on"],
    ["LOG_LEVEL", "loud", "it is trace, debug, info, warn, error, fatal or silent"],
    ["NODE_ENV", "prod", "it is development, test or production"],
  ])("says of a wrong %s which form it has", (name, value, form) => {
    const refusal = { code: "BAD_CONFIG", message: expect.stringContaining(form), hint: "see README › Configuration" };
    expect(() => read({ [name]: value })).toThrow(expect.objectContaining(refusal));
  });

  test("of production has to name its database: none is embedded there", () => {
    const refusal = { code: "NO_DATABASE_URL", where: "DATABASE_URL" };
    expect(() => read({ NODE_ENV: "production", MASTER_KEY: key })).toThrow(expect.objectContaining(refusal));
  });

  test("has every variable in the README", () => {
    const table = readFileSync("README.md", "utf8").split("## Configuration")[1]?.split("\n## ")[0];
    const variables = [...readFileSync("src/config.ts", "utf8").matchAll(/^ {2}([A-Z_]+): /gm)].map(([, name]) => name);
    expect(variables.length).toBeGreaterThan(15);
    expect(variables.filter((name) => !table?.includes(`\`${name}\``))).toEqual([]);
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
    expect(() => read({ NODE_ENV: "production", DATABASE_URL })).toThrow(
      expect.objectContaining({ code: "NO_MASTER_KEY", hint: expect.stringContaining("openssl rand -base64 32") }),
    );
    const config = read({ NODE_ENV: "production", DATABASE_URL, MASTER_KEY: key });
    expect(config.masterKeys.get(1)?.toString("base64")).toBe(key);
    expect(config.host).toBe("0.0.0.0");
  });

  test("may have several versions while it is being changed", () => {
    const next = randomBytes(32).toString("base64");
    expect([...read({ MASTER_KEY: key, MASTER_KEY_V2: next }).masterKeys.keys()].sort()).toEqual([1, 2]);
    expect(() => read({ MASTER_KEY: key, MASTER_KEY_V1: next })).toThrow("two names of one key");
  });
});
