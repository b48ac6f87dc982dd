import { type Api, answerOf, everyRow, textOf } from "../client/client.ts";
import type { CrmObject, ProgramKind } from "../sync/model.ts";
import { table, time } from "../table.ts";
import { type Cli, type CommandGroup, toId } from "./cli.ts";
import { gathered } from "./gathered.ts";
import { withPeriod } from "./period.ts";
import { RECORD_ID, recordObject } from "./record-name.ts";

interface Period {
  tenant: string;
  from?: string;
  to?: string;
}

type ObjectName = CrmObject | ProgramKind;

/** `history show|export` and `why`: what happened to fields, and what brought them to where they are. */
export const history: CommandGroup = (program, cli) => {
  const group = program.command("history").description("every value a field had, who set it and why");
  withPeriod(
    group
      .command("show")
      .description("of one record, the newest first")
      .addArgument(recordObject())
      .argument("<id>", RECORD_ID)
      .requiredOption("--tenant <id>", "whose record it is")
      .option("--field <name>", "of one field only: its label in Pipedrive, or its path in the program"),
  )
    .option("--limit <n>", "so many lines", toId, 50)
    .action(cli.withApi(show));
  withPeriod(
    group
      .command("export")
      .description("as CSV on stdout, the oldest first")
      .requiredOption("--tenant <id>", "whose records they are")
      .option("--record <object/id>", "of one record only, e.g. deal/42"),
  ).action(cli.withApi((api, wish: Period & { record?: string }) => exportCsv(api, cli, wish)));
};

export const why: CommandGroup = (program, cli) => {
  program
    .command("why")
    .description("why a field has the value it has, on each side")
    .addArgument(recordObject())
    .argument("<id>", RECORD_ID)
    .argument("<field>", "its label in Pipedrive, or its path in the program")
    .requiredOption("--tenant <id>", "whose record it is")
    .action(
      cli.withApi(async (api, object: ObjectName, id: string, field: string, { tenant }: { tenant: string }) => {
        const call = { params: { path: { tenant, object, id, field } } };
        const { text, ...data } = await answerOf(
          api.GET("/api/tenants/{tenant}/records/{object}/{id}/why/{field}", call),
        );
        return { data, text };
      }),
    );
};

type Shown = Period & { field?: string; limit: number };

async function show(api: Api, object: ObjectName, id: string, { tenant, limit, ...rest }: Shown) {
  const query = { ...rest, limit: Math.min(limit, 200) };
  const page = (cursor: string | undefined) => {
    const params = { path: { tenant, object, id }, query: { ...query, cursor } };
    return answerOf(api.GET("/api/tenants/{tenant}/records/{object}/{id}/history", { params }));
  };
  const found = await gathered(first(limit, everyRow(page)));
  const lines = found.map((one) => [time(one.changedAt ?? one.at), one.label, one.text, `r${one.revision}`]);
  const text = table(["when", "field", "what", "mapping"], lines);
  return { data: found, text: found.length > 0 ? text : `${tenant}: nothing of that is on record` };
}

async function* first<T>(most: number, rows: AsyncIterable<T>): AsyncGenerator<T> {
  let left = most;
  for await (const row of rows) {
    if (left-- <= 0) return;
    yield row;
  }
}

async function exportCsv(api: Api, cli: Cli, { tenant, record, from, to }: Period & { record?: string }) {
  const [object, id = ""] = record?.split("/", 2) ?? [];
  const query = { from, to, ...(record !== undefined && { object: object as ObjectName, id }) };
  const call = { params: { path: { tenant }, query }, parseAs: "stream" as const };
  for await (const part of textOf(api.GET("/api/tenants/{tenant}/history.csv", call), "text/csv")) cli.print(part);
  return null;
}
