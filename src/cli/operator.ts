import { InvalidArgumentError, Option } from "commander";
import { InputError } from "../errors.ts";
import { OPERATOR_ROLES, type OperatorRole } from "../store/operators.ts";
import type { CommandGroup } from "./cli.ts";
import { table, time } from "./table.ts";

interface Wish {
  name: string;
  role: OperatorRole;
  expires?: number;
}

/** `operator token|list|revoke`: lets a person, or a program, use the routes behind the sign-in, and ends that. */
export const operator: CommandGroup = (program, cli) => {
  const group = program.command("operator").description("who may use the server's pages");

  group
    .command("token")
    .description("issue a token, shown this once: the password in a browser, or Authorization: Bearer")
    .requiredOption("--name <name>", "whose token it is")
    .addOption(new Option("--role <role>", "what it allows").choices(OPERATOR_ROLES).default("operator"))
    .option("--expires <duration>", "e.g. 12h or 30d (default: when it is revoked)", toMs)
    .action(
      cli.withApp(async (app, { name, role, expires }: Wish) => {
        const issued = await app.operators.issue(name, role, { ttlMs: expires });
        const until = issued.expiresAt ? `until ${issued.expiresAt.toISOString()}` : "until it is revoked";
        const text = `${issued.token}\nfor ${name} as ${role}, ${until}; it cannot be shown again`;
        return { data: { token: issued.token, ...issued.operator, expiresAt: issued.expiresAt }, text };
      }),
    );

  group
    .command("list")
    .description("all operators, with how many tokens each has in force")
    .action(
      cli.withApp(async (app) => {
        const all = await app.operators.list();
        const head = ["name", "role", "tokens in force", "last used"];
        const rows = all.map((one) => [one.name, one.role, one.tokensInForce, time(one.lastUsedAt)]);
        return {
          data: all,
          text: all.length > 0 ? table(head, rows) : "nobody: partnersync operator token --name <name>",
        };
      }),
    );

  group
    .command("revoke")
    .description("end all tokens of an operator, at once")
    .requiredOption("--name <name>", "whose tokens they are")
    .action(
      cli.withApp(async (app, { name }: { name: string }) => {
        const known = (await app.operators.list()).some((one) => one.name === name);
        if (!known) throw unknownOperator(name);
        const revoked = await app.operators.revoke(name);
        const text = revoked > 0 ? `revoked ${revoked} token(s) of ${name}` : `${name} has no token in force`;
        return { data: { name, revoked }, text };
      }),
    );
};

function unknownOperator(name: string): InputError {
  const hint = "see `partnersync operator list`";
  return new InputError("UNKNOWN_OPERATOR", `there is no operator "${name}"`, "--name", hint);
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function toMs(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (!count) throw new InvalidArgumentError("It is a number with m, h or d, e.g. 12h.");
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
