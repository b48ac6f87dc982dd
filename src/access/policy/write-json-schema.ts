/**
 * Writes the JSON Schema that policies refer to. Run it after changing `document.ts`:
 *
 *     npx tsx src/access/policy/write-json-schema.ts && npx biome format --write mappings
 *
 * A command of its own: nothing imports it, and the rest of this folder touches no files.
 */
import { writeFileSync } from "node:fs";
import { policyJsonSchema } from "./json-schema.ts";

const target = new URL("../../../mappings/access-policy.schema.json", import.meta.url);
writeFileSync(target, `${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
