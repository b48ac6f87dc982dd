import { Option } from "commander";
import { type Api, answerOf } from "../client/client.ts";
import { CRM_OBJECTS, type CrmObject } from "../sync/model.ts";
import { table, time } from "../table.ts";
import type { CommandGroup } from "./cli.ts";

interface Named {
  field: string;
  object?: CrmObject;
}

/** `mapping drift|paused-fields|pause-field|resume-field`: fields that stand still for a whole tenant. */
export const mappingFields: CommandGroup = (group, cli) => {
  group
    .command("drift")
    .description("compare the account with the mapping in force, now (40 tokens)")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, tenant: string) => {
        const look = await answerOf(api.POST("/api/tenants/{tenant}/mapping/drift", { params: { path: { tenant } } }));
        const lines = look.drifts.map(({ code, message }) => `${code}: ${message}`);
        const resumed = look.resumed.map(({ role, field }) => `${tenant}: ${role} ${field} was mended and goes on`);
        const text = [...lines, ...resumed].join("\n") || `${tenant}: the account is as the mapping says`;
        return { data: look, text, exitCode: look.drifts.some(({ pauses }) => pauses) ? 1 : 0 };
      }),
    );

  group
    .command("paused-fields")
    .description("fields that stand still for the whole tenant")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, tenant: string) => {
        const call = { params: { path: { tenant } } };
        return shown(tenant, await answerOf(api.GET("/api/tenants/{tenant}/mapping/paused-fields", call)));
      }),
    );

  const change = (name: string, description: string, path: "" | "/resume") =>
    group
      .command(name)
      .description(description)
      .argument("<tenant>")
      .requiredOption("--field <name>", "its label in Pipedrive, or its path in the program, e.g. partner.status")
      .addOption(new Option("--object <object>", "where several objects have such a field").choices(CRM_OBJECTS))
      .action(
        cli.withApi(async (api: Api, tenant: string, { field, object }: Named) => {
          const call = { params: { path: { tenant } }, body: { field, ...(object && { object }) } };
          return shown(tenant, await answerOf(api.POST(`/api/tenants/{tenant}/mapping/paused-fields${path}`, call)));
        }),
      );
  change("pause-field", "let one field stand still, both ways; everything else flows", "");
  change("resume-field", "let a field flow again", "/resume");
};

interface Paused {
  object: string;
  label: string;
  field: string;
  cause: string;
  pausedBy: string | null;
  pausedAt: string;
}

function shown(tenant: string, paused: Paused[]) {
  if (paused.length === 0) return { data: paused, text: `${tenant}: no field is paused` };
  const rows = paused.map((one) => [one.object, one.label, one.field, one.pausedBy ?? one.cause, time(one.pausedAt)]);
  return { data: paused, text: table(["object", "field", "in the program", "paused by", "since"], rows) };
}
