import { answerOf } from "../client/client.ts";
import type { CommandGroup } from "./cli.ts";

/** `whoami`: as whom, and where, commands work. */
export const whoami: CommandGroup = (program, cli) => {
  program
    .command("whoami")
    .description("as whom, and through which server, commands work")
    .action(
      cli.withApi(async (api) => {
        const me = await answerOf(api.GET("/api/me"));
        const reach = me.tenants === null ? "every tenant" : me.tenants.join(", ") || "no tenant";
        const place = me.via === "local" ? "on this machine" : `through ${cli.serverUrl()}`;
        return { data: me, text: `${me.name}, ${me.role}, for ${reach}, ${place}` };
      }),
    );
};
