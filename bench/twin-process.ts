import { startTwin } from "../src/twin/index.ts";

/** The twin as a process of its own. It keeps nothing on disk, so that the calls it answers cost as little as can be. */
const twin = await startTwin({ seed: "bench" });
process.once("SIGTERM", () => void twin.close().then(() => process.exit(0)));
process.stderr.write(`${JSON.stringify({ url: twin.url, msg: "listening" })}\n`);
