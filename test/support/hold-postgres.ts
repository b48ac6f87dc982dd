import { openEmbeddedPostgres } from "../../src/embedded/postgres.ts";

/** A process of its own that has the embedded database open until its stdin closes: node … <dataDir> */
const database = await openEmbeddedPostgres({ dataDir: process.argv[2] ?? "", durable: false });
process.stdout.write(`${JSON.stringify({ url: database.url, owned: database.owned })}\n`);
process.stdin.on("end", () => database.stop()).resume();
