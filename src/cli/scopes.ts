import { Option } from "commander";
import { type Action, actionsNamed } from "../actions/catalogue.ts";
import { actionsOfMapping } from "../actions/of-mapping.ts";
import {
  SCOPE_CHOICES,
  type ScopeAdvice,
  type ScopeChoice,
  SEPARATORS,
  type Separator,
  scopesFor,
} from "../actions/scopes.ts";
import { InputError } from "../errors.ts";
import { MappingRefusedError } from "../operations/load-mapping.ts";
import { parseMappingDocument } from "../sync/mapping/parse.ts";
import type { CommandGroup } from "./cli.ts";
import { readDocument } from "./document-file.ts";

interface Wish {
  actions?: string;
  mapping?: string;
  provision: boolean;
  choose: ScopeChoice;
  separator: Separator;
}

const HELP = `
--choose guide gives what the setup guide gives; minimal asks for no more than needed, and for more where the guide gives
too little; printed gives all that the guide prints. On stdout are the scopes, on stderr what there is to know of them.`;

/** `scopes for`: what an OAuth app has to ask for. */
export const scopes: CommandGroup = (program, cli) => {
  program
    .command("scopes")
    .description("what an OAuth app has to ask for")
    .command("for")
    .description("the scopes that actions, or a mapping document, take")
    .option("--actions <ids>", "ids with commas between them, or all; see action list")
    .option("--mapping <file>", "a mapping document: what keeping it in step takes")
    .option("--provision", "with --mapping: and making missing fields (fields provision)", false)
    .addOption(new Option("--choose <how>", "which scopes").choices(SCOPE_CHOICES).default("minimal"))
    .addOption(new Option("--separator <sign>", "between two scopes").choices(Object.keys(SEPARATORS)).default("space"))
    .addHelpText("after", HELP)
    .action(
      cli.without(async (wish: Wish) => {
        const actions = await chosen(wish);
        const advice = scopesFor(actions, wish.choose);
        for (const line of remarks(advice)) cli.note(line);
        return { data: advice, text: advice.scopes.join(SEPARATORS[wish.separator]) };
      }),
    );
};

async function chosen({ actions, mapping, provision }: Wish): Promise<readonly Action[]> {
  if ((actions === undefined) === (mapping === undefined)) {
    throw new InputError(
      "WHAT_FOR",
      "say what the scopes are for",
      "scopes for",
      "give --actions or --mapping, one of them",
    );
  }
  if (actions !== undefined) return actionsNamed(actions);
  const { document, findings } = parseMappingDocument(await readDocument(mapping ?? ""));
  if (!document) throw new MappingRefusedError(findings);
  return actionsOfMapping(document, provision);
}

function remarks({ tooSmall, enableNothing }: ScopeAdvice): string[] {
  return [
    ...enableNothing.map((scope) => `${scope} enables none of the 121 actions`),
    ...tooSmall.map(({ id, needsOneOf }) => `too small for ${id}, which takes ${needsOneOf.join(" or ")}`),
  ];
}
