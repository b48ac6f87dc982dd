import { Argument, InvalidArgumentError } from "commander";
import { type Api, answerOf } from "../client/client.ts";
import { CRM_OBJECTS, type CrmObject, PROGRAM_KINDS, type ProgramKind } from "../sync/model.ts";
import type { CommandGroup } from "./cli.ts";

/** `link` and `unlink`: a record and an aggregate, tied together or apart by hand. */
export const link: CommandGroup = (program, cli) => {
  const command = (name: "link" | "unlink", description: string) =>
    program
      .command(name)
      .description(description)
      .addArgument(new Argument("<object>").choices(CRM_OBJECTS))
      .argument("<id>", "its id in Pipedrive", toId)
      .addArgument(new Argument("<kind>").choices(PROGRAM_KINDS))
      .argument("<program-id>", "its id in the partner program")
      .requiredOption("--tenant <id>", "whose record it is")
      .action(
        cli.withApi(
          async (
            api: Api,
            object: CrmObject,
            crmId: number,
            kind: ProgramKind,
            programId: string,
            { tenant }: { tenant: string },
          ) => {
            const call = { params: { path: { tenant } }, body: { object, crmId, kind, programId } };
            const path = `/api/tenants/{tenant}/links${name === "link" ? "" : "/unlink"}` as const;
            const done = await answerOf(api.POST(path, call));
            return { data: done, text: textOf(name, done) };
          },
        ),
      );
  command("link", "tie a record and an aggregate of the program together; undone by unlink");
  command("unlink", "untie them; no field is touched, and the sync does not tie them together again; undone by link");
};

function toId(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1) throw new InvalidArgumentError("it is a whole number");
  return id;
}

interface Done {
  tenantId: string;
  object: string;
  crmId: number;
  kind: string;
  programId: string;
  changed: boolean;
  formerBases: boolean;
}

function textOf(name: "link" | "unlink", { tenantId, object, crmId, kind, programId, ...done }: Done): string {
  const pair = `${tenantId}: ${object} ${crmId} and ${kind} ${programId}`;
  if (!done.changed) return `${pair} ${name === "link" ? "are linked already" : "are unlinked already"}`;
  if (name === "unlink") {
    const kept = "No field was touched: ids that stand in Pipedrive stay there until somebody empties them.";
    return `${pair} are unlinked. ${kept} To undo it: partnersync link ${object} ${crmId} ${kind} ${programId} --tenant ${tenantId}`;
  }
  const from = done.formerBases ? ", from what both sides agreed on before" : "";
  return `${pair} are linked, and are brought into step${from}; see partnersync record ${object} ${crmId} --tenant ${tenantId}`;
}
