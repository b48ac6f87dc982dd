import type { FastifyInstance } from "fastify";
import type { App } from "../app.ts";
import type { Identify } from "./caller.ts";

/** What the server works with. It reads the store and rings lanes; writes to records of both sides are the workers'. */
export type HttpDeps = App;

export interface ServerOptions {
  /** After this a request is answered 503 whatever it waits for. Default 8 s: Pipedrive gives up after ten. */
  answerTimeoutMs?: number;
  /** How callers are known; default: by a token, or the cookie of a session. */
  identify?: Identify;
}

/** A file of routes that belong together. */
export type RouteGroup = (server: FastifyInstance, deps: HttpDeps) => void | Promise<void>;
