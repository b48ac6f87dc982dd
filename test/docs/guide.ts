import { readFileSync } from "node:fs";

/** One command of a guide, as it stands there. */
export interface GuideCommand {
  /** Where, for messages. */
  line: number;
  /** Without the program's name. */
  args: string[];
}

const PROGRAM = "partnersync";

/**
 * The commands of a guide's blocks that are marked to be run (```sh run), in their order.
 *
 * @throws when a marked block holds anything else
 */
export function commandsOf(guide: string): GuideCommand[] {
  const commands: GuideCommand[] = [];
  let isRun = false;
  readFileSync(new URL(`../../docs/${guide}`, import.meta.url), "utf8")
    .split("\n")
    .forEach((text, i) => {
      if (text.startsWith("```")) isRun = text === "```sh run";
      else if (isRun) {
        const [program, ...args] = words(text);
        if (program !== PROGRAM) throw new Error(`${guide}:${i + 1}: not a command of ${PROGRAM}: ${text}`);
        commands.push({ line: i + 1, args });
      }
    });
  return commands;
}

/** Every command that a guide names anywhere, by its words before the first argument: to see that there is one. */
export function namedIn(guide: string): string[] {
  const text = readFileSync(new URL(`../../docs/${guide}`, import.meta.url), "utf8");
  const named = [...text.matchAll(/[`\n]partnersync ((?:[a-z]+(?:-[a-z]+)*)(?: [a-z]+(?:-[a-z]+)*)?)/g)];
  return [...new Set(named.map(([, name = ""]) => name))].sort();
}

/** As a shell splits a line that holds nothing but words and double quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
