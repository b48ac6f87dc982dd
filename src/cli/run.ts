import { Command, CommanderError } from "commander";
import { type BroughtUp, bringUp } from "../bring-up.ts";
import { loadConfig, secretFromEnvironment } from "../config.ts";
import { InputError } from "../errors.ts";
import { describe, type Failure, toFailure } from "../failure.ts";
import { createLogger } from "../log.ts";
import { seedDatabase, toSeed } from "../seed.ts";
import type { Answer, Cli, Globals } from "./cli.ts";
import { COMMANDS } from "./commands.ts";
import { refuseSecrets } from "./refuse-secrets.ts";

/** What the command line talks through; tests put their own there. */
export interface Terminal {
  stdin: AsyncIterable<Buffer | string> & { isTTY?: boolean };
  out(text: string): void;
  err(text: string): void;
}

const HELP = `
Exit codes: 0 done, 1 failed (stderr says why), 2 wrong usage; with --json stdout says why too.
Database and queue come from the environment (DATABASE_URL, REDIS_URL); without DATABASE_URL it is the embedded
database in DATA_DIR, joined when it runs already.`;

const WRONG_USAGE = new Set(["SECRET_IN_ARGUMENTS", "BAD_SEED", "BAD_ID", "ADDRESS_INVALID", "ADDRESS_NOT_PLAIN"]);
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Runs one command. Prints its answer or its failure. @returns the exit code */
export async function runCli(args: string[], terminal: Terminal): Promise<number> {
  const program = new Command("partnersync");
  const wantsJson = args.includes("--json");
  try {
    refuseSecrets(args);
    build(program, terminal);
    await program.parseAsync(args, { from: "user" });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const wrongUsage = error instanceof CommanderError;
    const failure = wrongUsage ? wordedUsage(error) : toFailure(error);
    if (wantsJson) terminal.out(`${JSON.stringify({ error: failure }, null, 2)}\n`);
    if (wrongUsage) return EXIT.usage; // commander has said so on stderr
    terminal.err(`${describe(failure)}\n`);
    return WRONG_USAGE.has(failure.code) ? EXIT.usage : EXIT.failed;
  }
}

/** Commander's own words, but for the call without a command: it then only shows its help. */
function wordedUsage({ message }: CommanderError): Failure {
  const said = message.startsWith("(") ? "a command is missing" : message.replace(/^error: /, "");
  return { code: "WRONG_USAGE", message: said, hint: "--help tells more" };
}

function build(program: Command, terminal: Terminal): void {
  program
    .description("Keeps a partner program and its customers' Pipedrive accounts in step.")
    .option("--json", "answer in JSON")
    .option("--verbose", "log to stderr what happens (level: LOG_LEVEL)")
    .option("--seed <seed>", "use the database of `npm start -- --seed <seed>`")
    .addHelpText("after", HELP)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride();
  const cli = createCli(program, terminal);
  for (const group of Object.values(COMMANDS)) group(program, cli);
  inherit(program);
}

/** Settings of the program do not reach subcommands that were added before them. */
function inherit(command: Command): void {
  for (const sub of command.commands) {
    sub.copyInheritedSettings(command).showHelpAfterError("(--help tells more)");
    inherit(sub);
  }
}

function createCli(program: Command, terminal: Terminal): Cli {
  const globals = () => program.opts<Globals>();
  const answer = ({ data, text }: Answer) => terminal.out(`${globals().json ? JSON.stringify(data, null, 2) : text}\n`);
  return {
    globals,
    note: (text) => terminal.err(`${text}\n`),
    withApp:
      (work) =>
      async (...args) => {
        const running = await open(globals());
        try {
          answer(await work(running.app, ...args));
        } finally {
          await running.close();
        }
      },
    without:
      (work) =>
      async (...args) =>
        answer(await work(...args)),
    async secret(variable, what) {
      const secret = secretFromEnvironment(variable) ?? (await readStdin(terminal));
      if (secret) return secret;
      const hint = `set ${variable}, or pipe it in: … < file-with-it`;
      throw new InputError("SECRET_MISSING", `${what} was not given`, variable, hint);
    },
  };
}

async function open({ verbose, seed }: Globals): Promise<BroughtUp> {
  const config = loadConfig();
  const log = createLogger({ level: verbose ? config.logLevel : "fatal", pretty: process.stderr.isTTY });
  const databaseName = seed === undefined ? undefined : seedDatabase(config, toSeed(seed));
  return bringUp(config, log, { queueRequired: false, databaseName });
}

async function readStdin({ stdin }: Terminal): Promise<string> {
  if (stdin.isTTY) return ""; // typed in clear, it would stay on the screen
  let text = "";
  for await (const chunk of stdin) text += chunk.toString();
  return text.trim();
}
