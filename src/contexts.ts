import { ConnectionError, InputError, ParkedError, type Side } from "./errors.ts";
import type { PartnerProgram } from "./partner/adapter.ts";
import { createIntakeProgram } from "./partner/intake/program.ts";
import { createNeutralProgram } from "./partner/neutral-http.ts";
import { createPipedriveClient } from "./pipedrive/client.ts";
import type { FieldDefinition, Pipedrive } from "./pipedrive/port.ts";
import { createTokenWindow, type TokenWindow } from "./pipedrive/token-window.ts";
import type { TenantContext, TenantContexts, TrialRecord } from "./reconcile/tenant.ts";
import { type Connection, isIntake } from "./store/connection-rows.ts";
import type { Connections } from "./store/connections.ts";
import { createExpiringCache } from "./store/expiring-cache.ts";
import type { Intakes } from "./store/intake.ts";
import type { Mappings } from "./store/mappings.ts";
import type { PausedFields, TenantPausedField } from "./store/paused-fields.ts";
import type { RollOuts } from "./store/roll-outs.ts";
import type { Spend } from "./store/spend.ts";
import type { Tenants } from "./store/tenants.ts";
import { LOST_RIGHT } from "./sync/mapping/drift.ts";
import { type MappingPlan, ROLES } from "./sync/model.ts";

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
  pausedFields: PausedFields;
  rollOuts: RollOuts;
  spend: Spend;
  callTimeoutMs: number;
  /** Two-second allowance of an API token until its own headers say less. */
  burstTokens: number;
}

/** Clients live as long as their connection: they keep sockets open, and one window per token and process. */
export interface Clients {
  pipedrive(connection: Connection): Promise<Pipedrive>;
  program(connection: Connection): Promise<PartnerProgram>;
  /** Tokens per day as this process last saw them in the connection's answers; null where none said. */
  dailyAllowance(connectionId: string): DailyAllowance | null;
}

export interface DailyAllowance {
  limit: number;
  left: number;
}

export function createClients({ connections, intakes, spend, callTimeoutMs, burstTokens }: ContextDeps): Clients {
  const pipedrives = new Map<string, { token: string; client: Pipedrive }>();
  const windows = new Map<string, TokenWindow>(); // the allowance is the token's, whatever connections use it
  const allowances = new Map<string, DailyAllowance>();
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
        onSpend({ purpose, operation, tokens, headers }) {
          spend.record(id, tenantId, { purpose, operation, tokens });
          const { dailyLimit: limit, dailyRemaining: left } = headers;
          if (limit !== undefined && left !== undefined) allowances.set(id, { limit, left });
        },
      });
      pipedrives.set(id, { token, client });
      return client;
    },
    dailyAllowance: (connectionId) => allowances.get(connectionId) ?? null,
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
  const cache = createExpiringCache<Loaded>({ ttlMs: CONTEXT_TTL_MS });
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
  async function livePlan(tenantId: string): Promise<MappingPlan | null> {
    const mapping = await deps.mappings.live(tenantId).catch((cause) => {
      if (!(cause instanceof InputError)) throw cause;
      throw new ConnectionError("pipedrive", "MAPPING_BROKEN", `${tenantId}: ${cause.message}`, { cause });
    });
    return mapping?.plan ?? null;
  }

  async function load(tenantId: string): Promise<Loaded> {
    const [pipedrive, program, live, key, paused, rollOut] = await Promise.all([
      inUse(tenantId, "pipedrive"),
      inUse(tenantId, "program"),
      livePlan(tenantId),
      deps.tenants.key(tenantId),
      deps.pausedFields.inForce(tenantId),
      deps.rollOuts.open(tenantId),
    ]);
    for (const plan of [live, rollOut?.plan ?? null]) if (plan) refuseMismatch(tenantId, plan, program);
    const client = await clients.pipedrive(pipedrive);
    const readDefinition: TenantContext["definition"] = async (object, key, call) => {
      const read = () => client.field(object, key, { ...call, purpose: "definition" });
      // Only failures answer nothing, and those are thrown: a loaded definition is never null.
      return (await definitions.get(`${pipedrive.id} ${object} ${key}`, read)) as FieldDefinition;
    };
    const context = {
      tenantId,
      key,
      pipedrive: client,
      definition: readDefinition,
      program: await clients.program(program),
      connections: { pipedrive: pipedrive.id, program: program.id },
      clockOffsetMs: pipedrive.clockOffsetMs,
    };
    return {
      live: live && { ...context, plan: withPaused(live, paused) },
      trial: rollOut && { ...context, plan: withPaused(rollOut.plan, paused) },
      tried: new Set(rollOut?.trial.map(nameOf)),
    };
  }

  return async (tenantId, record) => {
    const { live, trial, tried } = (await cache.get(tenantId, () => load(tenantId))) as Loaded;
    if (trial && record && tried.has(nameOf(record))) return trial;
    if (live) return live;
    if (!trial) throw new ConnectionError("pipedrive", "MAPPING_BROKEN", `${tenantId}: no mapping is loaded`);
    const until = new Date(Date.now() + ROLL_OUT_WAIT_MS);
    throw new ParkedError("pipedrive", until, `${tenantId}: the first roll-out has not come to this record yet`);
  };
}

/** What is shared by all lanes of a tenant for a second. */
interface Loaded {
  live: TenantContext | null;
  /** By the plan of a roll-out under way, for the records it tries. */
  trial: TenantContext | null;
  tried: Set<string>;
}

/** How long records of a first roll-out wait between two looks whether it has come to them. */
const ROLL_OUT_WAIT_MS = 5_000;

function nameOf({ object, crmId }: TrialRecord): string {
  return `${object} ${crmId}`;
}

/** Paused fields stay in the plan, marked: what is seen of them is kept up to date. */
function withPaused(plan: MappingPlan, paused: readonly TenantPausedField[]): MappingPlan {
  if (paused.length === 0) return plan;
  const roles = { ...plan.roles };
  for (const role of ROLES) {
    roles[role] = plan.roles[role].map((field) => {
      const found = paused.find((one) => one.role === role && one.field === field.field);
      return found ? { ...field, paused: found.cause === LOST_RIGHT ? ("right" as const) : (true as const) } : field;
    });
  }
  return { ...plan, roles };
}

/** Nothing may be wanted of a program that takes nothing in, and nothing of one that does may be left unsaid. */
function refuseMismatch(tenantId: string, plan: MappingPlan, program: Connection): void {
  const mismatch = otherProgram(plan, program);
  if (mismatch) throw new ConnectionError("program", "MAPPING_BROKEN", `${tenantId}: ${mismatch}`);
}

/** Why a mapping cannot serve the connected program: it was written for one of the other kind. Null when it can. */
export function otherProgram({ postsOnly }: Pick<MappingPlan, "postsOnly">, program: Connection): string | null {
  if ((postsOnly ?? false) === isIntake(program)) return null;
  const [is, says] = isIntake(program) ? ["only posts", "has no intake"] : ["takes commands", "has an intake"];
  return `the connected partner program ${is}, but the mapping in force ${says}: load one that fits, or connect the program it was written for`;
}
