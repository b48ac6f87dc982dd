import { answerOf } from "../client/client.ts";
import type { CrmObject, ProgramKind } from "../sync/model.ts";
import type { CommandGroup } from "./cli.ts";
import { RECORD_ID, recordObject } from "./record-name.ts";

/** `record <object> <id>`: all that is known of a record and what was decided about it. */
export const record: CommandGroup = (program, cli) => {
  program
    .command("record")
    .description("what is known of a record: its link, both sides, the last decisions and why")
    .addArgument(recordObject())
    .argument("<id>", RECORD_ID)
    .requiredOption("--tenant <id>", "whose record it is")
    .action(
      cli.withApi(async (api, object: CrmObject | ProgramKind, id: string, { tenant }: { tenant: string }) => {
        const call = { params: { path: { tenant, object, id } } };
        const { text, ...data } = await answerOf(api.GET("/api/tenants/{tenant}/records/{object}/{id}", call));
        return { data, text };
      }),
    );
};
