import { InputError } from "../errors.ts";
import { unknownTenant } from "../store/tenants.ts";
import { type CommandGroup, toId } from "./cli.ts";
import { table, time } from "./table.ts";

/** `findings list|close`: what a person has to look at. */
export const findings: CommandGroup = (program, cli) => {
  const group = program.command("findings").description("what a person has to look at");

  group
    .command("list")
    .description("open findings, the latest first")
    .option("--tenant <id>", "of one customer only")
    .option("--all", "closed ones too")
    .action(
      cli.withApp(async (app, { tenant, all = false }: { tenant?: string; all?: boolean }) => {
        if (tenant !== undefined && !(await app.tenants.get(tenant))) throw unknownTenant(tenant);
        const tenants = tenant === undefined ? (await app.tenants.list()).map(({ id }) => id) : [tenant];
        const found = (await Promise.all(tenants.map((id) => app.findings.list(id, { all })))).flat();
        const rows = found.map((one) => [
          one.id,
          one.tenantId,
          one.severity,
          one.code,
          one.closedAt ? `closed ${time(one.closedAt)}` : time(one.lastAt),
          one.count > 1 ? `${one.message} (${one.count} times)` : one.message,
        ]);
        const text = table(["finding", "tenant", "severity", "code", "last seen", "what and what to do"], rows);
        return { data: found, text: found.length > 0 ? text : "nothing to look at" };
      }),
    );

  group
    .command("close")
    .description("say that one is dealt with; what is not mended raises it again")
    .argument("<finding>", "its number, see findings list", toId)
    .requiredOption("--tenant <id>", "whose finding it is")
    .action(
      cli.withApp(async (app, finding: number, { tenant }: { tenant: string }) => {
        if (!(await app.tenants.get(tenant))) throw unknownTenant(tenant);
        if (!(await app.findings.close(tenant, finding))) {
          const hint = `see \`partnersync findings list --tenant ${tenant}\``;
          throw new InputError("UNKNOWN_FINDING", `${tenant} has no open finding ${finding}`, "finding", hint);
        }
        return {
          data: { tenantId: tenant, id: finding, closed: true },
          text: `closed finding ${finding} of ${tenant}`,
        };
      }),
    );
};
