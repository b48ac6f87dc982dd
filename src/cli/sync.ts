import { Argument } from "commander";
import { syncRecord } from "../operations/sync-record.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import { type CommandGroup, toId } from "./cli.ts";

/** `sync <object> <id>`: has the workers look at a record again. */
export const sync: CommandGroup = (program, cli) => {
  program
    .command("sync")
    .description("have the workers look at a Pipedrive record again, whatever state it is in")
    .addArgument(new Argument("<object>").choices(CRM_OBJECTS))
    .argument("<id>", "its id in Pipedrive", toId)
    .requiredOption("--tenant <id>", "whose record it is")
    .action(
      cli.withApp(async (app, object: CrmObject, id: number, { tenant }: { tenant: string }) => {
        await syncRecord(app, tenant, object, id);
        const follow = `partnersync record ${object} ${id} --tenant ${tenant}`;
        const text = `${tenant}: ${object} ${id} will be looked at by the workers; see ${follow}`;
        return { data: { tenantId: tenant, object, id, asked: true }, text };
      }),
    );
};
