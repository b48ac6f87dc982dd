import { answerOf } from "../client/client.ts";
import type { CrmObject, ProgramKind } from "../sync/model.ts";
import type { CommandGroup } from "./cli.ts";
import { RECORD_ID, recordObject } from "./record-name.ts";

/** `sync <object> <id>`: has the workers look at a record again. */
export const sync: CommandGroup = (program, cli) => {
  program
    .command("sync")
    .description("have the workers look at a record again, whatever state it is in")
    .addArgument(recordObject())
    .argument("<id>", RECORD_ID)
    .requiredOption("--tenant <id>", "whose record it is")
    .action(
      cli.withApi(async (api, object: CrmObject | ProgramKind, id: string, { tenant }: { tenant: string }) => {
        const call = { params: { path: { tenant, object, id } } };
        const asked = await answerOf(api.POST("/api/tenants/{tenant}/records/{object}/{id}/sync", call));
        const follow = `partnersync record ${object} ${id} --tenant ${tenant}`;
        return { data: asked, text: `${tenant}: ${object} ${id} will be looked at by the workers; see ${follow}` };
      }),
    );
};
