import { InvalidArgumentError, Option } from "commander";
import { answerOf } from "../client/client.ts";
import { DIRECTIONS, type Direction } from "../sync/model.ts";
import { table, time } from "../table.ts";
import { type CommandGroup, toId } from "./cli.ts";

const KINDS = ["changed", "cleared", "created"] as const;
type Kind = (typeof KINDS)[number];
interface Limit {
  number: number;
  share: number;
}
interface View {
  tenantId: string;
  limits: Record<Kind, Limit> & { windowMinutes: number };
  setBy: string | null;
  linked: number;
  breakers: {
    direction: Direction;
    trippedAt: string | null;
    kind: Kind | null;
    counted: number | null;
    most: number | null;
    waiting: number;
    openUntil: string | null;
  }[];
}
type Given = Partial<Record<Kind, Limit>> & { window?: number; defaults?: true };

const SIDE: Record<Direction, string> = { inbound: "the partner program", outbound: "Pipedrive" };

/** `limits show|set|resume`: how many records may be written to within a while. */
export const limits: CommandGroup = (program, cli) => {
  const group = program.command("limits").description("how many records may be written to before a person is asked");

  group
    .command("show")
    .description("the limits, and whether writes are paused for them")
    .argument("<tenant>")
    .option(
      "--values",
      "some of the writes that wait, with what is there and what would be; it is on record who looked",
    )
    .action(
      cli.withApi(async (api, tenant: string, { values = false }: { values?: boolean }) => {
        const call = { params: { path: { tenant } } };
        const view = await answerOf(api.GET("/api/tenants/{tenant}/limits", call));
        if (!values) return { data: view, text: describe(view) };
        const held = await answerOf(api.GET("/api/tenants/{tenant}/limits/held", call));
        const rows = held.flatMap(({ record, direction, fields }) =>
          fields.map(({ label, before, after }) => [record, SIDE[direction], label, shown(before), shown(after)]),
        );
        const text = rows.length > 0 ? table(["record", "in", "field", "there", "would be"], rows) : "nothing is held";
        return { data: { ...view, held }, text: `${describe(view)}\n\n${text}` };
      }),
    );

  const limit = (kind: Kind, what: string) =>
    new Option(`--${kind} <number[,percent]>`, `${what}: always so many, or that share of the linked ones`).argParser(
      toLimit,
    );
  group
    .command("set")
    .description("set them; what is left out stays as it is")
    .argument("<tenant>")
    .addOption(limit("changed", "records that are given values"))
    .addOption(limit("cleared", "records that lose values"))
    .addOption(limit("created", "records that are made"))
    .option("--window <minutes>", "how far back is counted", toId)
    .option("--defaults", "as if nobody had set any")
    .action(
      cli.withApi(async (api, tenant: string, { window, ...given }: Given) => {
        const body = { ...given, ...(window !== undefined && { windowMinutes: window }) };
        const view = await answerOf(api.PUT("/api/tenants/{tenant}/limits", { params: { path: { tenant } }, body }));
        return { data: view, text: describe(view) };
      }),
    );

  group
    .command("resume")
    .description("let what waits because it was too much go on, once; a roll-out that stopped for it goes on too")
    .argument("<tenant>")
    .addOption(new Option("--direction <direction>", "default: both").choices(DIRECTIONS))
    .option("--minutes <number>", "limit nothing for so long: a roll-out, a change that was planned", toId)
    .action(
      cli.withApi(async (api, tenant: string, options: { direction?: Direction; minutes?: number }) => {
        const call = { params: { path: { tenant } }, body: options };
        const view = await answerOf(api.POST("/api/tenants/{tenant}/limits/resume", call));
        const sides = view.resumed.map((direction) => SIDE[direction]).join(" and ");
        const on = sides ? `${tenant}: what waits is written to ${sides}, once` : `${tenant}: nothing was paused`;
        return { data: view, text: `${on}\n${describe(view)}` };
      }),
    );
};

function describe({ tenantId, limits: set, setBy, linked, breakers }: View): string {
  const head = `${tenantId}: within ${set.windowMinutes} minutes and in each direction${setBy === null ? " (defaults)" : ` (set by ${setBy})`}, of ${linked} linked records`;
  const rows = KINDS.map((kind) => [kind, set[kind].number, `${set[kind].share} %`]);
  const states = breakers.map((one) => {
    const waiting = one.waiting > 0 ? `, ${one.waiting} records have work` : "";
    const open = one.openUntil ? `; nothing is limited before ${time(one.openUntil)}` : "";
    if (!one.trippedAt) return `writes to ${SIDE[one.direction]} flow${waiting}${open}`;
    return `writes to ${SIDE[one.direction]} are PAUSED since ${time(one.trippedAt)}: more than ${one.most} records would be ${one.kind}${waiting}. To let them go on: partnersync limits resume ${tenantId}`;
  });
  return [head, table(["records", "always", "or"], rows), ...states].join("\n");
}

/** `250` or `250,10`. */
function toLimit(text: string): Limit {
  const [, number, share = "0"] = /^(\d{1,8})(?:,(\d{1,3}(?:\.\d+)?))?$/.exec(text) ?? [];
  if (number === undefined || Number(share) > 100)
    throw new InvalidArgumentError('A number of records, and a percentage after a comma: "250,10".');
  return { number: Number(number), share: Number(share) };
}

function shown(value: unknown): string {
  return value === null ? "(empty)" : typeof value === "string" ? value : JSON.stringify(value);
}
