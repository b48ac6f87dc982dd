import type { AccountField, AccountSnapshot } from "../account.ts";
import type { MappingDocument } from "./document.ts";
import { type CustomLine, documentLines, isCustom } from "./document-lines.ts";
import { errorsFirst, type Found, type MappingFinding, maskKey, type Path, toFinding } from "./finding.ts";
import { about, nameOf, sameLabel } from "./live/fields.ts";
import { TYPE_WORDS, toTypeWord } from "./words.ts";

/**
 * Carries a document over to another account: every key is replaced by the key of the field with the same label and
 * type on the same object there. Company domain and `verify` ids stay as they are.
 *
 * @returns a copy of the document; a key that could not be found stays, with an error that says why
 */
export function fillKeysByLabel(
  document: MappingDocument,
  account: AccountSnapshot,
): { document: MappingDocument; findings: MappingFinding[] } {
  const copy = structuredClone(document);
  const found: Found[] = [];
  for (const line of documentLines(document).filter(isCustom)) {
    const result = fieldByLabel(line, account);
    if ("code" in result) found.push(result);
    else entryAt(copy, line.at).key = result.field_code;
  }
  return { document: copy, findings: errorsFirst(found.map((one) => toFinding(one))) };
}

/** The one field of an account that has a line's label and type on its object, or why there is none. */
export function fieldByLabel(line: CustomLine, account: AccountSnapshot): AccountField | Found {
  const labelled = sameLabel(line.object, line.label, account);
  const [field, ...more] = labelled.filter(({ field_type }) => field_type === TYPE_WORDS[line.type]);
  if (field && more.length === 0) return field;
  if (field) {
    const keys = [field, ...more].map(({ field_code }) => maskKey(field_code)).join(", ");
    const message = `${nameOf(line)} exists ${more.length + 1} times in this account: ${keys}.`;
    const hint = "Rename all but one, or fill in the key by hand.";
    return { ...about(line, "label", "LABEL_AMBIGUOUS", message, hint), severity: "error" };
  }
  if (labelled.length > 0) {
    const types = labelled.map(({ field_type }) => toTypeWord(field_type)).join(" and ");
    const message = `${nameOf(line)} is of type ${types} in this account, not ${line.type}.`;
    return about(line, "type", "TYPE_MISMATCH", message, "Make a field of the right type, or correct the document.");
  }
  const message = `This account has no field ${nameOf(line)}.`;
  return about(line, "key", "KEY_UNKNOWN", message, `Add it with type ${line.type}, or correct the label.`);
}

/** The entry of the copy that a path of `documentLines` leads to. */
function entryAt(document: MappingDocument, at: Path): { key?: string } {
  return at.reduce<unknown>((here, part) => (here as Record<string, unknown>)[part], document) as { key?: string };
}
