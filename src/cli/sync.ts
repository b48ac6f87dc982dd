import { syncRecord } from "../operations/sync-record.ts";
import type { CrmObject, ProgramKind } from "../sync/model.ts";
import type { CommandGroup } from "./cli.ts";
import { RECORD_ID, recordObject, toName } from "./record-name.ts";

/** `sync <object> <id>`: has the workers look at a record again. */
export const sync: CommandGroup = (program, cli) => {
  program
    .command("sync")
    .description("have the workers look at a record again, whatever state it is in")
    .addArgument(recordObject())
    .argument("<id>", RECORD_ID)
    .requiredOption("--tenant <id>", "whose record it is")
    .action(
      cli.withApp(async (app, object: CrmObject | ProgramKind, id: string, { tenant }: { tenant: string }) => {
        const name = toName(object, id);
        await syncRecord(app, tenant, name);
        const follow = `partnersync record ${object} ${id} --tenant ${tenant}`;
        const text = `${tenant}: ${object} ${id} will be looked at by the workers; see ${follow}`;
        return { data: { tenantId: tenant, ...name, asked: true }, text };
      }),
    );
};
