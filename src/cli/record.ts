import { InputError } from "../errors.ts";
import { heldBack } from "../operations/held-back.ts";
import { unknownTenant } from "../store/tenants.ts";
import type { CrmObject, ProgramKind } from "../sync/model.ts";
import type { CommandGroup } from "./cli.ts";
import { RECORD_ID, recordObject, toName } from "./record-name.ts";
import { describeRecord } from "./record-text.ts";

/** `record <object> <id>`: all that is known of a record and what was decided about it. */
export const record: CommandGroup = (program, cli) => {
  program
    .command("record")
    .description("what is known of a record: its link, both sides, the last decisions and why")
    .addArgument(recordObject())
    .argument("<id>", RECORD_ID)
    .requiredOption("--tenant <id>", "whose record it is")
    .action(
      cli.withApp(async (app, object: CrmObject | ProgramKind, id: string, { tenant }: { tenant: string }) => {
        if (!(await app.tenants.get(tenant))) throw unknownTenant(tenant);
        const view = await app.records.find(tenant, toName(object, id));
        if (!view) {
          const hint = `have it looked at: partnersync sync ${object} ${id} --tenant ${tenant}`;
          throw new InputError("UNKNOWN_RECORD", `${tenant}: nothing is known of ${object} ${id}`, "id", hint);
        }
        const mapping = await app.mappings.live(tenant);
        const waits = await heldBack(app, tenant);
        return { data: { ...view, heldBack: waits }, text: describeRecord(view, mapping?.plan ?? null, waits) };
      }),
    );
};
