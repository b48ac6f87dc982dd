import type { AccountField, AccountSnapshot } from "../../account.ts";
import { CRM_OBJECTS, type CrmObject } from "../../model.ts";
import type { KeyedLine } from "../document-lines.ts";
import { type Found, type MappingCode, maskKey, shown } from "../finding.ts";
import { fold, OBJECT_NAMES, TYPE_WORDS, toTypeWord } from "../words.ts";
import { checkOptions } from "./options.ts";

/** What a line's key stands for in the account: the definition where it is the right one, and all that is odd about it. */
export function checkField(line: KeyedLine, account: AccountSnapshot): { field?: AccountField; findings: Found[] } {
  const field = account.fields[line.object].find(({ field_code }) => field_code === line.key);
  if (!field) return { findings: [notHere(line, account)] };
  const name = nameOf(line);
  if (!field.is_custom_field) {
    const message = `The key of ${name} belongs to the standard field "${shown(field.field_name)}".`;
    return { findings: [about(line, "key", "NOT_CUSTOM", message, 'Write its name as "system" instead of "key".')] };
  }
  const findings = checkLabel(line, field);
  if (fold(field.field_name) === fold(line.label)) findings.push(...ambiguous(line, account));
  if (line.type !== undefined && field.field_type !== TYPE_WORDS[line.type]) findings.push(typeMismatch(line, field));
  else findings.push(...checkOptions(line, field));
  findings.push(...requiredForHumans(line, field));
  return { field, findings };
}

/** A finding about a member of a line, naming object and label. */
export function about(line: KeyedLine, member: string, code: MappingCode, message: string, hint: string): Found {
  return { code, at: [...line.at, member], message, hint, object: line.object, label: line.label, key: line.key };
}

/** `Organization "Allbound ID"`. */
export function nameOf(line: KeyedLine): string {
  return `${OBJECT_NAMES[line.object]} "${shown(line.label)}"`;
}

function notHere(line: KeyedLine, account: AccountSnapshot): Found {
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
  const masked = mayBeToken(line, account) ? "" : ` (${maskKey(line.key)})`;
  const message = `The account has no field with the key of ${nameOf(line)}${masked}.`;
  const found = about(line, "key", "KEY_UNKNOWN", message, whereElse(line, account));
  return masked ? found : { ...found, key: undefined };
}

function whereElse(line: KeyedLine, account: AccountSnapshot): string {
  const same = sameLabel(line.object, line.label, account);
  if (same.length === 0) {
    return `${OBJECT_NAMES[line.object]} has no field of this label either: it was deleted, or the key is another account's.`;
  }
  return `A field of this label has the key ${same.map(({ field_code }) => maskKey(field_code)).join(" or ")}: copy it again.`;
}

/**
 * A key that no object has, while a field of its label exists under another: either it was copied from another account,
 * or it is no key at all.
 */
export function mayBeToken(line: KeyedLine, account: AccountSnapshot): boolean {
  const known = CRM_OBJECTS.some((object) => account.fields[object].some(({ field_code }) => field_code === line.key));
  return !known && sameLabel(line.object, line.label, account).length > 0;
}

/** What is said of it, besides that the key is unknown. Of a token not even a part is shown. */
export function maybeToken(line: KeyedLine): Found {
  const message = `The value in the place of the key of ${nameOf(line)} may be an API token. It is not shown here.`;
  const hint = "If it is one, replace the token at once: everyone who saw this file knows it.";
  const { key: _, ...found } = about(line, "key", "SECRET_IN_DOCUMENT", message, hint);
  return { ...found, severity: "warning" };
}

/** The custom fields of an object that carry a label, however spelt. */
export function sameLabel(object: CrmObject, label: string, account: AccountSnapshot): AccountField[] {
  return account.fields[object].filter((field) => field.is_custom_field && fold(field.field_name) === fold(label));
}

function checkLabel(line: KeyedLine, field: AccountField): Found[] {
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

function ambiguous(line: KeyedLine, account: AccountSnapshot): Found[] {
  const others = sameLabel(line.object, line.label, account).filter(({ field_code }) => field_code !== line.key);
  if (others.length === 0) return [];
  const own = sameLabel(line.object, line.label, account).filter(({ field_code }) => field_code === line.key);
  const means = own.map(known).join("");
  const message = `${nameOf(line)} exists ${others.length + 1} times; the document means ${means}, not ${others.map(known).join(", ")}.`;
  const hint =
    "Pipedrive does not say when a field was made: see which of them records use. Rename or delete those made by mistake.";
  return [about(line, "label", "LABEL_AMBIGUOUS", message, hint)];
}

/** What tells fields of one label apart. The oldest option is as near as one comes to the day a field was made. */
function known({ field_code, field_type, options }: AccountField): string {
  const dates = (options ?? []).flatMap(({ add_time: at }) =>
    at && /^\d{4}-\d\d-\d\d/.test(at) ? [at.slice(0, 10)] : [],
  );
  const since = dates.length > 0 ? `, options since ${dates.sort()[0]}` : "";
  return `${maskKey(field_code)} (${toTypeWord(field_type)}${since})`;
}

function typeMismatch(line: KeyedLine, field: AccountField): Found {
  const message = `${nameOf(line)} is of type ${toTypeWord(field.field_type)} in the account, not ${line.type}.`;
  const hint =
    "Correct the type if it fits; otherwise make a new field, because Pipedrive cannot change a field's type.";
  return about(line, "type", "TYPE_MISMATCH", message, hint);
}

/** Nothing for the sync, but people may be kept from saving a record whose value only the program knows. */
function requiredForHumans(line: KeyedLine, { required_fields: required }: AccountField): Found[] {
  if (!required?.enabled) return [];
  const somewhere = (required.stage_ids ?? []).length > 0 || Object.keys(required.statuses ?? {}).length > 0;
  const where = somewhere ? " at some stages or outcomes" : "";
  const message = `${nameOf(line)} has to be filled in by people${where}: without it they cannot save a record.`;
  const hint = "Make the field optional in Settings > Data fields: the sync fills it in later, or never.";
  return [about(line, "key", "FIELD_REQUIRED_FOR_HUMANS", message, hint)];
}
