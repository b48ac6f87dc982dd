import type { CommandGroup } from "./cli.ts";
import { table, time } from "./table.ts";

/** `tenant add|list`: the customers. */
export const tenant: CommandGroup = (program, cli) => {
  const group = program.command("tenant").description("customers");

  group
    .command("add")
    .description("add a customer")
    .argument("<id>", "2 to 40 lower-case letters, digits and hyphens, as in its mapping document")
    .option("--name <name>", "as people say it (default: the id)")
    .action(
      cli.withApp(async (app, id: string, options: { name?: string }) => {
        const added = await app.tenants.create({ id, name: options.name ?? id });
        return { data: added, text: `added tenant ${added.id}` };
      }),
    );

  group
    .command("list")
    .description("all customers, with their connections and mapping")
    .action(
      cli.withApp(async (app) => {
        const tenants = await Promise.all(
          (await app.tenants.list()).map(async (one) => {
            const mapping = await app.mappings.live(one.id);
            const connected = (await app.connections.list(one.id)).filter(({ state }) => state !== "retired");
            const connections = connected.map(({ side, state, environment }) => ({ side, state, environment }));
            return { ...one, connections, mappingRevision: mapping?.revision ?? null };
          }),
        );
        const rows = tenants.map((one) => [
          one.id,
          one.name,
          one.connections.map(({ side, state }) => (state === "active" ? side : `${side} (${state})`)).join(", "),
          one.mappingRevision === null ? "none" : `revision ${one.mappingRevision}`,
          time(one.createdAt),
        ]);
        const text = table(["tenant", "name", "connected", "mapping", "added"], rows);
        return { data: tenants, text: tenants.length > 0 ? text : "no tenants yet: partnersync tenant add <id>" };
      }),
    );
};
