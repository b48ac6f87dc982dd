import type { App } from "../app.ts";
import { InputError } from "../errors.ts";
import { describeFinding } from "../failure.ts";
import { type LoadedMapping, loadMapping, MappingRefusedError } from "../operations/load-mapping.ts";
import type { LiveMapping } from "../store/mappings.ts";
import { unknownTenant } from "../store/tenants.ts";
import { type EffectiveLine, effectiveMapping } from "../sync/mapping/effective.ts";
import { locate } from "../sync/mapping/locate.ts";
import type { CommandGroup } from "./cli.ts";
import { readDocument } from "./document-file.ts";
import { table, time } from "./table.ts";

/** `mapping load|show`: the documents that say which Pipedrive field carries what. */
export const mapping: CommandGroup = (program, cli) => {
  const group = program.command("mapping").description("a customer's mapping document");

  group
    .command("load")
    .description("check a document against the live account and put it in force")
    .argument("<file>", "e.g. mappings/acme.json; it names its tenant")
    .option("--by <name>", "who loads it", "cli")
    .action(
      cli.withApp(async (app, file: string, options: { by: string }) => {
        const loaded = await load(app, await readDocument(file), options.by);
        const { tenantId, revision, changed, resumed, findings } = loaded;
        const done = `${tenantId}: revision ${revision} is ${changed ? "in force" : "in force already, unchanged"}`;
        return {
          data: loaded,
          text: [
            done,
            ...(resumed ? [`${tenantId}: the Pipedrive connection was paused and goes on`] : []),
            ...findings.map(describeFinding),
          ].join("\n"),
        };
      }),
    );

  group
    .command("show")
    .description("the document in force")
    .argument("<tenant>")
    .option("--effective", "everything that travels, listed in the document or not")
    .action(
      cli.withApp(async (app, tenantId: string, options: { effective?: boolean }) => {
        if (!(await app.tenants.get(tenantId))) throw unknownTenant(tenantId);
        const live = await app.mappings.live(tenantId);
        if (!live) {
          const hint = `partnersync mapping load mappings/${tenantId}.json`;
          throw new InputError("NO_MAPPING", `${tenantId} has no mapping in force`, "tenant", hint);
        }
        return options.effective ? showEffective(tenantId, live) : showDocument(tenantId, live);
      }),
    );
};

/** With the lines of the file at hand, also what only the account could tell is shown with its place in it. */
async function load(app: App, text: string, by: string): Promise<LoadedMapping> {
  try {
    const loaded = await loadMapping(app, text, by);
    return { ...loaded, findings: locate(loaded.findings, text) };
  } catch (error) {
    throw error instanceof MappingRefusedError ? new MappingRefusedError(locate(error.findings, text)) : error;
  }
}

function showDocument(tenantId: string, { revision, document, loadedBy, loadedAt }: LiveMapping) {
  const data = { tenantId, revision, loadedBy, loadedAt, document: JSON.parse(document) as unknown };
  return { data, text: `${headOf(tenantId, { revision, loadedBy, loadedAt })}\n${document.trimEnd()}` };
}

function showEffective(tenantId: string, live: LiveMapping) {
  const { revision, loadedBy, loadedAt, plan } = live;
  const lines = effectiveMapping(plan);
  const data = { tenantId, revision, loadedBy, loadedAt, lines };
  return { data, text: `${headOf(tenantId, live)}\n${table(HEAD, lines.map(rowOf))}` };
}

function headOf(
  tenantId: string,
  { revision, loadedBy, loadedAt }: Pick<LiveMapping, "revision" | "loadedBy" | "loadedAt">,
) {
  return `${tenantId}, revision ${revision}, loaded by ${loadedBy} on ${time(loadedAt)}`;
}

const HEAD = ["as", "Pipedrive", "", "partner program", "written", "if both changed", "detail"];

function rowOf({ role, label, program, direction, write, onConflict, detail, implied }: EffectiveLine) {
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
