import { ACTIONS, type Action, actionOf } from "../actions/catalogue.ts";
import { table } from "../table.ts";
import type { CommandGroup } from "./cli.ts";

/** `action list`, `action show`: what can be done in a Pipedrive account. */
export const action: CommandGroup = (program, cli) => {
  const group = program.command("action").description("what can be done in a customer's Pipedrive account");

  group
    .command("list")
    .description("the 121 actions, with what a call of each costs")
    .option("--search <text>", "those with this text in id, label or path")
    .action(
      cli.without(async ({ search = "" }: { search?: string }) => {
        const wanted = search.toLowerCase();
        const found = ACTIONS.filter((one) => `${one.id} ${one.label} ${one.path}`.toLowerCase().includes(wanted));
        const rows = found.map(({ id, method, path, tokens }) => [id, method, path, tokens]);
        return { data: found.map(brief), text: table(["action", "", "path", "tokens"], rows) };
      }),
    );

  group
    .command("show")
    .description("what an action takes, costs and needs")
    .argument("<id>", "e.g. pipedrive_add_deal, or add_deal")
    .action(cli.without(async (id: string) => ({ data: actionOf(id), text: describe(actionOf(id)) })));
};

function brief({ id, label, method, path, tokens, writes, scopes, guideScopes }: Action) {
  return { id, label, method, path, tokens, writes, scopes, guideScopes };
}

function describe(action: Action): string {
  const { id, label, summary, method, path, tokens, writes, idempotent, scopes, body, pathParameters, query } = action;
  const kind = writes ? `writes${idempotent ? "; the same twice does what it does once" : ""}` : "reads";
  return [
    `${id}: ${label}`,
    `${method} ${path}, ${tokens} tokens, ${kind}`,
    summary,
    `takes one of the scopes ${scopes.join(", ")}`,
    ...[...pathParameters, ...query].map(({ name, required, schema }) => {
      return `  ${name}${required ? "" : "?"}: ${String(schema.type ?? "any")}`;
    }),
    ...(body ? [`  body, ${body.contentType}:`, ...bodyLines(body.schema)] : []),
  ].join("\n");
}

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  allOf?: Schema[];
}

function bodyLines(schema: Schema): string[] {
  const parts = [schema, ...(schema.allOf ?? [])];
  const required = new Set(parts.flatMap((part) => part.required ?? []));
  const properties = parts.flatMap((part) => Object.entries(part.properties ?? {}));
  return properties.map(([name, { type = "any" }]) => {
    return `    ${name}${required.has(name) ? "" : "?"}: ${[type].flat().join(" or ")}`;
  });
}
