import { Option } from "commander";
import { answerOf, everyRow } from "../client/client.ts";
import { table, time } from "../table.ts";
import { type CommandGroup, toId } from "./cli.ts";
import { gathered } from "./gathered.ts";

const CHOICES = ["create", "drop"] as const;

interface Said {
  link?: number;
  choice?: (typeof CHOICES)[number];
  comment?: string;
}

/** `match list|show|decide`: records of which a person has to say whether they are the one looked for. */
export const match: CommandGroup = (program, cli) => {
  const group = program.command("match").description("records that may be the one looked for, and wait for a person");

  group
    .command("list")
    .description("what waits for a decision, or to be carried out")
    .argument("<tenant>")
    .option("--all", "ended ones too")
    .action(
      cli.withApi(async (api, tenant: string, { all = false }: { all?: boolean }) => {
        const query = { limit: 200, all: String(all) as "true" | "false" };
        const page = (cursor?: string) => ({ params: { path: { tenant }, query: { ...query, cursor } } });
        const found = await gathered(
          everyRow((cursor) => answerOf(api.GET("/api/tenants/{tenant}/matches", page(cursor)))),
        );
        const rows = found.map((one) => [
          one.id,
          `${one.kind} ${one.programId}`,
          one.role,
          one.because,
          one.choice ? `${one.state}: ${worded(one)} (${one.decidedBy})` : one.state,
          time(one.openedAt),
        ]);
        const text = table(["match", "of", "as", "because", "state", "since"], rows);
        return { data: found, text: found.length > 0 ? text : `${tenant}: nothing waits for a decision` };
      }),
    );

  group
    .command("show")
    .description("one with what it was looked for by, and the candidates as they were")
    .argument("<tenant>")
    .argument("<match>", "its number, see match list", toId)
    .action(
      cli.withApi(async (api, tenant: string, id: number) => {
        const call = { params: { path: { tenant, match: id } } };
        const found = await answerOf(api.GET("/api/tenants/{tenant}/matches/{match}", call));
        const { sought, candidates, tokens } = found.evidence;
        const words = Object.entries(sought).flatMap(([name, word]) => (word ? [`${name} "${word}"`] : []));
        const rows = candidates.map((one) => [
          `${one.object} ${one.id}`,
          one.name ?? "",
          one.website ?? one.email ?? "",
          `${one.by}${one.exact ? "" : " (a hint)"}`,
          one.takenBy ? `stands for ${one.takenBy}` : "",
        ]);
        const text = [
          `match ${id}: the ${found.role} of ${found.kind} ${found.programId}, looked for by ${words.join(", ")} for ${tokens} tokens`,
          table(["candidate", "name", "website or e-mail", "by", ""], rows),
          found.choice ? `${found.decidedBy} decided: ${worded(found)}; ${found.state}` : `${found.state}, not decided`,
        ].join("\n");
        return { data: found, text };
      }),
    );

  group
    .command("decide")
    .description("say which record it is, that it is a new one, or that it stays out of Pipedrive")
    .argument("<tenant>")
    .argument("<match>", "its number, see match list", toId)
    .addOption(new Option("--link <id>", "it is this candidate").argParser(toId).conflicts("choice"))
    .addOption(new Option("--choice <choice>", "make a new record, or leave it out").choices(CHOICES))
    .option("--comment <text>", "why")
    .action(
      cli.withApi(async (api, tenant: string, id: number, { link, choice, comment }: Said) => {
        const said =
          link === undefined ? { choice: choice ?? ("link" as const) } : { choice: "link" as const, crmId: link };
        const call = { params: { path: { tenant, match: id } }, body: { ...said, ...(comment && { comment }) } };
        const decided = await answerOf(api.POST("/api/tenants/{tenant}/matches/{match}/decide", call));
        return { data: decided, text: `match ${id} of ${tenant}: ${worded(decided)}; the workers carry it out` };
      }),
    );
};

function worded({ choice, crmId }: { choice: string | null; crmId: number | null }): string {
  if (choice === "link") return `link ${crmId}`;
  return choice === "create" ? "make a new record" : "leave it out of Pipedrive";
}
