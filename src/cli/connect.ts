import { type Api, answerOf, everyRow } from "../client/client.ts";
import type { Environment } from "../store/connection-rows.ts";
import { unknownConnection } from "../store/connection-rows.ts";
import { table } from "../table.ts";
import { type CommandGroup, environmentOption, toAddress } from "./cli.ts";
import { connectIntakeCommand } from "./connect-intake.ts";
import { connectProgramCommand } from "./connect-program.ts";
import { gathered } from "./gathered.ts";

interface Wish {
  tenant: string;
  url: string;
  environment: Environment;
  publicUrl?: string;
}

/** `connect pipedrive|program|intake|list|pause|resume`: a tenant's credentials for both systems. */
export const connect: CommandGroup = (program, cli) => {
  const group = program.command("connect").description("a customer's two systems");

  group
    .command("pipedrive")
    .description("connect a Pipedrive account: checks the API token, subscribes to changes")
    .requiredOption("--tenant <id>", "whose account it is")
    .requiredOption("--url <url>", "the company's own address, e.g. https://acme.pipedrive.com", toAddress("--url"))
    .addOption(environmentOption().makeOptionMandatory())
    .option(
      "--public-url <url>",
      "where Pipedrive reaches the server (default: its PUBLIC_URL)",
      toAddress("--public-url"),
    )
    .addHelpText("after", "\nThe API token is read from PIPEDRIVE_API_TOKEN or stdin, never from the command line.")
    .action(
      cli.withApi(async (api, { tenant, ...wish }: Wish) => {
        const token = await cli.secret("PIPEDRIVE_API_TOKEN", "the API token");
        const call = { params: { path: { tenant } }, body: { ...wish, token } };
        const made = await answerOf(api.POST("/api/tenants/{tenant}/connections/pipedrive", call));
        const company = `company ${made.companyDomain}, ${made.webhookIds.length} webhook subscriptions`;
        const lines = [`connected Pipedrive of ${tenant} (${company})`, `connection ${made.id}`];
        return { data: made, text: [...lines, ...made.notes.map((note) => `note: ${note}`)].join("\n") };
      }),
    );

  connectProgramCommand(group, cli);
  connectIntakeCommand(group, cli);

  group
    .command("list")
    .description("all connections, with why one is paused")
    .option("--tenant <id>", "of one customer only")
    .option("--all", "replaced ones too")
    .action(
      cli.withApi(async (api, { tenant, all = false }: { tenant?: string; all?: boolean }) => {
        const shown = await gathered(connections(api, { tenant, retired: all }));
        const head = ["connection", "tenant", "side", "environment", "state", "address"];
        const rows = shown.map((one) => [one.id, one.tenantId, one.side, one.environment, stateOf(one), one.baseUrl]);
        return { data: shown, text: shown.length > 0 ? table(head, rows) : "nothing is connected" };
      }),
    );

  group
    .command("pause")
    .description("send nothing over a connection; what comes in is kept")
    .argument("<connection>", "its id, see connect list")
    .requiredOption("--reason <text>", "for whoever wonders")
    .action(
      cli.withApi(async (api, id: string, { reason }: { reason: string }) => {
        const call = { params: { path: await pathOf(api, id) }, body: { reason } };
        const paused = await answerOf(api.POST("/api/tenants/{tenant}/connections/{connection}/pause", call));
        return { data: paused, text: `${paused.side} of ${paused.tenantId} is paused: ${paused.pausedCause}` };
      }),
    );

  group
    .command("resume")
    .description("go on with a paused connection, once its cause is mended")
    .argument("<connection>", "its id, see connect list")
    .action(
      cli.withApi(async (api, id: string) => {
        const call = { params: { path: await pathOf(api, id) } };
        const resumed = await answerOf(api.POST("/api/tenants/{tenant}/connections/{connection}/resume", call));
        return { data: resumed, text: `${resumed.side} of ${resumed.tenantId} is active; what waited goes on` };
      }),
    );
};

function connections(api: Api, { tenant, retired }: { tenant?: string | undefined; retired: boolean }) {
  const narrowed = {
    limit: 200,
    retired: String(retired) as "true" | "false",
    ...(tenant !== undefined && { tenant }),
  };
  return everyRow((cursor) => answerOf(api.GET("/api/connections", { params: { query: { ...narrowed, cursor } } })));
}

/** Its id alone names a connection; the API wants to know whose it is. @throws InputError UNKNOWN_CONNECTION */
async function pathOf(api: Api, id: string): Promise<{ tenant: string; connection: string }> {
  for await (const one of connections(api, { retired: true })) {
    if (one.id === id) return { tenant: one.tenantId, connection: id };
  }
  throw unknownConnection(id);
}

interface Shown {
  state: string;
  pausedCause: string | null;
  pausedBy: string | null;
  parkedUntil: string | null;
  parkedCause: string | null;
}

function stateOf({ state, pausedCause, pausedBy, parkedUntil, parkedCause }: Shown): string {
  if (state === "connecting") return "connecting: in use once that is done; if nobody is at it, connect again";
  if (state === "paused") return `paused${pausedBy ? ` by ${pausedBy}` : ""}: ${pausedCause ?? "see its finding"}`;
  if (parkedUntil && new Date(parkedUntil).getTime() > Date.now()) return `parked until ${parkedUntil}: ${parkedCause}`;
  return state;
}
