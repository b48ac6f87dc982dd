import { bearClosedPipes } from "../service.ts";
import { runCli } from "./run.ts";

/** The command line, `npm run cli -- <command>`. */
bearClosedPipes();
process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
