import { InputError } from "../errors.ts";
import { connectPipedrive } from "../operations/connect.ts";
import type { Connection, Environment } from "../store/connection-rows.ts";
import { unknownTenant } from "../store/tenants.ts";
import { type CommandGroup, environmentOption, toAddress } from "./cli.ts";
import { connectProgramCommand } from "./connect-program.ts";
import { table } from "./table.ts";

interface Wish {
  tenant: string;
  url: string;
  environment: Environment;
  publicUrl?: string;
}

/** `connect pipedrive|program|list|resume`: a tenant's credentials for both systems. */
export const connect: CommandGroup = (program, cli) => {
  const group = program.command("connect").description("a customer's two systems");

  group
    .command("pipedrive")
    .description("connect a Pipedrive account: checks the API token, subscribes to changes")
    .requiredOption("--tenant <id>", "whose account it is")
    .requiredOption("--url <url>", "the company's own address, e.g. https://acme.pipedrive.com", toAddress("--url"))
    .addOption(environmentOption().makeOptionMandatory())
    .option("--public-url <url>", "where Pipedrive reaches the server (default: PUBLIC_URL)", toAddress("--public-url"))
    .addHelpText("after", "\nThe API token is read from PIPEDRIVE_API_TOKEN or stdin, never from the command line.")
    .action(
      cli.withApp(async (app, { tenant, url, environment, publicUrl }: Wish) => {
        const token = await cli.secret("PIPEDRIVE_API_TOKEN", "the API token");
        const wish = { tenantId: tenant, baseUrl: url, environment, publicUrl, token };
        const made = await connectPipedrive(app, wish);
        const company = `company ${made.companyDomain}, ${made.webhookIds.length} webhook subscriptions`;
        const lines = [`connected Pipedrive of ${tenant} (${company})`, `connection ${made.id}`];
        return { data: made, text: [...lines, ...made.notes.map((note) => `note: ${note}`)].join("\n") };
      }),
    );

  connectProgramCommand(group, cli);

  group
    .command("list")
    .description("all connections, with why one is paused")
    .option("--tenant <id>", "of one customer only")
    .option("--all", "replaced ones too")
    .action(
      cli.withApp(async (app, options: { tenant?: string; all?: boolean }) => {
        if (options.tenant !== undefined && !(await app.tenants.get(options.tenant)))
          throw unknownTenant(options.tenant);
        const every = await app.connections.list(options.tenant);
        const shown = every.filter(({ state }) => options.all || state !== "retired");
        const head = ["connection", "tenant", "side", "environment", "state", "address"];
        const rows = shown.map((one) => [one.id, one.tenantId, one.side, one.environment, stateOf(one), one.baseUrl]);
        return { data: shown, text: shown.length > 0 ? table(head, rows) : "nothing is connected" };
      }),
    );

  group
    .command("resume")
    .description("go on with a paused connection, once its cause is mended")
    .argument("<connection>", "its id, see connect list")
    .action(
      cli.withApp(async (app, id: string) => {
        const resumed = await app.connections.resume(id);
        if (resumed.state === "connecting") throw incomplete(id);
        await app.ringer.ringDue(resumed.tenantId);
        return { data: resumed, text: `${resumed.side} of ${resumed.tenantId} is active; what waited goes on` };
      }),
    );
};

function incomplete(id: string): InputError {
  const message = `connection ${id} never was complete: its subscriptions are being made, or that was interrupted`;
  return new InputError("CONNECTION_INCOMPLETE", message, "connection", "connect again: that makes a whole one");
}

function stateOf({ state, pausedCause, parkedUntil, parkedCause }: Connection): string {
  if (state === "connecting") return "connecting: in use once that is done; if nobody is at it, connect again";
  if (state === "paused") return `paused: ${pausedCause ?? "by a person"}`;
  if (parkedUntil && parkedUntil.getTime() > Date.now())
    return `parked until ${parkedUntil.toISOString()}: ${parkedCause}`;
  return state;
}
