import type { Draft } from "./draft.ts";
import { type Found, jsonPath, type Path, shown } from "./finding.ts";

const ANY = Symbol("any value");
const EACH = "*";

interface NotYet {
  /** Where; `*` stands for every member or index. */
  at: Path;
  is: readonly unknown[] | typeof ANY;
  hint?: string;
}

/**
 * Members and values that belong to the format but have no behaviour here yet. Each is refused with its name, never
 * ignored; building the behaviour ends with removing its line.
 */
export const NOT_SUPPORTED_YET: readonly NotYet[] = [
  { at: ["objects", EACH, "fields", EACH, "on_conflict"], is: ["manual"] },
  { at: ["objects", EACH, "extra", EACH, "on_conflict"], is: ["manual"] },
];

/** Everything a document asks for that the sync cannot do yet. */
export function* notSupportedYet(draft: Draft): Iterable<Found> {
  for (const { at, is, hint } of NOT_SUPPORTED_YET) {
    for (const path of expand(draft, at)) {
      const value = draft.get(...path);
      if (value === undefined || (is !== ANY && !is.includes(value))) continue;
      const what = is === ANY ? jsonPath(path) : `${shown(String(value))} at ${jsonPath(path)}`;
      const message = `${what} is part of the format, but not supported yet.`;
      yield { code: "NOT_SUPPORTED_YET", at: path, message, hint: hint ?? "Choose another value or remove it." };
    }
  }
}

function expand(draft: Draft, pattern: Path): Path[] {
  return pattern.reduce<Path[]>(
    (paths, part) => paths.flatMap((path) => (part === EACH ? inside(draft, path) : [[...path, part]])),
    [[]],
  );
}

function inside(draft: Draft, path: Path): Path[] {
  const value = draft.get(...path);
  if (Array.isArray(value)) return value.map((_, index) => [...path, index]);
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).map((name) => [...path, name]);
}
