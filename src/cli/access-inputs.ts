import { type Command, InvalidArgumentError, Option } from "commander";
import { answerOf } from "../client/client.ts";
import { time } from "../table.ts";
import { type Cli, toId } from "./cli.ts";
import { readBytes, readDocument } from "./document-file.ts";

interface OfTenant {
  tenant: string;
}

export const TENANT = ["--tenant <id>", "whose account it is"] as const;

/** `access snapshot`, `access roster import|show`, `access policy load|show`, `access map`: what is assessed, and by what. */
export function accessInputs(group: Command, cli: Cli): void {
  snapshot(group, cli);
  roster(group.command("roster").description("who works there: a CSV export of the HR system"), cli);
  policy(group.command("policy").description("whose access is valid: a JSON file"), cli);
  map(group, cli);
}

function snapshot(group: Command, cli: Cli): void {
  group
    .command("snapshot")
    .description("read who can get into the account, and keep it: 42 tokens, and 2 for each permission set")
    .requiredOption(...TENANT)
    .option("--assignments", "also who has each permission set (20 tokens) and role (10)")
    .option("--user-permissions", "also what each active user may do: 10 tokens a user")
    .action(
      cli.withApi(async (api, wish: OfTenant & { assignments?: boolean; userPermissions?: boolean }) => {
        const { tenant, assignments = false, userPermissions = false } = wish;
        const call = { params: { path: { tenant } }, body: { assignments, userPermissions } };
        const taken = await answerOf(api.POST("/api/tenants/{tenant}/access/snapshots", call));
        const asked = taken.notAssessed.filter(({ code }) => code !== "NOT_ASKED_FOR");
        const users = taken.users === null ? "users could not be read" : `${taken.users} users`;
        const lines = [
          `${tenant}: snapshot of ${time(taken.takenAt)}, ${users}, ${taken.tokens} tokens, SHA-256 ${taken.sha256}`,
          ...asked.map(({ part, message }) => `not assessed: ${part}: ${message}`),
          ...(taken.followUpsClosed > 0 ? [`decisions of reviews that it shows done: ${taken.followUpsClosed}`] : []),
        ];
        return { data: taken, text: lines.join("\n") };
      }),
    );
}

function roster(group: Command, cli: Cli): void {
  group
    .command("import")
    .description("take a roster in, whole or not at all")
    .argument("<file>", "CSV in UTF-8 with a header row")
    .requiredOption(...TENANT)
    .requiredOption("--time-zone <zone>", "where working days end, e.g. Europe/Berlin")
    .option("--as-of <moment>", "the moment the roster speaks of, e.g. 2026-03-20T08:00:00Z (default: now)", toMoment)
    .action(
      cli.withApi(async (api, file: string, wish: OfTenant & { timeZone: string; asOf?: string }) => {
        const { tenant, ...rest } = wish;
        const content = (await readBytes(file)).toString("base64");
        const call = { params: { path: { tenant } }, body: { content, ...rest } };
        const taken = await answerOf(api.PUT("/api/tenants/{tenant}/access/roster", call));
        const ignored = taken.ignoredColumns.length > 0 ? `\nleft alone: ${taken.ignoredColumns.join(", ")}` : "";
        return {
          data: taken,
          text: `${tenant}: roster ${taken.version} with ${taken.rows} people is in force${ignored}`,
        };
      }),
    );

  group
    .command("show")
    .description("the roster in force, without the people on it")
    .requiredOption(...TENANT)
    .action(
      cli.withApi(async (api, { tenant }: OfTenant) => {
        const call = { params: { path: { tenant } } };
        const found = await answerOf(api.GET("/api/tenants/{tenant}/access/roster", call));
        const { version, rows, timeZone, asOf, importedBy, importedAt } = found;
        const text = `${tenant}: roster ${version} with ${rows} people as of ${time(asOf)}, days end in ${timeZone}; imported by ${importedBy} on ${time(importedAt)}`;
        return { data: found, text };
      }),
    );
}

function policy(group: Command, cli: Cli): void {
  group
    .command("load")
    .description("put a policy in force, whole or not at all")
    .argument("<file>", "JSON, see docs/access-reviews.md")
    .requiredOption(...TENANT)
    .action(
      cli.withApi(async (api, file: string, { tenant }: OfTenant) => {
        const call = { params: { path: { tenant } }, body: { document: await readDocument(file) } };
        const loaded = await answerOf(api.PUT("/api/tenants/{tenant}/access/policy", call));
        const outcome = loaded.changed ? "is in force" : "is in force already, unchanged";
        return { data: loaded, text: `${tenant}: access policy ${loaded.version} ${outcome}` };
      }),
    );

  group
    .command("show")
    .description("the policy in force")
    .requiredOption(...TENANT)
    .action(
      cli.withApi(async (api, { tenant }: OfTenant) => {
        const call = { params: { path: { tenant } } };
        const found = await answerOf(api.GET("/api/tenants/{tenant}/access/policy", call));
        const { version, loadedBy, loadedAt, document } = found;
        const head = `${tenant}, access policy ${version}, loaded by ${loadedBy} on ${time(loadedAt)}`;
        return { data: found, text: `${head}\n${document.trimEnd()}` };
      }),
    );
}

interface Owner extends OfTenant {
  staff?: string;
  class?: "external" | "not_a_person";
  comment?: string;
}

function map(group: Command, cli: Cli): void {
  group
    .command("map")
    .description("say whose an account is, or what it is; signed in, so that it is known who says so")
    .argument("<user>", "the user's id in Pipedrive", toId)
    .requiredOption(...TENANT)
    .option("--staff <employee-id>", "its person's employee_id on the roster")
    .addOption(new Option("--class <class>", "or what it is").choices(["external", "not_a_person"]).conflicts("staff"))
    .option("--comment <text>", "for a class: who uses it, and who vouches for that")
    .action(
      cli.withApi(async (api, userId: number, { tenant, ...owner }: Owner) => {
        const call = { params: { path: { tenant } }, body: { userId, ...owner } };
        const mapped = await answerOf(api.POST("/api/tenants/{tenant}/access/map", call));
        return { data: mapped, text: `${tenant}: account ${userId} is mapped; the next assessment goes by it` };
      }),
    );
}

function toMoment(text: string): string {
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at.getTime())) return at.toISOString();
  throw new InvalidArgumentError("It is a day or an instant, e.g. 2026-03-20T08:00:00Z.");
}
