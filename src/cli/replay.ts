import { InvalidArgumentError } from "commander";
import { answerOf } from "../client/client.ts";
import { CRM_OBJECTS, type CrmObject, PROGRAM_KINDS, type ProgramKind } from "../sync/model.ts";
import { table, time } from "../table.ts";
import { type CommandGroup, toId } from "./cli.ts";

interface Options {
  finding?: number;
  record?: { object: CrmObject | ProgramKind; id: string };
  since?: string;
  dryRun?: boolean;
}

/** `replay <tenant>`: begins the work of stopped records again. */
export const replay: CommandGroup = (program, cli) => {
  program
    .command("replay")
    .description("begin the work of stopped records again, once what stopped them is mended")
    .argument("<tenant>")
    .option("--finding <number>", "the record that this finding is about, see findings list", toId)
    .option("--record <name>", 'one record, e.g. "deal 4711" or "partner prt_…"', toRecord)
    .option("--since <time>", "all that have stopped since then: 2026-03-01T10:00Z, or 90m, 6h, 2d ago", toSince)
    .option("--dry-run", "only say which they are")
    .action(
      cli.withApi(async (api, tenant: string, options: Options) => {
        const call = { params: { path: { tenant } }, body: { dryRun: false, ...options } };
        const done = await answerOf(api.POST("/api/tenants/{tenant}/replay", call));
        const count = `${done.records.length} ${done.records.length === 1 ? "record" : "records"}`;
        const what = done.dryRun ? `would be made due (at most ${done.tokens} tokens)` : "made due; the workers go on";
        const left = done.left > 0 ? `, ${done.left} more are left: replay again` : "";
        const rows = done.records.map((one) => [one.name, time(one.stoppedAt), one.cause]);
        const list = rows.length > 0 ? `\n${table(["record", "stopped", "why"], rows)}` : "";
        return { data: done, text: `${tenant}: ${count} ${what}${left}${list}` };
      }),
    );
};

function toRecord(text: string): Options["record"] {
  const [, object = "", id = ""] = /^([a-z_]+)[ :/](\S.*)$/.exec(text.trim()) ?? [];
  const known = [...CRM_OBJECTS, ...PROGRAM_KINDS].find((one) => one === object);
  if (!known) throw new InvalidArgumentError('An object and its id, e.g. "deal 4711" or "partner prt_1".');
  return { object: known, id };
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function toSince(text: string): string {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const at = unit ? Date.now() - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS] : Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError("A time such as 2026-03-01T10:00Z, or 90m, 6h, 2d ago.");
  return new Date(at).toISOString();
}
