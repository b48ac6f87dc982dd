import { type Command, InvalidArgumentError } from "commander";

/** `--from` and `--to` of lists and exports, as instants. */
export function withPeriod(command: Command): Command {
  return command
    .option("--from <time>", "from then on, e.g. 2026-11-01 or 2026-11-01T08:00:00Z", toInstant)
    .option("--to <time>", "before then", toInstant);
}

/** A day, or an instant, as text that the API takes. */
export function toInstant(text: string): string {
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at.getTime())) {
    throw new InvalidArgumentError("It is a day or an instant, e.g. 2026-11-01.");
  }
  return at.toISOString();
}
