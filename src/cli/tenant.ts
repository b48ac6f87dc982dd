import { Argument } from "commander";
import { type Api, answerOf, everyRow } from "../client/client.ts";
import { table, time } from "../table.ts";
import type { CommandGroup } from "./cli.ts";
import { gathered } from "./gathered.ts";

/** `tenant add|list|pause|resume|four-eyes`: the customers. */
export const tenant: CommandGroup = (program, cli) => {
  const group = program.command("tenant").description("customers");

  group
    .command("add")
    .description("add a customer")
    .argument("<id>", "2 to 40 lower-case letters, digits and hyphens, as in its mapping document")
    .option("--name <name>", "as people say it (default: the id)")
    .action(
      cli.withApi(async (api, id: string, { name }: { name?: string }) => {
        const added = await answerOf(api.POST("/api/tenants", { body: { id, ...(name !== undefined && { name }) } }));
        return { data: added, text: `added tenant ${added.id}` };
      }),
    );

  group
    .command("list")
    .description("all customers, with their connections and mapping")
    .action(
      cli.withApi(async (api) => {
        const tenants = await gathered(allTenants(api));
        const rows = tenants.map((one) => [
          one.id,
          one.name,
          one.pausedAt ? `paused by ${one.pausedBy === "document" ? "its mapping" : one.pausedBy}` : "at work",
          one.connections.map(({ side, state }) => (state === "active" ? side : `${side} (${state})`)).join(", "),
          one.mappingRevision === null ? "none" : `revision ${one.mappingRevision}`,
          time(one.createdAt),
        ]);
        const text = table(["tenant", "name", "", "connected", "mapping", "added"], rows);
        return { data: tenants, text: tenants.length > 0 ? text : "no tenants yet: partnersync tenant add <id>" };
      }),
    );

  group
    .command("pause")
    .description("work on nothing of a customer; what comes in is kept")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, id: string) => {
        const paused = await answerOf(api.POST("/api/tenants/{tenant}/pause", { params: { path: { tenant: id } } }));
        return {
          data: paused,
          text: `${id} is paused by ${paused.pausedBy}; go on with: partnersync tenant resume ${id}`,
        };
      }),
    );

  group
    .command("resume")
    .description("go on with a paused customer")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, id: string) => {
        const resumed = await answerOf(api.POST("/api/tenants/{tenant}/resume", { params: { path: { tenant: id } } }));
        return { data: resumed, text: `${id} is at work; what waited goes on` };
      }),
    );

  group
    .command("four-eyes")
    .description("have a second person approve each mapping of a customer, or not")
    .argument("<tenant>")
    .addArgument(new Argument("<on|off>").choices(["on", "off"]))
    .action(
      cli.withApi(async (api, id: string, wish: "on" | "off") => {
        const call = { params: { path: { tenant: id } }, body: { fourEyes: wish === "on" } };
        const changed = await answerOf(api.PUT("/api/tenants/{tenant}/four-eyes", call));
        const text = wish === "on" ? "takes a second person to come into force" : "comes into force when it is loaded";
        return { data: changed, text: `${id}: a mapping ${text}` };
      }),
    );
};

function allTenants(api: Api) {
  return everyRow((cursor) => answerOf(api.GET("/api/tenants", { params: { query: { limit: 200, cursor } } })));
}
