import { type TriedEvent, tryIntake } from "../operations/try-intake.ts";
import type { CommandGroup } from "./cli.ts";
import { readDocument } from "./document-file.ts";

interface Options {
  sample: string;
  contentType?: string;
}

/** `mapping intake-try`: a pasted sample of a post, and the events that it would become. Needs neither server nor account. */
export const mappingIntakeTry: CommandGroup = (group, cli) => {
  group
    .command("intake-try")
    .description("see the events that a sample of a post would become by a document's intake")
    .argument("<file>", "the mapping document")
    .requiredOption("--sample <file>", "what the program posts: JSON or form fields; /dev/stdin to paste it")
    .option("--content-type <type>", "as it is posted (default: told from how the sample begins)")
    .action(
      cli.without(async (file: string, { sample, contentType }: Options) => {
        const [document, posted] = [await readDocument(file), await readDocument(sample)];
        const events = tryIntake(document, posted, contentType);
        return { data: { events }, text: events.map(describeEvent).join("\n\n") };
      }),
    );
};

function describeEvent({ type, id, occurredAt, eventId, data }: TriedEvent): string {
  const facts = [occurredAt && `of ${occurredAt}`, eventId ? "told apart by its id" : "told apart by its content"];
  return [`${type}  ${id}  (${facts.filter(Boolean).join(", ")})`, ...linesOf(data, "")].join("\n");
}

function linesOf(data: Record<string, unknown>, prefix: string): string[] {
  return Object.entries(data).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? linesOf(value as Record<string, unknown>, `${prefix}${name}.`)
      : [
          `  ${prefix}${name} = ${value === null ? "(empty)" : Array.isArray(value) ? value.join(", ") : String(value)}`,
        ],
  );
}
