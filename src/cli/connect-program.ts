import type { Command } from "commander";
import type { App } from "../app.ts";
import { connectProgram } from "../operations/connect.ts";
import type { Environment } from "../store/connection-rows.ts";
import { type Answer, type Cli, environmentOption, toAddress } from "./cli.ts";

interface Wish {
  tenant: string;
  url: string;
  environment: Environment;
}

const HELP = `
The signing secret is read from PROGRAM_SECRET or stdin, never from the command line. The program is asked for an event
first: one that refuses or does not answer is not connected.`;

/** `connect program`: a program that speaks the neutral HTTP form. */
export function connectProgramCommand(group: Command, cli: Cli): void {
  group
    .command("program")
    .description("connect a partner program that speaks the neutral HTTP form")
    .requiredOption("--tenant <id>", "whose program it is")
    .requiredOption("--url <url>", "where the program's routes hang", toAddress("--url"))
    .addOption(environmentOption().makeOptionMandatory())
    .addHelpText("after", HELP)
    .action(
      cli.withApp(async (app, wish: Wish) => {
        const secret = await cli.secret("PROGRAM_SECRET", "the signing secret");
        return connect(app, wish, secret);
      }),
    );
}

async function connect(app: App, { tenant, url, environment }: Wish, secret: string): Promise<Answer> {
  const made = await connectProgram(app, { tenantId: tenant, baseUrl: url, environment, secrets: [secret] });
  const { publicUrl } = app.config;
  const eventsUrl = publicUrl ? `${publicUrl}/events/${tenant}` : null;
  const lines = [
    `connected the partner program of ${tenant}; its events go to ${eventsUrl ?? `<PUBLIC_URL>/events/${tenant}`}`,
    eventsUrl === null && "note: PUBLIC_URL is not set here: it is the https address under which the server is reached",
  ];
  return { data: { ...made, eventsUrl }, text: lines.filter(Boolean).join("\n") };
}
