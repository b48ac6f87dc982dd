import { answerOf, everyRow } from "../client/client.ts";
import { table, time } from "../table.ts";
import { type CommandGroup, toId } from "./cli.ts";
import { gathered } from "./gathered.ts";

/** Both sides' values, of what is about those. */
function valuesOf(detail: unknown): string {
  const { crm, program } = (detail ?? {}) as { crm?: unknown; program?: unknown };
  if (crm === undefined || program === undefined) return "";
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return ` (Pipedrive: ${text(crm)}; partner program: ${text(program)})`;
}

/** `findings list|close`: what a person has to look at. */
export const findings: CommandGroup = (program, cli) => {
  const group = program.command("findings").description("what a person has to look at");

  group
    .command("list")
    .description("open findings, the latest first")
    .option("--tenant <id>", "of one customer only")
    .option("--all", "closed ones too")
    .action(
      cli.withApi(async (api, { tenant, all = false }: { tenant?: string; all?: boolean }) => {
        const narrowed = {
          limit: 200,
          closed: String(all) as "true" | "false",
          ...(tenant !== undefined && { tenant }),
        };
        const found = await gathered(
          everyRow((cursor) => answerOf(api.GET("/api/findings", { params: { query: { ...narrowed, cursor } } }))),
        );
        const rows = found.map((one) => [
          one.id,
          one.tenantId,
          one.severity,
          one.code,
          one.closedAt ? `closed ${time(one.closedAt)}` : time(one.lastAt),
          `${one.message}${valuesOf(one.detail)}${one.count > 1 ? ` (${one.count} times)` : ""}`,
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
      cli.withApi(async (api, finding: number, { tenant }: { tenant: string }) => {
        const call = { params: { path: { tenant, finding } } };
        const closed = await answerOf(api.POST("/api/tenants/{tenant}/findings/{finding}/close", call));
        return { data: closed, text: `closed finding ${finding} of ${tenant}` };
      }),
    );
};
