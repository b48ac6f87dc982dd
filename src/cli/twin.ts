import { join } from "node:path";
import { loadConfig } from "../config.ts";
import { createLogger } from "../log.ts";
import { DEFAULT_SEED, seedFolder, toSeed } from "../seed.ts";
import { closeOnSignal } from "../service.ts";
import { startTwin } from "../twin/index.ts";
import { type CommandGroup, toPort } from "./cli.ts";

/** `twin`: the local Pipedrive and partner program alone, until it is stopped. */
export const twin: CommandGroup = (program, cli) => {
  program
    .command("twin")
    .description("run the local Pipedrive and partner program to rehearse against; --seed decides its keys and ids")
    .option("--port <port>", "0 is any free one", toPort, 0)
    .option("--data-dir <folder>", "where it remembers everything (default: in DATA_DIR, by seed)")
    .action(
      cli.without(async (options: { port: number; dataDir?: string }) => {
        const config = loadConfig();
        const seed = toSeed(cli.globals().seed ?? DEFAULT_SEED);
        const dataDir = options.dataDir ?? join(seedFolder(config, seed), "twin-alone");
        const running = await startTwin({ seed, port: options.port, dataDir });
        closeOnSignal(running, createLogger({ level: "warn" }));
        const { url } = running;
        const data = {
          url,
          pipedrive: url,
          program: `${url}/program/<tenant>`,
          control: `${url}/_twin`,
          seed,
          dataDir,
        };
        const lines = [
          `Pipedrive        ${url}`,
          `partner program  ${data.program}`,
          `control          ${data.control}`,
        ];
        return { data, text: [...lines, `remembered in    ${dataDir}`].join("\n") };
      }),
    );
};
