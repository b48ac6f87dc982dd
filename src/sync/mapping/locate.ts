import { errorsFirst, type MappingFinding, type Path } from "./finding.ts";
import { readSource } from "./source.ts";

/** A member by name, an index, or a name that needs quotes. */
const STEP = /\.([A-Za-z_$][\w$]*)|\[(\d+)\]|\['([^']*)'\]/g;

/**
 * Gives findings that know only their path, as those against the live account do, their line and column in the text.
 *
 * @param text what the document was read from
 */
export function locate(findings: readonly MappingFinding[], text: string): MappingFinding[] {
  const { position } = readSource(text);
  return errorsFirst(findings.map((one) => (one.line === undefined ? { ...one, ...position(pathOf(one.path)) } : one)));
}

/** `$.objects.deal.extra[2].key` → `["objects", "deal", "extra", 2, "key"]`. */
function pathOf(jsonPath: string): Path {
  return [...jsonPath.matchAll(STEP)].map(([, name, index, quoted]) => name ?? quoted ?? Number(index));
}
