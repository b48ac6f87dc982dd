import { InvalidArgumentError, Option } from "commander";
import { OPERATOR_ROLES, type OperatorRole } from "../store/operators.ts";
import type { CommandGroup } from "./cli.ts";

interface Wish {
  name: string;
  role: OperatorRole;
  expires?: number;
}

/** `operator token`: lets a person, or a program, use the routes behind the sign-in. */
export const operator: CommandGroup = (program, cli) => {
  program
    .command("operator")
    .description("who may use the server's pages")
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
};

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function toMs(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (!count) throw new InvalidArgumentError("It is a number with m, h or d, e.g. 12h.");
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
