import Fastify, { type FastifyBaseLogger } from "fastify";
import { type TwinClock, twinClock } from "./clock.ts";
import type { TwinContext } from "./context.ts";
import { controlApi, guardControl } from "./control/index.ts";
import { createDeliveries } from "./deliveries.ts";
import { createFaults } from "./faults.ts";
import { takeFolder } from "./folder-lock.ts";
import { type Journal, openJournal } from "./journal.ts";
import { twinPage } from "./page/index.ts";
import { pipedriveTwin } from "./pipedrive/index.ts";
import { programTwin } from "./program/index.ts";

export interface TwinOptions {
  /** Where the twin remembers everything; without it all is gone at the end. */
  dataDir?: string;
  /** Decides every id, key and token; the same seed and set-up give the same ones. */
  seed: string;
  /** Default 0: any free port. */
  port?: number;
  /** Default 127.0.0.1; the control API has no authentication. */
  host?: string;
  clock?: TwinClock;
  log?: FastifyBaseLogger;
  /** Force every journal line to the disk. Default false: a killed process loses nothing, a power cut may. */
  fsync?: boolean;
  /** How long a receiver of notifications may take to answer, in real time. Default 10,000, which is Pipedrive's. */
  deliveryTimeoutMs?: number;
}

export interface Twin {
  url: string;
  clock: TwinClock;
  close(): Promise<void>;
}

/**
 * Starts a local Pipedrive and partner program.
 *
 * @throws InputError when another twin has the data folder
 * @throws when the port is taken or the journal cannot be read
 */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const leaveFolder = options.dataDir ? await takeFolder(options.dataDir) : () => {};
  const journal = openJournal({ folder: options.dataDir, fsync: options.fsync });
  const end = () => {
    journal.close();
    leaveFolder();
  };
  try {
    return await startOn(journal, options, end);
  } catch (error) {
    end();
    throw error;
  }
}

/** @param end called when all else has stopped */
async function startOn(journal: Journal, options: TwinOptions, end: () => void): Promise<Twin> {
  const clock = options.clock ?? twinClock();
  const app = options.log
    ? Fastify({ loggerInstance: options.log, disableRequestLogging: true, forceCloseConnections: true })
    : Fastify({ logger: false, forceCloseConnections: true });
  const deliveries = createDeliveries({ clock, journal, log: app.log, timeoutMs: options.deliveryTimeoutMs });
  const ctx: TwinContext = { seed: options.seed, clock, journal, faults: createFaults(), deliveries, log: app.log };

  guardControl(app);
  controlApi(app, pipedriveTwin(app, ctx));
  twinPage(app, programTwin(app, ctx));
  app.get("/healthz", async () => ({ ok: true }));

  const keepTime = rememberTime(clock, journal);
  journal.replay();
  keepTime();
  const url = await app.listen({ port: options.port ?? 0, host: options.host ?? "127.0.0.1" });
  deliveries.start();
  return {
    url,
    clock,
    async close() {
      await app.close();
      await deliveries.stop();
      end();
    },
  };
}

/**
 * Time that was let pass stays passed: what is stamped after a restart must not lie before what was stamped earlier.
 * To be called before the replay. @returns what begins to remember, to be called after it
 */
function rememberTime(clock: TwinClock, journal: Journal): () => void {
  const append = journal.store<{ offset: number }>("clock", {
    apply: ({ offset }) => clock.advance(Math.max(offset - clock.offset, 0)),
    *snapshot() {
      if (clock.offset > 0) yield { offset: clock.offset };
    },
  });
  return () => void clock.onAdvance(() => append({ offset: clock.offset }));
}
