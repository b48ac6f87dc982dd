import { randomBytes, randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { type App, openApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import type { ServerOptions } from "../../src/http/deps.ts";
import { createServer } from "../../src/http/server.ts";
import { createLogger } from "../../src/log.ts";
import { signBody } from "../../src/partner/signature.ts";
import type { OperatorRole } from "../../src/store/actor.ts";
import { freshDatabase } from "../support/database.ts";
import { giveLiveMapping } from "../support/live-mapping.ts";

export const RING_TIMEOUT_MS = 200;

type Overrides = (app: App) => Partial<App>;

/** Whom a token is made for; by default a viewer of all tenants. */
export interface Bearer {
  role?: OperatorRole;
  tenants?: string[] | null;
  email?: string;
  /** What the token allows, where that is less than its owner may. */
  token?: { role?: OperatorRole; tenants?: string[] };
}

/**
 * A server on a port of its own, over a database of its own and the queues' PostgreSQL backend.
 *
 * @param options.through another way to the same database
 */
export async function startTestServer(options: { through?: (url: string) => Promise<string> } = {}) {
  const database = await freshDatabase();
  const databaseUrl = options.through ? await options.through(database.url) : database.url;
  const lines: string[] = [];
  const log = createLogger({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const settings = { MASTER_KEY: randomBytes(32).toString("base64"), API_REQUESTS_PER_MINUTE: "1000000" };
  const config = { ...loadConfig(settings), databaseUrl };
  const app = openApp({ ...config, timings: { ...config.timings, ringTimeoutMs: RING_TIMEOUT_MS } }, log);
  const { tenants, connections } = app;
  const servers: ReturnType<typeof createServer>[] = [];

  /** A server over this store, with parts of it replaced. */
  async function open(overrides: Overrides = () => ({}), serverOptions: ServerOptions = {}) {
    const server = createServer({ ...app, ...overrides(app) }, serverOptions);
    servers.push(server);
    await server.listen({ host: "127.0.0.1", port: 0 });
    return { server, url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
  }

  /** Adds an operator. @returns a token of theirs */
  async function tokenOf({ tenants: only = null, token: limits = {}, ...rest }: Bearer = {}, name?: string) {
    const { role = "viewer", email } = rest;
    const who = { name: name ?? `${role} ${randomUUID()}`, role, tenants: only, ...(email && { email }) };
    const { name: owner } = await app.operators.add(who);
    return (await app.tokens.issue(owner, { name: "test", ttlMs: 3_600_000, ...limits })).token;
  }

  async function addTenant(id: string) {
    await tenants.create({ id, name: id });
    const webhookPassword = randomUUID();
    const secrets = [`program-secret-of-${id}`, `next-program-secret-of-${id}`];
    const common = { tenantId: id, environment: "rehearsal", baseUrl: "http://127.0.0.1:1" } as const;
    const pipedrive = await connections.add({
      ...common,
      side: "pipedrive",
      secrets: { token: `token-of-${id}`, webhookUser: "pipedrive", webhookPassword },
    });
    const program = await connections.add({ ...common, side: "program", secrets: { secrets } });
    await giveLiveMapping(database.pool, id);
    const basic = `Basic ${Buffer.from(`pipedrive:${webhookPassword}`).toString("base64")}`;
    return { id, pipedrive: pipedrive.id, program: program.id, basic, secrets };
  }

  const { close: closeApp, ...parts } = app; // what is left open when only the app closes keeps jest from ending

  return {
    ...parts,
    app,
    db: app.database,
    pool: database.pool,
    lines,
    open,
    listen: async (overrides?: Overrides, serverOptions?: ServerOptions) => (await open(overrides, serverOptions)).url,
    addTenant,
    tokenOf,
    async count(table: "inbox" | "lane" | "finding", tenantId: string): Promise<number> {
      const answer = await database.pool.query(`select 1 from ${table} where tenant_id = $1`, [tenantId]);
      return answer.rows.length;
    },
    async stop() {
      for (const server of servers) await server.close();
      await closeApp();
      await database.drop();
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;
export type TestTenant = Awaited<ReturnType<TestServer["addTenant"]>>;

export interface Answer {
  accepted?: boolean;
  duplicate?: boolean;
  ignored?: string | boolean;
  ready?: boolean;
  queue: { backend: string; state: string };
  error: { code: string; message: string; where?: string; hint?: string; correlationId: string };
}

export async function bodyOf(answer: Response): Promise<Answer> {
  return (await answer.json()) as Answer;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export interface Ask {
  /** JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Asks as whoever holds the token; null: as nobody. Redirects are answers, not followed. */
export function ask(url: string, token: string | null, method = "GET", { body, headers }: Ask = {}) {
  return fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(token === null ? {} : bearer(token)),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export function postWebhook(base: string, tenant: TestTenant, body: unknown, options: { basic?: string | null } = {}) {
  const { basic = tenant.basic } = options;
  return fetch(`${base}/webhooks/pipedrive/${tenant.pipedrive}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(basic === null ? {} : { authorization: basic }) },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export function postEvent(
  base: string,
  tenantId: string,
  body: unknown,
  options: { secret?: string; header?: string | null; atMs?: number } = {},
) {
  const raw = typeof body === "string" ? body : JSON.stringify(body);
  const { secret = `program-secret-of-${tenantId}`, atMs = Date.now() } = options;
  const header = options.header === undefined ? signBody(secret, raw, atMs) : options.header;
  return fetch(`${base}/events/${tenantId}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(header === null ? {} : { "x-program-signature": header }) },
    body: raw,
  });
}

/** A webhook in Pipedrive's form (version 2.0). */
export function webhookOf(id: number, meta: Record<string, unknown> = {}) {
  return {
    meta: {
      action: "change",
      entity: "organization",
      entity_id: String(id),
      company_id: "8087566",
      correlation_id: randomUUID(),
      id: randomUUID(),
      is_bulk_edit: false,
      timestamp: "2026-11-22T10:15:30.616Z",
      type: "general",
      user_id: "12415231",
      version: "2.0",
      webhook_id: "4710827",
      change_source: "app",
      attempt: 1,
      ...meta,
    },
    data: { id, name: "Zürich 株式会社", update_time: "2026-11-22T10:15:30Z", custom_fields: {} },
    previous: { name: "Zürich" },
  };
}

/** An event in the neutral form. */
export function eventOf(tenantId: string, changes: Record<string, unknown> = {}) {
  return {
    event_id: `evt_${randomUUID()}`,
    type: "partner.updated",
    schema_version: 1,
    tenant_id: tenantId,
    occurred_at: "2026-11-22T10:15:30.123Z",
    aggregate: { kind: "partner", id: "prt_1", version: 4 },
    actor: { kind: "vendor_user", id: "vnd_17", label: "Channel desk" },
    origin: "program",
    correlation_id: "cor_77f1",
    causation_id: null,
    changed: [{ path: "name", from: "Alpha", to: "Beta" }],
    data: { partner_id: "prt_1", version: 4, name: "Beta" },
    ...changes,
  };
}
