import { STATIC_CHECKS } from "./checks/index.ts";
import type { MappingDocument } from "./document.ts";
import { isRecord, readDraft } from "./draft.ts";
import {
  blocks,
  errorsFirst,
  type Found,
  type MappingFinding,
  type Path,
  type Place,
  severityOf,
  toFinding,
} from "./finding.ts";
import { normalise } from "./normalise.ts";
import { checkShape } from "./shape.ts";
import { readSource } from "./source.ts";

export type { MappingDocument } from "./document.ts";
export type { MappingFinding } from "./finding.ts";

/** More than anybody reads; keeps a hostile file from costing more than a moment. */
const MOST_FINDINGS = 500;

/**
 * Reads a mapping document as far as that is possible without the account (levels L0 to L2).
 *
 * @param text the file's content
 * @returns every finding, errors first, each with its place; the document only when none is an error. In the document
 *   defaults are filled in, keys are in lower case and types in Pipedrive's own words. Never throws.
 */
export function parseMappingDocument(text: string): { document?: MappingDocument; findings: MappingFinding[] } {
  const source = readSource(text);
  const found = [...source.findings];
  let document: MappingDocument | undefined;
  if (source.value !== undefined) {
    found.push(...normalise(source.value));
    const draft = readDraft(source.value);
    const shape = checkShape(draft);
    document = shape.document;
    // With no object at the top there is nothing more to say.
    if (isRecord(source.value)) for (const check of STATIC_CHECKS) found.push(...check(draft));
    found.push(...shape.findings);
  }
  const findings = present(found, source.position);
  return document && !blocks(findings) ? { document, findings } : { findings };
}

function present(found: readonly Found[], position: (path: Path) => Place): MappingFinding[] {
  const distinct = new Map(found.map((one) => [JSON.stringify([one.code, one.at, one.message]), one]));
  const errors = [...distinct.values()].filter((one) => severityOf(one) === "error");
  const others = [...distinct.values()].filter((one) => severityOf(one) !== "error");
  return errorsFirst([...errors, ...others].slice(0, MOST_FINDINGS).map((one) => toFinding(one, position)));
}
