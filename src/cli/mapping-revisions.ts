import { type Api, answerOf, everyRow } from "../client/client.ts";
import { diffDocuments, type MappingChange } from "../sync/mapping/diff.ts";
import { table, time } from "../table.ts";
import type { Answer, CommandGroup } from "./cli.ts";
import { membersOf, readDocument } from "./document-file.ts";
import { gathered } from "./gathered.ts";

/** `harbourline@3`, `harbourline@live`. */
const REVISION = /^([a-z0-9-]{2,40})@(live|[1-9]\d{0,8})$/;

const DIFF_HELP = `
Each of the two is a file, or a revision that was loaded: harbourline@3, harbourline@live. Field lines are told apart by what
they carry, not by their order.`;

/** `mapping history`, `mapping diff`: what was in force, and what changed. */
export const mappingRevisions: CommandGroup = (group, cli) => {
  group
    .command("history")
    .description("the revisions of a tenant, the newest first: who loaded them, and when")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, tenant: string) => {
        const path = { tenant };
        const all = await gathered(
          everyRow((cursor) =>
            answerOf(api.GET("/api/tenants/{tenant}/mapping/revisions", { params: { path, query: { cursor } } })),
          ),
        );
        const rows = all.map((one) => [
          one.revision,
          one.state === "live" ? "in force" : "",
          time(one.loadedAt),
          one.loadedBy,
          one.sha256.slice(0, 12),
        ]);
        const text = table(["revision", "", "loaded", "by", "sha256"], rows);
        return { data: all, text: all.length > 0 ? text : "no mapping was loaded yet" };
      }),
    );

  const ofFiles = cli.without(async (a: string, b: string) =>
    differences(await readDocument(a), await readDocument(b)),
  );
  const ofRevisions = cli.withApi(async (api: Api, a: string, b: string) =>
    differences(await documentAt(api, a), await documentAt(api, b)),
  );
  group
    .command("diff")
    .description("what changed from one document to another")
    .argument("<a>", "a file, or a revision such as harbourline@3")
    .argument("<b>", "a file, or a revision such as harbourline@live")
    .addHelpText("after", DIFF_HELP)
    .action((a: string, b: string) => ([a, b].some((one) => REVISION.test(one)) ? ofRevisions : ofFiles)(a, b));
};

async function documentAt(api: Api, name: string): Promise<string> {
  const [, tenant, revision] = REVISION.exec(name) ?? [];
  if (tenant === undefined || revision === undefined) return readDocument(name);
  if (revision === "live") {
    return (await answerOf(api.GET("/api/tenants/{tenant}/mapping", { params: { path: { tenant } } }))).document;
  }
  const path = { tenant, revision: Number(revision) };
  const call = { params: { path } };
  return (await answerOf(api.GET("/api/tenants/{tenant}/mapping/revisions/{revision}", call))).document;
}

function differences(before: string, after: string): Answer {
  const changes = diffDocuments(membersOf(before), membersOf(after));
  return { data: changes, text: changes.map(describeChange).join("\n") || "nothing changed" };
}

function describeChange({ name, member, from, to }: MappingChange): string {
  const what = member === null ? name : `${name}: ${member}`;
  if (from === null) return `+ ${what}  ${to}`;
  if (to === null) return `- ${what}  ${from}`;
  return `~ ${what}  ${from} -> ${to}`;
}
