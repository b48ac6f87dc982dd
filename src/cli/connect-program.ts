import { type Command, Option } from "commander";
import type { App } from "../app.ts";
import { connectProgram, rotateProgramSecret } from "../operations/connect.ts";
import type { Environment } from "../store/connection-rows.ts";
import { type Answer, type Cli, environmentOption, toAddress } from "./cli.ts";

interface Wish {
  tenant: string;
  /** Left out with `rotate`. */
  url?: string;
  environment?: Environment;
  rotate?: boolean;
}

const HELP = `
The signing secret is read from PROGRAM_SECRET or stdin, never from the command line. The program is asked for an event
first: one that refuses or does not answer is not connected.

--rotate keeps the connection and gives it a new secret. Events signed with the new or the previous one are taken in; what
we send is signed with the new one, so give it to the program first. Rotating again drops the oldest.`;

/** `connect program`: a program that speaks the neutral HTTP form, or a new secret for it. */
export function connectProgramCommand(group: Command, cli: Cli): void {
  group
    .command("program")
    .description("connect a partner program that speaks the neutral HTTP form, or rotate its secret")
    .requiredOption("--tenant <id>", "whose program it is")
    .option("--url <url>", "where the program's routes hang", toAddress("--url"))
    .addOption(environmentOption())
    .addOption(new Option("--rotate", "only give it a new secret").conflicts(["url", "environment"]))
    .addHelpText("after", HELP)
    .hook("preAction", (_, command) => refuseHalf(command))
    .action(
      cli.withApp(async (app, wish: Wish) => {
        const secret = await cli.secret("PROGRAM_SECRET", "the signing secret");
        return wish.rotate ? rotate(app, wish.tenant, secret) : connect(app, wish as Required<Wish>, secret);
      }),
    );
}

/** A connection takes both; a rotation keeps the ones there are. */
function refuseHalf(command: Command): void {
  const { rotate, ...given } = command.opts<Wish>();
  const missing = command.options.find(({ long }) => {
    return !rotate && ((long === "--url" && !given.url) || (long === "--environment" && !given.environment));
  });
  if (missing) command.error(`error: required option '${missing.flags}' not specified`);
}

async function connect(app: App, { tenant, url, environment }: Required<Wish>, secret: string): Promise<Answer> {
  const made = await connectProgram(app, { tenantId: tenant, baseUrl: url, environment, secrets: [secret] });
  const { publicUrl } = app.config;
  const eventsUrl = publicUrl ? `${publicUrl}/events/${tenant}` : null;
  const lines = [
    `connected the partner program of ${tenant}; its events go to ${eventsUrl ?? `<PUBLIC_URL>/events/${tenant}`}`,
    eventsUrl === null && "note: PUBLIC_URL is not set here: it is the https address under which the server is reached",
  ];
  return { data: { ...made, eventsUrl }, text: lines.filter(Boolean).join("\n") };
}

async function rotate(app: App, tenant: string, secret: string): Promise<Answer> {
  const connection = await rotateProgramSecret(app, tenant, secret);
  const lines = [
    `rotated the signing secret of ${tenant}: the new one signs, events signed with the previous one are still taken in`,
    connection.state === "paused" && `note: it is paused; go on with: partnersync connect resume ${connection.id}`,
  ];
  return { data: connection, text: lines.filter(Boolean).join("\n") };
}
