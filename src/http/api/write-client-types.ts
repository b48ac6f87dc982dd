import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { openApiDocument } from "./index.ts";

/** The types of the admin API, as a client sees it: made of its OpenAPI document. */
export async function apiTypes(): Promise<string> {
  const types = astToString(await openapiTS((await openApiDocument()) as never, { alphabetize: true }));
  return `// Made of the OpenAPI document by src/http/api/write-client-types.ts; not to be edited.\n\n${types}`;
}

if (fileURLToPath(import.meta.url) === process.argv[1]) {
  await writeFile(new URL("../../client/api-types.ts", import.meta.url), await apiTypes());
}
