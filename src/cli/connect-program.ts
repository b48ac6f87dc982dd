import type { Command } from "commander";
import { answerOf } from "../client/client.ts";
import type { Environment } from "../store/connection-rows.ts";
import { type Cli, environmentOption, toAddress } from "./cli.ts";

interface Wish {
  tenant: string;
  url: string;
  environment: Environment;
}

const HELP = `
The signing secret is read from PROGRAM_SECRET or stdin, never from the command line. The program is asked for an event
first: one that refuses or does not answer is not connected.`;

const ROTATE_HELP = `
The new secret is read from PROGRAM_SECRET or stdin. Events signed with it or with the one before are taken in; what we send
is signed with the new one, so give it to the program first. Rotating again drops the oldest.`;

/** `connect program`: a program that speaks the neutral HTTP form; `connect program rotate-secret`: a new secret for it. */
export function connectProgramCommand(group: Command, cli: Cli): void {
  const command = group
    .command("program")
    .description("connect a partner program that speaks the neutral HTTP form")
    .option("--tenant <id>", "whose program it is")
    .option("--url <url>", "where the program's routes hang", toAddress("--url"))
    .addOption(environmentOption())
    .addHelpText("after", HELP)
    .hook("preAction", (own, asked) => {
      if (asked === own) refuseMissing(own);
    })
    .action(
      cli.withApi(async (api, { tenant, url, environment }: Wish) => {
        const secret = await cli.secret("PROGRAM_SECRET", "the signing secret");
        const call = { params: { path: { tenant } }, body: { url, environment, secret } };
        const made = await answerOf(api.POST("/api/tenants/{tenant}/connections/program", call));
        const lines = [
          `connected the partner program of ${tenant}; its events go to ${made.eventsUrl ?? `<PUBLIC_URL>/events/${tenant}`}`,
          made.eventsUrl === null &&
            "note: PUBLIC_URL is not set: it is the https address under which the server is reached",
        ];
        return { data: made, text: lines.filter(Boolean).join("\n") };
      }),
    );

  command
    .command("rotate-secret")
    .description("give the connected program a new signing secret")
    .argument("<tenant>", "whose program it is")
    .addHelpText("after", ROTATE_HELP)
    .action(
      cli.withApi(async (api, tenant: string) => {
        const secret = await cli.secret("PROGRAM_SECRET", "the signing secret");
        const call = { params: { path: { tenant } }, body: { secret } };
        const rotated = await answerOf(api.POST("/api/tenants/{tenant}/connections/program/rotate-secret", call));
        const lines = [
          `rotated the signing secret of ${tenant}: the new one signs, events signed with the previous one are still taken in`,
          rotated.state === "paused" && `note: it is paused; go on with: partnersync connect resume ${rotated.id}`,
        ];
        return { data: rotated, text: lines.filter(Boolean).join("\n") };
      }),
    );
}

/** All three are needed, and commander would ask for them at the commands below this one as well. */
function refuseMissing(command: Command): void {
  const missing = command.options.find((option) => command.getOptionValue(option.attributeName()) === undefined);
  if (missing) command.error(`error: required option '${missing.flags}' not specified`);
}
