import { InvalidArgumentError, Option } from "commander";
import { type Api, answerOf } from "../client/client.ts";
import { InputError } from "../errors.ts";
import { describeFinding } from "../failure.ts";
import { STAGE_WORDS } from "../operations/step-roll-out.ts";
import { time } from "../table.ts";
import type { Answer, CommandGroup } from "./cli.ts";
import { readDocument } from "./document-file.ts";
import { tenantOf } from "./mapping-load.ts";
import { planOf } from "./mapping-plan.ts";

interface Options {
  yes?: boolean;
  first?: number;
  enrol: boolean;
  existingIds?: "adopt" | "clear";
  continue?: boolean;
  tenant?: string;
  sha256?: string;
}

/** `mapping apply|roll-out|rollback`: a document on its way into force, and back. */
export const mappingApply: CommandGroup = (group, cli) => {
  group
    .command("apply")
    .description("roll a document out: test records, then some records, then all; stops by itself at errors")
    .argument("[file]", "e.g. mappings/acme.json; it names its tenant")
    .option("--yes", "spend the tokens that it tells of, and begin; without it only the plan is shown")
    .option("--first <number>", "records that are tried before all (default: 5, at most 100)", toCount)
    .option("--no-enrol", "organizations last changed before sync.start_at stay out until they are changed")
    .addOption(
      new Option("--existing-ids <how>", "what becomes of ids that unlinked records carry").choices(["adopt", "clear"]),
    )
    .option("--continue", "go on with the roll-out of --tenant that has stopped")
    .option("--sha256 <hash>", "roll out the proposal of --tenant, by somebody else than who proposed it")
    .option("--tenant <id>", "with --continue or --sha256, instead of a file")
    .action(cli.withApi(apply));

  group
    .command("roll-out")
    .description("how the latest roll-out stands")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, tenant: string) => {
        const roll = await answerOf(
          api.GET("/api/tenants/{tenant}/mapping/roll-out", { params: { path: { tenant } } }),
        );
        return { data: roll, text: describe(roll), exitCode: roll.state === "paused" ? 1 : 0 };
      }),
    );

  group
    .command("rollback")
    .description("take the latest change of the mapping back")
    .argument("<tenant>")
    .action(
      cli.withApi(async (api, tenant: string) => {
        const back = await answerOf(
          api.POST("/api/tenants/{tenant}/mapping/rollback", { params: { path: { tenant } } }),
        );
        const text =
          back.repeats === null
            ? `${tenant}: the roll-out is taken back; ${back.revision === null ? "nothing is in force" : `revision ${back.revision} stays in force`}`
            : `${tenant}: revision ${back.revision} brings revision ${back.repeats} back; ${follow(tenant)}`;
        return { data: back, text };
      }),
    );
};

async function apply(api: Api, file: string | undefined, options: Options): Promise<Answer> {
  const { first, enrol, existingIds = null, tenant, sha256 } = options;
  const asked = { enrol, existingIds, ...(first !== undefined && { first }) };
  if (file !== undefined && !options.continue && sha256 === undefined) {
    const document = await readDocument(file);
    if (!options.yes) return askFirst(api, document, enrol);
    const call = { params: { path: { tenant: tenantOf(document) } }, body: { ...asked, document } };
    return begun(await answerOf(api.POST("/api/tenants/{tenant}/mapping/roll-out", call)));
  }
  if (tenant === undefined || file !== undefined || (options.continue && sha256 !== undefined)) {
    const hint = "give a file; or --tenant with --continue or --sha256";
    throw new InputError("BAD_USAGE", "it is not clear what to roll out", "file", hint);
  }
  const params = { path: { tenant } };
  if (sha256 !== undefined) {
    const call = { params, body: { ...asked, sha256 } };
    return begun(await answerOf(api.POST("/api/tenants/{tenant}/mapping/roll-out/approve", call)));
  }
  const roll = await answerOf(
    api.POST("/api/tenants/{tenant}/mapping/roll-out/continue", { params, body: { existingIds } }),
  );
  return { data: roll, text: describe(roll) };
}

/** Nothing is spent before somebody has seen what it costs. */
async function askFirst(api: Api, document: string, enrol: boolean): Promise<Answer> {
  const plan = await planOf(api, document, { spend: false, enrol });
  return { ...plan, text: `${plan.text}\nnothing has begun yet; to roll it out: --yes` };
}

interface Begun {
  tenantId: string;
  revision: number;
  outcome: "begun" | "proposed";
  findings: Parameters<typeof describeFinding>[0][];
}

function begun(applied: Begun): Answer {
  const { tenantId, revision, outcome, findings } = applied;
  const said =
    outcome === "begun"
      ? `is being rolled out by the workers; ${follow(tenantId)}`
      : `is proposed; somebody else rolls it out: partnersync mapping proposal ${tenantId}, then mapping apply --tenant ${tenantId} --sha256 <hash>`;
  return {
    data: applied,
    text: [`${tenantId}: revision ${revision} ${said}`, ...findings.map(describeFinding)].join("\n"),
  };
}

const follow = (tenant: string) => `see partnersync mapping roll-out ${tenant}`;

interface Shown {
  tenantId: string;
  revision: number;
  stage: keyof typeof STAGE_WORDS;
  state: string;
  asked: number;
  cause: string | null;
  startedBy: string;
  startedAt: string;
}

function describe({ tenantId, revision, stage, state, asked, cause, startedBy, startedAt }: Shown): string {
  const head = `${tenantId}: the roll-out of revision ${revision}, begun by ${startedBy} on ${time(startedAt)}, is ${state}`;
  const where = state === "done" ? `${asked} records were asked for` : `at: ${STAGE_WORDS[stage]}`;
  return [head, where, ...(cause ? [cause] : [])].join("\n");
}

/** A whole number from 0 to 100. */
function toCount(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 100) throw new InvalidArgumentError("It is a number from 0 to 100.");
  return Number(text);
}
