import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { dataDirUnusable } from "./data-dir.ts";
import { InputError } from "./errors.ts";

/*
 * The environment, read once at start; nobody else looks at it.
 *
 * | variable | default | meaning |
 * | --- | --- | --- |
 * | NODE_ENV | development | or test, or production: wants DATABASE_URL and MASTER_KEY, listens on every interface |
 * | DATABASE_URL | embedded PostgreSQL, none in production | postgresql://user:password@host:port/database |
 * | REDIS_URL | queue in PostgreSQL | redis:// or rediss:// of a Redis 7 / Valkey with noeviction |
 * | PUBLIC_URL | – | https address under which Pipedrive and the partner program reach the server |
 * | HOST | 127.0.0.1; 0.0.0.0 in production | interface to listen on |
 * | PORT | 3000 | port to listen on, 0 for a free one |
 * | TRUST_PROXY | 0 | how many proxies stand before the server: the caller's address is read from X-Forwarded-For |
 * | API_REQUESTS_PER_MINUTE | 600 | of the admin API, per token or session |
 * | PARTNERSYNC_URL, PARTNERSYNC_TOKEN | – | the command line works through that server, as the token's owner |
 * | DATA_DIR | .data | what a first run keeps on disk: embedded database, generated master key |
 * | MASTER_KEY, MASTER_KEY_V1 … _V99 | generated outside production | 32 bytes in base64 that wrap the tenants' keys |
 * | LOG_LEVEL | info | trace, debug, info, warn, error, fatal or silent |
 * | BURST_TOKENS | 120 | Pipedrive tokens per two seconds and API token, until its headers say less |
 * | CONCURRENCY | 20 | lanes a worker process handles at once, per queue |
 * | LEASE_MS | 30000 | how long a claim on a lane holds |
 * | CALL_TIMEOUT_MS | 10000 | longest remote call |
 * | CALL_MARGIN_MS | 5000 | what must be left of the lease when a remote call times out |
 * | SWEEP_MS | 5000 | how often lanes whose ring was lost are looked for |
 * | DRIFT_EVERY_MS | 3600000 | how often an account is compared with its mapping (40 tokens) |
 * | GRACE_MS | 60000 | after a write's deadline, how long it may still take effect unseen |
 * | RING_TIMEOUT_MS | 200 | longest wait for the queue when ringing a lane |
 * | RING_SLOTS | 8 | doorbells a tenant may have per queue at once |
 * | ACCESS_EVERY_MS | 86400000 | how often a tenant's access is assessed when nothing changes |
 * | ACCESS_DEBOUNCE_MS | 60000 | how long changes of users, roster and policy are gathered before one assessment |
 */

export interface Config {
  nodeEnv: (typeof NODE_ENVS)[number];
  /** Unset: the embedded database. */
  databaseUrl?: string;
  /** Unset: the queue lives in PostgreSQL. */
  redisUrl?: string;
  /** Without a slash at its end. */
  publicUrl?: string;
  host: string;
  port: number;
  /** How many proxies stand before the server. */
  trustProxy: number;
  /** Of the admin API, per token or session. */
  apiRequestsPerMinute: number;
  /** Absolute path. */
  dataDir: string;
  /** Version → 32 bytes. New secrets are sealed under the highest version. */
  masterKeys: Map<number, Buffer>;
  logLevel: string;
  concurrency: number;
  /** Pipedrive's two-second allowance of an API token. */
  burstTokens: number;
  timings: Timings;
}

/** Durations in milliseconds, except `ringSlots` (a count). */
export interface Timings {
  leaseMs: number;
  callTimeoutMs: number;
  callMarginMs: number;
  sweepMs: number;
  driftEveryMs: number;
  graceMs: number;
  ringTimeoutMs: number;
  ringSlots: number;
  accessEveryMs: number;
  accessDebounceMs: number;
}

