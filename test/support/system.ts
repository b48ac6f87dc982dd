import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { type App, openApp } from "../../src/app.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { createServer } from "../../src/http/server.ts";
import { createLogger } from "../../src/log.ts";
import { connectPipedrive, connectProgram } from "../../src/operations/connect.ts";
import { connectIntake } from "../../src/operations/connect-intake.ts";
import { loadMapping } from "../../src/operations/load-mapping.ts";
import { readAccount } from "../../src/pipedrive/account.ts";
import { accountShape } from "../../src/sync/mapping/account-shape.ts";
import { fillKeysByLabel } from "../../src/sync/mapping/fill.ts";
import { parseMappingDocument } from "../../src/sync/mapping/parse.ts";
import { startTwin, type Twin } from "../../src/twin/index.ts";
import { startWorkers, type Workers } from "../../workers/index.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";
import { type TwinClient, twinClient } from "./twin-client.ts";

/** The whole product in this process, against a twin and a database of its own. */
export interface System {
  app: App;
  twin: Twin;
  database: TestDatabase;
  serverUrl: string;
  /** The twin's side of a tenant. */
  of(tenantId: string): TwinClient;
  startWorkers(): void;
  stopWorkers(): Promise<void>;
  /** Resolves when no lane is due, rung or claimed any more and nothing is on its way: everything has been said. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export interface SystemOptions {
  redisUrl?: string | undefined;
  tenants?: string[];
  timings?: Partial<Config["timings"]>;
  /** Extra of the twin's company, e.g. `limits`. */
  company?: Record<string, unknown>;
  /** Tenant and account under which the document is set up; its own, unless told otherwise. */
  as?: string;
  /** Changes a document before it is loaded. */
  adjust?: (document: ReturnType<typeof documentOf>) => void;
  workers?: boolean;
}

/** Lowered so that recovery can be waited for; the relations between them are those of production. */
const TIMINGS = {
  leaseMs: 3_000,
  callTimeoutMs: 1_000,
  callMarginMs: 300,
  sweepMs: 200,
  driftEveryMs: 3_600_000,
  graceMs: 1_500,
  ringTimeoutMs: 200,
  ringSlots: 8,
  accessEveryMs: 86_400_000,
  accessDebounceMs: 100,
};

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const database = await freshDatabase();
  const config: Config & { databaseUrl: string } = {
    ...loadConfig({
      MASTER_KEY: randomBytes(32).toString("base64"),
      LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
      BURST_TOKENS: "100000",
    }),
    databaseUrl: database.url,
    redisUrl: options.redisUrl,
    timings: { ...TIMINGS, ...options.timings },
  };
  const app = openApp(config, createLogger({ level: config.logLevel }));
  const twin = await startTwin({ seed: "tests" });
  const server = createServer({ ...app });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const serverUrl = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const clients = new Map<string, TwinClient>();
  for (const tenant of options.tenants ?? ["harbourline"]) {
    clients.set(tenant, await onboard(app, twin, serverUrl, tenant, options));
  }
  let workers: Workers | null = null;
  const system: System = {
    app,
    twin,
    database,
    serverUrl,
    of(tenantId) {
      const client = clients.get(tenantId);
      if (!client) throw new Error(`no tenant ${tenantId} in this system`);
      return client;
    },
    startWorkers() {
      workers ??= startWorkers(app);
    },
    async stopWorkers() {
      await workers?.close();
      workers = null;
    },
    quiet: () => untilQuiet(database, twin),
    async close() {
      await system.stopWorkers();
      await server.close();
      await app.close();
      await twin.close();
      await database.drop();
    },
  };
  if (options.workers !== false) system.startWorkers();
  return system;
}

export function documentOf(text: string) {
  const { document, findings } = parseMappingDocument(text);
  if (!document) throw new Error(JSON.stringify(findings));
  return document;
}

/** Sets a tenant up in a twin and connects both of its sides. @param app on the tenant's database; nothing else runs in it */
export async function onboard(
  app: App,
  twin: Pick<Twin, "url">,
  serverUrl: string,
  name: string,
  options: SystemOptions = {},
): Promise<TwinClient> {
  const document = documentOf(await readFile(new URL(`../../mappings/${name}.json`, import.meta.url), "utf8"));
  const tenant = options.as ?? name;
  document.tenant = tenant;
  if (options.as) document.pipedrive.company_domain = options.as;
  options.adjust?.(document);
  const { companyDomain, users, ...shape } = accountShape(document);
  const client = twinClient(twin.url, companyDomain, tenant);
  const company = await client.call<{ api_token: string }>("POST", "/companies", {
    domain: companyDomain,
    plan: "ultimate",
    limits: { off: true },
    users: users.map(({ name, email, admin }) => ({ name, email, admin })),
    fields: withoutEmptyOptions(shape.fields),
    pipelines: shape.pipelines,
    ...options.company,
  });
  const secret = randomBytes(24).toString("base64url");
  if (!document.intake)
    await client.call("PUT", `/program/${tenant}`, {
      secrets: [secret],
      events_url: `${serverUrl}/events/${tenant}`,
      idFormat: document.sync.id_format,
    });
  await app.tenants.create({ id: tenant, name: tenant });
  const token = company.api_token;
  await connectPipedrive(app, {
    tenantId: tenant,
    environment: "rehearsal",
    baseUrl: twin.url,
    token,
    publicUrl: serverUrl,
  });
  if (document.intake) await connectIntake(app, { tenantId: tenant, environment: "rehearsal", publicUrl: serverUrl });
  else {
    await connectProgram(app, {
      tenantId: tenant,
      environment: "rehearsal",
      baseUrl: `${twin.url}/program/${tenant}`,
      secrets: [secret],
    });
  }
  const connection = await app.connections.active(tenant, "pipedrive");
  if (!connection) throw new Error("the connection was not stored");
  const filled = fillKeysByLabel(document, await readAccount(await app.clients.pipedrive(connection)));
  await loadMapping(app, JSON.stringify(filled.document), "tests");
  return client;
}

function withoutEmptyOptions(fields: ReturnType<typeof accountShape>["fields"]) {
  return Object.fromEntries(
    Object.entries(fields).map(([object, list]) => [
      object,
      list.map(({ options, ...field }) => (options.length > 0 ? { ...field, options } : field)),
    ]),
  );
}

async function untilQuiet(database: TestDatabase, twin: Twin): Promise<void> {
  const deadline = Date.now() + 14_000;
  let quietSince: number | null = null;
  while (quietSince === null || Date.now() - quietSince < 60) {
    if (Date.now() > deadline) throw new Error(`not quiet after 14 s: ${JSON.stringify(await unsettled(database))}`);
    const busy = (await unsettled(database)).length > 0 || (await pendingDeliveries(twin)) > 0;
    if (busy) quietSince = null;
    else quietSince ??= Date.now();
    await new Promise((resolve) => setTimeout(resolve, 30)); // asking takes time from who is asked
  }
}

async function unsettled(database: TestDatabase): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select object, crm_id, kind, program_id, due_inbound, due_outbound, lease_until > clock_timestamp() as claimed, cause,
        blocked_kind, attempts from lane
     where due_inbound is not null or due_outbound is not null or lease_until > clock_timestamp()`,
  );
  return rows;
}

async function pendingDeliveries(twin: Twin): Promise<number> {
  const answer = (await (await fetch(`${twin.url}/_twin/deliveries?state=pending`)).json()) as {
    deliveries: unknown[];
  };
  return answer.deliveries.length;
}
