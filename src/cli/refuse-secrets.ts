import { InputError } from "../errors.ts";

/** `--pipedrive-api-token`, `--apiKey=…`, `PROGRAM_SECRET=…`: a name that ends in what a secret is called. */
const SECRET_OPTION = /^(--?[\w-]*(?:token|secret|password|passwd|pwd|key|credentials?))(?:=|$)/i;
const SECRET_VARIABLE = /^(\w*(?:TOKEN|SECRET|PASSWORD|KEY))=/i;
/** User and password in an address, with or without its scheme. No mail address has a colon. */
const ADDRESS_WITH_PASSWORD = /:\S*@/;

/**
 * What stands on the command line is in the shell's history and in every list of processes. To be called before anything
 * reads the arguments: commander repeats what it does not understand.
 *
 * @throws InputError SECRET_IN_ARGUMENTS, with the option's name and never its value
 */
export function refuseSecrets(args: readonly string[]): void {
  const address = args.findIndex((arg) => ADDRESS_WITH_PASSWORD.test(arg));
  for (const arg of args) {
    const [, name] = SECRET_OPTION.exec(arg) ?? SECRET_VARIABLE.exec(arg) ?? [];
    if (name)
      throw refusal(name, "revoke it, then give the new one in PIPEDRIVE_API_TOKEN or PROGRAM_SECRET, or on stdin");
  }
  if (address < 0) return;
  const hint = "change that password, and give the address without user and password";
  throw refusal(optionOf(args, address), hint);
}

/** The option whose value this argument is, or that it begins with. */
function optionOf(args: readonly string[], index: number): string {
  const [own] = /^--?[\w-]+(?==)/.exec(args[index] ?? "") ?? [];
  const [before] = /^--?[\w-]+$/.exec(args[index - 1] ?? "") ?? [];
  return own ?? before ?? "arguments";
}

function refusal(where: string, hint: string): InputError {
  const message = "a credential does not belong on the command line, where shell history and process lists keep it";
  return new InputError("SECRET_IN_ARGUMENTS", message, where, hint);
}
