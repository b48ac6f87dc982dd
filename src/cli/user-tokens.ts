import { type Command, InvalidArgumentError, Option } from "commander";
import { answerOf } from "../client/client.ts";
import { OPERATOR_ROLES, type OperatorRole } from "../store/actor.ts";
import { table, time } from "../table.ts";
import { type Cli, collect } from "./cli.ts";

interface Wish {
  for: string;
  role?: OperatorRole;
  tenant?: string[];
  days: number | "never";
}

/** `user token|tokens|revoke`: what a script, or this command line elsewhere, shows instead of signing in. */
export function userTokens(group: Command, cli: Cli): void {
  group
    .command("token")
    .description("issue a token of somebody's, shown this once: PARTNERSYNC_TOKEN, or Authorization: Bearer")
    .argument("<name>", "whose token it is")
    .option("--for <purpose>", "what it is for", "command line")
    .addOption(new Option("--role <role>", "less than its owner may").choices(OPERATOR_ROLES))
    .option("--tenant <id>", "only for this customer (may be repeated)", collect)
    .option("--days <days>", "how long it is in force; never: until it is revoked", toDays, 90)
    .action(
      cli.withApi(async (api, name: string, { for: purpose, role, tenant, days }: Wish) => {
        const narrowed = { ...(role && { role }), ...(tenant && { tenants: tenant }) };
        const call = {
          params: { path: { name } },
          body: { name: purpose, days: days === "never" ? null : days, ...narrowed },
        };
        const issued = await answerOf(api.POST("/api/users/{name}/tokens", call));
        const until = issued.expiresAt ? `until ${time(issued.expiresAt)}` : "until it is revoked";
        const text = `${issued.token}\nof ${name} as ${issued.role}, ${until}; it cannot be shown again`;
        return { data: issued, text };
      }),
    );

  group
    .command("tokens")
    .description("somebody's tokens, the newest first")
    .argument("<name>")
    .action(
      cli.withApi(async (api, name: string) => {
        const { items } = await answerOf(api.GET("/api/users/{name}/tokens", { params: { path: { name } } }));
        const rows = items.map((one) => [
          one.id,
          one.name,
          one.role,
          one.tenants === null ? "all" : one.tenants.join(", ") || "none",
          one.revokedAt ? `revoked ${time(one.revokedAt)}` : time(one.expiresAt) || "until revoked",
          time(one.lastUsedAt),
        ]);
        const text = table(["token", "for", "role", "tenants", "in force until", "last used"], rows);
        return { data: items, text: items.length > 0 ? text : `${name} has no tokens` };
      }),
    );

  group
    .command("revoke")
    .description("end one token of somebody's, or all of them, at once")
    .argument("<name>")
    .argument("[token]", "its id, see user tokens (default: all)")
    .action(
      cli.withApi(async (api, name: string, id: string | undefined) => {
        const call = { params: { path: { name } }, body: id === undefined ? {} : { id } };
        const { revoked } = await answerOf(api.POST("/api/users/{name}/tokens/revoke", call));
        const text =
          revoked.length > 0 ? `revoked ${revoked.length} token(s) of ${name}` : `${name} had no such token in force`;
        return { data: { name, revoked }, text };
      }),
    );
}

function toDays(text: string): Wish["days"] {
  if (text === "never") return text;
  const [, count] = /^(\d{1,4})d?$/.exec(text) ?? [];
  if (!count || Number(count) < 1) throw new InvalidArgumentError("It is a number of days, e.g. 30d, or never.");
  return Number(count);
}
