/**
 * Writes the JSON Schema that the documents in `mappings/` refer to. Run it after changing `document.ts`, `paths.ts` or
 * `system-fields.ts`:
 *
 *     npx tsx src/sync/mapping/write-json-schema.ts && npx biome format --write mappings
 *
 * A command of its own: nothing imports it, and the rest of this folder touches no files.
 */
import { writeFileSync } from "node:fs";
import { mappingJsonSchema } from "./json-schema.ts";

const target = new URL("../../../mappings/mapping.schema.json", import.meta.url);
writeFileSync(target, `${JSON.stringify(mappingJsonSchema(), null, 2)}\n`);
