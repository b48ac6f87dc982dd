import { extname } from "node:path";
import { type Api, answerOf } from "../client/client.ts";
import { InputError } from "../errors.ts";
import { jsonPath } from "../sync/mapping/finding.ts";
import { gapsIn } from "../sync/mapping/gaps.ts";
import { undecidedDocument } from "../sync/mapping/scaffold.ts";
import { fromSheet, toSheet } from "../sync/mapping/sheet.ts";
import type { Answer, CommandGroup } from "./cli.ts";
import { membersOf, readDocument } from "./document-file.ts";
import { writeDocument } from "./write-document.ts";

interface Out {
  out?: string;
  force?: boolean;
}

const SCAFFOLD_HELP = `
Where a person has to decide, the document says so between << and >>: until all of that is gone it cannot be loaded, and
mapping check names each place. With --from what was decided for another account is carried over: its sandbox, say.`;

const CONVERT_HELP = `
A sheet (.csv) has a row per field, with the columns that a document (.json) gives: convert one to see them. It holds the
fields only; --into names the document whose fields are replaced by those of the sheet, which itself stays as it is.`;

/** `mapping scaffold`, `mapping convert`: documents that are made rather than written. */
export const mappingDraft: CommandGroup = (group, cli) => {
  group
    .command("scaffold")
    .description("draft a document from the connected account (at most 125 tokens)")
    .argument("<tenant>")
    .option("--from <file>", "another account's document, whose decisions are carried over")
    .option("--out <file>", "write it there instead of stdout")
    .option("--force", "even if that file is there already")
    .addHelpText("after", SCAFFOLD_HELP)
    .action(
      cli.withApi(async (api: Api, tenant: string, { from, ...out }: Out & { from?: string }) => {
        const body = from === undefined ? {} : { from: await readDocument(from) };
        const call = { params: { path: { tenant } }, body };
        const made = await answerOf(api.POST("/api/tenants/{tenant}/mapping/scaffold", call));
        for (const { path, what } of made.gaps) cli.note(`open at ${path}: ${what}`);
        for (const { path, what } of made.assumed) cli.note(`to be confirmed at ${path}: ${what}`);
        return written(made.document, { ...made, document: JSON.parse(made.document) as unknown }, out);
      }),
    );

  group
    .command("convert")
    .description("make a sheet of a document's fields, or a document of a sheet")
    .argument("<file>", "a document (.json) or a sheet (.csv)")
    .option("--into <file>", "of a sheet: the document whose fields it replaces")
    .option("--out <file>", "write it there instead of stdout")
    .option("--force", "even if that file is there already")
    .addHelpText("after", CONVERT_HELP)
    .action(
      cli.without(async (file: string, { into, ...out }: Out & { into?: string }) => {
        const text = await readDocument(file);
        const kind = extname(file).toLowerCase();
        if (kind === ".json") {
          const sheet = toSheet(membersOf(text));
          return written(sheet, { sheet }, out);
        }
        if (kind !== ".csv") {
          const hint = "give a document (.json) or a sheet (.csv)";
          throw new InputError("FILE_UNKNOWN", "the file's name does not say what it is", file, hint);
        }
        const { objects, notes } = fromSheet(text);
        const base = into === undefined ? undecidedDocument() : membersOf(await readDocument(into));
        const document = { ...base, objects };
        const gaps = [...gapsIn(document)].map(({ at, what }) => ({ path: jsonPath(at), what }));
        for (const note of notes) cli.note(`note: ${note}`);
        for (const { path, what } of gaps) cli.note(`open at ${path}: ${what}`);
        return written(`${JSON.stringify(document, null, 2)}\n`, { document, notes, gaps }, out);
      }),
    );
};

async function written(text: string, data: object, { out, force }: Out): Promise<Answer> {
  if (out === undefined) return { data, text: text.trimEnd() };
  await writeDocument(out, text, force);
  return { data, text: `wrote ${out}` };
}
