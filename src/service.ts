import closeWithGrace from "close-with-grace";
import { type Config, loadConfig } from "./config.ts";
import { describe, toFailure } from "./failure.ts";
import { createLogger, type Logger } from "./log.ts";
import { isDatabaseAway } from "./store/prisma-errors.ts";

/** Something that runs until it is told to stop. */
export interface Service {
  close(): Promise<void>;
}

/** Whoever stops us (Docker, Kubernetes, Ctrl-C) waits this long, or a little longer. */
export const EXIT_WITHIN_MS = 14_000;

/** Two signals this close are one wish. */
const IMPATIENT_AFTER_MS = 1_000;

/**
 * Runs this process as one service: starts it, waits for SIGTERM or SIGINT, closes it in at most 15 seconds.
 *
 * What cannot start says why in a sentence or two and ends with exit code 1.
 */
export async function runService(start: (config: Config, log: Logger) => Promise<Service>): Promise<void> {
  try {
    const config = loadConfig();
    const log = createLogger({ level: config.logLevel, pretty: process.stderr.isTTY });
    const starting = start(config, log);
    // From the first moment: a start that is interrupted must not leave a database behind.
    closeOnSignal({ close: async () => (await starting).close() }, log);
    await starting;
  } catch (error) {
    reportFailure(error);
    process.exit(1);
  }
}

/** Closes a service on a signal or a defect, then ends the process: with 0, or 1 after a defect or a hung close. */
export function closeOnSignal(service: Service, log: Pick<Logger, "info" | "error">): void {
  // A database or queue that goes away comes back; requests and lanes meanwhile fail one by one.
  process.on("unhandledRejection", (err) => {
    if (!isDatabaseAway(err)) throw err;
    log.error({ err }, "the database or the queue is away");
  });
  const options: closeWithGrace.Options = {
    delay: EXIT_WITHIN_MS,
    logger: { error: (err: unknown) => log.error({ err }, "not closed cleanly") },
    skip: ["unhandledRejection", "beforeExit"],
  };
  const closing = bearRepetition();
  closeWithGrace(options, async ({ signal, err }: { signal?: string; err?: Error }) => {
    closing();
    if (err) log.error({ err }, "stopping after a defect");
    else log.info({ signal }, "stopping");
    await service.close();
  });
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * npm passes Ctrl-C on, so it arrives twice, and whoever watches over us may repeat SIGTERM: close-with-grace would end
 * at the second one, in the middle of closing. Only a later SIGINT is somebody losing patience. Listens from before
 * close-with-grace does: a signal that comes while nobody listens, if only for an instant, ends the process.
 *
 * @returns what is called when closing begins
 */
function bearRepetition(): () => void {
  let since = Number.POSITIVE_INFINITY;
  const bear = (signal: NodeJS.Signals) => {
    if (signal === "SIGINT" && Date.now() - since > IMPATIENT_AFTER_MS) process.exit(1);
  };
  for (const signal of SIGNALS) process.on(signal, bear);
  return () => {
    since = Date.now();
    for (const signal of SIGNALS) {
      for (const other of process.listeners(signal)) if (other !== bear) process.removeListener(signal, other);
    }
  };
}

/** Whoever read our output, such as `| head`, may have seen enough: what is said after that is lost, and that is all. */
export function bearClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

/** Says on stderr what went wrong: what, where and what to do; a stack only for what is a defect of ours. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`${describe(toFailure(error))}\n`);
}
