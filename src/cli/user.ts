import { Option } from "commander";
import { answerOf } from "../client/client.ts";
import { OPERATOR_ROLES, type OperatorRole } from "../store/actor.ts";
import { table, time } from "../table.ts";
import { type CommandGroup, collect } from "./cli.ts";
import { userTokens } from "./user-tokens.ts";

interface Standing {
  role: OperatorRole;
  tenant?: string[];
}

/** `user add|list|role|disable|enable|sign-in|token|tokens|revoke`: who may sign in, and what they may do. */
export const user: CommandGroup = (program, cli) => {
  const group = program.command("user").description("who may sign in, and what they may do");
  const role = () => new Option("--role <role>", "each may do what those before it may").choices(OPERATOR_ROLES);
  const linkText = (url: string | null, code: string) => url ?? `${cli.serverUrl()}/sign-in/once?code=${code}`;

  group
    .command("add")
    .description("let somebody in: prints a link by which they choose a password, once and within a day")
    .argument("<name>", "what they sign in with")
    .addOption(role().makeOptionMandatory())
    .option("--email <address>", "by which access reviews know them")
    .option("--tenant <id>", "only for this customer (may be repeated)", collect)
    .action(
      cli.withApi(async (api, name: string, { tenant, ...wish }: Standing & { email?: string }) => {
        const body = { name, ...wish, tenants: tenant ?? null };
        const { signIn, ...added } = await answerOf(api.POST("/api/users", { body }));
        const url = linkText(signIn.url, signIn.code);
        const text = `added ${name} as ${added.role}\nto choose a password, until ${time(signIn.until)}:\n${url}`;
        return { data: { ...added, signIn: { ...signIn, url } }, text };
      }),
    );

  group
    .command("list")
    .description("everybody who may sign in, or once could")
    .action(
      cli.withApi(async (api) => {
        const { items } = await answerOf(api.GET("/api/users"));
        const rows = items.map((one) => [
          one.name,
          one.disabledAt ? "disabled" : one.role,
          one.tenants === null ? "all" : one.tenants.join(", ") || "none",
          one.hasPassword ? "yes" : "no",
          one.tokensInForce,
          time(one.lastSeenAt),
        ]);
        const text = table(["name", "role", "tenants", "password", "tokens in force", "last seen"], rows);
        return { data: items, text: items.length > 0 ? text : "nobody: partnersync user add <name> --role admin" };
      }),
    );

  group
    .command("role")
    .description("change what somebody may do; their sessions end")
    .argument("<name>")
    .addOption(role().makeOptionMandatory())
    .option("--tenant <id>", "from now on only for this customer (may be repeated; left out: as it is)", collect)
    .addOption(new Option("--all-tenants", "from now on for every customer").conflicts("tenant"))
    .action(
      cli.withApi(async (api, name: string, { role, tenant, allTenants }: Standing & { allTenants?: true }) => {
        const tenants = allTenants ? null : tenant;
        const call = { params: { path: { name } }, body: { role, ...(tenants !== undefined && { tenants }) } };
        const changed = await answerOf(api.PUT("/api/users/{name}/role", call));
        const reach = changed.tenants === null ? "every tenant" : changed.tenants.join(", ") || "no tenant";
        return { data: changed, text: `${name} is ${changed.role}, for ${reach}` };
      }),
    );

  for (const [verb, what, done] of [
    ["disable", "let somebody in no more: password, sessions and tokens end at once", "is let in no more"],
    ["enable", "let somebody in again who was disabled", "may sign in again"],
  ] as const) {
    group
      .command(verb)
      .description(what)
      .argument("<name>")
      .action(
        cli.withApi(async (api, name: string) => {
          const changed = await answerOf(api.POST(`/api/users/{name}/${verb}`, { params: { path: { name } } }));
          return { data: changed, text: `${name} ${done}` };
        }),
      );
  }

  group
    .command("sign-in")
    .description("make a link by which somebody chooses a new password, once and within a day")
    .argument("<name>")
    .action(
      cli.withApi(async (api, name: string) => {
        const made = await answerOf(api.POST("/api/users/{name}/sign-in", { params: { path: { name } } }));
        const url = linkText(made.url, made.code);
        return { data: { ...made, url }, text: `for ${name}, until ${time(made.until)}:\n${url}` };
      }),
    );

  userTokens(group, cli);
};
