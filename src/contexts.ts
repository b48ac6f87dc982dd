import { ConnectionError, InputError, type Side } from "./errors.ts";
import type { PartnerProgram } from "./partner/adapter.ts";
import { createIntakeProgram } from "./partner/intake/program.ts";
import { createNeutralProgram } from "./partner/neutral-http.ts";
import { createPipedriveClient } from "./pipedrive/client.ts";
import type { FieldDefinition, Pipedrive } from "./pipedrive/port.ts";
import { createTokenWindow, type TokenWindow } from "./pipedrive/token-window.ts";
import type { TenantContext, TenantContexts } from "./reconcile/tenant.ts";
import { type Connection, isIntake } from "./store/connection-rows.ts";
import type { Connections } from "./store/connections.ts";
import { createExpiringCache } from "./store/expiring-cache.ts";
import type { Intakes } from "./store/intake.ts";
import type { LiveMapping, Mappings } from "./store/mappings.ts";
import type { Spend } from "./store/spend.ts";
import type { Tenants } from "./store/tenants.ts";

/** Every lane asks for its tenant's context; a change made by another process is seen this much later. */
const CONTEXT_TTL_MS = 1_000;
/** A mapping that was made live is in force for every worker by then: it is read behind two such caches. */
export const IN_FORCE_WITHIN_MS = 2 * CONTEXT_TTL_MS;
/** How old a field's live definition may be when an emptied drop-down is judged by it. */
const DEFINITION_TTL_MS = 60_000;

export interface ContextDeps {
  tenants: Tenants;
  connections: Connections;
  mappings: Mappings;
  intakes: Intakes;
  spend: Spend;
  callTimeoutMs: number;
  /** Two-second allowance of an API token until its own headers say less. */
  burstTokens: number;
}

/** Clients live as long as their connection: they keep sockets open, and one window per token and process. */
export interface Clients {
  pipedrive(connection: Connection): Promise<Pipedrive>;
  program(connection: Connection): Promise<PartnerProgram>;
}

export function createClients({ connections, intakes, spend, callTimeoutMs, burstTokens }: ContextDeps): Clients {
  const pipedrives = new Map<string, { token: string; client: Pipedrive }>();
  const windows = new Map<string, TokenWindow>(); // the allowance is the token's, whatever connections use it
  const programs = new Map<string, { secrets: string; client: PartnerProgram }>();
  function windowOf(token: string): TokenWindow {
    const window = windows.get(token) ?? createTokenWindow({ capacity: burstTokens });
    windows.set(token, window);
    return window;
  }
  return {
    async pipedrive({ id, tenantId, baseUrl }) {
      const { token } = await connections.pipedriveSecrets(id);
      const known = pipedrives.get(id);
      if (known?.token === token) return known.client;
      const client = createPipedriveClient({
        baseUrl,
        token,
        timeoutMs: callTimeoutMs,
        window: windowOf(token),
        onSpend: ({ purpose, operation, tokens }) => spend.record(id, tenantId, { purpose, operation, tokens }),
      });
      pipedrives.set(id, { token, client });
      return client;
    },
    async program(connection) {
      const { id, tenantId, baseUrl } = connection;
      if (isIntake(connection))
        return createIntakeProgram(tenantId, (kind, of) => intakes.aggregate(tenantId, kind, of));
      const { secrets } = await connections.programSecrets(id);
      const known = programs.get(id);
      if (known?.secrets === secrets.join()) return known.client;
      const client = createNeutralProgram({ baseUrl, secrets, timeoutMs: callTimeoutMs });
      programs.set(id, { secrets: secrets.join(), client });
      return client;
    },
  };
}

/** What each run of a lane works with: mapping, key and clients of its tenant. */
export function createContexts(deps: ContextDeps, clients: Clients): TenantContexts {
  const cache = createExpiringCache<TenantContext>({ ttlMs: CONTEXT_TTL_MS });
  const definitions = createExpiringCache<FieldDefinition>({ ttlMs: DEFINITION_TTL_MS });

  async function inUse(tenantId: string, side: Side): Promise<Connection> {
    const connection = await deps.connections.active(tenantId, side);
    if (connection) return connection;
    throw new ConnectionError(
      side,
      "UNREACHABLE",
      `${tenantId}: ${side} is not connected, or its connection is paused`,
    );
  }

  /** A stored lock that cannot be used is a broken mapping: the tenant waits for a load, and no record is to blame. */
  async function liveMapping(tenantId: string): Promise<LiveMapping> {
    const mapping = await deps.mappings.live(tenantId).catch((cause) => {
      if (!(cause instanceof InputError)) throw cause;
      throw new ConnectionError("pipedrive", "MAPPING_BROKEN", `${tenantId}: ${cause.message}`, { cause });
    });
    if (!mapping) throw new ConnectionError("pipedrive", "MAPPING_BROKEN", `${tenantId}: no mapping is loaded`);
    return mapping;
  }

  async function load(tenantId: string): Promise<TenantContext> {
    const [pipedrive, program, mapping, key] = await Promise.all([
      inUse(tenantId, "pipedrive"),
      inUse(tenantId, "program"),
      liveMapping(tenantId),
      deps.tenants.key(tenantId),
    ]);
    refuseMismatch(tenantId, mapping, program);
    const client = await clients.pipedrive(pipedrive);
    const readDefinition: TenantContext["definition"] = async (object, key, call) => {
      const read = () => client.field(object, key, { ...call, purpose: "definition" });
      // Only failures answer nothing, and those are thrown: a loaded definition is never null.
      return (await definitions.get(`${pipedrive.id} ${object} ${key}`, read)) as FieldDefinition;
    };
    return {
      tenantId,
      key,
      plan: mapping.plan,
      pipedrive: client,
      definition: readDefinition,
      program: await clients.program(program),
      connections: { pipedrive: pipedrive.id, program: program.id },
      clockOffsetMs: pipedrive.clockOffsetMs,
    };
  }

  return async (tenantId) => (await cache.get(tenantId, () => load(tenantId))) as TenantContext;
}

/** Nothing may be wanted of a program that takes nothing in, and nothing of one that does may be left unsaid. */
function refuseMismatch(tenantId: string, { plan }: LiveMapping, program: Connection): void {
  if ((plan.postsOnly ?? false) === isIntake(program)) return;
  const [is, says] = isIntake(program) ? ["only posts", "has no intake"] : ["takes commands", "has an intake"];
  const message = `${tenantId}: the connected partner program ${is}, but the mapping ${says}. Load the mapping that fits, or connect the program that it was written for.`;
  throw new ConnectionError("program", "MAPPING_BROKEN", message);
}
