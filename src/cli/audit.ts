import { Option } from "commander";
import { stringify } from "csv-stringify/sync";
import { type Api, answerOf, everyRow } from "../client/client.ts";
import { table, time } from "../table.ts";
import { type CommandGroup, toId } from "./cli.ts";
import { gathered } from "./gathered.ts";
import { withPeriod } from "./period.ts";

interface Wish {
  tenant?: string;
  actor?: string;
  action?: string;
  from?: string;
  to?: string;
}

/** `audit list|export|verify`: who did what to whom. */
export const audit: CommandGroup = (program, cli) => {
  const group = program.command("audit").description("who did what to whom, from where, before and after");

  const narrowed = (name: string) =>
    withPeriod(
      group
        .command(name)
        .option("--tenant <id>", "of one customer only")
        .option("--actor <name>", "by one person only")
        .option("--action <name>", "of one kind only, e.g. connection.resume"),
    );

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

  group
    .command("verify")
    .description("hold the history of what happened to records against its sealed chain of digests")
    .option("--tenant <id>", "of one customer only")
    .option("--known <position:chain>", "an end of the chain that an earlier run printed: it has to be there still")
    .action(cli.withApi((api, wish: { tenant?: string; known?: string }) => verify(api, wish)));
};

interface Verified {
  tenantId: string;
  checked: number;
  pruned: number;
  unsealed: number;
  head: { position: number; chain: string; sealedAt: string } | null;
  broken: { position: number; historyId: number | null; why: string } | null;
}

async function verify(api: Api, { tenant, known }: { tenant?: string; known?: string }) {
  const tenants = tenant === undefined ? await gathered(tenantIds(api)) : [tenant];
  const found: Verified[] = [];
  for (const one of tenants) found.push(await verifyOf(api, one, known));
  const isBroken = found.some(({ broken }) => broken !== null);
  const text = found.map(verdictOf).join("\n") || "there are no tenants";
  return { data: found, text, ...(isBroken && { exitCode: 1 }) };
}

async function* tenantIds(api: Api): AsyncGenerator<string> {
  const page = (cursor: string | undefined) => answerOf(api.GET("/api/tenants", { params: { query: { cursor } } }));
  for await (const { id } of everyRow(page)) yield id;
}

async function verifyOf(api: Api, tenant: string, known?: string): Promise<Verified> {
  let [after, checked, pruned] = [0, 0, 0];
  for (;;) {
    const call = { params: { path: { tenant } }, body: { after, ...(known !== undefined && { known }) } };
    const { next, ...page } = await answerOf(api.POST("/api/tenants/{tenant}/history/verification", call));
    checked += page.checked;
    pruned += page.pruned;
    if (next === null) return { ...page, checked, pruned };
    after = next;
  }
}

function verdictOf({ tenantId, checked, pruned, unsealed, head, broken }: Verified): string {
  if (broken) {
    const row = broken.historyId === null ? "" : ` (history row ${broken.historyId})`;
    return `${tenantId}: BROKEN at position ${broken.position}${row}: ${broken.why}`;
  }
  const without = pruned > 0 ? `, ${pruned} of them without content any more` : "";
  const end = head ? `; keep ${head.position}:${head.chain} for --known` : "";
  return `${tenantId}: ${checked} sealed rows fit${without}, ${unsealed} wait to be sealed${end}`;
}

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
