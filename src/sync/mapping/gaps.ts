import { isRecord } from "./draft.ts";
import { looksSecret, type Path, UNSHOWABLE } from "./finding.ts";

/** A place of a drafted document that a person has to fill in. */
export interface Gap {
  at: Path;
  /** What has to be decided, in plain words. */
  what: string;
}

const GAP = /^\s*<<([\s\S]*)>>\s*$/;
const LONGEST = 240;

/** How a gap stands in a document: as a text that nothing takes for a value. */
export function gap(what: string): string {
  return `<<${what}>>`;
}

/** What a text says has to be decided; undefined where it is an ordinary text. */
export function gapText(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const what = GAP.exec(value)?.[1]?.replace(/\s+/g, " ").replace(UNSHOWABLE, "\ufffd").trim();
  if (what === undefined) return undefined;
  if (looksSecret(what)) return "(hidden)";
  const signs = [...what]; // whole characters
  return signs.length > LONGEST ? `${signs.slice(0, LONGEST - 1).join("")}…` : what;
}

/** Every gap of a document, in its order. */
export function* gapsIn(value: unknown, at: Path = []): Iterable<Gap> {
  const what = gapText(value);
  if (what !== undefined) yield { at, what };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* gapsIn(item, [...at, index]);
  else if (isRecord(value)) for (const [name, item] of Object.entries(value)) yield* gapsIn(item, [...at, name]);
}
