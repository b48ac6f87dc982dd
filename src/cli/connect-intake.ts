import type { Command } from "commander";
import { answerOf } from "../client/client.ts";
import type { Environment } from "../store/connection-rows.ts";
import { type Cli, environmentOption, toAddress } from "./cli.ts";

interface Wish {
  tenant?: string;
  environment?: Environment;
  publicUrl?: string;
}

const HELP = `
For a program whose workflows can post webhooks with chosen fields, and that takes nothing in. The mapping document says
in its "intake" what the fields mean; try a sample: partnersync mapping intake-try <file> --sample <sample>.`;

/** `connect intake`: a program that can only post; `connect intake rotate-secret`: a new address and secret for it. */
export function connectIntakeCommand(group: Command, cli: Cli): void {
  const publicUrl = [
    "--public-url <url>",
    "where the program reaches the server (default: its PUBLIC_URL)",
    toAddress("--public-url"),
  ] as const;
  const command = group
    .command("intake")
    .description("connect a partner program that can only post workflow webhooks")
    .option("--tenant <id>", "whose program it is")
    .addOption(environmentOption())
    .option(...publicUrl)
    .addHelpText("after", HELP)
    .hook("preAction", (own, asked) => {
      if (asked === own) refuseMissing(own);
    })
    .action(
      cli.withApi(async (api, { tenant = "", environment = "rehearsal", publicUrl: url }: Wish) => {
        const call = { params: { path: { tenant } }, body: { environment, ...(url && { publicUrl: url }) } };
        const made = await answerOf(api.POST("/api/tenants/{tenant}/connections/intake", call));
        return {
          data: made,
          text: [`connected the partner program of ${tenant}, which only posts`, give(made)].join("\n"),
        };
      }),
    );

  command
    .command("rotate-secret")
    .description("give the connected program a new address and secret; the pair before works until the next rotation")
    .argument("<tenant>", "whose program it is")
    .option(...publicUrl)
    .action(
      cli.withApi(async (api, tenant: string, { publicUrl: url }: Wish) => {
        const call = { params: { path: { tenant } }, body: { ...(url && { publicUrl: url }) } };
        const made = await answerOf(api.POST("/api/tenants/{tenant}/connections/intake/rotate-secret", call));
        const head = `rotated: ${tenant} posts with a new address and secret; the pair before works until the next rotation`;
        return { data: made, text: [head, give(made)].join("\n") };
      }),
    );
}

function give({ postUrl, header, secret }: { postUrl: string; header: string; secret: string }): string {
  return [
    `post to  ${postUrl}`,
    `header   ${header}: ${secret}`,
    "Neither can be shown again. Give both to whoever sets the workflows up; together they let anybody post.",
  ].join("\n");
}

/** Both are needed, and commander would ask for them at the command below this one as well. */
function refuseMissing(command: Command): void {
  const missing = command.options.find(
    (option) => option.long !== "--public-url" && command.getOptionValue(option.attributeName()) === undefined,
  );
  if (missing) command.error(`error: required option '${missing.flags}' not specified`);
}
