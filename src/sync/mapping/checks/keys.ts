import { about, type Draft, type Line } from "../draft.ts";
import { type Found, INVISIBLE, jsonPath, maskKey } from "../finding.ts";
import { SYSTEM_FIELDS } from "../system-fields.ts";

const KEY_CHARACTERS = 40;
const SUBFIELD = /^([0-9a-f]{40})_[a-z0-9_]+$/i;
const COPY_AGAIN = "Copy it again: the field's three dots in Settings > Data fields > Copy API key.";

type Mistake = (key: string, line: Line) => Found | undefined;

/** What can be wrong with one key, most telling first: only the first that applies is reported. */
const MISTAKES: readonly Mistake[] = [placeholder, whitespace, standardField, subfield, notHex, wrongLength];

export function* keyForm({ lines }: Draft): Iterable<Found> {
  for (const line of lines) {
    if (line.key === undefined) continue;
    for (const mistake of MISTAKES) {
      const found = mistake(line.key, line);
      if (!found) continue;
      yield found;
      break;
    }
  }
}

export function* keyReused({ lines }: Draft): Iterable<Found> {
  yield* systemReused(lines);
  const users = new Map<string, Line>();
  for (const line of lines) {
    const key = line.key?.replace(INVISIBLE, "").toLowerCase();
    if (key?.length !== KEY_CHARACTERS || isPlaceholder(key)) continue;
    const first = users.get(key);
    if (!first) users.set(key, line);
    else {
      const message = `The key ${maskKey(key)} is used twice: also at ${jsonPath(first.at)}.`;
      yield about(line, "key", "KEY_REUSED", message, "Every field has its own key, on every object. Copy both again.");
    }
  }
}

/** Two lines for one standard field would overwrite each other; one that only reads it harms nobody. */
function* systemReused(lines: readonly Line[]): Iterable<Found> {
  const users = new Map<string, Line>();
  for (const line of lines) {
    if (line.system === undefined || line.direction === "crm_to_program") continue;
    const place = `${line.object}.${line.system}`;
    const first = users.get(place);
    if (!first) users.set(place, line);
    else {
      const message = `The standard field is written by two lines: also by ${jsonPath(first.at)}.`;
      yield about(line, "system", "KEY_REUSED", message, "Keep one of them, or use a custom field.");
    }
  }
}

function placeholder(key: string, line: Line): Found | undefined {
  if (!isPlaceholder(key)) return undefined;
  return about(line, "key", "KEY_PLACEHOLDER", "The key has not been filled in.", COPY_AGAIN);
}

function isPlaceholder(key: string): boolean {
  const bare = key.replace(INVISIBLE, "");
  return (
    bare === "" || /^(.)\1*$/u.test(bare) || /(paste|insert|todo|tbd|fixme|placeholder|your|<|>|\.\.\.|…)/i.test(key)
  );
}

function whitespace(key: string, line: Line): Found | undefined {
  const cleaned = key.replace(INVISIBLE, "");
  if (cleaned === key || !/^[0-9a-f]*$/i.test(cleaned)) return undefined;
  const message = "The key contains a space, a line break or an invisible character.";
  const fits = cleaned.length === KEY_CHARACTERS ? ` Without it the key is ${maskKey(cleaned)}.` : "";
  return about(line, "key", "KEY_WHITESPACE", message, `Remove it.${fits}`);
}

function standardField(key: string, line: Line): Found | undefined {
  const owner = Object.values(SYSTEM_FIELDS).find((fields) => Object.hasOwn(fields, key));
  if (!owner) return undefined;
  const message = `"${key}" is a standard field of Pipedrive, not a key.`;
  return about(line, "key", "SYSTEM_FIELD_AS_KEY", message, `Write "system": "${key}" instead of "key".`);
}

function subfield(key: string, line: Line): Found | undefined {
  const bare = SUBFIELD.exec(key)?.[1];
  if (bare === undefined) return undefined;
  const message = `The key has a suffix after its ${KEY_CHARACTERS} characters.`;
  return about(line, "key", "KEY_LENGTH_SUBFIELD", message, `Use the bare key ${maskKey(bare)}.`);
}

function notHex(key: string, line: Line): Found | undefined {
  const looks = looksLike(key);
  if (looks === undefined) return undefined;
  return about(line, "key", "KEY_NOT_HEX", `The key is not made of 0-9 and a-f: ${looks}.`, COPY_AGAIN);
}

function looksLike(key: string): string | undefined {
  if (/^\d{1,12}$/.test(key)) return "this looks like a field's number";
  if (/^[0-9a-f]*$/i.test(key)) return undefined;
  if (/^[0-9a-fol]{40}$/i.test(key)) return "the letter O or l may stand where a digit belongs";
  return key.length === KEY_CHARACTERS ? "one or more characters are wrong" : "this looks like a label";
}

function wrongLength(key: string, line: Line): Found | undefined {
  if (key.length === KEY_CHARACTERS) return undefined;
  const message = `The key has ${key.length} characters instead of ${KEY_CHARACTERS}.`;
  return about(line, "key", "KEY_LENGTH", message, `Part of it is missing or doubled. ${COPY_AGAIN}`);
}
