import { answerOf } from "../client/client.ts";
import { table, time } from "../table.ts";
import type { CommandGroup } from "./cli.ts";
import { mappingApply } from "./mapping-apply.ts";
import { mappingCheck } from "./mapping-check.ts";
import { mappingDraft } from "./mapping-draft.ts";
import { mappingFields } from "./mapping-fields.ts";
import { mappingIntakeTry } from "./mapping-intake-try.ts";
import { loadDocuments } from "./mapping-load.ts";
import { mappingPlan } from "./mapping-plan.ts";
import { mappingRevisions } from "./mapping-revisions.ts";

/** `mapping …`: the documents that say which Pipedrive field carries what, from a blank sheet to what is in force. */
export const mapping: CommandGroup = (program, cli) => {
  const group = program.command("mapping").description("a customer's mapping document");
  mappingDraft(group, cli);
  mappingCheck(group, cli);
  mappingRevisions(group, cli);
  mappingIntakeTry(group, cli);
  mappingPlan(group, cli);
  mappingApply(group, cli);
  mappingFields(group, cli);

  group
    .command("load")
    .description("check documents against their live accounts and put them in force")
    .argument("<paths...>", "files or folders, e.g. mappings/acme.json, or mappings for every document in it")
    .action(cli.withApi(loadDocuments));

  group
    .command("show")
    .description("the document in force")
    .argument("<tenant>")
    .option("--effective", "everything that travels, listed in the document or not")
    .action(
      cli.withApi(async (api, tenant: string, options: { effective?: boolean }) => {
        const call = { params: { path: { tenant } } };
        if (!options.effective) {
          const { document, ...live } = await answerOf(api.GET("/api/tenants/{tenant}/mapping", call));
          const data = { ...live, document: JSON.parse(document) as unknown };
          return { data, text: `${headOf(live)}\n${document.trimEnd()}` };
        }
        const live = await answerOf(api.GET("/api/tenants/{tenant}/mapping/effective", call));
        return { data: live, text: `${headOf(live)}\n${table(HEAD, live.lines.map(rowOf))}` };
      }),
    );

  group
    .command("proposal")
    .description("the document that waits for a second person")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, tenant: string) => {
        const found = await answerOf(
          api.GET("/api/tenants/{tenant}/mapping/proposal", { params: { path: { tenant } } }),
        );
        const approve = `partnersync mapping approve ${tenant} --sha256 ${found.sha256}`;
        const head = `${tenant}, proposed by ${found.proposedBy} on ${time(found.proposedAt)}; to put it in force: ${approve}`;
        return { data: found, text: `${head}\n${found.document.trimEnd()}` };
      }),
    );

  group
    .command("approve")
    .description("put the proposed document in force; by somebody else than who proposed it")
    .argument("<tenant>")
    .requiredOption("--sha256 <hash>", "of the document that was read, see mapping proposal")
    .action(
      cli.withApi(async (api, tenant: string, { sha256 }: { sha256: string }) => {
        const call = { params: { path: { tenant } }, body: { sha256 } };
        const put = await answerOf(api.POST("/api/tenants/{tenant}/mapping/proposal/approve", call));
        return { data: put, text: `${tenant}: revision ${put.revision} is in force` };
      }),
    );
};

interface Head {
  tenantId: string;
  revision: number;
  loadedBy: string;
  loadedAt: string;
}

function headOf({ tenantId, revision, loadedBy, loadedAt }: Head) {
  return `${tenantId}, revision ${revision}, loaded by ${loadedBy} on ${time(loadedAt)}`;
}

const HEAD = ["as", "Pipedrive", "", "partner program", "written", "if both changed", "detail"];

interface Line {
  role: string;
  label: string;
  program: string;
  direction: string;
  write: string;
  onConflict: string | null;
  detail: string;
  implied: boolean;
}

function rowOf({ role, label, program, direction, write, onConflict, detail, implied }: Line) {
  const arrow = direction === "program_to_crm" ? "<-" : "->";
  const winner = onConflict === "crm" ? "Pipedrive wins" : onConflict === "program" ? "program wins" : onConflict;
  return [
    role.replace("_", " "),
    label,
    arrow,
    program,
    write.replace("_", " "),
    winner,
    implied ? `${detail} (always)`.trim() : detail,
  ];
}
