import { join } from "node:path";
import { type Config, loadConfig } from "../config.ts";
import { createLogger } from "../log.ts";
import { DEFAULT_SEED, seedFolder, toSeed } from "../seed.ts";
import { closeOnSignal } from "../service.ts";
import { keptPort } from "../start/ports.ts";
import { startTwin, type Twin } from "../twin/index.ts";
import { type CommandGroup, toPort } from "./cli.ts";
import { readMappingDocument, rehearsalText, rehearse } from "./twin-rehearsal.ts";

interface Wish {
  port?: number;
  dataDir?: string;
  with: string[];
}

/** `twin`: the local Pipedrive and partner program alone, until it is stopped. */
export const twin: CommandGroup = (program, cli) => {
  program
    .command("twin")
    .description("run the local Pipedrive and partner program to rehearse against; --seed decides its keys and ids")
    .option("--port <port>", "0 is any free one (default: as last time)", toPort)
    .option("--data-dir <folder>", "where it remembers everything (default: in DATA_DIR, by seed)")
    .option(
      "--with <document>",
      "set up this mapping document's company and program in it; may be repeated",
      collect,
      [],
    )
    .action(
      cli.without(async (options: Wish) => {
        const config = loadConfig();
        const documents = await Promise.all(options.with.map(readMappingDocument));
        const seed = toSeed(cli.globals().seed ?? DEFAULT_SEED);
        const dataDir = options.dataDir ?? join(seedFolder(config, seed), "twin-alone");
        const running = await startTwin({ seed, port: options.port ?? (await keptPort(dataDir)), dataDir });
        closeOnSignal(running, createLogger({ level: "warn" }));
        const place = { url: running.url, seed, dataDir, serverUrl: serverUrlOf(config) };
        const rehearsals = await closingOnFailure(running, () =>
          Promise.all(documents.map((document) => rehearse(document, place))),
        );
        const data = { ...addressesOf(running), seed, dataDir, rehearsals };
        return { data, text: [headOf(data), ...rehearsals.map(rehearsalText)].join("\n\n") };
      }),
    );
};

function collect(file: string, before: string[]): string[] {
  return [...before, file];
}

/** Where `npm run server` will listen, with the same environment. */
function serverUrlOf({ publicUrl, port }: Config): string {
  return publicUrl ?? `http://127.0.0.1:${port}`;
}

async function closingOnFailure<T>(running: Twin, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await running.close();
    throw error;
  }
}

function addressesOf({ url }: Twin) {
  return { url, page: `${url}/_twin/`, pipedrive: url, program: `${url}/program/<tenant>`, control: `${url}/_twin` };
}

function headOf({
  url,
  page,
  program,
  control,
  dataDir,
}: ReturnType<typeof addressesOf> & { dataDir: string }): string {
  return [
    `both sides       ${page}`,
    `Pipedrive        ${url}`,
    `partner program  ${program}`,
    `control          ${control}`,
    `remembered in    ${dataDir}`,
  ].join("\n");
}
