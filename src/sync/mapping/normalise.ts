import { CRM_OBJECTS } from "../model.ts";
import { isRecord } from "./draft.ts";
import type { Found, Path } from "./finding.ts";
import { FOREIGN_TYPE_WORDS } from "./words.ts";

const HEX_KEY = /^[0-9a-fA-F]{40}$/;

/**
 * Forgives what has one clear meaning, in place: another CRM's name of a type, and a key in capitals. Each leaves a
 * warning, so that the file gets mended.
 */
export function normalise(value: unknown): Found[] {
  return [...entries(value)].flatMap(({ at, entry }) => [...typeWord(at, entry), ...keyCase(at, entry)]);
}

interface Entry {
  at: Path;
  entry: Record<string, unknown>;
}

function* entries(value: unknown): Iterable<Entry> {
  const objects = isRecord(value) && isRecord(value.objects) ? value.objects : {};
  for (const object of CRM_OBJECTS) {
    const part = objects[object];
    if (!isRecord(part)) continue;
    const named = isRecord(part.fields) ? Object.entries(part.fields) : [];
    for (const [name, entry] of named) if (isRecord(entry)) yield { at: ["objects", object, "fields", name], entry };
    const listed: unknown[] = Array.isArray(part.extra) ? part.extra : [];
    for (const [i, entry] of listed.entries())
      if (isRecord(entry)) yield { at: ["objects", object, "extra", i], entry };
  }
}

function typeWord(at: Path, entry: Record<string, unknown>): Found[] {
  const written = entry.type;
  const word = typeof written === "string" ? FOREIGN_TYPE_WORDS.get(written.trim().toLowerCase()) : undefined;
  if (word === undefined) return [];
  entry.type = word;
  const message = `In Pipedrive this type is called "${word}".`;
  return [{ code: "TYPE_WORD_FOREIGN", at: [...at, "type"], message, hint: `Write "${word}".` }];
}

function keyCase(at: Path, entry: Record<string, unknown>): Found[] {
  const { key } = entry;
  if (typeof key !== "string" || !HEX_KEY.test(key) || key === key.toLowerCase()) return [];
  entry.key = key.toLowerCase();
  const message = "The key has capital letters; Pipedrive's keys are in lower case.";
  return [{ code: "KEY_UPPERCASE", at: [...at, "key"], message, hint: "Copy it again from Pipedrive." }];
}
