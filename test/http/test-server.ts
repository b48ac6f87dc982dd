import { randomBytes, randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createServer, type HttpDeps } from "../../src/http/server.ts";
import { createLogger } from "../../src/log.ts";
import { signBody } from "../../src/partner/signature.ts";
import { openDoorbells } from "../../src/queues/doorbells.ts";
import { createRinger } from "../../src/queues/ringer.ts";
import { createConnections } from "../../src/store/connections.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createFindings } from "../../src/store/findings.ts";
import { createLanes } from "../../src/store/lanes.ts";
import { createOperators } from "../../src/store/operators.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { createVault } from "../../src/store/vault.ts";
import { freshDatabase } from "../support/database.ts";
import { giveLiveMapping } from "../support/live-mapping.ts";

export const RING_TIMEOUT_MS = 200;

type Overrides = (deps: HttpDeps) => Partial<HttpDeps>;

/**
 * A server on a port of its own, over a database of its own and the queues' PostgreSQL backend.
 *
 * @param options.through another way to the same database
 */
export async function startTestServer(options: { through?: (url: string) => Promise<string> } = {}) {
  const database = await freshDatabase();
  const url = options.through ? await options.through(database.url) : database.url;
  const db = openDatabase(url, 8);
  const lines: string[] = [];
  const log = createLogger({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const tenants = createTenants(db, createVault(new Map([[1, randomBytes(32)]])));
  const connections = createConnections(db, tenants);
  const lanes = createLanes(db, { leaseMs: 30_000, ringSlots: 8 });
  const doorbells = openDoorbells({ pool: db.pool, onError: () => {} });
  const findings = createFindings(db, tenants);
  const operators = createOperators(db);
  const onError = () => {};
  const ringer = createRinger(lanes, doorbells, { ringTimeoutMs: RING_TIMEOUT_MS, onError });
  const deps: HttpDeps = {
    database: db,
    tenants,
    connections,
    operators,
    lanes,
    ringer,
    doorbells,
    findings,
    config: {},
    log,
  };
  const servers: ReturnType<typeof createServer>[] = [];

  /** A server over this store, with parts of it replaced. */
  async function open(overrides: Overrides = () => ({})) {
    const server = createServer({ ...deps, ...overrides(deps) });
    servers.push(server);
    await server.listen({ host: "127.0.0.1", port: 0 });
    return { server, url: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}` };
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

  return {
    ...deps,
    tenants,
    connections,
    operators,
    lanes,
    doorbells,
    db,
    pool: database.pool,
    lines,
    open,
    listen: async (overrides?: Overrides) => (await open(overrides)).url,
    addTenant,
    async count(table: "inbox" | "lane" | "finding", tenantId: string): Promise<number> {
      const answer = await database.pool.query(`select 1 from ${table} where tenant_id = $1`, [tenantId]);
      return answer.rows.length;
    },
    async stop() {
      for (const server of servers) await server.close();
      await doorbells.close();
      await db.close();
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
