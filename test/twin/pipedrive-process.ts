// Runs a twin in a process of its own, to be killed by a test: node scripts/run.mjs test/twin/pipedrive-process.ts <dataDir>
import { startTwin } from "../../src/twin/index.ts";

const twin = await startTwin({ seed: "killed", dataDir: process.argv[2] });
process.stdout.write(`${twin.url}\n`);
