import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import type { Logger } from "../log.ts";
import type { Doorbells } from "../queues/doorbells.ts";
import type { Ringer } from "../queues/ringer.ts";
import type { Connections } from "../store/connections.ts";
import type { Database } from "../store/database.ts";
import type { Findings } from "../store/findings.ts";
import type { Lanes } from "../store/lanes.ts";
import type { Operators } from "../store/operators.ts";
import type { Tenants } from "../store/tenants.ts";

/** What the server needs of the rest. It reads the store and rings lanes; remote writes are the workers'. */
export interface HttpDeps {
  database: Pick<Database, "pool">;
  tenants: Pick<Tenants, "key">;
  connections: Pick<Connections, "webhookCredentials" | "eventCredentials">;
  operators: Pick<Operators, "verify">;
  lanes: Pick<Lanes, "accept">;
  ringer: Ringer;
  doorbells: Pick<Doorbells, "backend" | "queues" | "state">;
  findings: Pick<Findings, "raise">;
  config: Pick<Config, "publicUrl">;
  log: Logger;
  /** After this a request is answered 503 whatever it waits for. Default 8 s: Pipedrive gives up after ten. */
  answerTimeoutMs?: number;
}

/** A file of routes that belong together. */
export type RouteGroup = (server: FastifyInstance, deps: HttpDeps) => void | Promise<void>;