const NODE_ENVS = ["development", "test", "production"] as const;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/* Each says the form it wants, never what it was given: that may hold a password. */
const url = (protocol: RegExp, form: string) => z.url({ protocol, error: `it has the form ${form}` }).optional();
const oneOf = <const T extends readonly string[]>(words: T) => z.enum(words, { error: `it is ${listed(words)}` });
const whole = (from: number, to: number, byDefault: number) => {
  const error = to === Number.MAX_SAFE_INTEGER ? `it is a whole number from ${from} on` : `it is ${from} to ${to}`;
  return z.coerce.number({ error }).int({ error }).min(from, { error }).max(to, { error }).default(byDefault);
};
const positive = (byDefault: number) => whole(1, Number.MAX_SAFE_INTEGER, byDefault);

const Environment = z.object({
  NODE_ENV: oneOf(NODE_ENVS).default("development"),
  DATABASE_URL: url(/^postgres(ql)?$/, "postgresql://user:password@host:port/database"),
  REDIS_URL: url(/^rediss?$/, "redis://host:port, or rediss://user:password@host:port with TLS"),
  PUBLIC_URL: url(/^https?$/, "https://host"),
  HOST: z.string().optional(),
  PORT: whole(0, 65_535, 3000),
  TRUST_PROXY: whole(0, 10, 0),
  API_REQUESTS_PER_MINUTE: positive(600),
  DATA_DIR: z.string().default(".data"),
  LOG_LEVEL: oneOf(LOG_LEVELS).default("info"),
  BURST_TOKENS: positive(120),
  CONCURRENCY: positive(20),
  LEASE_MS: positive(30_000),
  CALL_TIMEOUT_MS: positive(10_000),
  CALL_MARGIN_MS: positive(5_000),
  SWEEP_MS: positive(5_000),
  DRIFT_EVERY_MS: positive(3_600_000),
  GRACE_MS: positive(60_000),
  RING_TIMEOUT_MS: positive(200),
  RING_SLOTS: positive(8),
  ACCESS_EVERY_MS: positive(86_400_000),
  ACCESS_DEBOUNCE_MS: positive(60_000),
});

const SEE_README = "see README › Configuration";

/**
 * Reads the configuration. An empty variable counts as unset, as in a compose file's `REDIS_URL=`.
 *
 * @param env default: this process's environment
 * @throws InputError naming the variable, without its value
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]);
    throw new InputError("BAD_CONFIG", `${name} is not usable: ${issue?.message}`, name, SEE_README);
  }
  const e = parsed.data;
  const production = e.NODE_ENV === "production";
  if (production && !e.DATABASE_URL) throw noDatabaseUrl();
  const dataDir = resolve(e.DATA_DIR);
  const timings = timingsOf(e);
  return {
    nodeEnv: e.NODE_ENV,
    databaseUrl: e.DATABASE_URL,
    redisUrl: e.REDIS_URL,
    publicUrl: e.PUBLIC_URL?.replace(/\/+$/, ""),
    host: e.HOST ?? (production ? "0.0.0.0" : "127.0.0.1"),
    port: e.PORT,
    trustProxy: e.TRUST_PROXY,
    apiRequestsPerMinute: e.API_REQUESTS_PER_MINUTE,
    dataDir,
    masterKeys: masterKeysOf(set, production, dataDir),
    logLevel: e.LOG_LEVEL,
    concurrency: e.CONCURRENCY,
    burstTokens: e.BURST_TOKENS,
    timings,
  };
}

/**
 * A credential that was put into the environment for one command, so that it need not stand on the command line.
 *
 * @returns undefined when unset or empty
 */
export function secretFromEnvironment(
  name: "PIPEDRIVE_API_TOKEN" | "PROGRAM_SECRET",
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  return env[name]?.trim() || undefined;
}

/** A server elsewhere that the command line speaks to. */
export interface RemoteServer {
  url: string;
  token: string;
}

/**
 * Where the command line does its work: null here, with the database and the master key of this environment.
 *
 * @throws InputError BAD_CONFIG, NO_TOKEN
 */
