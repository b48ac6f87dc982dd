import { unknownTenant } from "../store/tenants.ts";
import type { CommandGroup } from "./cli.ts";
import { table, time } from "./table.ts";

/** `findings list`: what a person has to look at. */
export const findings: CommandGroup = (program, cli) => {
  program
    .command("findings")
    .description("what a person has to look at")
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
};
