import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { type Api, answerOf } from "../client/client.ts";
import { InputError } from "../errors.ts";
import { describe, describeFinding, type Failure, toFailure } from "../failure.ts";
import { MappingRefusedError } from "../operations/load-mapping.ts";
import { parseMappingDocument } from "../sync/mapping/parse.ts";
import type { Answer } from "./cli.ts";
import { readDocument } from "./document-file.ts";

type Loaded = Awaited<ReturnType<typeof load>>;
type Result = { file: string } & ({ loaded: Loaded } | { error: Failure });

/**
 * Loads every document, one after the other, and reports each: one that is refused holds up no other. A single one that
 * is refused fails as any command does.
 *
 * @param paths files; of a folder every `.json` in it but schemas and access policies
 */
export async function loadDocuments(api: Api, paths: string[]): Promise<Answer> {
  const files = (await Promise.all(paths.map(documentsAt))).flat();
  const [only] = files;
  if (only !== undefined && files.length === 1) {
    const loaded = await load(api, await readDocument(only));
    return { data: loaded, text: describeLoaded(loaded) };
  }
  const results: Result[] = [];
  for (const file of files) {
    const outcome = await readDocument(file)
      .then((text) => load(api, text))
      .then(
        (loaded) => ({ loaded }),
        (error: unknown) => ({ error: toFailure(error) }),
      );
    results.push({ file, ...outcome });
  }
  const refused = results.filter((result) => "error" in result).length;
  const sum = `${results.length - refused} of ${results.length} documents loaded`;
  return { data: results, text: [...results.map(describeResult), sum].join("\n"), exitCode: refused > 0 ? 1 : 0 };
}

/** Schemas lie beside the documents, and so do access policies. */
const DOCUMENT_NAME = /(?<!\.schema|\.access-policy)\.json$/;

/** @throws InputError NO_DOCUMENTS for a folder without any */
async function documentsAt(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false, // reading it says what is wrong
  );
  if (!isFolder) return [path];
  const files = (await readdir(path)).filter((name) => DOCUMENT_NAME.test(name)).sort();
  if (files.length > 0) return files.map((name) => join(path, name));
  throw new InputError("NO_DOCUMENTS", "there is no mapping document in this folder", path, "documents end in .json");
}

async function load(api: Api, document: string) {
  const call = { params: { path: { tenant: tenantOf(document) } }, body: { document } };
  return answerOf(api.PUT("/api/tenants/{tenant}/mapping", call));
}

/** A document names its tenant. @throws MappingRefusedError for one that does not: it says what else is wrong with it */
export function tenantOf(document: string): string {
  const { tenant } = (parse(document) ?? {}) as { tenant?: unknown };
  if (typeof tenant === "string" && tenant !== "") return tenant;
  throw new MappingRefusedError(parseMappingDocument(document).findings);
}

const OUTCOMES = {
  "in force": "is in force",
  unchanged: "is in force already, unchanged",
  proposed: "is proposed; somebody else puts it in force: partnersync mapping proposal",
} as const;

function describeLoaded({ tenantId, revision, outcome, resumed, findings }: Loaded): string {
  return [
    `${tenantId}: revision ${revision} ${OUTCOMES[outcome]}`,
    ...(resumed ? [`${tenantId}: the Pipedrive connection was paused and goes on`] : []),
    ...findings.map(describeFinding),
  ].join("\n");
}

function describeResult(result: Result): string {
  if ("loaded" in result) return `${result.file}\n${describeLoaded(result.loaded)}`;
  return `${result.file}\n${describe(result.error)}`;
}