export function remoteFromEnvironment(env: NodeJS.ProcessEnv = process.env): RemoteServer | null {
  const [text, token] = [env.PARTNERSYNC_URL?.trim(), env.PARTNERSYNC_TOKEN?.trim()];
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (!isPlain || !isSafe) {
    const hint = "it has the form https://partnersync.example; http only for this very machine";
    throw new InputError("BAD_CONFIG", "PARTNERSYNC_URL is not usable", "PARTNERSYNC_URL", hint);
  }
  if (token) return { url: text.replace(/\/+$/, ""), token };
  const hint = "an admin issues one: partnersync user token <your name>; unset PARTNERSYNC_URL to work on this machine";
  throw new InputError("NO_TOKEN", "PARTNERSYNC_TOKEN is not set", "PARTNERSYNC_TOKEN", hint);
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** An embedded database in a container would be empty at each start, and nobody would notice. */
function noDatabaseUrl(): InputError {
  const hint = "set DATABASE_URL to postgresql://user:password@host:port/database; only elsewhere one is embedded";
  return new InputError("NO_DATABASE_URL", "DATABASE_URL is not set, and this is production", "DATABASE_URL", hint);
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

function timingsOf(e: z.infer<typeof Environment>): Timings {
  if (e.CALL_TIMEOUT_MS + e.CALL_MARGIN_MS >= e.LEASE_MS) {
    throw new InputError(
      "BAD_CONFIG",
      "a remote call does not fit into the lease",
      "LEASE_MS",
      "make LEASE_MS more than CALL_TIMEOUT_MS + CALL_MARGIN_MS",
    );
  }
  return {
    leaseMs: e.LEASE_MS,
    callTimeoutMs: e.CALL_TIMEOUT_MS,
    callMarginMs: e.CALL_MARGIN_MS,
    sweepMs: e.SWEEP_MS,
    driftEveryMs: e.DRIFT_EVERY_MS,
    graceMs: e.GRACE_MS,
    ringTimeoutMs: e.RING_TIMEOUT_MS,
    ringSlots: e.RING_SLOTS,
    accessEveryMs: e.ACCESS_EVERY_MS,
    accessDebounceMs: e.ACCESS_DEBOUNCE_MS,
  };
}

function masterKeysOf(env: NodeJS.ProcessEnv, production: boolean, dataDir: string): Map<number, Buffer> {
  const keys = new Map<number, Buffer>();
  for (const [name, value] of Object.entries(env)) {
    if (value && /^MASTER_KEY(_|$)/.test(name)) keys.set(keyVersion(name), toKey(name, value));
  }
  if (env.MASTER_KEY && env.MASTER_KEY_V1) {
    throw new InputError(
      "BAD_CONFIG",
      "MASTER_KEY and MASTER_KEY_V1 are two names of one key",
      "MASTER_KEY",
      "set only one",
    );
  }
  if (keys.size > 0) return keys;
  if (production) {
    throw new InputError(
      "NO_MASTER_KEY",
      "MASTER_KEY is not set: secrets could not be kept",
      "MASTER_KEY",
      "make one with: openssl rand -base64 32 – and keep it: without it no secret can be read again",
    );
  }
  return keys.set(1, keptKey(dataDir));
}

/** A misspelt name must not be passed over: the key would be missed only when it is needed. */
function keyVersion(name: string): number {
  const [, version] = /^MASTER_KEY(?:_V([1-9]\d?))?$/.exec(name) ?? [];
  if (version !== undefined || name === "MASTER_KEY") return Number(version ?? 1);
  const hint = `name it MASTER_KEY, or MASTER_KEY_V1 to MASTER_KEY_V99; ${SEE_README}`;
  throw new InputError("BAD_CONFIG", `${name} is no name of a master key`, name, hint);
}

function toKey(name: string, text: string): Buffer {
  const key = Buffer.from(text, "base64");
  if (key.length === 32) return key;
  throw new InputError(
    "BAD_CONFIG",
    `${name} is not 32 bytes in base64`,
    name,
    "make one with: openssl rand -base64 32",
  );
}

/** Outside production the key is made once and kept in `dataDir/master.key`. @throws InputError DATA_DIR_UNUSABLE */
function keptKey(dataDir: string): Buffer {
  const file = join(dataDir, "master.key");
  try {
    if (!existsSync(file)) makeKey(dataDir, file);
    return toKey(file, readFileSync(file, "utf8"));
  } catch (error) {
    throw dataDirUnusable(error) ?? error;
  }
}

function makeKey(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, randomBytes(32).toString("base64"), { mode: 0o600, flush: true });
  try {
    linkSync(fresh, file); // complete or not at all, and the first process wins
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(fresh);
  }
}
