import { Command } from "commander";
import { DEFAULT_SEED } from "../seed.ts";

export interface StartOptions {
  seed: string;
  fresh: boolean;
  once: boolean;
  json: boolean;
}

/** What stands behind `npm start --`. @throws CommanderError, after having printed why */
export function readOptions(args: string[]): StartOptions {
  return new Command("npm start --")
    .description("Starts everything on this machine and plays the acceptance script against a local twin.")
    .option("--seed <seed>", "decides keys and ids of the twin's accounts; each seed has data of its own", DEFAULT_SEED)
    .option("--fresh", "forget what earlier runs of this seed left", false)
    .option("--once", "end after the script, with 0 when every step is as it should be", false)
    .option("--json", "one JSON object on stdout, everything else on stderr", false)
    .allowExcessArguments(false)
    .exitOverride()
    .parse(args, { from: "user" })
    .opts<StartOptions>();
}
