import { Argument } from "commander";
import { answerOf, everyRow } from "../client/client.ts";
import { table, time } from "../table.ts";
import { type CommandGroup, toId } from "./cli.ts";
import { gathered } from "./gathered.ts";

interface ListOptions {
  tenant: string;
  decided?: boolean;
  apart?: boolean;
  all?: boolean;
  field?: string;
  nearMisses?: boolean;
}

/** `conflict list|show|decide|keep-apart|undo`: fields on which both sides said something different. */
export const conflict: CommandGroup = (program, cli) => {
  const group = program
    .command("conflict")
    .description("fields that both sides changed: who won, and what people decide");
  const number = () => new Argument("<conflict>", "its number, see conflict list").argParser(toId);
  const whose = ["--tenant <id>", "whose conflict it is"] as const;
  const seen = ["--seen <version>", "what conflict show printed: a side may have changed since", toId] as const;

  group
    .command("list")
    .description("those that a person has to decide, the latest first")
    .requiredOption("--tenant <id>", "of which customer")
    .option("--decided", "those that a rule or a person has decided")
    .option("--apart", "those whose values both stand")
    .option("--all", "of any state")
    .option("--field <name>", "of one field, by its label in Pipedrive or its path in the program")
    .option("--near-misses", "instead: fields that had to be written again because somebody set them back")
    .action(
      cli.withApi(async (api, { tenant, nearMisses, ...options }: ListOptions) => {
        const path = { tenant };
        if (nearMisses) {
          const { items } = await answerOf(api.GET("/api/tenants/{tenant}/near-misses", { params: { path } }));
          return { data: items, text: rewriteTable(items) };
        }
        const narrowed = {
          limit: 200,
          ...stateOf(options),
          ...(options.field !== undefined && { field: options.field }),
        };
        const found = await gathered(
          everyRow((cursor) =>
            answerOf(api.GET("/api/tenants/{tenant}/conflicts", { params: { path, query: { ...narrowed, cursor } } })),
          ),
        );
        const rows = found.map((one) => [
          one.id,
          `${one.object} ${one.crmId}`,
          one.label,
          one.stateText,
          time(one.lastAt),
        ]);
        const text = table(["conflict", "record", "field", "what", "since"], rows);
        return { data: found, text: found.length > 0 ? text : "no such conflicts" };
      }),
    );

  group
    .command("show")
    .description("both values, their times, what was agreed before, and what may be done")
    .addArgument(number())
    .requiredOption(...whose)
    .action(
      cli.withApi(async (api, conflict: number, { tenant }: { tenant: string }) => {
        const call = { params: { path: { tenant, conflict } } };
        const { text, ...data } = await answerOf(api.GET("/api/tenants/{tenant}/conflicts/{conflict}", call));
        return { data, text };
      }),
    );

  group
    .command("decide")
    .description("let one side's value stand; the other side is given it")
    .addArgument(new Argument("<side>", "whose value stands").choices(["crm", "program"]))
    .addArgument(number())
    .requiredOption(...whose)
    .requiredOption(...seen)
    .action(
      cli.withApi(
        async (
          api,
          winner: "crm" | "program",
          conflict: number,
          { tenant, seen }: { tenant: string; seen: number },
        ) => {
          const call = { params: { path: { tenant, conflict } }, body: { winner, seen } };
          const data = await answerOf(api.POST("/api/tenants/{tenant}/conflicts/{conflict}/decide", call));
          const name = winner === "crm" ? "Pipedrive's value" : "the partner program's value";
          return { data, text: `${name} stands in conflict ${conflict} of ${tenant}; the workers carry it out` };
        },
      ),
    );

  group
    .command("keep-apart")
    .description("let both values stand; they are no conflict until one of them changes")
    .addArgument(number())
    .requiredOption(...whose)
    .requiredOption(...seen)
    .action(
      cli.withApi(async (api, conflict: number, { tenant, seen }: { tenant: string; seen: number }) => {
        const call = { params: { path: { tenant, conflict } }, body: { seen } };
        const data = await answerOf(api.POST("/api/tenants/{tenant}/conflicts/{conflict}/keep-apart", call));
        return { data, text: `both values of conflict ${conflict} of ${tenant} stand until one of them changes` };
      }),
    );

  group
    .command("undo")
    .description("take a decision back: the overwritten value is put back, unless the field has changed since")
    .addArgument(number())
    .requiredOption(...whose)
    .action(
      cli.withApi(async (api, conflict: number, { tenant }: { tenant: string }) => {
        const call = { params: { path: { tenant, conflict } } };
        const data = await answerOf(api.POST("/api/tenants/{tenant}/conflicts/{conflict}/undo", call));
        const done = data.verdict === "undo" ? "is being undone by the workers" : "is open again";
        return { data, text: `conflict ${conflict} of ${tenant} ${done}` };
      }),
    );
};

function stateOf({ decided, apart, all }: Omit<ListOptions, "tenant">) {
  if (all) return {};
  if (decided) return { state: "decided" } as const;
  return { state: apart ? "apart" : "open" } as const;
}

function rewriteTable(items: { label: string; nearMisses: number; pauses: number; lastAt: string }[]): string {
  if (items.length === 0) return "no field had to be written again";
  const rows = items.map(({ label, nearMisses, pauses, lastAt }) => [label, nearMisses, pauses, time(lastAt)]);
  return table(["field", "near misses", "pauses", "last"], rows);
}
