import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../errors.ts";
import { MappingRefusedError } from "../operations/load-mapping.ts";
import { type MappingDocument, parseMappingDocument } from "../sync/mapping/parse.ts";
import type { Customer } from "./steps/step.ts";

/** The customers that are rehearsed; their documents are `mappings/<customer>.json`. */
export const CUSTOMERS = ["harbourline", "kestrel-obs"] as const satisfies readonly Customer[];

/** @throws MappingRefusedError; InputError when the file is not where the project is */
export async function readDocument(customer: Customer): Promise<MappingDocument> {
  const { document, findings } = parseMappingDocument(
    await readFile(join(mappingsFolder(), `${customer}.json`), "utf8"),
  );
  if (!document) throw new MappingRefusedError(findings);
  return document;
}

/** Sources and build output lie at different depths below the project's root. */
function mappingsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "mappings", "mapping.schema.json"))) {
    if (dirname(folder) === folder) throw new InputError("NO_DOCUMENTS", "the folder mappings is missing", "mappings");
    folder = dirname(folder);
  }
  return join(folder, "mappings");
}
