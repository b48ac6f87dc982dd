import type { Config } from "./config.ts";
import { type Clients, createClients, createContexts } from "./contexts.ts";
import type { Logger } from "./log.ts";
import { type Doorbells, openDoorbells } from "./queues/doorbells.ts";
import { createRinger, type Ringer } from "./queues/ringer.ts";
import type { TenantContexts } from "./reconcile/tenant.ts";
import { type AccessStore, createAccessStore } from "./store/access.ts";
import { type Audit, createAudit } from "./store/audit.ts";
import { type CanaryOrders, createCanaryOrders } from "./store/canary-orders.ts";
import { type Conflicts, createConflicts } from "./store/conflicts.ts";
import { type Connections, createConnections } from "./store/connections.ts";
import { type Database, openDatabase } from "./store/database.ts";
import { createDriftLooks, type DriftLooks } from "./store/drift-looks.ts";
import { createDuplicates, type Duplicates } from "./store/duplicates.ts";
import { createFindings, type Findings } from "./store/findings.ts";
import { createGuessing, type Guessing } from "./store/guessing.ts";
import { createHistory, type History } from "./store/history.ts";
import { createHistorySeals, type HistorySeals } from "./store/history-seals.ts";
import { createIdempotency, type Idempotency } from "./store/idempotency.ts";
import { createIntake, type Intakes } from "./store/intake.ts";
import { createLanes, type Lanes } from "./store/lanes.ts";
import { createLinks, type Links } from "./store/links.ts";
import { createMappings, type Mappings } from "./store/mappings.ts";
import { createMatchReviews, type MatchReviews } from "./store/match-reviews.ts";
import { createOperatorTokens, type OperatorTokens } from "./store/operator-tokens.ts";
import { createOperators, type Operators } from "./store/operators.ts";
import { createPausedFields, type PausedFields } from "./store/paused-fields.ts";
import { createRecords, type Records } from "./store/records.ts";
import { createRelinks, type Relinks } from "./store/relinks.ts";
import { createReplays, type Replays } from "./store/replays.ts";
import { createRollOutReach, type RollOutReach } from "./store/roll-out-reach.ts";
import { createRollOuts, type RollOuts } from "./store/roll-outs.ts";
import { createSessions, type Sessions } from "./store/sessions.ts";
import { createSpend, type Spend } from "./store/spend.ts";
import { createTenants, type Tenants } from "./store/tenants.ts";
import { createVault } from "./store/vault.ts";
import { createWriteLimits, type WriteLimitsStore } from "./store/write-limits.ts";
import { createWrites, type Writes } from "./store/writes.ts";

/** Everything a process has: built once, handed over as one thing. Server, workers and CLI are built from it. */
export interface App {
  config: Config;
  log: Logger;
  database: Database;
  tenants: Tenants;
  connections: Connections;
  mappings: Mappings;
  operators: Operators;
  tokens: OperatorTokens;
  sessions: Sessions;
  guessing: Guessing;
  audit: Audit;
  idempotency: Idempotency;
  findings: Findings;
  access: AccessStore;
  /** Of programs that can only post. */
  intakes: Intakes;
  pausedFields: PausedFields;
  driftLooks: DriftLooks;
  rollOuts: RollOuts;
  canaryOrders: CanaryOrders;
  rollOutReach: RollOutReach;
  records: Records;
  replays: Replays;
  conflicts: Conflicts;
  history: History;
  historySeals: HistorySeals;
  spend: Spend;
  lanes: Lanes;
  links: Links;
  matchReviews: MatchReviews;
  duplicates: Duplicates;
  writes: Writes;
  writeLimits: WriteLimitsStore;
  /** Links that end. */
  relinks: Relinks;
  clients: Clients;
  contexts: TenantContexts;
  doorbells: Doorbells;
  ringer: Ringer;
  close(): Promise<void>;
}

/** Connects to what the configuration names. Nothing is started, and nothing is migrated. */
export function openApp(config: Config & { databaseUrl: string }, log: Logger): App {
  const database = openDatabase(config.databaseUrl);
  const { timings } = config;
  const tenants = createTenants(database, createVault(config.masterKeys));
  const connections = createConnections(database, tenants);
  const mappings = createMappings(database);
  const pausedFields = createPausedFields(database);
  const rollOuts = createRollOuts(database);
  const findings = createFindings(database, tenants);
  const intakes = createIntake(database, tenants);
  const spend = createSpend(database, {
    onError: (err) => log.warn({ err }, "token ledger not written, kept for later"),
  });
  const lanes = createLanes(database, timings);
  const doorbells = openDoorbells({
    redisUrl: config.redisUrl,
    pool: database.pool,
    onError: (err) => log.debug({ err }, "queue connection"),
  });
  const ringer = createRinger(lanes, doorbells, {
    ringTimeoutMs: timings.ringTimeoutMs,
    onError: (err) => log.warn({ err }, "could not ring; the sweep will"),
  });
  const context = {
    tenants,
    connections,
    mappings,
    intakes,
    pausedFields,
    rollOuts,
    spend,
    callTimeoutMs: timings.callTimeoutMs,
    burstTokens: config.burstTokens,
  };
  const clients = createClients(context);
  return {
    config,
    log,
    database,
    tenants,
    connections,
    mappings,
    findings,
    intakes,
    pausedFields,
    rollOuts,
    canaryOrders: createCanaryOrders(database, tenants),
    rollOutReach: createRollOutReach(database),
    driftLooks: createDriftLooks(database),
    spend,
    lanes,
    doorbells,
    ringer,
    clients,
    contexts: createContexts(context, clients),
    operators: createOperators(database),
    tokens: createOperatorTokens(database),
    sessions: createSessions(database),
    guessing: createGuessing(database),
    audit: createAudit(database),
    idempotency: createIdempotency(database),
    access: createAccessStore(database, tenants),
    records: createRecords(database, tenants, findings),
    replays: createReplays(database),
    conflicts: createConflicts(database, tenants),
    history: createHistory(database, tenants),
    historySeals: createHistorySeals(database),
    links: createLinks(database),
    matchReviews: createMatchReviews(database, tenants),
    duplicates: createDuplicates(database),
    writes: createWrites(database, timings),
    writeLimits: createWriteLimits(database, tenants),
    relinks: createRelinks(database, tenants),
    async close() {
      await doorbells.close();
      await spend.close();
      await database.close();
    },
  };
}
