import { type Api, answerOf } from "../client/client.ts";
import { describeFinding } from "../failure.ts";
import { checkMappingText, type MappingCheck } from "../operations/check-mapping.ts";
import { CRM_OBJECTS } from "../sync/model.ts";
import type { CommandGroup } from "./cli.ts";
import { readDocument } from "./document-file.ts";
import { tenantOf } from "./mapping-load.ts";

interface Options {
  live?: boolean;
  canary?: boolean;
  yes?: boolean;
  strict?: boolean;
}

/** `mapping check`: everything that is wrong with a document, without putting it in force. */
export const mappingCheck: CommandGroup = (group, cli) => {
  const offline = cli.without(async (file: string, { strict }: Options) =>
    toAnswer(file, await checkMappingText(await readDocument(file), { strict })),
  );
  const live = cli.withApi(async (api: Api, file: string, { strict = false, canary = false, yes = false }: Options) => {
    const document = await readDocument(file);
    const tenant = tenantOf(document);
    const call = { params: { path: { tenant } }, body: { document, strict, canary: canary && yes } };
    const check = await answerOf(api.POST("/api/tenants/{tenant}/mapping/check", call));
    const answer = toAnswer(file, check);
    if (!canary || yes || check.canaryPrice === null) return answer;
    return { ...answer, text: `${answer.text}\nthat costs up to ${check.canaryPrice} tokens more: --canary --yes` };
  });
  group
    .command("check")
    .description("find every mistake in a document; exit code 1 with errors")
    .argument("<file>", "e.g. mappings/acme.json; it names its tenant")
    .option("--live", "look at the tenant's Pipedrive account too (up to 62 tokens)")
    .option(
      "--canary",
      "also write to the document's verify records and put back what was there, and look at what records carry already",
    )
    .option("--yes", "with --canary: spend the tokens that it tells of")
    .option("--strict", "exit code 2 when there are warnings")
    .action((file: string, options: Options) => (options.live || options.canary ? live : offline)(file, options));
};

type Checked = Pick<MappingCheck, "summary" | "live" | "severity"> & {
  findings: Described[];
  tried: readonly string[];
};
type Described = Parameters<typeof describeFinding>[0];

function toAnswer(file: string, check: Checked) {
  const { errors, warnings, infos } = check.summary;
  const where = check.live ? "with the account" : "without the account";
  const summary = `${file}, checked ${where}: ${errors} errors, ${warnings} warnings, ${infos} notes`;
  return {
    data: check,
    text: [...check.findings.map(describeFinding), summary, rights(check)].filter(Boolean).join("\n"),
    exitCode: check.severity,
  };
}

/** What was not tried is not proven, and never said to be in order. */
function rights({ live, tried }: Checked): string {
  if (!live) return "";
  const untried = CRM_OBJECTS.filter((object) => !tried.includes(object));
  if (untried.length === 0) return "writing was tried on a test record of each object";
  return `not proven: that fields of ${untried.join(", ")} can be written, and that Pipedrive tells of their changes; --canary tries it on the records named in "verify"`;
}
