/**
 * Writes catalogue.json: what the guide calls each action, joined with what Pipedrive's own documents say of its operation.
 *
 *     node scripts/run.mjs src/actions/write-catalogue.ts <folder of v1.yaml and v2.yaml>
 */
import { writeFileSync } from "node:fs";
import { makeCatalogue } from "./make-catalogue.ts";

writeFileSync(new URL("./catalogue.json", import.meta.url), makeCatalogue(process.argv[2] ?? "."));
