import type { FastifyBaseLogger } from "fastify";
import type { TwinClock } from "./clock.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Faults } from "./faults.ts";
import type { Journal } from "./journal.ts";

/**
 * What both halves of the twin share. A half registers its journal store and its delivery sender while it is being
 * set up; replay happens after that, and fastify's `onReady` hooks run after the replay.
 */
export interface TwinContext {
  seed: string;
  clock: TwinClock;
  journal: Journal;
  faults: Faults;
  deliveries: Deliveries;
  log: FastifyBaseLogger;
}
