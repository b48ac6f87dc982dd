import type { AccountField, AccountSnapshot } from "../../account.ts";
import { CRM_OBJECTS, type CrmObject } from "../../model.ts";
import type { CustomLine } from "../document-lines.ts";
import { type Found, type MappingCode, maskKey, shown } from "../finding.ts";
import { fold, OBJECT_NAMES, TYPE_WORDS, toTypeWord } from "../words.ts";
import { checkOptions } from "./options.ts";

/** What a line's key stands for in the account: the definition where it is the right one, and all that is odd about it. */
export function checkField(line: CustomLine, account: AccountSnapshot): { field?: AccountField; findings: Found[] } {
  const field = account.fields[line.object].find(({ field_code }) => field_code === line.key);
  if (!field) return { findings: [notHere(line, account)] };
  const name = nameOf(line);
  if (!field.is_custom_field) {
    const message = `The key of ${name} belongs to the standard field "${shown(field.field_name)}".`;
    return { findings: [about(line, "key", "NOT_CUSTOM", message, 'Write its name as "system" instead of "key".')] };
  }
  const findings = checkLabel(line, field);
  if (fold(field.field_name) === fold(line.label)) findings.push(...ambiguous(line, account));
  if (field.field_type !== TYPE_WORDS[line.type]) findings.push(typeMismatch(line, field));
  else findings.push(...checkOptions(line, field));
  return { field, findings };
}

/** A finding about a member of a line, naming object and label. */
export function about(line: CustomLine, member: string, code: MappingCode, message: string, hint: string): Found {
  return { code, at: [...line.at, member], message, hint, object: line.object, label: line.label };
}

/** `Organization "Allbound ID"`. */
export function nameOf(line: CustomLine): string {
  return `${OBJECT_NAMES[line.object]} "${shown(line.label)}"`;
}

function notHere(line: CustomLine, account: AccountSnapshot): Found {
  for (const object of CRM_OBJECTS) {
    const other = account.fields[object].find(({ field_code }) => field_code === line.key);
    if (!other) continue;
    const owner = `${OBJECT_NAMES[object]} "${shown(other.field_name)}"`;
    const message = `The key of ${nameOf(line)} (${maskKey(line.key)}) belongs to ${owner}.`;
    return about(
      line,
      "key",
      "KEY_WRONG_OBJECT",
      message,
      `Copy the key from the fields of ${OBJECT_NAMES[line.object]}.`,
    );
  }
  const message = `The account has no field with the key of ${nameOf(line)} (${maskKey(line.key)}).`;
  return about(line, "key", "KEY_UNKNOWN", message, `${whereElse(line, account)} ${IF_TOKEN}`);
}

const IF_TOKEN = "Should this be an API token rather than a key, replace the token at once.";

function whereElse(line: CustomLine, account: AccountSnapshot): string {
  const same = sameLabel(line.object, line.label, account);
  if (same.length === 0) {
    return `${OBJECT_NAMES[line.object]} has no field of this label either: it was deleted, or the key is another account's.`;
  }
  return `A field of this label has the key ${same.map(({ field_code }) => maskKey(field_code)).join(" or ")}: copy it again.`;
}

/** The custom fields of an object that carry a label, however spelt. */
export function sameLabel(object: CrmObject, label: string, account: AccountSnapshot): AccountField[] {
  return account.fields[object].filter((field) => field.is_custom_field && fold(field.field_name) === fold(label));
}

function checkLabel(line: CustomLine, field: AccountField): Found[] {
  if (field.field_name === line.label) return [];
  const found = shown(field.field_name);
  if (fold(field.field_name) === fold(line.label)) {
    const message = `The account spells this field "${found}".`;
    return [
      about(line, "label", "LABEL_CASE", message, "Nothing has to be done; the exact label is better documentation."),
    ];
  }
  const message = `The key of ${nameOf(line)} belongs to the field "${found}" of ${OBJECT_NAMES[line.object]}.`;
  const hint = "Copy the key of the right field. If the field was renamed, write its new label.";
  return [about(line, "label", "KEY_LABEL_MISMATCH", message, hint)];
}

function ambiguous(line: CustomLine, account: AccountSnapshot): Found[] {
  const others = sameLabel(line.object, line.label, account).filter(({ field_code }) => field_code !== line.key);
  if (others.length === 0) return [];
  const keys = others.map(({ field_code }) => maskKey(field_code)).join(", ");
  const message = `${nameOf(line)} exists ${others.length + 1} times; the document means ${maskKey(line.key)}, not ${keys}.`;
  return [about(line, "label", "LABEL_AMBIGUOUS", message, "Rename or delete the fields that were made by mistake.")];
}

function typeMismatch(line: CustomLine, field: AccountField): Found {
  const message = `${nameOf(line)} is of type ${toTypeWord(field.field_type)} in the account, not ${line.type}.`;
  const hint =
    "Correct the type if it fits; otherwise make a new field, because Pipedrive cannot change a field's type.";
  return about(line, "type", "TYPE_MISMATCH", message, hint);
}
