import { Argument } from "commander";
import { InputError } from "../errors.ts";
import type { RecordName } from "../store/records.ts";
import { unknownTenant } from "../store/tenants.ts";
import { CRM_OBJECTS, type CrmObject, PROGRAM_KINDS, type ProgramKind } from "../sync/model.ts";
import type { CommandGroup } from "./cli.ts";
import { describeRecord } from "./record-text.ts";

/** `record <object> <id>`: all that is known of a record and what was decided about it. */
export const record: CommandGroup = (program, cli) => {
  program
    .command("record")
    .description("what is known of a record: its link, both sides, the last decisions and why")
    .addArgument(new Argument("<object>").choices([...CRM_OBJECTS, ...PROGRAM_KINDS]))
    .argument("<id>", "its id in Pipedrive; of a partner, contact or deal_registration its id in the program")
    .requiredOption("--tenant <id>", "whose record it is")
    .action(
      cli.withApp(async (app, object: CrmObject | ProgramKind, id: string, { tenant }: { tenant: string }) => {
        if (!(await app.tenants.get(tenant))) throw unknownTenant(tenant);
        const view = await app.records.find(tenant, toName(object, id));
        if (!view) {
          const hint = isCrmObject(object)
            ? `have it looked at: partnersync sync ${object} ${id} --tenant ${tenant}`
            : "see that the id is right; what the program never told of is not known here";
          throw new InputError("UNKNOWN_RECORD", `${tenant}: nothing is known of ${object} ${id}`, "id", hint);
        }
        const mapping = await app.mappings.live(tenant);
        return { data: view, text: describeRecord(view, mapping?.plan ?? null) };
      }),
    );
};

function toName(object: CrmObject | ProgramKind, id: string): RecordName {
  if (!isCrmObject(object)) return { kind: object, programId: id };
  const crmId = Number(id);
  if (Number.isSafeInteger(crmId) && crmId > 0) return { object, crmId };
  throw new InputError(
    "BAD_ID",
    `"${id}" is no id of Pipedrive`,
    "id",
    "it is a whole number, as in the record's address",
  );
}

function isCrmObject(object: CrmObject | ProgramKind): object is CrmObject {
  return (CRM_OBJECTS as readonly string[]).includes(object);
}
