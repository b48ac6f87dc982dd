import { InvalidArgumentError, Option } from "commander";
import { stringify } from "csv-stringify/sync";
import { type Api, answerOf, everyRow } from "../client/client.ts";
import { table, time } from "../table.ts";
import { type CommandGroup, toId } from "./cli.ts";
import { gathered } from "./gathered.ts";

interface Wish {
  tenant?: string;
  actor?: string;
  action?: string;
  from?: string;
  to?: string;
}

/** `audit list|export`: who did what to whom. */
export const audit: CommandGroup = (program, cli) => {
  const group = program.command("audit").description("who did what to whom, from where, before and after");

  const narrowed = (name: string) =>
    group
      .command(name)
      .option("--tenant <id>", "of one customer only")
      .option("--actor <name>", "by one person only")
      .option("--action <name>", "of one kind only, e.g. connection.resume")
      .option("--from <time>", "from then on, e.g. 2026-11-01 or 2026-11-01T08:00:00Z", toInstant)
      .option("--to <time>", "before then", toInstant);

  narrowed("list")
    .description("the newest first")
    .option("--limit <n>", "so many rows", toId, 50)
    .action(
      cli.withApi(async (api, { limit, ...wish }: Wish & { limit: number }) => {
        const found = await gathered(rows(api, wish, { most: limit }));
        const lines = found.map((one) => [
          time(one.at),
          one.phase,
          one.actor,
          one.action,
          one.tenantId,
          one.target,
          one.code ?? changeOf(one),
        ]);
        const text = table(["when", "", "who", "did", "tenant", "to", "how"], lines);
        return { data: found, text: found.length > 0 ? text : "nothing of that is on record" };
      }),
    );

  narrowed("export")
    .description("everything, the oldest first, on stdout")
    .addOption(
      new Option("--format <format>", "one JSON object a line, or CSV").choices(["ndjson", "csv"]).default("ndjson"),
    )
    .action(
      cli.withApi(async (api, { format, ...wish }: Wish & { format: "ndjson" | "csv" }) => {
        let count = 0;
        for await (const row of rows(api, wish, { oldestFirst: true })) {
          if (format === "csv" && count === 0) cli.print(stringify([Object.keys(row)]));
          cli.print(format === "csv" ? toCsv(row) : `${JSON.stringify(row)}\n`);
          count += 1;
        }
        cli.note(`${count} rows`);
        return null;
      }),
    );
};

async function* rows(api: Api, wish: Wish, { most = Number.POSITIVE_INFINITY, oldestFirst = false }) {
  const query = { ...wish, limit: Math.min(most, 200), oldestFirst: String(oldestFirst) as "true" | "false" };
  let left = most;
  for await (const row of everyRow((cursor) =>
    answerOf(api.GET("/api/audit", { params: { query: { ...query, cursor } } })),
  )) {
    if (left-- <= 0) return;
    yield row;
  }
}

/** What somebody typed must not become a formula where it is opened. */
function toCsv(row: object): string {
  const cells = Object.values(row).map((cell) =>
    typeof cell === "object" && cell !== null ? JSON.stringify(cell) : cell,
  );
  return stringify([cells], { escape_formulas: true });
}

/** What is otherwise than before, member by member. */
function changeOf({ before, after }: { before?: unknown; after?: unknown }): string {
  const [was, is] = [membersOf(before), membersOf(after)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return names
    .filter((name) => shown(was[name]) !== shown(is[name]))
    .map((name) => `${name}: ${name in was ? `${shown(was[name])} → ` : ""}${name in is ? shown(is[name]) : "(gone)"}`)
    .join(", ");
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

function toInstant(text: string): string {
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError("It is a day or an instant, e.g. 2026-11-01.");
  }
  return at.toISOString();
}
