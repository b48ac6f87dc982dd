import { type Api, answerOf } from "../client/client.ts";
import { describeFinding } from "../failure.ts";
import { table } from "../table.ts";
import { type CommandGroup, toId } from "./cli.ts";
import { readDocument } from "./document-file.ts";
import { tenantOf } from "./mapping-load.ts";

interface Options {
  yes?: boolean;
  sample?: number;
  enrol: boolean;
}

/** `mapping plan`: what putting a document in force would change. */
export const mappingPlan: CommandGroup = (group, cli) => {
  group
    .command("plan")
    .description("what putting a document in force would change, and what it costs; never writes")
    .argument("<file>", "e.g. mappings/acme.json; it names its tenant")
    .option("--yes", "spend the tokens that it tells of: look at the account and at some records")
    .option("--sample <number>", "linked records of each object that are looked at (default: 20, at most 100)", toId)
    .option("--no-enrol", "as of a roll-out where sync.start_at holds")
    .action(
      cli.withApi(async (api, file: string, { yes: spend = false, sample, enrol }: Options) => {
        const plan = await planOf(api, await readDocument(file), {
          spend,
          enrol,
          ...(sample !== undefined && { sample }),
        });
        const price = plan.data.price.look;
        const more = `looking at the account and at some records costs ${price} tokens: --yes`;
        return plan.data.dryRun ? plan : { ...plan, text: `${plan.text}\n${more}` };
      }),
    );
};

/** What putting a document in force would change, as data and in words. */
export async function planOf(api: Api, document: string, wish: { spend: boolean; enrol: boolean; sample?: number }) {
  const call = { params: { path: { tenant: tenantOf(document) } }, body: { document, ...wish } };
  const outlook = await answerOf(api.POST("/api/tenants/{tenant}/mapping/plan", call));
  return { data: outlook, text: describe(outlook) };
}

interface Change {
  name: string;
  member: string | null;
  from: string | null;
  to: string | null;
  records: number | null;
}

interface Outlook {
  tenantId: string;
  revision: number;
  against: number | null;
  changes: Change[];
  withoutRecord: Record<string, number>;
  findings: Parameters<typeof describeFinding>[0][];
  price: { look: number; rollOut: number; writes: number | null };
  takesS: number;
  daily: { limit: number; left: number; days: number } | null;
  spent: number;
  dryRun: DryRun | null;
}

interface DryRun {
  sampled: number;
  changed: { pipedrive: number; program: number };
  rows: { object: string; crmId: number; label: string; to: string; before: string; after: string }[];
  organizations: { looked: number; more: boolean; enrolled: number; carryingIds: number };
  entries: Entry[];
}

interface Entry {
  outcome: "created" | "linked";
  in: "pipedrive" | "program";
  object: string | null;
  crmId: number | null;
  kind: string;
  programId: string | null;
  name: string;
}

function describe(outlook: Outlook): string {
  const { tenantId, revision, against, changes, withoutRecord, price, takesS, dryRun } = outlook;
  const head = `${tenantId}: revision ${revision} ${against === null ? "as the first one" : `in place of revision ${against}`}`;
  const rows = changes.map(({ name, member, from, to, records }) => [name, member, from, to, records ?? "from now on"]);
  const waiting = Object.entries(withoutRecord).map(([kind, n]) => `${n} ${kind.replace("_", " ")}`);
  const writes = price.writes === null ? "" : `, and about ${price.writes} for writes`;
  return [
    head,
    rows.length === 0 ? "nothing changes" : table(["what", "", "from", "to", "linked records"], rows),
    ...(waiting.length > 0 ? [`of the program, without a record in Pipedrive: ${waiting.join(", ")}`] : []),
    ...outlook.findings.map(describeFinding),
    `a roll-out costs ${price.rollOut} tokens${writes}, 10 more per 500 organizations, and takes about ${takesS} s`,
    describeDays(outlook),
    ...(dryRun ? describeDryRun(dryRun) : []),
  ].join("\n");
}

/** The two-second allowance alone says too little: a day's may be used up first. */
function describeDays({ daily }: Outlook): string {
  if (!daily) return "not proven: that the plan's daily allowance suffices; no answer of the account told it yet";
  const { limit, left, days } = daily;
  const fits = days === 1 ? "it fits into today's" : `it spreads over ${days} days`;
  return `by the plan's daily allowance as last seen (${left} of ${limit} tokens left, shared with other apps) ${fits}`;
}

const PLACES = { organization: "Organization", person: "Person", deal: "Deal" } as Record<string, string>;
const MADE_AS = { partner: "Organization", contact: "Person", deal_registration: "Deal" } as Record<string, string>;

function entryRow({ outcome, in: where, object, crmId, kind, programId, name }: Entry) {
  const record = object === null ? "" : `${PLACES[object]} ${crmId}`;
  const aggregate = `${kind.replace("_", " ")}${programId === null ? "" : ` ${programId}`}`;
  if (outcome === "linked") return [record, name, "linked to", aggregate, "with --existing-ids adopt"];
  if (where === "program") return [record, name, "makes in the program", `a new ${aggregate}`, ""];
  return [aggregate, name, "makes in Pipedrive", `a new ${MADE_AS[kind]}`, "unless one there fits, by match_customer"];
}

function describeDryRun({
  sampled,
  changed,
  rows,
  entries,
  organizations: { looked, more, enrolled, carryingIds },
}: DryRun): string[] {
  const shown = rows.map(({ object, crmId, label, to, before, after }) => [
    `${object} ${crmId}`,
    label,
    `to ${to}`,
    before,
    after,
  ]);
  return [
    `of ${sampled} linked records, ${changed.pipedrive} would change in Pipedrive and ${changed.program} in the program`,
    ...(shown.length > 0 ? [table(["record", "field", "", "now", "then"], shown)] : []),
    `of ${looked} organizations${more ? " (there are more)" : ""}, ${enrolled} would enter the program; ${carryingIds} unlinked ones carry an id already`,
    ...(entries.length > 0 ? [table(["what", "name", "", "", ""], entries.map(entryRow))] : []),
  ];
}
