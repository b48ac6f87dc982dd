/** `npm start`: everything under one command, see src/start/index.ts. */
import { run } from "./run.mjs";

await run("src/start/index.ts", process.argv.slice(2));
