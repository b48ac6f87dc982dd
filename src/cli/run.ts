import { Command, CommanderError } from "commander";
import { remoteFromEnvironment, secretFromEnvironment } from "../config.ts";
import { InputError } from "../errors.ts";
import { describe, type Failure, toFailure } from "../failure.ts";
import type { Answer, Cli, Globals } from "./cli.ts";
import { COMMANDS } from "./commands.ts";
import { type Reach, reachLocal, reachRemote } from "./reach.ts";
import { refuseSecrets } from "./refuse-secrets.ts";

/** What the command line talks through; tests put their own there. */
export interface Terminal {
  stdin: AsyncIterable<Buffer | string> & { isTTY?: boolean };
  out(text: string): void;
  err(text: string): void;
}

const HELP = `
Exit codes: 0 done, 1 failed (stderr says why), 2 wrong usage; with --json stdout says why too.
With PARTNERSYNC_URL and PARTNERSYNC_TOKEN the work is done by that server, as the token's owner. Without them it is done
here: database and queue come from the environment (DATABASE_URL, REDIS_URL); without DATABASE_URL it is the embedded
database in DATA_DIR, joined when it runs already.`;

const WRONG_USAGE = new Set([
  ...[
    "SECRET_IN_ARGUMENTS",
    "BAD_SEED",
    "SEED_ELSEWHERE",
    "BAD_ID",
    "BAD_REQUEST",
    "BAD_USAGE",
    "REPLAY_WHAT",
    "ADDRESS_INVALID",
    "ADDRESS_NOT_PLAIN",
  ],
]);
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Runs one command. Prints its answer or its failure. @returns the exit code */
export async function runCli(args: string[], terminal: Terminal): Promise<number> {
  const program = new Command("partnersync");
  const wantsJson = args.includes("--json");
  let exitCode: number = EXIT.done;
  try {
    refuseSecrets(args);
    build(program, terminal, (code) => {
      exitCode = code;
    });
    await program.parseAsync(args, { from: "user" });
    return exitCode;
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

function build(program: Command, terminal: Terminal, endWith: (exitCode: number) => void): void {
  program
    .description("Keeps a partner program and its customers' Pipedrive accounts in step.")
    .option("--json", "answer in JSON")
    .option("--verbose", "log to stderr what happens (level: LOG_LEVEL)")
    .option("--seed <seed>", "use the database of `npm start -- --seed <seed>`")
    .addHelpText("after", HELP)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride();
  const cli = createCli(program, terminal, endWith);
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

function createCli(program: Command, terminal: Terminal, endWith: (exitCode: number) => void): Cli {
  const globals = () => program.opts<Globals>();
  const answer = (found: Answer | null) => {
    if (!found) return;
    const { data, text, exitCode = EXIT.done } = found;
    terminal.out(`${globals().json ? JSON.stringify(data, null, 2) : text}\n`);
    endWith(exitCode);
  };
  let reached: Reach | undefined;
  return {
    globals,
    note: (text) => terminal.err(`${text}\n`),
    print: terminal.out,
    serverUrl: () => reached?.serverUrl ?? "",
    withApi:
      (work) =>
      async (...args) => {
        const remote = remoteFromEnvironment();
        reached = remote ? reachRemote(remote, globals()) : await reachLocal(globals());
        try {
          answer(await work(reached.api, ...args));
        } finally {
          await reached.close();
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

async function readStdin({ stdin }: Terminal): Promise<string> {
  if (stdin.isTTY) return ""; // typed in clear, it would stay on the screen
  let text = "";
  for await (const chunk of stdin) text += chunk.toString();
  return text.trim();
}
