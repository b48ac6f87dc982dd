import { STATIC_CHECKS } from "./checks/index.ts";
import type { MappingDocument } from "./document.ts";
import { type Draft, isRecord, readDraft } from "./draft.ts";
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

/** A document's text as far as it could be read, with everything found on the way. */
export interface ReadMapping {
  /** Undefined when the text is not one JSON object. */
  draft?: Draft;
  /** The typed document when its shape fits, whatever else is wrong with it. */
  shaped?: MappingDocument;
  found: Found[];
  position: (path: Path) => Place;
}

/** Levels L0 to L2 of a text. Never throws. */
export function readMapping(text: string): ReadMapping {
  const { findings, value, position } = readSource(text);
  const found = [...findings];
  if (value === undefined) return { found, position };
  found.push(...normalise(value));
  const draft = readDraft(value);
  const shape = checkShape(draft);
  // With no object at the top there is nothing more to say.
  if (!isRecord(value)) return { found: [...found, ...shape.findings], position };
  for (const check of STATIC_CHECKS) found.push(...check(draft));
  found.push(...shape.findings);
  return {
    draft,
    found: besidesGaps(found).map((one) => withLine(one, draft)),
    position,
    ...(shape.document ? { shaped: shape.document } : {}),
  };
}

/** A gap is no value that could be wrong in some other way. */
function besidesGaps(found: readonly Found[]): Found[] {
  const gaps = new Set(found.filter(({ code }) => code === "GAP_LEFT").map(({ at }) => JSON.stringify(at)));
  return found.filter(({ code, at }) => code === "GAP_LEFT" || !gaps.has(JSON.stringify(at)));
}

/** A finding inside a field entry names its field, whichever check it comes from. */
function withLine(found: Found, { lines }: Draft): Found {
  const line = found.label === undefined && lines.find(({ at }) => at.every((part, i) => found.at[i] === part));
  if (!line) return found;
  const { object, label, key } = line;
  return { ...found, object, ...(label === undefined ? {} : { label }), ...(key === undefined ? {} : { key }) };
}

/**
 * Reads a mapping document as far as that is possible without the account (levels L0 to L2).
 *
 * @param text the file's content
 * @returns every finding, errors first, each with its place; the document only when none is an error. In the document
 *   defaults are filled in, keys are in lower case and types in Pipedrive's own words. Never throws.
 */
export function parseMappingDocument(text: string): { document?: MappingDocument; findings: MappingFinding[] } {
  const { shaped, found, position } = readMapping(text);
  const findings = present(found, position);
  return shaped && !blocks(findings) ? { document: shaped, findings } : { findings };
}

/** Each finding once, errors first, with its place in the text. */
export function present(found: readonly Found[], position: (path: Path) => Place): MappingFinding[] {
  const distinct = new Map(found.map((one) => [JSON.stringify([one.code, one.at, one.message]), one]));
  const errors = [...distinct.values()].filter((one) => severityOf(one) === "error");
  const others = [...distinct.values()].filter((one) => severityOf(one) !== "error");
  return errorsFirst([...errors, ...others].slice(0, MOST_FINDINGS).map((one) => toFinding(one, position)));
}
